using MedTransfer.Data;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data;

public sealed class DatasetLabelsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_column_of_0_and_1_is_a_binary_task()
    {
        using var dataset = Load(DatasetFile.Binary());

        Assert.Equal(LabelTask.BinaryClass, dataset.Info.Task);
        Assert.Equal(["0", "1"], dataset.Info.LabelNames);
        Assert.Equal([6, 6], dataset.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void One_column_of_more_classes_is_a_multi_class_task()
    {
        using var dataset = Load(DatasetFile.WithLabels((row, _) => (byte)(row % 4), columns: 1));

        Assert.Equal((LabelTask.MultiClass, 4), (dataset.Info.Task, dataset.Info.Outputs));
        Assert.Equal([3, 3, 3, 3], dataset.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void Several_columns_of_0_and_1_are_findings()
    {
        using var dataset = Load(DatasetFile.Findings());

        Assert.Equal((LabelTask.MultiLabel, 3), (dataset.Info.Task, dataset.Info.Outputs));
        // Of 0 to 11, bit 0 is set in six, bit 1 in six, bit 2 in four (4 to 7).
        Assert.Equal([6, 6, 4], dataset.LabelCounts(SplitName.Train));
    }

    [Fact]
    public void Fourteen_findings_of_an_unknown_file_have_numbers_for_names()
    {
        using var dataset = Load(DatasetFile.WithLabels((row, column) => (byte)((row + column) % 2), columns: 14));

        Assert.Equal((LabelTask.MultiLabel, "13"), (dataset.Info.Task, dataset.Info.LabelNames[13]));
    }

    [Fact]
    public void File_without_labels_has_no_task()
    {
        var arrays = DatasetFile.Binary();
        foreach (var split in new[] { "train", "val", "test" }) arrays.Remove($"{split}_labels");

        using var dataset = Load(arrays);

        Assert.Null(dataset.Info.Task);
        Assert.Equal((12, 0), (dataset.Train.Labels.GetLength(0), dataset.Train.Labels.GetLength(1)));
        Assert.Empty(dataset.LabelCounts(SplitName.Train));
    }

    [Theory]
    [MemberData(nameof(EquivalentLabels))]
    public void Labels_of_other_types_and_shapes_are_the_same(Array labels)
    {
        var arrays = DatasetFile.Binary();
        arrays["test_labels"] = labels;

        using var dataset = Load(arrays);

        Assert.Equal([0, 1, 0, 1], dataset.Test.Labels.Cast<byte>());
    }

    public static TheoryData<Array> EquivalentLabels =>
        [new byte[] { 0, 1, 0, 1 }, new long[,] { { 0 }, { 1 }, { 0 }, { 1 } }, new[] { false, true, false, true }, new[] { 0f, 1, 0, 1 }];

    public static TheoryData<string, string, Array> Unfit => new()
    {
        { "test_labels: 5 labels for the 4 images", "test_labels", new byte[5, 1] },
        { "test_labels: shape (4, 1, 1)", "test_labels", new byte[4, 1, 1] },
        { "test_labels: shape (4, 0)", "test_labels", new byte[4, 0] },
        { "test_labels: shape (4, 257)", "test_labels", new byte[4, 257] },
        { "test_labels: 2 labels an image, train_labels has 1", "test_labels", new byte[4, 2] },
        { "test_labels[1] is -1: labels are whole numbers from 0 to 255", "test_labels", new sbyte[] { 0, -1, 0, 1 } },
        { "test_labels[3] is 256: labels are", "test_labels", new short[] { 0, 1, 0, 256 } },
        { "test_labels[2, 0] is 0.5: labels are", "test_labels", new[,] { { 0.0 }, { 1.0 }, { 0.5 }, { 1.0 } } },
        { "test_labels[0] is NaN: labels are", "test_labels", new[] { float.NaN, 1, 0, 1 } },
        { "test_labels: all images are of class 1", "test_labels", new byte[] { 1, 1, 1, 1 } },
        { "val_labels: all images are of class 0", "val_labels", new byte[6] },
        { "train_labels: all images are of class 0", "train_labels", new byte[12] },
        { "train_labels: no image of class 2, of 3", "test_labels", new byte[] { 0, 1, 2, 1 } },
        { "train_labels: no image of class 0, of 3", "train_labels", new byte[] { 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2 } },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Labels_that_do_not_fit_are_refused_with_their_place(string message, string key, Array labels)
    {
        var arrays = DatasetFile.Binary();
        arrays[key] = labels;

        Assert.Contains(message, Assert.Throws<MedTransferException>(() => Load(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_in_only_some_splits_are_refused()
    {
        var arrays = DatasetFile.Binary();
        arrays.Remove("val_labels");

        Assert.Contains("has no 'val_labels'", Assert.Throws<MedTransferException>(() => Load(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finding_of_2_is_refused()
    {
        var arrays = DatasetFile.Findings();
        ((byte[,])arrays["val_labels"])[4, 1] = 2;

        Assert.Contains("val_labels[4, 1] is 2: several labels an image are findings", Assert.Throws<MedTransferException>(() => Load(arrays)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chestmnist", "1 labels an image where its task, MultiLabel, has 14")]
    [InlineData("tissuemnist", null)]
    [InlineData("pneumoniamnist", "train_labels[2] is 2: the classes are 0 to 1")]
    public void Labels_are_held_against_the_catalogues_task(string name, string? message)
    {
        var published = Catalogue.TryFind(name)!;
        var entry = published with { Info = published.Info with { ImageSize = DatasetFile.Size } };
        DatasetFile.Write(folder["a.npz"], DatasetFile.WithLabels((row, _) => (byte)(row % 8), columns: 1));
        var source = new DatasetSource(name, folder["a.npz"], "", entry);

        if (message is null) source.Load().Dispose();
        else Assert.Contains(message, Assert.Throws<MedTransferException>(() => source.Load()).Message, StringComparison.Ordinal);
    }

    private Dataset Load(Dictionary<string, Array> arrays) => DatasetFile.Load(folder["a.npz"], arrays);
}
