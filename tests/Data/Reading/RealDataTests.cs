using MedTransfer.Data;
using MedTransfer.Data.Catalogue;

namespace MedTransfer.Tests.Data.Reading;

/// <summary>Real files, where <c>MEDMNIST_ROOT</c> names a folder that holds them.</summary>
public sealed class RealDataTests
{
    [Fact]
    public void PneumoniaMnist_is_the_official_file_with_the_published_classes()
    {
        using var dataset = Load("pneumoniamnist");

        Assert.Equal("28209eda62fecd6e6a2d98b1501bb15f", dataset.Digest);
        Assert.Equal(["normal", "pneumonia"], dataset.Info.LabelNames);
        Assert.Equal((LabelTask.BinaryClass, 1, 28), (dataset.Info.Task, dataset.Info.Channels, dataset.Info.ImageSize));
        Assert.Equal([1214, 3494], dataset.LabelCounts(SplitName.Train));
        Assert.Equal([135, 389], dataset.LabelCounts(SplitName.Validation));
        Assert.Equal([234, 390], dataset.LabelCounts(SplitName.Test));
        Assert.Equal([4708, 1, 28, 28], dataset.Train.Images.shape);
    }

    [Theory]
    [InlineData("nih14", 28)]
    [InlineData("nih14_64", 64)]
    public void Nih14_has_findings_and_patients_and_is_not_taken_for_ChestMnist(string name, int size)
    {
        using var dataset = Load(name);
        using var binary = dataset.Binarised();

        Assert.Equal((name, LabelTask.MultiLabel, 14, size), (dataset.Info.Name, dataset.Info.Task, dataset.Info.Outputs, dataset.Info.ImageSize));
        Assert.Equal("0", dataset.Info.LabelNames[0]);
        Assert.Equal([720, 708], binary.LabelCounts(SplitName.Train));
        Assert.Equal([86, 83], binary.LabelCounts(SplitName.Validation));
        Assert.Equal([201, 195], binary.LabelCounts(SplitName.Test));
        Assert.Equal(184, dataset.Test.Groups!.Distinct().Count());
        Assert.Empty(dataset.Train.Groups!.Intersect(dataset.Test.Groups!));
    }

    [Fact]
    public void Unlabelled_radiographs_load_without_a_task()
    {
        using var dataset = Load("mednist_cxr");

        Assert.Null(dataset.Info.Task);
        Assert.Equal((7848, 981, 981), (dataset.Train.Count, dataset.Validation.Count, dataset.Test.Count));
        Assert.Equal(0, dataset.Train.Labels.Columns);
    }

    private static Dataset Load(string name)
    {
        var root = Environment.GetEnvironmentVariable(DataFolders.RootVariable);
        Assert.SkipUnless(
            root is not null && File.Exists(Path.Combine(root, $"{name}.npz")),
            $"{name}.npz is not here: set {DataFolders.RootVariable} to the folder that holds it");
        return DatasetSource.Find(name, new DataFolders([root])).Load();
    }
}
