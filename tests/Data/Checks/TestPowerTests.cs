using MedTransfer.Data.Checks;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Data.Checks;

[Collection(OneAtATime.Name)]
public sealed class TestPowerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // in Python, a = .85: ((a * (1 - a) + (p - 1) * (a / (2 - a) - a * a) + (n - 1) * (2 * a * a / (1 + a) - a * a)) / (p * n)) ** .5
    [Theory]
    [InlineData(30, 30, 0.0506472)]
    [InlineData(390, 234, 0.0148947)]
    [InlineData(1, 9, 0.2573689)]
    public void Standard_error_is_that_of_Hanley_and_McNeil(int positive, int negative, double expected) =>
        Assert.Equal(expected, TestPower.StandardError(positive, negative), 1e-6);

    // 2.8 standard errors of a difference, which at a correlation of 2/3 has (2 / 3) ** .5 of either's
    [Fact]
    public void Detectable_difference_follows_from_level_power_and_correlation() =>
        Assert.Equal(2.8 * 0.05 * 0.8164966, TestPower.DetectableDifference(0.05), 1e-6);

    [Fact]
    public void Patients_count_where_they_are_known()
    {
        var arrays = Arrays(row => [(byte)(row % 2)]);
        Assert.Null(Note(arrays));

        // of each class 30 patients with 20 images
        foreach (var split in new[] { "train", "val", "test" }) arrays[$"{split}_patients"] = Enumerable.Range(0, ((byte[,])arrays[$"{split}_labels"]).Length).Select(row => (split == "test" ? 1000 : split == "val" ? 500 : 0) + row % 60).ToArray();
        Assert.Equal(
            "Only 1,200 images of 60 patients in test: an AUC of 0.85 has a standard error of some 0.05 there, and a difference between two ways below 0.12 can hardly be shown.",
            Note(arrays));
    }

    [Fact]
    public void Findings_count_in_the_mean_over_those_that_some_have_and_some_have_not()
    {
        // one in two, one in 200 (6 of 1,200: a standard error of .0989), and none; the mean of .0112 and .0989 is .0551
        var arrays = Arrays(row => [(byte)(row % 2), (byte)(row % 200 == 0 ? 1 : 0), 0]);

        Assert.Equal(
            "Only 1,200 images in test: an AUC of 0.85 has a standard error of some 0.06 there, in the mean over labels, and a difference between two ways below 0.13 can hardly be shown.",
            Note(arrays));
    }

    private string? Note(Dictionary<string, Array> arrays)
    {
        using var data = DatasetFile.Load(folder["a.npz"], arrays);
        return TestPower.Note(data);
    }

    private static Dictionary<string, Array> Arrays(Func<int, byte[]> labelsOf)
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var (split, count) in new[] { ("train", 400), ("val", 400), ("test", 1200) })
        {
            var labels = new byte[count, labelsOf(0).Length];
            for (var row = 0; row < count; row++)
            {
                for (var column = 0; column < labels.GetLength(1); column++) labels[row, column] = labelsOf(row)[column];
            }

            arrays[$"{split}_images"] = new byte[count, 8, 8];
            arrays[$"{split}_labels"] = labels;
        }

        return arrays;
    }
}
