using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MedTransfer.Data.Formats;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Reduction;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Terminal;

/// <summary>What is written under a culture of commas has the bytes of what is written under the invariant one, but for times and names drawn at random.</summary>
[Collection(OneAtATime.Name)]
public sealed partial class CultureTests : IDisposable
{
    private readonly SyntheticSets sets = new();

    // not asked of the machine, which may know no cultures
    private static CultureInfo Commas
    {
        get
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", PercentDecimalSeparator = ",", NegativeSign = "~" };
            return culture;
        }
    }

    private static string Project => Folder.project;

    [Fact]
    public void Recipe_writes_the_same_screen_page_and_tables()
    {
        string[] words = ["--smoke", "--seeds", "2", "--learning-rate", "0.002", "--workers", "1", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder];

        // the second finds the trainings of the first, and so has their times
        var (commas, screen) = In(Commas, () => Recipe.run(ExperimentModule.task2, ListModule.OfSeq(words), default, FuncConvert.FromAction<Lab>(Publish)));
        var page = Files();
        var (invariant, sameScreen) = In(CultureInfo.InvariantCulture, () => Recipe.run(ExperimentModule.task2, ListModule.OfSeq(words), default, FuncConvert.FromAction<Lab>(Publish)));

        Assert.Equal((0, 0), (commas, invariant));
        Assert.Equal(sameScreen, screen);
        Assert.Equal(Files(), page);
        Assert.Contains("learning rate 0.002", page["report.html"], StringComparison.Ordinal);
        Assert.Contains("maps-48.csv", page.Keys);
    }

    [Fact]
    public void Reduce_writes_the_same_screen_page_and_places()
    {
        var input = Path.Combine(sets.Folder, "x.npy");
        NpyWriter.Write(input, Inputs.Blobs(classes: 3, size: 40, width: 5).Points);
        (int, string, string, byte[]) Reduced(CultureInfo culture)
        {
            var (output, report) = (Path.Combine(sets.Folder, "y.npy"), Path.Combine(sets.Folder, "y.html"));
            var (code, screen) = In(culture, () => Reduce.run(
                ListModule.OfSeq(["--input", input, "--output", output, "--iterations", "60", "--perplexity", "7.5", "--report", report]), default));
            return (code, screen, Comparable(File.ReadAllText(report)), File.ReadAllBytes(output));
        }

        var (there, here) = (Reduced(Commas), Reduced(CultureInfo.InvariantCulture));

        Assert.Equal((0, here.Item2, here.Item3), (there.Item1, there.Item2, there.Item3));
        Assert.Equal(here.Item4, there.Item4);
        Assert.Contains("perplexity 7.5", here.Item3, StringComparison.Ordinal);
    }

    [Fact]
    public void Reduce_in_a_process_of_a_german_locale_prints_points()
    {
        var input = Path.Combine(sets.Folder, "x.npy");
        NpyWriter.Write(input, Inputs.Blobs(classes: 3, size: 40, width: 5).Points);
        var (code, output, error) = Fsi("scripts/reduce.fsx", "--input", input, "--output", Path.Combine(sets.Folder, "y.npy"), "--method", "pca");
        Assert.True(code == 0, error);
        Assert.Matches(@"120 x 2, \d+\.\d\d s, explained variance \d+\.\d ?%", output);
    }

    [Fact]
    public void Caller_has_its_own_culture_again()
    {
        CultureInfo? within = null, after = null;
        In(Commas, () =>
        {
            Culture.invariantly<int>(FuncConvert.FromFunc(() => (within = CultureInfo.CurrentCulture).LCID));
            after = CultureInfo.CurrentCulture;
            return 0;
        });
        Assert.Equal((CultureInfo.InvariantCulture, ","), (within, after!.NumberFormat.NumberDecimalSeparator));
    }

    public void Dispose() => sets.Dispose();

    private static void Publish(Lab lab)
    {
        var epochs = lab.Epochs(1, null, null, null, null, null, null, null);
        Trial Trained(string name, DataReference data, TransferPlan plan, int seed) => lab.Trial(name, data, plan, epochs, seed, null, null, null);
        var pretraining = ListModule.OfSeq(lab.Seeds.Select(seed => Trained("pretraining", lab.Source.All, TransferPlan.Scratch, seed)));
        var (size, none) = (lab.Sizes.Head, "no transfer");
        var ways = lab.Seeds.SelectMany(seed => new[]
        {
            WayModule.trained(none, size, seed, Trained(none, lab.Target.Sample(size, seed), TransferPlan.Scratch, seed)),
            WayModule.trained("fine-tuned", size, seed, Trained("fine-tuned", lab.Target.Sample(size, seed), TransferPlan.FineTuned(pretraining[seed].AsOrigin), seed)),
        });
        var results = lab.Run(pretraining, ListModule.OfSeq(ways));
        var study = new FSharpMap<string, Table.Study>([Tuple.Create(none, new Table.Study(0.5, 0.25))]);
        Publication.publish(lab, "Commas", HandMadeOpening.Of("Do numbers look the same?"), results, ListModule.OfSeq<Report.Section>(
        [
            .. ImageSets.section(lab),
            .. Setting.method(lab, results),
            .. Scores.tables(lab, study, Times.none, none, size, results.Outcomes),
            .. Gain.bySize(lab, none, lab.Sizes, results.Outcomes),
            .. LowData.learningCurve(lab, none, lab.Sizes, results.Outcomes),
            .. SmartTraining.table(lab, Times.none, none, ListModule.OfSeq(["fine-tuned"]), size, results.Outcomes),
            .. Decision.section(lab, none, results.Outcomes),
            .. Scores.curves(results.Outcomes),
            .. Embeddings.maps(lab, "Figure", size, ListModule.OfSeq([Tuple.Create(none, none)]), results.Outcomes),
            .. Setting.environment(lab, results),
        ]));
    }

    private Dictionary<string, string> Files() => Directory.GetFiles(Path.Combine(sets.Folder, "reports", "task2"))
        .ToDictionary(file => Path.GetFileName(file), file => Comparable(File.ReadAllText(file)));

    // charts are named at random; a map's own time is no result
    private static string Comparable(string text) => Seconds().Replace(Names().Replace(text, "name"), "time");

    private static (int Code, string Output) In(CultureInfo culture, Func<int> work)
    {
        var (before, output) = (CultureInfo.CurrentCulture, Console.Out);
        using var captured = new StringWriter();
        Console.SetOut(captured);
        CultureInfo.CurrentCulture = culture;
        try
        {
            return (work(), Comparable(captured.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            Console.SetOut(output);
        }
    }

    private static (int Code, string Output, string Error) Fsi(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", ["fsi", .. words])
        {
            WorkingDirectory = Project,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "de_DE.UTF-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Names();

    [GeneratedRegex(@"\d+\.\d\d s\b")]
    private static partial Regex Seconds();
}
