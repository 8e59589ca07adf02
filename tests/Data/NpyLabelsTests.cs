using MedTransfer.Data;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data;

public sealed class NpyLabelsTests
{
    [Fact]
    public void Labels_of_any_number_type_are_read_from_a_vector_or_a_column()
    {
        Assert.Equal([0, 3, 7], Read(new long[] { 0, 3, 7 }));
        Assert.Equal([0, 3, 7], Read(new byte[,] { { 0 }, { 3 }, { 7 } }));
        Assert.Equal([0, 3, 7], Read(new[] { 0f, 3, 7 }));
    }

    [Fact]
    public void What_is_no_label_is_refused_by_its_place()
    {
        Assert.Contains("[1]", Assert.Throws<MedTransferException>(() => Read(new[] { 0, -1 })).Message, StringComparison.Ordinal);
        Assert.Throws<MedTransferException>(() => Read(new[] { 0.5 }));
        Assert.Throws<MedTransferException>(() => Read(new[] { double.NaN }));
        Assert.Throws<MedTransferException>(() => Read(new[,] { { 1, 2 } }));
    }

    private static int[] Read(Array labels)
    {
        using var folder = new TemporaryFolder();
        var path = folder["labels.npy"];
        using (var file = File.Create(path)) NpyWriter.Write(file, labels);
        return NpyLabels.Read(path);
    }
}
