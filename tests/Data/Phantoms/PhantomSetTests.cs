using System.Security.Cryptography;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Phantoms;
using MedTransfer.Evaluation.Classification;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Data.Phantoms;

[Collection<DrawnSets>]
public sealed class PhantomSetTests(DrawnSets sets)
{
    // Pinned: when one of these changes on purpose, raise Phantom.Version.
    [Theory]
    [InlineData(PhantomKind.Chest, "cd3616f27d65ff040d34f07172aec84b80926ae444e199731d189a676ed1613a")]
    [InlineData(PhantomKind.Pneumonia, "2bc496eeaac6ed77f836d06813f5eca902414747a22f9c16035eca9852abbaa3")]
    public void First_images_have_the_same_bytes_everywhere(PhantomKind kind, string sha256)
    {
        using var first = sets[kind].Train.Images[..32].contiguous();

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(first.bytes)));
    }

    [Fact]
    public async Task Images_do_not_depend_on_threads()
    {
        var oneAtATime = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        using var alone = await Task.Factory.StartNew(
            () => new Phantom(PhantomKind.Pneumonia, 28).Load(), TestContext.Current.CancellationToken, TaskCreationOptions.None, oneAtATime);

        foreach (var split in Enum.GetValues<SplitName>())
            Assert.Equal(sets.Pneumonia[split].Images.bytes, alone[split].Images.bytes);
    }

    [Fact]
    public void Excerpt_has_the_images_labels_and_patients_that_the_whole_set_has_there()
    {
        using var drawn = DatasetSource.Find("phantom-chest", new DataFolders([])).Load(excerpt: 40);
        using var cut = sets.Chest.Excerpt(40);

        foreach (var split in Enum.GetValues<SplitName>())
        {
            Assert.Equal(40, drawn[split].Count);
            Assert.Equal(cut[split].FileIndices, drawn[split].FileIndices);
            Assert.Equal(cut[split].Groups, drawn[split].Groups);
            Assert.Equal(cut[split].Labels.Values, drawn[split].Labels.Values);
            Assert.Equal(cut[split].Images.bytes, drawn[split].Images.bytes);
        }
    }

    [Fact]
    public void Another_seed_gives_other_patients()
    {
        var phantom = new Phantom(PhantomKind.Pneumonia, 28);

        Assert.NotEqual(
            phantom.Picture(SplitName.Train, 0).Cast<byte>(), (phantom with { Seed = 2 }).Picture(SplitName.Train, 0).Cast<byte>());
    }

    [Theory]
    [InlineData(PhantomKind.Chest)]
    [InlineData(PhantomKind.Pneumonia)]
    public void Each_split_draws_patients_and_images_of_its_own(PhantomKind kind)
    {
        var phantom = new Phantom(kind, 28);
        var taken = new[] { SplitName.Train, SplitName.Validation, SplitName.Test }
            .SelectMany(split => { var clinic = new Clinic(phantom, split); return Enumerable.Range(0, 20).Select(image => (split, clinic.Radiograph(image))); }).ToList();

        // the anatomy of a patient without the breath of an image: ribs and heart do not change between images of one patient
        Assert.Equal(taken.Count, taken.Select(image => image.Item2.Grain).Distinct().Count());
        Assert.Equal(taken.Count, taken.Select(image => image.Item2.Pose).Distinct().Count());
        foreach (var one in taken)
            Assert.All(taken.Where(other => other.split != one.split), other => Assert.NotEqual(Still(one.Item2), Still(other.Item2)));

        static Anatomy Still(Radiograph image) => image.Patient with { RightDome = 0, LeftDome = 0 };
    }

    [Theory]
    [InlineData(SplitName.Train)]
    [InlineData(SplitName.Validation)]
    [InlineData(SplitName.Test)]
    public void Findings_are_as_frequent_as_in_ChestMnist(SplitName split)
    {
        // ChestMNIST's training split: positives of 78,468 images, 42,405 without any.
        int[] published = [7996, 1950, 9261, 13914, 3988, 4375, 978, 3705, 3263, 1690, 1799, 1158, 2279, 144];
        using var binary = sets.Chest.Binarised();
        var images = sets.Chest[split].Count;

        Assert.Equal(MedMnist.TryFind("chestmnist")!.Info.LabelNames, sets.Chest.Info.LabelNames);
        Assert.All(sets.Chest.LabelCounts(split).Zip(published), pair =>
            Assert.InRange(pair.First, Math.Max(3, pair.Second / 78468.0 * images - 0.5), Math.Max(3, pair.Second / 78468.0 * images + 0.5)));
        Assert.Equal(42405 / 78468.0, binary.LabelCounts(split)[0] / (double)images, 0.5 / images);
    }

    [Theory]
    [InlineData(SplitName.Train, 0.74)]
    [InlineData(SplitName.Validation, 0.74)]
    [InlineData(SplitName.Test, 0.625)]
    public void Pneumonia_is_as_frequent_as_in_PneumoniaMnist(SplitName split, double share) =>
        Assert.Equal(share, sets.Pneumonia.LabelCounts(split)[1] / (double)sets.Pneumonia[split].Count, 1e-9);

    [Theory]
    [InlineData(PhantomKind.Chest)]
    [InlineData(PhantomKind.Pneumonia)]
    public void No_patient_is_in_two_splits_and_some_have_several_images(PhantomKind kind)
    {
        var (train, validation, test) = (sets[kind].Train.Groups!, sets[kind].Validation.Groups!, sets[kind].Test.Groups!);

        Assert.Equal(sets[kind].Test.Count, test.Length);
        Assert.Empty(train.Intersect(validation));
        Assert.Empty(train.Intersect(test));
        Assert.Empty(validation.Intersect(test));
        Assert.Equal([1, 2, 3, 4], train.CountBy(patient => patient).Select(pair => pair.Value).Distinct().Order());
    }

    [Theory]
    [InlineData(PhantomKind.Chest)]
    [InlineData(PhantomKind.Pneumonia)]
    public void Images_of_one_patient_are_more_alike_than_those_of_two(PhantomKind kind)
    {
        using var scope = NewDisposeScope();
        var train = sets[kind].Train;
        var images = train.Images.to(float32);
        var differences = (images[1..] - images[..^1]).square().mean([1, 2, 3]).data<float>().ToArray();
        var isSame = differences.Select((_, image) => train.Groups![image] == train.Groups[image + 1]).ToArray();

        Assert.True(Mean(same: true) < 0.9 * Mean(same: false));

        double Mean(bool same) => differences.Where((_, image) => isSame[image] == same).Average();
    }

    [Theory]
    [InlineData(PhantomKind.Chest, SplitName.Train)]
    [InlineData(PhantomKind.Chest, SplitName.Test)]
    [InlineData(PhantomKind.Pneumonia, SplitName.Train)]
    [InlineData(PhantomKind.Pneumonia, SplitName.Test)]
    public void Brightness_and_contrast_alone_do_not_tell_who_is_ill(PhantomKind kind, SplitName name)
    {
        using var scope = NewDisposeScope();
        var split = sets[kind][name];
        var ill = Enumerable.Range(0, split.Count)
            .Select(row => Enumerable.Range(0, split.Labels.Columns).Any(column => split.Labels[row, column] == 1)).ToArray();
        var images = split.Images.to(float32);

        foreach (var measure in new[] { images.mean([1, 2, 3]), images.std([1, 2, 3]) })
            Assert.InRange(RocAuc.Of(measure.data<float>().ToArray(), ill)!.Value, 0.4, 0.6);
    }

    [Theory]
    [InlineData(PhantomKind.Chest)]
    [InlineData(PhantomKind.Pneumonia)]
    public void Images_use_the_range_of_grey_without_being_cut_off(PhantomKind kind)
    {
        using var scope = NewDisposeScope();
        var images = sets[kind].Train.Images;

        Assert.InRange(images.to(float32).mean().item<float>(), 100, 160);
        Assert.InRange(images.to(float32).std().item<float>(), 40, 80);
        Assert.True(images.eq(0).logical_or(images.eq(255)).to(float32).mean().item<float>() < 0.01);
    }
}
