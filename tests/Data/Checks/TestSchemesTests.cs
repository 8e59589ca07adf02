using MedTransfer.Data.Checks;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Checks;

/// <summary>On which images ways are compared.</summary>
public sealed class TestSchemesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // of one finding a difference of .103 could be shown, of the mean over three .103 / sqrt(3) = .06
    [Fact]
    public void Several_findings_tell_more_in_their_mean_than_each()
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var (split, count) in new[] { ("train", 40), ("val", 0), ("test", 76) })
        {
            var labels = new byte[count, 3];
            for (var image = 0; image < count; image++)
                (labels[image, 0], labels[image, 1], labels[image, 2]) = ((byte)(image % 2), (byte)(image / 2 % 2), (byte)(image < count / 2 ? 1 : 0));
            arrays[$"{split}_images"] = new byte[count, 2, 2];
            arrays[$"{split}_labels"] = labels;
        }

        using var set = DatasetFile.Load(folder["a.npz"], arrays);

        Assert.Equal(TestScheme.TestSplit, TestSchemes.Of(set));
    }

    [Fact]
    public void Finding_that_nearly_all_have_is_said_as_a_rare_one_is()
    {
        var labels = new byte[40, 2];
        for (var image = 0; image < 40; image++)
            (labels[image, 0], labels[image, 1]) = ((byte)(image < 37 ? 1 : 0), (byte)(image < 3 ? 1 : 0));
        using var set = DatasetFile.Load(folder["a.npz"], new Dictionary<string, Array> { ["train_images"] = new byte[40, 2, 2], ["train_labels"] = labels });

        var notes = DatasetChecks.OfTarget(DatasetStatistics.Of(set, cancellation: TestContext.Current.CancellationToken)).Notes;
        Assert.Contains("Fewer than 5 images are of '1': scores of folds without it are means over the others.", notes);
        Assert.Contains("Fewer than 5 images are without '0': scores of folds that all have it are means over the others.", notes);
    }

    [Fact]
    public void Class_that_is_rarer_than_folds_is_said_where_these_are_tested()
    {
        byte[] labels = [.. Enumerable.Range(0, 40).Select(image => (byte)(image < 4 ? 2 : image % 2))];
        using var set = DatasetFile.Load(folder["a.npz"], new Dictionary<string, Array> { ["train_images"] = new byte[40, 2, 2], ["train_labels"] = labels });

        Assert.Contains("Fewer than 5 images are of '2': scores of folds without it are means over the others.", DatasetChecks.OfTarget(DatasetStatistics.Of(set, cancellation: TestContext.Current.CancellationToken)).Notes);
    }

    public void Dispose() => folder.Dispose();

    // the difference that can be shown is 2.8 x sqrt(2/3) times Hanley and McNeil's error of an AUC of .85: .092 of 47 and 47 images, .103 of 38 and 38
    [Theory]
    [InlineData(40, 94, TestScheme.TestSplit)]
    [InlineData(1500, 94, TestScheme.TestSplit)]
    [InlineData(40, 76, TestScheme.Folds)]
    [InlineData(40, 0, TestScheme.Folds)]
    [InlineData(1000, 0, TestScheme.Folds)]
    [InlineData(1001, 0, TestScheme.HeldOutFold)]
    [InlineData(1001, 76, TestScheme.HeldOutFold)]
    [InlineData(1200, 20, TestScheme.Folds, 60)]   // of whose fifth twelve are positive
    public void Few_images_without_a_test_split_that_tells_are_judged_by_folds(int train, int test, TestScheme expected, int positive = 1000000)
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var (split, count) in new[] { ("train", train), ("val", 0), ("test", test) })
        {
            arrays[$"{split}_images"] = new byte[count, 2, 2];
            arrays[$"{split}_labels"] = Enumerable.Range(0, count).Select(image => (byte)(image % 2 == 1 && image < 2 * positive ? 1 : 0)).ToArray();
        }

        using var set = DatasetFile.Load(folder["a.npz"], arrays);

        Assert.Equal(expected, TestSchemes.Of(set));
        Assert.False(TestSchemes.CanChooseByValidation(set));
    }
}
