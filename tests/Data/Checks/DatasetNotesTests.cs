using MedTransfer.Numerics;
using MedTransfer.Tests.Runtime;

namespace MedTransfer.Tests.Data.Checks;

/// <summary>What is said of sets that can be read but can hardly be meant.</summary>
public sealed class DatasetNotesTests : IDisposable
{
    private static readonly string[] Splits = ["train", "val", "test"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_is_said_of_a_set_like_any_other() => Assert.Empty(Notes(Arrays()));

    [Fact]
    public void Class_that_is_missing_from_a_split_makes_its_auc_a_mean_over_the_others()
    {
        var arrays = Arrays(classes: 4);
        arrays["test_labels"] = Enumerable.Range(0, 20).Select(row => (byte)(row % 3)).ToArray();

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
                "Findings are missing (NaN or empty) in train: 7 of 120 (2 images have none that is known), in test: 20 of 60; they are left out of loss and scores.",
                "Of no image of test it is known whether it has '2': ROC AUC there is a mean over 2 of 3 findings.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Finding_that_all_images_have_of_which_it_is_known_is_said()
    {
        var arrays = Arrays();
        var findings = new float[20, 2];
        for (var row = 0; row < 20; row++) (findings[row, 0], findings[row, 1]) = (row % 2, row % 5 == 0 ? float.NaN : 1);
        arrays["test_labels"] = findings;
        foreach (var (split, count) in Splits.Zip([40, 20]))
        {
            var known = new byte[count, 2];
            for (var row = 0; row < count; row++) (known[row, 0], known[row, 1]) = ((byte)(row & 1), (byte)(row >> 1 & 1));
            arrays[$"{split}_labels"] = known;
        }

        Assert.Equal(
            [
                "Findings are missing (NaN or empty) in test: 4 of 40; they are left out of loss and scores.",
                "Every image of test of which it is known has '1': ROC AUC there is a mean over 1 of 2 findings.",
            ],
            Notes(arrays));
    }

    [Fact]
    public void Few_images_of_validation_and_test_are_said()
    {
        var arrays = Arrays();
        (arrays["test_images"], arrays["test_labels"]) = (Images(4, seed: 9), new byte[] { 0, 1, 0, 1 });

        Assert.Equal(["Only 4 images in test: each moves an accuracy there by 0.25, and no score there tells ways of training apart."], Notes(arrays));
    }

    [Fact]
    public void Images_that_two_splits_share_are_counted()
    {
        var arrays = Arrays();
        var (train, test) = ((byte[,,])arrays["train_images"], (byte[,,])arrays["test_images"]);
        Array.Copy(train, 5 * 64, test, 2 * 64, 3 * 64);

        Assert.Equal(["3 of 20 images of test are in train too, pixel by pixel: scores on test tell in part what was learnt by heart."], Notes(arrays));
    }

    [Fact]
    public void Images_of_one_grey_level_and_splits_of_one_image_are_said()
    {
        var arrays = Arrays();
        var (train, test) = ((byte[,,])arrays["train_images"], (byte[,,])arrays["test_images"]);
        Array.Clear(train, 64, 2 * 64);
        for (var row = 1; row < 20; row++) Array.Copy(test, 0, test, row * 64, 64);

        Assert.Equal(["2 of 40 images of train are of one grey level throughout.", "All 20 images of test are the same, pixel by pixel."], Notes(arrays));

        // one image is not the same as blank ones
        Array.Clear(test, 64, 19 * 64);
        Assert.Equal(["2 of 40 images of train are of one grey level throughout.", "19 of 20 images of test are of one grey level throughout."], Notes(arrays));
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
    public void Patients_in_two_splits_or_known_of_some_alone_are_said()
    {
        var arrays = Arrays();
        arrays["train_patients"] = Enumerable.Range(0, 40).ToArray();
        arrays["test_patients"] = Enumerable.Range(37, 20).ToArray();

        Assert.Equal(
            [
                "Patients are known in train and test alone: whether another split has images of the same patients can't be seen.",
                "3 of 20 patients of test are in train too: scores on test tell in part what was learnt of these very patients.",
            ],
            Notes(arrays));
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
        using var dataset = DatasetFile.Load(folder["a.npz"], arrays);
        return dataset.Notes;
    }

    private static Dictionary<string, Array> Arrays(int classes = 2)
    {
        var arrays = new Dictionary<string, Array>();
        foreach (var (seed, (split, count)) in Splits.Zip([40, 20, 20]).Index())
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
