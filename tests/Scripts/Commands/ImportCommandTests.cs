using MedTransfer.Data.Import.Pixels;
using MedTransfer.Recipes;
using MedTransfer.Tests.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Commands;

/// <summary>The command line of an import, and what it says and leaves.</summary>
[Collection(OneAtATime.Name)]
public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Defaults_are_those_of_the_core()
    {
        var options = Parse("images", "--out", "my.npz");

        Assert.Equal(("images", "my.npz"), (options.Folder, options.Output));
        Assert.Equal(new PixelOptions(), options.Import.Pixels);
        Assert.Equal((null, null, false, Environment.ProcessorCount), (options.Import.Shares, options.Import.Frame, options.Import.IsStrict, options.Import.Threads));
        Assert.Equal((null, null, false), (options.Import.Listing.Table, options.Import.Listing.Patient, options.Import.Listing.IsUnlabelled));
    }

    [Fact]
    public void Every_option_is_read()
    {
        var import = Parse("images", "--out", "my.npz", "--image-size", "64", "--fit", "crop", "--window", "-600/1500", "--percentiles", "1/99", "--invert", "--frame", "3",
            "--table", "t.csv", "--file-column", "f", "--label-columns", "a, b", "--patient-column", "p", "--split-column", "s", "--skip-missing",
            "--split", "70/10/20", "--seed", "4", "--strict", "--threads", "2").Import;

        Assert.Equal(new PixelOptions { ImageSize = 64, Fit = Fit.Crop, Window = new(-600, 1500), LowPercentile = 1, HighPercentile = 99, Invert = Invert.All }, import.Pixels);
        Assert.Equal((3, 4L, true, 2), (import.Frame, import.Seed, import.IsStrict, import.Threads));
        Assert.Equal(new(70, 10, 20), import.Shares);
        Assert.Equal(("t.csv", "f", "p", "s", true), (import.Listing.Table, import.Listing.FileColumn, import.Listing.PatientColumn, import.Listing.SplitColumn, import.Listing.LeavesOutMissing));
        Assert.Equal(["a", "b"], import.Listing.LabelColumns);
        Assert.True(Parse("images", "--out", "my.npz", "--unlabelled", "--patient", "^(p[0-9]+)_").Import.Listing is { IsUnlabelled: true, Patient: "^(p[0-9]+)_" });
    }

    [Theory]
    [InlineData("No folder is named: give the folder of images", "--out", "my.npz")]
    [InlineData("--out is missing: name the .npz to write, such as --out my.npz", "images")]
    [InlineData("--out is 'my.npy', but is written as .npz: let its name end so.", "images", "--out", "my.npy")]
    [InlineData("--out is 'chestmnist_64.npz', the name of a published MedMNIST set: give your own set another one.", "images", "--out", "chestmnist_64.npz")]
    [InlineData("One folder of images is imported at a time, but 'a', 'b' are named.", "a", "b", "--out", "my.npz")]
    [InlineData("--wrong is no option; see dotnet fsi scripts/import.fsx -- --help", "--wrong", "--out", "my.npz")]
    [InlineData("--split is '70/30', but must be shares of train, validation and test, as in 70/10/20, train more than 0.", "images", "--out", "my.npz", "--split", "70/30")]
    [InlineData("--seed draws splits, and none are made: name their shares with --split, or leave it out.", "images", "--out", "my.npz", "--seed", "1")]
    [InlineData("--window is '5', but must be two numbers with a slash between, as in -600/1500.", "images", "--out", "my.npz", "--window", "5")]
    [InlineData("--fit is 'stretch', but must be pad or crop or squash.", "images", "--out", "my.npz", "--fit", "stretch")]
    [InlineData("--frame is '0', but must be a whole number", "images", "--out", "my.npz", "--frame", "0")]
    public void Wrong_usage_is_refused_in_one_line(string start, params string[] words)
    {
        var error = Assert.Throws<MedTransferException>(() => Parse(words));

        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.True(error.IsUsage);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Import_says_what_it_wrote_what_it_left_out_and_what_recipes_will_find()
    {
        for (var image = 0; image < 3; image++)
        {
            foreach (var name in new[] { "ill", "well" })
            {
                Put($"train/{name}/{name}{image}.png", PictureBytes.GreyPng(4, [.. Enumerable.Range(0, 16).Select(pixel => (byte)(pixel * 13 + image * 40 + (name == "ill" ? 7 : 0)))]));
                File.Copy(Path.Combine(folder.Path, "images", $"train/{name}/{name}{image}.png"), Made($"test/{name}/{name}{image}.png"));
            }
        }

        Put("train/ill/torn.png", PictureBytes.GreyPng(4, new byte[16])[..40]);
        File.WriteAllBytes(Made("train/ill/scan.nii"), new byte[400]);

        var (code, screen, errors) = Run("--image-size", "8");

        Assert.Equal(0, code);
        Assert.StartsWith($"{folder["my.npz"]}: 8 x 8 pixels, grey (8 x 8 pixels, kept in proportion", screen, StringComparison.Ordinal);
        Assert.Contains("\ntrain: ill 3, well 3\ntest: ill 3, well 3\n", screen, StringComparison.Ordinal);
        Assert.Contains("left out: train/ill/scan.nii: ", errors, StringComparison.Ordinal);
        Assert.Contains("left out: train/ill/torn.png: ", errors, StringComparison.Ordinal);
        Assert.Contains("note: Folders are the splits: ", errors, StringComparison.Ordinal);
        Assert.Contains("leak: 6 of 6 images of test are in train too, pixel by pixel: scores on test tell in part what was learnt by heart: take these images out of one of the two splits, or recipes need --allow train-in-test.\n", errors, StringComparison.Ordinal);

        var card = File.ReadAllText(folder["my.json"]);
        Assert.All(["torn", "scan", folder.Path, "ill0"], name => Assert.DoesNotContain(name, card, StringComparison.Ordinal));

        // a former result stays where the next import fails
        var before = File.ReadAllBytes(folder["my.npz"]);
        Assert.Equal(1, Run("--image-size", "8", "--strict").Code);
        Assert.Equal(before, File.ReadAllBytes(folder["my.npz"]));
        Assert.Equal(["my.json", "my.npz"], folder.Files);
    }

    private static ImportOptions.Options Parse(params string[] words) => ImportOptions.parse(ListModule.OfSeq(words));

    private string Made(string name)
    {
        var path = Path.Combine(folder.Path, "images", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private void Put(string name, byte[] bytes) => File.WriteAllBytes(Made(name), bytes);

    private CapturedRun Run(params string[] words) => CapturedRun.Of(() => MedTransfer.Recipes.Import.run(
        ListModule.OfSeq<string>([Path.Combine(folder.Path, "images"), "--out", folder["my.npz"], .. words]), TestContext.Current.CancellationToken));
}
