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

    private Dataset Load(Dictionary<string, Array> arrays) => DatasetFile.Load(folder["a.npz"], arrays);
}
