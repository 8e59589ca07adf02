using System.Text;
using System.Text.Unicode;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Import.Listing;

/// <summary>The text of a table, and what separates its columns, both recognised.</summary>
/// <param name="Note">The encoding, where it is a guess; null where it is certain.</param>
internal sealed record TableText(string Text, char Delimiter, string? Note)
{
    /// <summary>In bytes: a row of some hundred of each of a million images.</summary>
    private const long Most = 128L << 20;

    /// <summary>In characters: a row of ten thousand columns.</summary>
    private const int LongestLine = 1 << 20;

    private static readonly char[] _delimiters = [',', ';', '\t', '|'];

    public static TableText Read(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length == 0) throw Empty(path);
        using var file = FileErrors.Open(path);
        if (file.Length > Most) throw new MedTransferException($"{path}: is larger than {Most >> 20} MiB, which no table of labels is: give its columns of files and labels alone");
        var bytes = FileErrors.Reading(path, () =>
        {
            var all = new byte[file.Length];
            file.ReadExactly(all);
            return all;
        });

        var encoding = EncodingOf(bytes);
        // a byte order mark is no part of the first column's name
        var text = WithoutDelimiterLine(encoding.GetString(bytes).TrimStart('\uFEFF'));
        if (text.Contains('\0', StringComparison.Ordinal)) throw new MedTransferException($"{path}: is no text: save the table as CSV");
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = text.AsSpan(start).IndexOfAny('\n', '\r');
            end = end < 0 ? text.Length : start + end;
            if (end - start > LongestLine) throw new MedTransferException($"{path}: has a line of more than {LongestLine:N0} characters, which no table of labels has: save it as CSV, an image a row");
        }
        return new(text, DelimiterOf(text), encoding.CodePage == 1252 ? $"{OneLine.Quote(Path.GetFileName(path))} is no UTF-8 and was read as Windows-1252." : null);
    }

    // Excel may begin a CSV with the delimiter of the rows below: sep=;
    private static string WithoutDelimiterLine(string text) =>
        text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.IndexOfAny(['\n', '\r']) is 5 and var end ? text[end..].TrimStart('\r', '\n') : text;

    /// <summary>There is nothing in it.</summary>
    public static MedTransferException Empty(string path) => new($"{path}: is empty: give it a header, such as file,label, and a row an image");

    // Headers begin with a letter of ASCII, so that a byte of 0 beside it tells UTF-16 where nothing else does.
    private static Encoding EncodingOf(byte[] bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] or [not 0, 0, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] or [0, not 0, ..] => Encoding.BigEndianUnicode,
        _ when Utf8.IsValid(bytes) => Encoding.UTF8,
        _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
    };

    // The one that all of the first rows have as often as the header; if none is, or several, the one that the header has most of.
    private static char DelimiterOf(string text)
    {
        var rows = FirstRows(text);
        return _delimiters.OrderByDescending(Agrees).ThenByDescending(delimiter => Count(0, delimiter)).First();

        bool Agrees(char delimiter) => Count(0, delimiter) > 0 && Enumerable.Range(1, rows.Count - 1).All(row => Count(row, delimiter) == Count(0, delimiter));

        int Count(int row, char delimiter) => rows[row][Array.IndexOf(_delimiters, delimiter)];
    }

    // How often each of the first rows has each delimiter outside of quotes.
    private static List<int[]> FirstRows(string text)
    {
        var rows = new List<int[]> { new int[_delimiters.Length] };
        var isQuoted = false;
        var isBlank = true;
        foreach (var c in text)
        {
            if (c == '"') isQuoted = !isQuoted;
            if (c is '\n' or '\r' && !isQuoted)
            {
                if (isBlank) continue;
                if (rows.Count == 20) return rows;
                rows.Add(new int[_delimiters.Length]);
                isBlank = true;
                continue;
            }
            isBlank = false;
            if (!isQuoted && Array.IndexOf(_delimiters, c) is >= 0 and var delimiter) rows[^1][delimiter]++;
        }
        if (isBlank && rows.Count > 1) rows.RemoveAt(rows.Count - 1);
        return rows;
    }
}
