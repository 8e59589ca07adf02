using MedTransfer.Data.Checks;
using MedTransfer.Data.Reading;
using MedTransfer.Numerics;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Data.Checks;

/// <summary>What is said of sets that can be read but can hardly be meant, and what voids scores on them.</summary>
[Collection(OneAtATime.Name)]
public sealed class DatasetChecksTests : IDisposable
{
    // enough for a difference in AUC of 0.05 to be seen, of four classes too
    private const int TestImages = 1200;

    private const string NobodyKnown = "Who is shown is not known of any image: images of one patient may be in two splits, and intervals count images where they should count patients.";

    private static readonly string[] Splits = ["train", "val", "test"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_is_said_of_a_set_like_any_other() => Assert.Empty(Notes(Arrays()));

    [Fact]
    public void Set_that_does_not_say_who_is_shown_says_so()
    {
        using var dataset = DatasetFile.Load(folder["a.npz"], Arrays());

        Assert.Equal([NobodyKnown], DatasetChecks.OfTarget(DatasetStatistics.Of(dataset, cancellation: TestContext.Current.CancellationToken)).Notes);
    }

    [Fact]
    public void Masks_among_images_are_counted()
    {
        var arrays = Arrays();
        var train = (byte[,,])arrays["train_images"];
        for (var pixel = 0; pixel < 5 * 64; pixel++) train[pixel / 64, pixel / 8 % 8, pixel % 8] = (byte)(train[pixel / 64, pixel / 8 % 8, pixel % 8] > 127 ? 255 : 0);

        Assert.Equal(["5 of 40 images of train have two levels alone: are these masks, not images?"], Notes(arrays));
    }

    [Fact]
    public void Class_that_is_missing_from_a_split_makes_its_auc_a_mean_over_the_others()
    {
        var arrays = Arrays(classes: 4);
        arrays["test_labels"] = Enumerable.Range(0, TestImages).Select(row => (byte)(row % 3)).ToArray();

        Assert.Equal(["No image of test is of '3': ROC AUC there is a mean over 3 of 4 classes."], Notes(arrays));
    }

    [Fact]
    public void Finding_that_no_image_or_every_image_has_is_said()
    {
        var arrays = Arrays();
        foreach (var split in Splits)
        {
            var findings = new byte[((byte[])arrays[$"{split}_labels"]).Length, 3];
            for (var row = 0; row < findings.GetLength(0); row++)
            {
                (findings[row, 0], findings[row, 1], findings[row, 2]) = ((byte)(row & 1), (byte)(row >> 1 & 1), (byte)(split == "val" ? 0 : row >> 2 & 1));
                if (split == "test") findings[row, 0] = 1;
            }
            arrays[$"{split}_labels"] = findings;
        }

        Assert.Equal(
            [
                "No image of validation has '2': ROC AUC there is a mean over 2 of 3 findings.",
                "Every image of test has '0': ROC AUC there is a mean over 2 of 3 findings.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Missing_findings_are_counted_in_one_sentence_and_those_known_of_no_image_named()
    {
        var arrays = Arrays();
        foreach (var split in Splits)
        {
            var findings = new float[((byte[])arrays[$"{split}_labels"]).Length, 3];
            for (var row = 0; row < findings.GetLength(0); row++)
            {
                for (var finding = 0; finding < 3; finding++) findings[row, finding] = split == "test" && finding == 2 ? float.NaN : row >> finding & 1;
                if (split == "train" && row is 3 or 4) findings[row, 0] = findings[row, 1] = findings[row, 2] = float.NaN;
            }
            arrays[$"{split}_labels"] = findings;
        }
        ((float[,])arrays["train_labels"])[0, 0] = float.NaN;

        Assert.Equal(
            [
                "Findings are missing (NaN or empty) in train: 7 of 120 (2 images have none that is known), in test: 1,200 of 3,600; they are left out of loss and scores.",
                "Of no image of test it is known whether it has '2': ROC AUC there is a mean over 2 of 3 findings.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Finding_that_all_images_have_of_which_it_is_known_is_said()
    {
        var arrays = Arrays();
        var findings = new float[TestImages, 2];
        for (var row = 0; row < TestImages; row++) (findings[row, 0], findings[row, 1]) = (row % 2, row % 5 == 0 ? float.NaN : 1);
        arrays["test_labels"] = findings;
        foreach (var (split, count) in Splits.Zip([40, 20]))
        {
            var known = new byte[count, 2];
            for (var row = 0; row < count; row++) (known[row, 0], known[row, 1]) = ((byte)(row & 1), (byte)(row >> 1 & 1));
            arrays[$"{split}_labels"] = known;
        }

        Assert.Equal(
            [
                "Findings are missing (NaN or empty) in test: 240 of 2,400; they are left out of loss and scores.",
                "Every image of test of which it is known has '1': ROC AUC there is a mean over 1 of 2 findings.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Few_images_of_validation_and_test_are_said()
    {
        var arrays = Arrays();
        (arrays["val_images"], arrays["val_labels"]) = (Images(4, seed: 9), new byte[] { 0, 1, 0, 1 });
        (arrays["test_images"], arrays["test_labels"]) = (Images(60, seed: 8), Enumerable.Range(0, 60).Select(row => (byte)(row % 2)).ToArray());

        Assert.Equal(
            [
                "Only 60 images in test: an AUC of 0.85 has a standard error of some 0.05 there, and a difference between two ways below 0.12 can hardly be shown.",
                "Only 4 images in validation: each moves an accuracy there by 0.25, and choices made there are made by chance.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Images_that_two_splits_share_are_counted()
    {
        var arrays = Arrays();
        var (train, test) = ((byte[,,])arrays["train_images"], (byte[,,])arrays["test_images"]);
        Array.Copy(train, 5 * 64, test, 2 * 64, 3 * 64);

        var result = Check(arrays);
        Assert.Equal([new Leak(LeakKind.TrainInTest, "3 of 1,200 images of test are in train too, pixel by pixel: scores on test tell in part what was learnt by heart")], result.Leaks);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Images_that_validation_shares_with_another_split_void_nothing_and_are_said()
    {
        var arrays = Arrays();
        var validation = (byte[,,])arrays["val_images"];
        Array.Copy((byte[,,])arrays["train_images"], 5 * 64, validation, 0, 2 * 64);
        Array.Copy((byte[,,])arrays["test_images"], 5 * 64, validation, 2 * 64, 64);

        var result = Check(arrays);
        Assert.Empty(result.Leaks);
        Assert.Equal(
            [
                "2 of 20 images of validation are in train too, pixel by pixel: scores on validation tell in part what was learnt by heart.",
                "1 of 1,200 images of test is in validation too, pixel by pixel: scores on test tell in part by what choices were made.",
            ],
            result.Notes);
    }

    [Fact]
    public void Grey_image_is_the_same_in_red_green_and_blue()
    {
        var arrays = Arrays();
        var colour = Arrays();
        foreach (var split in Splits)
        {
            var grey = (byte[,,])arrays[$"{split}_images"];
            var three = new byte[grey.GetLength(0), 8, 8, 3];
            for (var value = 0; value < three.Length; value++) three[value / 192, value / 24 % 8, value / 3 % 8, value % 3] = grey[value / 192, value / 24 % 8, value / 3 % 8];
            colour[$"{split}_images"] = three;
        }

        Array.Copy((byte[,,])arrays["train_images"], 0, (byte[,,])arrays["test_images"], 0, 64);
        foreach (var split in new[] { "val", "test" }) colour[$"{split}_images"] = Colours(((byte[])colour[$"{split}_labels"]).Length);
        using var first = DatasetFile.Load(folder["s.npz"], colour);
        using var second = DatasetFile.Load(folder["t.npz"], arrays);

        Assert.Equal(LeakKind.SourceInTest, Assert.Single(DatasetChecks.Between(DatasetStatistics.Of(first, cancellation: TestContext.Current.CancellationToken), DatasetStatistics.Of(second, cancellation: TestContext.Current.CancellationToken)).Leaks).Kind);

        static byte[,,,] Colours(int count)
        {
            var random = new SplitMix64(77);
            var images = new byte[count, 8, 8, 3];
            for (var value = 0; value < images.Length; value++) images[value / 192, value / 24 % 8, value / 3 % 8, value % 3] = (byte)random.Below(256);
            return images;
        }
    }

    [Fact]
    public void Finding_that_is_not_known_contradicts_nothing()
    {
        var arrays = Arrays();
        foreach (var split in Splits)
        {
            var findings = new float[((byte[])arrays[$"{split}_labels"]).Length, 2];
            for (var row = 0; row < findings.GetLength(0); row++) (findings[row, 0], findings[row, 1]) = (row & 1, row >> 1 & 1);
            arrays[$"{split}_labels"] = findings;
        }

        var (train, labels) = ((byte[,,])arrays["train_images"], (float[,])arrays["train_labels"]);
        Array.Copy(train, 0, train, 64, 64);
        (labels[0, 0], labels[1, 0], labels[1, 1]) = (0, float.NaN, 0);
        Assert.Contains("1 of 40 images of train repeats another one of it, pixel by pixel.", Notes(arrays));

        labels[1, 1] = 1;
        Assert.Contains("1 of 40 images of train repeats another one of it, pixel by pixel; 1 image has different labels there, of which one at most is right.", Notes(arrays));
    }

    [Fact]
    public void Patients_of_the_source_in_the_targets_test_split_are_a_leak_where_one_secret_numbered_both()
    {
        Dictionary<string, Array> source = Arrays(), target = Arrays();
        foreach (var split in Splits) source[$"{split}_images"] = Images(((byte[])source[$"{split}_labels"]).Length, seed: split.Length + 90);
        foreach (var (split, first, count) in new[] { ("train", 0, 40), ("val", 40, 20), ("test", 100, TestImages) })
        {
            target[$"{split}_patients"] = Enumerable.Range(first, count).ToArray();
            source[$"{split}_patients"] = Enumerable.Range(first + 5_000, count).ToArray();
        }

        ((int[])source["train_patients"])[0] = 100;
        ((int[])source["val_patients"])[0] = 101;
        ((int[])source["train_patients"])[1] = ((int[])target["test_patients"])[2] = -7;   // an image of nobody known
        CheckResult Between(string? key)
        {
            foreach (var name in new[] { "s.npz", "t.npz" }) new DatasetCard { PatientKey = name == "s.npz" ? "k" : key }.Write(folder[name]);
            using var first = DatasetFile.Load(folder["s.npz"], source);
            using var second = DatasetFile.Load(folder["t.npz"], target);
            return DatasetChecks.Between(DatasetStatistics.Of(first, cancellation: TestContext.Current.CancellationToken), DatasetStatistics.Of(second, cancellation: TestContext.Current.CancellationToken));
        }

        Assert.Empty(Between(null).Leaks);
        Assert.Empty(Between("other").Leaks);
        Assert.Equal(
            [new Leak(LeakKind.SharedPatients, "2 of 1,200 patients of test are in the source, s, too: scores on them tell in part what was learnt of these very patients")],
            Between("k").Leaks);
    }

    [Fact]
    public void Images_that_a_split_repeats_are_counted_and_labels_that_contradict_each_other_but_not_those_of_test()
    {
        var arrays = Arrays();
        var (train, test) = ((byte[,,])arrays["train_images"], (byte[,,])arrays["test_images"]);
        Array.Copy(train, 0, train, 2 * 64, 64);     // class 0 twice
        Array.Copy(train, 64, train, 4 * 64, 64);    // classes 1 and 0
        Array.Copy(test, 0, test, 64, 64);           // classes 0 and 1

        Assert.Equal(
            [
                "2 of 40 images of train repeat another one of it, pixel by pixel; 1 image has different labels there, of which one at most is right.",
                "1 of 1,200 images of test repeats another one of it, pixel by pixel.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Images_that_nearly_equal_another_one_are_said_by_split_but_for_those_of_one_patient_in_one()
    {
        var arrays = Arrays();
        var (train, test) = ((byte[,,])arrays["train_images"], (byte[,,])arrays["test_images"]);
        Array.Copy(train, 0, train, 64, 64);
        Array.Copy(train, 2 * 64, train, 3 * 64, 64);
        Array.Copy(train, 0, test, 0, 64);
        (train[1, 0, 0], train[3, 0, 0], test[0, 4, 4]) = ((byte)(train[1, 0, 0] ^ 8), (byte)(train[3, 0, 0] ^ 8), (byte)(test[0, 4, 4] ^ 8));
        const string Criterion = "perceptual hashes within 12 of 128 bits, correlation 0.975 or more, 0.9 minus the mean image", Ending = "Nothing keeps them on one side of splits or folds, and where two sides share them, scores may tell in part what was learnt by heart.";

        Assert.Equal([$"Pairs of images that are nearly the same ({Criterion}): 2 within train, 2 between train and test. {Ending}"], Notes(arrays));

        foreach (var (split, count) in Splits.Zip([40, 20, TestImages])) arrays[$"{split}_patients"] = Enumerable.Range(split == "train" ? 0 : split == "val" ? 40 : 60, count).ToArray();
        ((int[])arrays["train_patients"])[1] = 0;
        Assert.Equal([$"Pairs of images that are nearly the same ({Criterion}): 1 within train, 2 between train and test. {Ending}"], Notes(arrays));
    }

    [Fact]
    public void Images_of_the_source_in_the_targets_test_split_are_a_leak_and_in_its_validation_said()
    {
        var (source, target) = (Arrays(), Arrays());
        foreach (var split in Splits) source[$"{split}_images"] = Images(30, seed: split.Length + 50);
        foreach (var split in Splits) source[$"{split}_labels"] = Enumerable.Range(0, 30).Select(row => (byte)(row % 2)).ToArray();
        var (test, validation) = ((byte[,,])target["test_images"], (byte[,,])target["val_images"]);
        Array.Copy((byte[,,])source["train_images"], 0, test, 0, 64);
        Array.Copy((byte[,,])source["val_images"], 0, test, 64, 64);
        Array.Copy((byte[,,])source["test_images"], 0, test, 128, 64);   // on which nothing was learnt
        Array.Copy((byte[,,])source["train_images"], 64, validation, 0, 64);
        Array.Copy((byte[,,])source["train_images"], 128, test, 192, 64);
        test[3, 0, 0] ^= 8;
        using var first = DatasetFile.Load(folder["s.npz"], source);
        using var second = DatasetFile.Load(folder["t.npz"], target);

        var result = DatasetChecks.Between(DatasetStatistics.Of(first, cancellation: TestContext.Current.CancellationToken), DatasetStatistics.Of(second, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal([new Leak(LeakKind.SourceInTest, "1 of 1,200 images of test is in the source, s, too, pixel by pixel: scores on test tell in part what was learnt by heart")], result.Leaks);
        Assert.Equal(
            [
                "1 of 20 images of validation is in the source, s, too, pixel by pixel: scores on validation tell in part what was learnt by heart.",
                "1 of 1,200 images of test is in validation of the source, s, too, pixel by pixel: scores on test tell in part by what choices were made.",
                "1 of 1,200 images of test is nearly the same as one in the source, s, if not the same in another size (perceptual hashes within 12 of 128 bits, correlation 0.975 or more, 0.9 minus the mean image): scores on test may tell in part what was learnt by heart.",
            ],
            result.Notes);
    }

    [Fact]
    public void Brightness_that_tells_labels_is_said_of_train()
    {
        var arrays = Arrays();
        var train = (byte[,,])arrays["train_images"];
        for (var pixel = 0; pixel < train.Length; pixel++) train[pixel / 64, pixel / 8 % 8, pixel % 8] = (byte)(train[pixel / 64, pixel / 8 % 8, pixel % 8] / 2 + 100 * (pixel / 64 % 2));

        Assert.Equal(
            [
                "Mean brightness alone tells '1' from '0' in train with an AUC of 1.00: a model may learn that instead of what is to be seen.",
                "Brightness of the border alone tells '1' from '0' in train with an AUC of 1.00: a model may learn that instead of what is to be seen.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Images_of_one_grey_level_and_splits_of_one_image_are_said()
    {
        var arrays = Arrays();
        var (train, test) = ((byte[,,])arrays["train_images"], (byte[,,])arrays["test_images"]);
        Array.Clear(train, 64, 2 * 64);
        for (var row = 1; row < TestImages; row++) Array.Copy(test, 0, test, row * 64, 64);

        Assert.Equal(["2 of 40 images of train are of one colour throughout.", "All 1,200 images of test are the same, pixel by pixel."], Notes(arrays));

        // one image is not the same as blank ones
        Array.Clear(test, 64, (TestImages - 1) * 64);
        Assert.Equal(["2 of 40 images of train are of one colour throughout.", "1,199 of 1,200 images of test are of one colour throughout."], Notes(arrays));
    }

    [Fact]
    public void Fractions_that_were_saved_as_whole_numbers_are_suspected()
    {
        var arrays = Arrays();
        var test = (byte[,,])arrays["test_images"];
        for (var pixel = 0; pixel < test.Length; pixel++) test[pixel / 64, pixel / 8 % 8, pixel % 8] /= 128;

        Assert.Equal(["All pixels of test are 0 or 1 of 255, all but black: were images from 0 to 1 saved as whole numbers, or divided by 255 twice?"], Notes(arrays));
    }

    [Fact]
    public void Images_that_are_black_throughout_are_said_to_be_that()
    {
        var arrays = Arrays();
        Array.Clear((byte[,,])arrays["test_images"]);

        Assert.Equal(["All 1,200 images of test are black throughout: look at how they were saved."], Notes(arrays));
    }

    [Fact]
    public void Checks_stop_when_they_are_told_to()
    {
        using var set = DatasetFile.Load(folder["a.npz"], Arrays());
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetStatistics.Of(set, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Patients_in_two_splits_or_known_of_some_alone_are_said()
    {
        var arrays = Arrays();
        arrays["train_patients"] = Enumerable.Range(0, 40).ToArray();
        arrays["test_patients"] = Enumerable.Range(37, TestImages).ToArray();

        var result = Check(arrays);
        Assert.Equal(["Patients are known in train and test alone: whether another split has images of the same patients can't be seen."], result.Notes);
        Assert.Equal([new Leak(LeakKind.SharedPatients, "3 of 1,200 patients of test are in train too: scores on test tell in part what was learnt of these very patients")], result.Leaks);

        arrays["val_patients"] = Enumerable.Range(20, 20).ToArray();
        Assert.Equal(
            [new Leak(LeakKind.SharedPatients, "20 of 20 patients of validation are in train too, 3 of 1,200 patients of test are in train too, 3 of 1,200 patients of test are in validation too: scores on test tell in part what was learnt of these very patients")],
            Check(arrays).Leaks);
    }

    [Fact]
    public void Notes_of_reading_outlive_the_merging_of_findings()
    {
        var arrays = Arrays();
        foreach (var split in Splits)
        {
            var labels = new float[((byte[])arrays[$"{split}_labels"]).Length, 2];
            for (var row = 0; row < labels.GetLength(0); row++) (labels[row, 0], labels[row, 1]) = (row & 1, row == 4 ? -1 : row >> 1 & 1);
            arrays[$"{split}_labels"] = labels;
        }
        using var dataset = DatasetFile.Load(folder["a.npz"], arrays, [], uncertain: 0);

        using var binary = dataset.Binarised();

        Assert.Equal(["Uncertain labels (-1) were read as 0: 1 in train, 1 in validation, 1 in test."], binary.Notes);
    }

    private IReadOnlyList<string> Notes(Dictionary<string, Array> arrays)
    {
        var result = Check(arrays);
        Assert.Empty(result.Leaks);
        return result.Notes;
    }

    // of few of these sets it is known who is shown
    private CheckResult Check(Dictionary<string, Array> arrays)
    {
        using var dataset = DatasetFile.Load(folder["a.npz"], arrays);
        var result = DatasetChecks.OfTarget(DatasetStatistics.Of(dataset, cancellation: TestContext.Current.CancellationToken));
        return result with { Notes = [.. result.Notes.Where(note => note != NobodyKnown)] };
    }

    private static Dictionary<string, Array> Arrays(int classes = 2)
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var (seed, (split, count)) in Splits.Zip([40, 20, TestImages]).Index())
        {
            arrays[$"{split}_images"] = Images(count, seed);
            arrays[$"{split}_labels"] = Enumerable.Range(0, count).Select(row => (byte)(row % classes)).ToArray();
        }
        return arrays;
    }

    private static byte[,,] Images(int count, int seed)
    {
        var random = new SplitMix64((ulong)seed);
        var images = new byte[count, 8, 8];
        for (var pixel = 0; pixel < images.Length; pixel++) images[pixel / 64, pixel / 8 % 8, pixel % 8] = (byte)random.Below(256);
        return images;
    }
}
