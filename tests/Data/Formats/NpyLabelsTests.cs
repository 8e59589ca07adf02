using System.Text;
using MedTransfer.Data.Formats;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Formats;

public sealed class NpyLabelsTests
{
    [Fact]
    public void Labels_of_any_number_type_are_read_from_a_vector_or_a_column()
    {
        foreach (Array labels in new Array[] { new long[] { 7, 0, 3, 7 }, new byte[,] { { 7 }, { 0 }, { 3 }, { 7 } }, new[] { 7f, 0, 3, 7 } })
        {
            var read = Read(labels);
            Assert.Equal(["0", "3", "7"], read.Names);
            Assert.Equal([2, 0, 1, 2], read.Classes);
        }
        Assert.Equal(["False", "True"], Read(new[] { true, false }).Names);
    }

    [Fact]
    public void Large_numbers_and_gaps_are_names_like_any_other()
    {
        Assert.Equal(["2", "10", "1000000", "9223372036854775807"], Read(new[] { long.MaxValue, 10, 1_000_000, 2 }).Names);
        Assert.Equal(["0", "18446744073709551615"], Read(new[] { ulong.MaxValue, 0UL }).Names);
        Assert.Equal(["-3", "-2", "0"], Read(new[] { 0, -2, -3 }).Names);
    }

    [Fact]
    public void Minus_one_is_no_class()
    {
        Assert.Equal([NpyLabels.None, 0, NpyLabels.None, 1], Read(new long[] { -1, 4, -1, 5 }).Classes);
        Assert.Equal(["4", "5"], Read(new[] { -1.0, 4, 5 }).Names);
        Assert.Empty(Read(new[] { -1, -1 }).Names);
    }

    [Theory]
    [InlineData("<U6")]
    [InlineData(">U6")]
    [InlineData("|S6")]
    public void Text_is_read_as_names(string type)
    {
        var labels = OfText(type, "T cell", "Bär", "-1", "T cell");
        Assert.Equal(["Bär", "T cell"], labels.Names);
        Assert.Equal([1, 0, NpyLabels.None, 1], labels.Classes);
    }

    [Fact]
    public void Numbers_written_as_text_are_in_the_order_of_numbers() =>
        Assert.Equal(["0", "2", "10"], OfText("<U2", "10", "2", "0").Names);

    [Fact]
    public void Texts_of_a_length_that_no_block_is_a_multiple_of_are_read_whole()
    {
        var names = Enumerable.Range(0, 5000).Select(i => $"c{i % 7}").ToArray();
        Assert.Equal(names.Select(name => name[1] - '0'), OfText("<U13", names).Classes);
    }

    [Fact]
    public void What_is_no_label_is_refused_by_its_place_and_with_a_way_out()
    {
        Assert.Contains("[1] is NaN: a label is missing", Refused(new[] { 1, double.NaN }), StringComparison.Ordinal);
        Assert.Contains("[0] is 0.5: labels are whole numbers or text", Refused(new[] { 0.5 }), StringComparison.Ordinal);
        Assert.Contains("argmax", Refused(new[,] { { 0, 1 }, { 1, 0 } }), StringComparison.Ordinal);
        Assert.Contains("Python objects", Assert.Throws<MedTransferException>(() => Read(NpyBytes.Of("|O", "(1,)", [1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_read_as_labels_only()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.npy"], NpyBytes.Of("<U1", "(1, 1)", [65, 0, 0, 0]));
        Assert.Throws<MedTransferException>(() => NpyPoints.Read(folder["x.npy"]));
        Assert.Throws<MedTransferException>(() => NpyFile.ReadMatrix(folder["x.npy"]));
    }

    private static string Refused(Array labels) => Assert.Throws<MedTransferException>(() => Read(labels)).Message;

    private static NpyLabels OfText(string type, params string[] labels)
    {
        var width = int.Parse(type[2..], System.Globalization.CultureInfo.InvariantCulture);
        Encoding encoding = type[1] == 'S' ? Encoding.UTF8 : new UTF32Encoding(bigEndian: type[0] == '>', byteOrderMark: false);
        var size = type[1] == 'S' ? width : 4 * width;
        var bytes = new byte[labels.Length * size];
        for (var i = 0; i < labels.Length; i++) encoding.GetBytes(labels[i]).CopyTo(bytes, i * size);
        return Read(NpyBytes.Of(type, $"({labels.Length},)", bytes));
    }

    private static NpyLabels Read(Array labels)
    {
        using var file = new MemoryStream();
        NpyWriter.Write(file, labels);
        return Read(file.ToArray());
    }

    private static NpyLabels Read(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["labels.npy"], file);
        return NpyLabels.Read(folder["labels.npy"]);
    }
}
