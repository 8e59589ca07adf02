using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Numerics;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>What recipes make of sets that are small, or labelled in other ways.</summary>
[Collection(OneAtATime.Name)]
public sealed class SetsOfTheirOwnKindTests : IDisposable
{
    private static readonly string[] FoldWays = ["cross-validation", "all combined"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Too_few_images_for_a_map_are_said_in_its_place_and_no_empty_table_is_shown()
    {
        Write(labels: 2, counts: [4, 2, 2]);
        var said = Run(["--tables"], lab =>
        {
            var results = lab.Run(ListModule.Empty<Trial>(), ListModule.OfSeq([Plain(lab)]));
            var parts = Recipes.Sections.Embeddings.maps(lab, "Figure 1", lab.MainSize, ListModule.OfSeq([Tuple.Create("no transfer", "no transfer")]), results.Outcomes);
            Recipes.Sections.Publication.publish(lab, "title", HandMadeOpening.Of("question"), results, parts);

            Assert.Equal(
                ["Figure 1, train: too few images for maps and separability; there are 4, and it takes 6 (for t-SNE 16).", "Figure 1, test: too few images for maps and separability; there are 2, and it takes 6 (for t-SNE 16)."],
                parts.OfType<Report.Section.Absent>().Select(part => part.Item));
            Assert.Contains("<p>Figure 1, test: too few images", File.ReadAllText(System.IO.Path.Combine(lab.ReportFolder, "report.html")), StringComparison.Ordinal);
        });

        Assert.Contains("Figure 1, test: too few images", said, StringComparison.Ordinal);
        Assert.Contains("Only 2 images in test", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_that_cant_be_made_leave_out_the_ways_that_need_them_and_name_the_class()
    {
        Write(labels: 3, counts: [7, 3, 3]);   // class 2 has two images of seven
        Run(["--folds", "3"], lab => Assert.Empty(lab.LeftOutWithoutFolds(TargetSize.AllImages, ListModule.OfSeq(FoldWays))));
        Write(labels: 3, counts: [5, 3, 3]);   // and here one
        var said = Run(["--folds", "2"], lab =>
        {
            var without = lab.LeftOutWithoutFolds(TargetSize.AllImages, ListModule.OfSeq(FoldWays));
            var left = lab.Run(ListModule.Empty<Trial>(), ListModule.OfSeq([Plain(lab)]), without).LeftOut;
            Assert.Equal(FoldWays, left.Select(entry => entry.Way));
            Assert.All(left, entry => Assert.StartsWith("There is one image of class 2, and fold ", entry.Reason, StringComparison.Ordinal));
        });

        Assert.Contains($"Left out: {string.Join("; ", FoldWays)}: There is one image of class 2", said, StringComparison.Ordinal);
        Assert.Empty(Recipes.Sections.SmartTraining.crossValidation("cross-validation", ListModule.Empty<Outcome>()));
    }

    [Fact]
    public void No_folds_wanted_leave_out_the_ways_that_need_them()
    {
        Write(labels: 2, counts: [8, 4, 4]);
        Run(["--folds", "0"], lab =>
        {
            var without = lab.LeftOutWithoutFolds(TargetSize.AllImages, ListModule.OfSeq(FoldWays));
            Assert.Equal(["It needs folds, and --folds is 0.", "It needs folds, and --folds is 0."], lab.Run(ListModule.Empty<Trial>(), ListModule.OfSeq([Plain(lab)]), without).LeftOut.Select(entry => entry.Reason));
        });
    }

    [Fact]
    public void Uncertain_labels_reach_training_as_asked_and_are_told_of_on_screen_and_page()
    {
        Write(labels: 2, counts: [8, 20, 20], uncertain: 3);
        var said = Run(["--uncertain", "1"], lab =>
        {
            Assert.Equal(1, lab.Target.Sample(TargetSize.NewImages(4), 0).UncertainAs);
            var result = Assert.Single(lab.Run(ListModule.Empty<Trial>(), ListModule.OfSeq([Plain(lab)])).Outcomes).Result;
            Assert.Equal(1, result.Trial.Spec.Target.UncertainAs);
            Assert.Equal(1, result.Predictions(SplitName.Train).Labels[3, 0]);
            Assert.Equal(0, result.Predictions(SplitName.Train).Labels[2, 0]);
            Assert.Contains(Recipes.Sections.ImageSets.section(lab), part => part is Report.Section.Text { Item: var text }
                && text == "Note: own: Uncertain labels (-1) were read as 1: 1 in train, 1 in validation, 1 in test.");
        });

        Assert.Contains("Note: own: Uncertain labels (-1) were read as 1: 1 in train", said, StringComparison.Ordinal);
        Assert.Single(said.Split('\n'), line => line.Contains("Uncertain labels", StringComparison.Ordinal));
    }

    [Fact]
    public void Findings_are_counted_among_the_images_that_they_are_known_of()
    {
        const float unknown = float.NaN;
        float[,] findings = { { 1, unknown, unknown }, { 0, 1, unknown }, { 1, 0, unknown }, { 1, 0, unknown } };
        NpzWriter.Write(Path, new[] { "train", "val", "test" }.SelectMany<string, KeyValuePair<string, Array>>(split =>
            [new($"{split}_images", new byte[4, 12, 12]), new($"{split}_labels", findings)]));

        using var lab = HandMadeLab.OnFile(ExperimentModule.task2, Path);
        Assert.Equal("4 (0: 3, 1: 1 of 3 known, 2: unknown)", Recipes.Sections.ImageSets.section(lab.Lab).TableOf("data").Cell("target", "train"));
    }

    [Fact]
    public void Maps_say_of_how_many_images_they_are_and_why_others_are_left_out()
    {
        const float unknown = float.NaN;
        var findings = new float[12, 2];
        for (var image = 0; image < 12; image++)
            (findings[image, 0], findings[image, 1]) = (image % 2, image < 4 ? unknown : 0);   // 0 and 2 may have the second finding
        NpzWriter.Write(Path, new[] { "train", "val", "test" }.SelectMany<string, KeyValuePair<string, Array>>((split, place) =>
        {
            var images = new byte[12, 12, 12];
            for (var pixel = 0; pixel < images.Length; pixel++) images[pixel / 144, pixel / 12 % 12, pixel % 12] = (byte)(37 * pixel + 11 * place);
            return [new($"{split}_images", images), new($"{split}_labels", findings)];
        }));
        using var lab = HandMadeLab.OnFile(ExperimentModule.task2, Path);
        var results = lab.Lab.Run(ListModule.Empty<Trial>(), ListModule.OfSeq([Plain(lab.Lab)]));

        var parts = Recipes.Sections.Embeddings.maps(lab.Lab, "Figure", lab.Lab.MainSize, ListModule.OfSeq([Tuple.Create("no transfer", "no transfer")]), results.Outcomes);

        var name = Assert.Single(parts.Tables());
        Assert.Equal(["10", "0.600"], parts.TableOf(name).Row("no transfer, train").Take(2));   // 1, 3 and four of the others
        Assert.Contains("Images of which it is not known whether they have any finding are left out", parts.CaptionOf(name), StringComparison.Ordinal);
    }

    private string Path => folder["own.npz"];

    private static Way Plain(Lab lab) => WayModule.trained(
        "no transfer", lab.MainSize, 0, lab.Trial("no transfer", lab.Target.Sample(lab.MainSize, 0), TransferPlan.Scratch, lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, null));

    // classes in turn; one label of each split may be -1
    private void Write(int labels, int[] counts, int uncertain = -1)
    {
        var random = new SplitMix64(3);
        var arrays = new List<KeyValuePair<string, Array>>();
        foreach (var (split, count) in new[] { "train", "val", "test" }.Zip(counts))
        {
            var images = new byte[count, 12, 12];
            for (var pixel = 0; pixel < images.Length; pixel++) images[pixel / 144, pixel / 12 % 12, pixel % 12] = (byte)random.Below(256);
            arrays.Add(new($"{split}_images", images));
            arrays.Add(new($"{split}_labels", Enumerable.Range(0, count).Select(row => (sbyte)(row == uncertain ? -1 : row % labels)).ToArray()));
        }
        NpzWriter.Write(Path, arrays);
    }

    /// <summary>What was said, on both outputs.</summary>
    private string Run(string[] words, Action<Lab> body)
    {
        string[] all = ["--smoke", "--seeds", "1", "--workers", "1", "--target", Path, "--out", folder.Path, .. words];
        var (output, error) = (Console.Out, Console.Error);
        using var captured = new StringWriter();
        Console.SetOut(captured);
        Console.SetError(captured);
        try
        {
            Exception? failed = null;
            var code = Recipe.run(ExperimentModule.task1, ListModule.OfSeq(all), TestContext.Current.CancellationToken, Microsoft.FSharp.Core.FuncConvert.FromAction<Lab>(lab =>
            {
                try
                {
                    body(lab);
                }
                catch (Xunit.Sdk.XunitException e)
                {
                    failed = e;
                }
            }));
            if (failed is not null) throw failed;
            Assert.True(code == 0, captured.ToString());
            return captured.ToString();
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
