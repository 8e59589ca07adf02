using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Import.Listing;

/// <summary>A table as its file has it (RFC 4180), texts without the blanks around them.</summary>
/// <param name="Columns">Their names, no two alike but for empty ones.</param>
/// <param name="Rows">Those that are not blank, each with a field a column.</param>
/// <param name="Note">What was guessed; null where nothing was.</param>
internal sealed record Table(string Path, IReadOnlyList<string> Columns, IReadOnlyList<TableRow> Rows, string? Note)
{
    /// <summary>In characters; an unclosed quote makes one field of the rest of a file.</summary>
    private const int LongestField = 1 << 16;

    /// <summary>What it is called in notes.</summary>
    public string Name => OneLine.Quote(System.IO.Path.GetFileName(Path));

    /// <summary>The names of its columns, for messages.</summary>
    public string ColumnList => OneLine.List([.. Columns]);

    /// <exception cref="MedTransferException">It is not there, is empty, has no row below its header, one column alone, or rows of another length.</exception>
    public static Table Read(string path)
    {
        var text = TableText.Read(path);
        var rows = Parse(path, text);
        if (rows.Count == 0) throw TableText.Empty(path);

        string[] columns = rows[0].Fields;
        if (columns.Length == 1)
            throw new MedTransferException($"{path}: has one column alone, {OneLine.Quote(columns[0])}: a column of files and one of labels are needed, with commas, semicolons, tabs or bars between");
        if (columns.Where(name => name.Length > 0).CountBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new MedTransferException($"{path}: has two columns {OneLine.Quote(twice)}: rename one");
        if (rows.Count == 1) throw new MedTransferException($"{path}: has a header and no row: give it a row an image");
        return new(path, columns, [.. rows.Skip(1).Select(row => Fit(path, row, columns))], text.Note);
    }

    /// <summary>An error of it.</summary>
    public MedTransferException Error(string problem) => new($"{Path}: {problem}");

    private static List<TableRow> Parse(string path, TableText text)
    {
        var rows = new List<TableRow>();
        var row = 0;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = text.Delimiter.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,   // rows are numbered as spreadsheets show them
            TrimOptions = TrimOptions.Trim,
            CacheFields = true,
            MaxFieldSize = LongestField,
            // a quote within a field is taken as it is; one that begins a field must end it
            BadDataFound = bad =>
            {
                if (bad.Field.TrimStart().StartsWith('"')) throw Unclosed();
            },
        };
        using var reader = new StringReader(text.Text);
        using var parser = new CsvParser(reader, configuration);
        try
        {
            while (parser.Read())
            {
                row = parser.Row;
                var fields = parser.Record!;
                if (Array.Exists(fields, field => field.Length > 0)) rows.Add(new(row, fields));
            }
        }
        catch (MaxFieldSizeException)
        {
            row++;
            throw Unclosed();
        }
        catch (CsvHelperException error)
        {
            throw new MedTransferException($"{path}: row {row + 1} cannot be read ({FileErrors.Reason(error)}): correct it", error);
        }
        return rows;

        MedTransferException Unclosed() => new($"{path}: row {row} has a quote that opens a field and does not close it: close it, or take it out");
    }

    // A delimiter too many at the end of a row is harmless.
    private static TableRow Fit(string path, TableRow row, string[] columns)
    {
        var (number, fields) = row;
        if (fields.Length == columns.Length) return row;
        if (fields.Length > columns.Length && Array.TrueForAll(fields[columns.Length..], field => field.Length == 0)) return new(number, fields[..columns.Length]);
        throw new MedTransferException($"{path}: row {number} has {Counts.Of(fields.Length, "field")}, the header {columns.Length}: correct the row, or put texts with delimiters into quotes");
    }
}

/// <param name="Number">As a spreadsheet shows it: the header is row 1.</param>
internal readonly record struct TableRow(int Number, string[] Fields);
