using MedTransfer.Data;
using MedTransfer.Data.Catalogue;

namespace MedTransfer.Tests.Data.Catalogue;

public sealed class CatalogueTests
{
    [Fact]
    public void Catalogue_has_twelve_sets_in_four_sizes_each_with_a_sum_of_its_own()
    {
        Assert.Equal(48, MedMnist.Entries.Count);
        Assert.Equal(48, MedMnist.Entries.Select(entry => entry.Md5).Distinct().Count());
        Assert.All(MedMnist.Entries, entry => Assert.Matches("^[0-9a-f]{32}$", entry.Md5));
        Assert.Equal([28, 64, 128, 224], MedMnist.Entries.Select(entry => entry.Info.ImageSize).Distinct());
    }

    [Fact]
    public void ChestMnist_at_64_pixels_is_described_as_published()
    {
        // medmnist 3.0.2, INFO["chestmnist"]
        var entry = MedMnist.TryFind("chestmnist_64");

        Assert.NotNull(entry);
        Assert.Equal((LabelTask.MultiLabel, 1, 64, 14), (entry.Info.Task, entry.Info.Channels, entry.Info.ImageSize, entry.Info.Outputs));
        Assert.Equal(("atelectasis", "hernia"), (entry.Info.LabelNames[0], entry.Info.LabelNames[13]));
        Assert.Equal((78468, 11219, 22433), (entry.Counts[SplitName.Train], entry.Counts[SplitName.Validation], entry.Counts[SplitName.Test]));
        Assert.Equal("9de6cd0b934ebb5b7426cfba5efbae16", entry.Md5);
        Assert.Equal("chestmnist_64.npz", entry.FileName);
        Assert.Equal("https://zenodo.org/records/10519652/files/chestmnist_64.npz?download=1", entry.Url.AbsoluteUri);
    }

    [Theory]
    [InlineData("retinamnist", LabelTask.OrdinalRegression, 3, 5)]
    [InlineData("breastmnist", LabelTask.BinaryClass, 1, 2)]
    [InlineData("pathmnist", LabelTask.MultiClass, 3, 9)]
    [InlineData("organsmnist_224", LabelTask.MultiClass, 1, 11)]
    [InlineData("BloodMNIST", LabelTask.MultiClass, 3, 8)]
    public void Tasks_channels_and_outputs_are_as_published(string name, LabelTask task, int channels, int outputs)
    {
        var info = MedMnist.TryFind(name)?.Info;

        Assert.Equal((task, channels, outputs), (info?.Task, info?.Channels, info?.Outputs));
    }

    [Theory]
    [InlineData("breastmnist", "malignant")]
    [InlineData("breastmnist_224", "malignant")]
    [InlineData("pneumoniamnist", "pneumonia")]
    [InlineData("pneumoniamnist_64", "pneumonia")]
    public void The_disease_is_the_positive_class(string name, string disease)
    {
        var info = MedMnist.TryFind(name)!.Info;

        Assert.True(info.HasTwoClasses);
        Assert.Equal(disease, info.LabelNames[info.PositiveClass]);
    }

    [Fact]
    public void Every_set_of_two_classes_says_its_disease() =>
        Assert.Equal(["breastmnist", "pneumoniamnist"], MedMnist.Entries.Where(entry => entry.Info.HasTwoClasses).Select(entry => entry.Info.Name.Split('_')[0]).Distinct().Order());

    [Theory]
    [InlineData("malignant", 0)]
    [InlineData("Normal, benign", 1)]
    [InlineData("1", 1)]
    [InlineData("2", null)]
    [InlineData("-1", null)]
    [InlineData("benign", null)]
    public void Labels_are_found_by_name_and_by_number(string text, int? label) =>
        Assert.Equal(label, MedMnist.TryFind("breastmnist")!.Info.TryFindLabel(text));

    [Theory]
    [InlineData("chestmnist_28")]
    [InlineData("organmnist3d")]
    [InlineData("")]
    public void Names_that_MedMnist_does_not_have_are_not_found(string name) => Assert.Null(MedMnist.TryFind(name));
}
