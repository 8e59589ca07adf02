using System.Text;
using MedTransfer.Data.Import.Listing;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Import.Listing;

/// <summary>Text of a table to columns and rows.</summary>
public sealed class TableReadingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("file,label\na.png,x;y\nb.png,z;w")]
    [InlineData("file;label\na.png;\"x;y\"\nb.png;z, w, v")]
    [InlineData("file\tlabel\na.png\tx, y, z\nb.png\tz")]
    [InlineData("file|label\na.png|x\nb.png|z,w")]
    [InlineData("file,label\r\na.png,x\r\nb.png,y\r\n")]
    [InlineData("file,label\ra.png,x\rb.png,y")]
    public void Delimiter_is_recognised(string text)
    {
        var table = Read(text);

        Assert.Equal(["file", "label"], table.Columns);
        Assert.Equal(["a.png", "b.png"], table.Rows.Select(row => row.Fields[0]));
    }

    [Fact]
    public void Delimiter_is_one_that_rows_have_as_often_as_the_header() =>
        Assert.Equal(["file", "label, one, or none"], Read("file;label, one, or none\na.png;x\nb.png;y").Columns);

    [Fact]
    public void Quotes_hold_delimiters_newlines_and_quotes()
    {
        var table = Read("file,label,note\n\"a, b.png\" , x ,\"two\r\nlines; \"\"quoted\"\"\"\n\n,,\nc.png,y,5\" film,,\n");

        Assert.Equal([["a, b.png", "x", "two\r\nlines; \"quoted\""], ["c.png", "y", "5\" film"]], table.Rows.Select(row => row.Fields));
        Assert.Equal([2, 5], table.Rows.Select(row => row.Number));
    }

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Umlauts) },
        { "UTF-8 with a mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Umlauts)] },
        { "UTF-16 with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Umlauts)] },
        { "UTF-16 without", Encoding.Unicode.GetBytes(Umlauts) },
        { "UTF-16 big endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Umlauts)] },
        { "UTF-16 big endian without", Encoding.BigEndianUnicode.GetBytes(Umlauts) },
        { "Windows-1252", [.. "file,label\n"u8, (byte)'K', 0xF6, .. "ln "u8, 0x80, .. ".png,x\n"u8] },
    };

    private const string Umlauts = "file,label\nKöln €.png,x\n";

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encoding_is_recognised(string encoding, byte[] bytes)
    {
        var table = Read(bytes);

        Assert.Equal(["file", "label"], table.Columns);
        Assert.Equal("Köln €.png", table.Rows[0].Fields[0]);
        Assert.Equal(encoding == "Windows-1252" ? "'t.csv' is no UTF-8 and was read as Windows-1252." : null, table.Note);
    }

    [Theory]
    [InlineData("", "is empty: give it a header, such as file,label, and a row an image")]
    [InlineData("\n\n , \n", "is empty: give it a header, such as file,label, and a row an image")]
    [InlineData("file,label\n\n", "has a header and no row: give it a row an image")]
    [InlineData("file\na.png\n", "has one column alone, 'file': a column of files and one of labels are needed, with commas, semicolons, tabs or bars between")]
    [InlineData("file,label,Label\na.png,x,y\n", "has two columns 'label': rename one")]
    [InlineData("file,label\na.png,x\nb.png\n", "row 3 has 1 field, the header 2: correct the row, or put texts with delimiters into quotes")]
    [InlineData("file,label\na.png,x,y\n", "row 2 has 3 fields, the header 2: correct the row, or put texts with delimiters into quotes")]
    [InlineData("file,label\na.png,x\n\"b.png,x\nc.png,x\n", "row 3 has a quote that opens a field and does not close it: close it, or take it out")]
    [InlineData("file,label\na.png,\"x\" y\n", "row 2 has a quote that opens a field and does not close it: close it, or take it out")]
    [InlineData("PK\u0003\u0004\0\0", "is no text: save the table as CSV")]
    public void A_table_that_is_none_is_refused(string text, string message) => Assert.Equal($"{folder["t.csv"]}: {message}", Refusal(text));

    [Fact]
    public void A_quote_that_closes_far_below_is_taken_for_one_that_does_not() => Assert.Equal(
        $"{folder["t.csv"]}: row 2 has a quote that opens a field and does not close it: close it, or take it out",
        Refusal("file,label\n\"" + string.Concat(Enumerable.Repeat("a.png,x\n", 20_000)) + "\",x\n"));

    [Fact]
    public void Endless_lines_and_files_are_refused()
    {
        Assert.Equal($"{folder["t.csv"]}: has a line of more than 1,048,576 characters, which no table of labels has: save it as CSV, an image a row", Refusal(new string(',', 2_000_000)));

        using (var file = File.Create(folder["t.csv"])) file.SetLength((128L << 20) + 1);
        Assert.Equal(
            $"{folder["t.csv"]}: is larger than 128 MiB, which no table of labels is: give its columns of files and labels alone",
            Assert.Throws<MedTransferException>(() => Table.Read(folder["t.csv"])).Message);
        Assert.Equal($"{folder["u.csv"]}: no such file", Assert.Throws<MedTransferException>(() => Table.Read(folder["u.csv"])).Message);
    }

    [Fact]
    public void Bytes_of_any_kind_are_a_table_or_one_line()
    {
        var random = new Random(1);
        var alphabet = "\"\"\n\r,;\t| afile.png01\0\u00e9"u8.ToArray();
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray();
            try
            {
                var table = Read([.. "file,label\n"u8, .. bytes]);
                Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Fields.Length));
            }
            catch (MedTransferException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
        }
    }

    private string Refusal(string text) => Assert.Throws<MedTransferException>(() => Read(text)).Message;

    private Table Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private Table Read(byte[] bytes)
    {
        File.WriteAllBytes(folder["t.csv"], bytes);
        return Table.Read(folder["t.csv"]);
    }
}
