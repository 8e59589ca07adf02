using MedTransfer.Data.Checks;
using MedTransfer.Data;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Binarised_is_disease_where_there_is_any_finding()
    {
        using var dataset = Load(DatasetFile.Findings());

        using var binary = dataset.Binarised();

        Assert.Equal(LabelTask.BinaryClass, binary.Info.Task);
        Assert.Equal(["healthy", "disease"], binary.Info.LabelNames);
        // Rows 0 to 11 have the findings of their lowest three bits: 0 and 8 have none.
        Assert.Equal([0, 8], Enumerable.Range(0, 12).Where(row => binary.Train.Labels[row, 0] == 0));
        Assert.Equal([2, 10], binary.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void Binarised_is_disease_where_a_finding_is_present_whatever_else_is_missing()
    {
        using var dataset = Load(Missing(findings => (findings[1, 1], findings[6, 0]) = (float.NaN, float.NaN)));

        using var binary = dataset.Binarised();

        Assert.Equal([2, 10], binary.LabelCounts(SplitName.Train));
        Assert.False(binary.Train.Labels.HasMissing);
        Assert.DoesNotContain(DatasetChecks.OfTarget(DatasetStatistics.Of(binary, cancellation: TestContext.Current.CancellationToken)).Notes, note => note.Contains("missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Binarised_refuses_images_that_may_be_healthy_or_not()
    {
        using var dataset = Load(Missing(findings => (findings[0, 1], findings[8, 0], findings[8, 2], findings[3, 2]) = (float.NaN, float.NaN, float.NaN, float.NaN)));

        Assert.Contains(
            "a: whether 2 of 12 images of train are healthy can't be told, as none of their findings is present and some are missing (image 0 is the first): leave those images out, or fill in",
            Assert.Throws<MedTransferException>(() => dataset.Binarised()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_findings_count_as_absent_where_samples_are_drawn()
    {
        // any finding: all but images 0 and 8, of which the latter has one that may be present
        using var dataset = Load(Missing(findings => (findings[8, 0], findings[1, 1]) = (float.NaN, float.NaN)));

        using var sample = dataset.WithTrainSample(6, seed: 1);

        Assert.Equal(1, Enumerable.Range(0, 6).Count(image => !sample.Train.Labels.AnyPresent(image)));
    }

    [Fact]
    public void Binarised_keeps_its_images_when_the_other_dataset_is_disposed_of()
    {
        var dataset = Load(DatasetFile.Findings());
        using var binary = dataset.Binarised();
        dataset.Dispose();

        Assert.Equal(27, binary.Train.Images[1, 0, 2, 3].item<byte>());
    }

    [Fact]
    public void Binarised_needs_findings()
    {
        using var dataset = Load(DatasetFile.Binary());

        Assert.Contains("its task is BinaryClass", Assert.Throws<MedTransferException>(() => dataset.Binarised()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Binarised_needs_healthy_and_disease_in_each_split()
    {
        using var dataset = Load(DatasetFile.WithLabels((row, column) => (byte)(column == 0 ? 1 : row % 2), columns: 2));

        Assert.Contains("all images of train are disease", Assert.Throws<MedTransferException>(() => dataset.Binarised()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Excerpt_is_a_few_of_every_split_each_class_with_its_share_and_nothing_of_what_is_smaller()
    {
        using var dataset = Load(DatasetFile.Findings());

        using var excerpt = dataset.Excerpt(4);

        var validation = Math.Min(4, dataset.Validation.Count);
        Assert.Equal((4, validation, Math.Min(4, dataset.Test.Count)), (excerpt.Train.Count, excerpt.Validation.Count, excerpt.Test.Count));
        // of twelve training images two are without findings: of four, one
        Assert.Single(excerpt.Train.FileIndices!, image => image is 0 or 8);
        Assert.All(excerpt.Train.FileIndices!.Index(), place => Assert.Equal(dataset.Train.Labels[place.Item, 1], excerpt.Train.Labels[place.Index, 1]));
        using var again = excerpt.Excerpt(4);
        Assert.Equal(excerpt.Train.FileIndices, again.Train.FileIndices);
        using var all = dataset.Excerpt(1000);
        Assert.Equal((dataset.Train.Count, null), (all.Train.Count, all.Train.FileIndices));
    }

    [Fact]
    public void Sample_keeps_images_labels_and_patients_together()
    {
        var arrays = DatasetFile.Binary();
        arrays["train_patients"] = Enumerable.Range(0, 12).ToArray();
        using var dataset = Load(arrays);

        using var sample = dataset.WithTrainSample(5, seed: 1);

        Assert.Equal(5, sample.Train.Count);
        Assert.Equal((6, 4), (sample.Validation.Count, sample.Test.Count));
        for (var row = 0; row < 5; row++)
        {
            // The patient is the row in the file: its images begin with pixel 16 row, its class is row modulo 2.
            var patient = sample.Train.Groups![row];
            Assert.Equal(16 * patient, sample.Train.Images[row, 0, 0, 0].item<byte>());
            Assert.Equal(patient % 2, sample.Train.Labels[row, 0]);
        }
        Assert.Equal(sample.Train.Groups!.Order(), sample.Train.Groups!);
    }

    [Fact]
    public void Sample_of_findings_keeps_the_share_of_those_without_any()
    {
        using var dataset = Load(DatasetFile.Findings());

        using var sample = dataset.WithTrainSample(6, seed: 1);
        using var binary = sample.Binarised();

        Assert.Equal([1, 5], binary.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void Sample_of_an_unlabelled_dataset_is_drawn_from_all()
    {
        var arrays = DatasetFile.Binary();
        foreach (var split in new[] { "train", "val", "test" }) arrays.Remove($"{split}_labels");
        using var dataset = Load(arrays);

        using var sample = dataset.WithTrainSample(1, seed: 1);

        Assert.Equal(1, sample.Train.Count);
    }

    [Fact]
    public void Sample_survives_the_dataset_it_was_drawn_from()
    {
        var dataset = Load(DatasetFile.Binary());
        using var sample = dataset.WithTrainSample(5, seed: 1);
        dataset.Dispose();

        Assert.Equal(27, sample.Test.Images[1, 0, 2, 3].item<byte>());
    }

    private static Dictionary<string, Array> Missing(Action<float[,]> change)
    {
        var arrays = DatasetFile.Findings();
        var findings = new float[12, 3];
        for (var place = 0; place < findings.Length; place++) findings[place / 3, place % 3] = ((byte[,])arrays["train_labels"])[place / 3, place % 3];
        change(findings);
        arrays["train_labels"] = findings;
        return arrays;
    }

    private Dataset Load(Dictionary<string, Array> arrays) => DatasetFile.Load(folder["a.npz"], arrays);
}
