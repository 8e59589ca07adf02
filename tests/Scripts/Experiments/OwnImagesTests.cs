using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Recipes;
using MedTransfer.Tests.Data.Import.Pictures;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>Recipes on people's own images: folders, leaks, and what of them a page may show.</summary>
[Collection(OneAtATime.Name)]
public sealed class OwnImagesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Target => folder["target.npz"];

    private string Source => folder["source.npz"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Folder_of_images_is_a_target_and_is_imported_once()
    {
        Extract("radiographs", withSplits: true);
        string[] words = ["--target", folder["radiographs"], "--image-size", "28"];

        var (code, errors) = Run(words, lab =>
        {
            var data = lab.Load(lab.Target.All);
            Assert.Equal(("radiographs", 28), (data.Info.Name, data.Info.ImageSize));
            Assert.Equal(["class0", "class1"], data.Info.LabelNames);
            Assert.Equal((40, 20, 20), (data.Train.Count, data.Validation.Count, data.Test.Count));
            Assert.False(lab.ShowsPictures(lab.Target));
            Assert.Contains(lab.Notes, note => note.Item2.StartsWith("Folders are the splits: ", StringComparison.Ordinal));
            Assert.DoesNotContain(folder.Path, lab.Command, StringComparison.Ordinal);
        });

        Assert.True(code == 0, errors);
        Assert.Contains($"Imported {folder["radiographs"]} into ", errors, StringComparison.Ordinal);
        var (again, said) = Run(words, _ => { });
        Assert.True(again == 0, said);
        Assert.DoesNotContain("Imported ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Target_without_labels_is_refused_before_anything_trains()
    {
        WriteUnlabelled("plain");

        var (code, errors) = Run(["--target", folder["plain"], "--image-size", "28"], _ => Assert.Fail("began"));

        Assert.Equal(1, code);
        Assert.Contains("error: plain has no labels: a classifier can't be trained on it. Name a labelled set.", errors, StringComparison.Ordinal);
    }

    /// <summary>Its autoencoder learns without labels.</summary>
    [Fact]
    public void Source_of_task_1_may_be_without_labels_but_its_target_may_not()
    {
        WriteUnlabelled("plain");
        NpzWriter.Write(Target, Arrays(7));
        (int, string) RunTask1(params string[] words)
        {
            var run = CapturedRun.Of(ExperimentModule.task1, ["--offline", "--image-size", "28", "--out", folder.Path, .. words], lab => Assert.Equal("plain", lab.Source.Name));
            return (run.Code, run.Errors);
        }

        var (code, errors) = RunTask1("--target", Target, "--source", folder["plain"]);
        var (refused, why) = RunTask1("--target", folder["plain"]);

        Assert.True(code == 0, errors);
        Assert.Equal(1, refused);
        Assert.Contains("error: plain has no labels", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_splits_is_refused_unless_they_are_asked_for()
    {
        Extract("mine", withSplits: false);

        var (code, errors) = Run(["--target", folder["mine"], "--image-size", "28"], _ => { });
        Assert.Equal(1, code);
        Assert.Contains("error: mine has no images of validation and test, on which choices are made and what was learnt is measured: name a folder of images with --split 70/10/20", errors, StringComparison.Ordinal);

        (code, errors) = Run(["--target", folder["mine"], "--image-size", "28", "--split", "50/25/25"], lab =>
            Assert.Equal((40, 20, 20), (lab.Load(lab.Target.All).Train.Count, lab.Load(lab.Target.All).Validation.Count, lab.Load(lab.Target.All).Test.Count)));
        Assert.True(code == 0, errors);
    }

    [Fact]
    public void Test_images_that_were_learnt_from_are_an_error_before_anything_trains()
    {
        WriteSets(leak: true);
        var isReached = false;

        var (code, errors) = Run(["--source", Source, "--target", Target], _ => isReached = true);

        Assert.Equal((1, false), (code, isReached));
        Assert.Contains(
            "error: target: 1 of 20 images of test is in train too, pixel by pixel: scores on test tell in part what was learnt by heart: take these images out of one of the two splits; "
            + "target: 1 of 20 images of test is in the source, source, too, pixel by pixel: scores on test tell in part what was learnt by heart: take these images out of the source, or choose another one. "
            + "Or go on with --allow train-in-test,source-in-test, which the page then says.\n",
            errors,
            StringComparison.Ordinal);
        Assert.Equal(1, Run(["--source", Source, "--target", Target, "--allow", "train-in-test"], _ => { }).Code);
    }

    [Fact]
    public void Leak_that_is_allowed_is_said_beside_every_figure_and_lets_no_verdict_follow()
    {
        WriteSets(leak: true);

        var (code, errors) = Run(["--source", Source, "--target", Target, "--allow", "train-in-test,source-in-test"], lab =>
        {
            Assert.False(lab.HasVerdicts);
            Assert.Equal(["Leak allowed", "Leak allowed"], lab.Evidence.Remarks.Select(remark => remark.Item1));
            Assert.Equal(
                "target: 1 of 20 images of test is in train too, pixel by pixel: scores on test tell in part what was learnt by heart. --allow train-in-test went on past it: no verdict follows from these figures.",
                lab.Evidence.Remarks[0].Item2);
        });

        Assert.True(code == 0, errors);
    }

    [Fact]
    public void Leak_is_found_in_images_that_a_smoke_run_leaves_out()
    {
        var target = Arrays(6, train: 200);
        Array.Copy(target["train_images"], 199 * 28 * 28, target["test_images"], 0, 28 * 28);
        NpzWriter.Write(Target, target);

        var (code, errors) = Run(["--smoke", "--source", "phantom-chest", "--target", Target], _ => { });

        Assert.Equal(1, code);
        Assert.Contains("or go on with --allow train-in-test", errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Set_that_is_asked_about_is_no_source()
    {
        NpzWriter.Write(Target, Arrays(6));

        var (code, errors) = Run(["--source", Target, "--target", Target], _ => Assert.Fail("nothing trains"));

        Assert.Equal(2, code);
        Assert.Contains("--source is target, the set that is asked about: its labels can't both be pretrained on and tested. Name another set.\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_see_the_target_in_the_sources_size_unless_another_is_named()
    {
        NpzWriter.Write(Target, Arrays(6, size: 56));
        int? SizeOf(Lab lab, MedTransfer.Trials.DataReference data, MedTransfer.Models.Architecture architecture) =>
            lab.Trial("", data, MedTransfer.Transfer.TransferPlan.Scratch, new MedTransfer.Training.FitOptions(), 0, FSharpOption<MedTransfer.Models.Architecture>.Some(architecture), null, null).Spec.Model.SeenAs.ImageSize;

        Assert.Equal(0, Run(["--target", Target], lab =>
        {
            Assert.Equal(28, SizeOf(lab, lab.Target.All, MedTransfer.Models.Architecture.ConvNet));
            Assert.Null(SizeOf(lab, lab.Source.All, MedTransfer.Models.Architecture.ConvNet));
            Assert.Null(SizeOf(lab, lab.Target.All, MedTransfer.Models.Architecture.PixelRegression));
        }).Code);
        Assert.Equal(0, Run(["--target", Target, "--image-size", "40"], lab => Assert.Equal(40, SizeOf(lab, lab.Source.All, MedTransfer.Models.Architecture.ConvNet))).Code);
        NpzWriter.Write(Source, Arrays(7, size: 56));
        Assert.Equal(0, Run(["--source", Source, "--target", Target], lab => Assert.Null(SizeOf(lab, lab.Target.All, MedTransfer.Models.Architecture.ConvNet))).Code);
    }

    [Fact]
    public void Splits_that_are_asked_of_no_folder_are_said_to_change_nothing()
    {
        WriteSets(leak: false);

        Assert.Contains("--split changes nothing: no folder of images is named.\n", Run(["--source", Source, "--target", Target, "--split", "70/10/20"], _ => { }).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Allowing_what_is_not_there_is_said_to_change_nothing()
    {
        WriteSets(leak: false);

        var (code, errors) = Run(["--source", Source, "--target", Target, "--allow", "shared-patients"], lab => Assert.True(lab.HasVerdicts));

        Assert.True(code == 0, errors);
        Assert.Contains("--allow shared-patients changes nothing: there is no such leak.\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_own_sets_are_shown_where_they_are_asked_for()
    {
        WriteSets(leak: false);

        Assert.Equal(0, Run(["--source", "phantom-chest", "--target", Target], lab => Assert.Equal((true, false), (lab.ShowsPictures(lab.Source), lab.ShowsPictures(lab.Target)))).Code);
        Assert.Equal(0, Run(["--source", Source, "--target", Target, "--include-images"], lab => Assert.True(lab.ShowsPictures(lab.Target))).Code);
    }

    private void WriteSets(bool leak)
    {
        var (source, target) = (Arrays(5), Arrays(6));
        if (leak)
        {
            Array.Copy(target["train_images"], 28 * 28, target["test_images"], 0, 28 * 28);
            Array.Copy(source["train_images"], 0, target["test_images"], 28 * 28, 28 * 28);
            Array.Copy(source["val_images"], 0, target["test_images"], 2 * 28 * 28, 28 * 28);
        }

        NpzWriter.Write(Source, source);
        NpzWriter.Write(Target, target);
    }

    private void WriteUnlabelled(string name)
    {
        foreach (var split in new[] { "train", "val", "test" })
        {
            Directory.CreateDirectory(Path.Combine(folder[name], split));
            for (var i = 0; i < 3; i++)
                File.WriteAllBytes(Path.Combine(folder[name], split, $"{i}.png"), PictureBytes.GreyPng(28, [.. Enumerable.Range(0, 28 * 28).Select(pixel => (byte)(pixel * (i + split.Length)))]));
        }
    }

    // eighty images of two classes, as files
    private void Extract(string name, bool withSplits)
    {
        NpzWriter.Write(Target, Arrays(7));
        using var data = DatasetSource.Find(Target, new DataFolders([])).Load();
        foreach (var (split, images) in new[] { ("train", data.Train), ("val", data.Validation), ("test", data.Test) })
        {
            for (var image = 0; image < images.Count; image++)
            {
                var place = Path.Combine(folder[name], withSplits ? split : "", $"class{images.Labels[image, 0]}");
                Directory.CreateDirectory(place);
                File.WriteAllBytes(Path.Combine(place, $"{split}{image}.png"), images.Png(image));
            }
        }
    }

    private static Dictionary<string, Array> Arrays(int seed, int size = 28, int train = 40)
    {
        var (random, arrays) = (new Random(seed), new Dictionary<string, Array>());
        foreach (var (split, count) in new[] { ("train", train), ("val", 20), ("test", 20) })
        {
            var pixels = new byte[count * size * size];
            random.NextBytes(pixels);
            var images = new byte[count, size, size];
            Buffer.BlockCopy(pixels, 0, images, 0, pixels.Length);
            arrays[$"{split}_images"] = images;
            arrays[$"{split}_labels"] = Enumerable.Range(0, count).Select(image => (byte)(image % 2)).ToArray();
        }

        return arrays;
    }

    private (int Code, string Errors) Run(string[] words, Action<Lab> look)
    {
        string[] source = words.Contains("--source") ? [] : ["--source", "phantom-chest"];
        var run = CapturedRun.Of(ExperimentModule.task2, [.. source, "--offline", "--out", folder.Path, .. words], look);
        return (run.Code, run.Errors);
    }
}
