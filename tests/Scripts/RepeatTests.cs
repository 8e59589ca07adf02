using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

/// <summary>The command that trains finished trials anew, as users start it.</summary>
[Collection(OneAtATime.Name)]
public sealed class RepeatTests(SmallRun small) : IClassFixture<SmallRun>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Trials_of_a_report_and_what_they_need_come_out_with_the_same_bits_and_nothing_else_is_touched()
    {
        Dictionary<string, DateTime> Written() => Directory.GetFiles(small.Folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        var before = Written();

        var (code, output, error) = Run(small.Report, Path.Combine(small.Report, "report.html"), Path.Combine(small.Runs, small.Frozen));

        Assert.True(code == 0, error);
        Assert.EndsWith("\nAll 5 trials gave the same bits.\n", output, StringComparison.Ordinal);
        Assert.Contains("2 trials asked for, and 3 more that they need.", error, StringComparison.Ordinal);
        Assert.Matches($"{small.Ensemble} +cross-validation +48, sample 0 +0 +same bits", output);
        Assert.Matches($"{small.Pretraining} +no transfer, excerpt of 64 a split +all +0 +same bits", output);
        Assert.Equal(before, Written());
        Assert.Empty(Leftovers);
    }

    [Fact]
    public void Trial_that_stands_in_two_places_is_trained_once_and_compared_with_both()
    {
        var runs = Copied();
        Flip(Path.Combine(runs, small.Fold, "weights.safetensors"));

        var (code, output, error) = Run(Path.Combine(small.Runs, small.Fold), Path.Combine(runs, small.Fold));

        Assert.Equal(1, code);
        Assert.Contains("\n1 trial, ", error, StringComparison.Ordinal);
        Assert.EndsWith("\nOf 2 trials 1 gave the same bits; 1 gave nothing to compare with, as an artefact is missing or was changed.\n", output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(runs, small.Fold), output.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_ends_with_the_command_that_repeats_it()
    {
        var page = File.ReadAllText(Path.Combine(small.Report, "report.html"));
        var command = page[page.LastIndexOf("<code>", StringComparison.Ordinal)..];
        Assert.StartsWith($"<code>dotnet fsi scripts/repeat.fsx -- {Path.Combine("OUT", "reports", "task2")}</code>", command, StringComparison.Ordinal);
        Assert.Equal(Path.Combine("reports", "task2"), Folder.asTyped(Path.Combine(Folder.project, "reports", "task2")));
    }

    [Fact]
    public void Trial_that_was_changed_afterwards_is_told_from_the_others()
    {
        var runs = Copied();
        Flip(Path.Combine(runs, small.Frozen, "weights.safetensors"));
        var predictions = Path.Combine(runs, small.Ensemble, "predictions.csv");
        File.WriteAllText(predictions, File.ReadAllText(predictions).Replace("\ntest,0,0,", "\ntest,0,1,", StringComparison.Ordinal));

        var (code, output, _) = Run(runs);

        Assert.Equal(1, code);
        Assert.EndsWith("\nOf 5 trials 3 gave the same bits; 1 gave nothing to compare with, as an artefact is missing or was changed; 1 gave other bits on the same kind of machine, which should not be.\n", output, StringComparison.Ordinal);
        var results = output[..output.IndexOf("Where bits differ", StringComparison.Ordinal)].Split('\n');
        string With(string result) => Assert.Single(results, line => line.EndsWith(result, StringComparison.Ordinal))[..16];
        Assert.Equal(small.Ensemble, With("other bits on the same kind of machine: this should not be"));
        Assert.Equal(small.Frozen, With("the original is damaged: weights.safetensors missing, or not what was measured"));
        Assert.Matches($"{small.Frozen} +weights.safetensors", output);
        Assert.Matches($"{small.Ensemble} +predictions.csv", output);
    }

    [Theory]
    [InlineData(0, false, false, "The trial gave other bits, as expected, and figures that agree.")]
    [InlineData(1, true, true, "The trial gave other bits, as expected, but figures that differ by more than the original's interval.")]
    [InlineData(1, true, false, "The trial gave other bits, as expected, and figures that can't be compared.")]
    public void On_another_machine_figures_are_compared(int code, bool claims, bool shown, string summary)
    {
        var runs = Copied();
        var trial = Path.Combine(runs, small.Fold);
        Change(trial, "environment.json", environment => environment["processor"]!["vendor"] = "CentaurHauls");
        // all test images but one are told rightly, or are only said to be
        var predictions = Path.Combine(trial, "predictions.csv");
        var (images, rows) = (0, File.ReadAllText(predictions));
        rows = Regex.Replace(rows, "(?m)^(test,[0-9]+,)([01]),.*$", row => $"{row.Groups[1]}{row.Groups[2]},{((row.Groups[2].Value == "0") == (images++ > 0) ? "1,0" : "0,1")}");
        var accuracy = (images - 1.0) / images;
        // written anew it has other bytes in any case
        Change(trial, "metrics.json", metrics =>
        {
            if (claims)
                metrics["test"]!["scores"]!["values"]!["accuracy"] = accuracy;
        });
        if (shown)
            File.WriteAllText(predictions, rows);

        var (ended, output, _) = Run(trial);

        Assert.Equal(code, ended);
        Assert.EndsWith($"\n{summary}\n", output, StringComparison.Ordinal);
        Assert.Matches("Not the same: processor: CentaurHauls .* then, .* now.", output);
        Assert.Matches(
            !claims ? @"ACC [01]\.[0-9]{4}, the same; ROC AUC [01]\.[0-9]{4}, the same"
            : shown ? $@"ACC {accuracy:F4} \[0\.[0-9]{{4}}, 0\.[0-9]{{4}}\], now 0\.[0-9]{{4}} \(-0\.[0-9]{{1,2}}\)"
            : $@"ACC {accuracy:F4}, now 0\.[0-9]{{4}} \(-0\.[0-9]{{1,2}}\)",
            output);
    }

    [Fact]
    public void Folder_with_another_name_than_its_spec_has_is_said()
    {
        var runs = Copied();
        Directory.Move(Path.Combine(runs, small.Pretraining), Path.Combine(runs, "my-best"));

        var (code, output, _) = Run(Path.Combine(runs, "my-best"));

        Assert.Equal(0, code);
        Assert.Contains("Folders that have not the name of their spec, as another version of the numerics made them, or spec or name were changed since: my-best.", output, StringComparison.Ordinal);
        Assert.EndsWith("\nThe trial gave the same bits.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Trial_that_fails_now_is_one_of_those_that_do_not_agree()
    {
        var runs = Copied();
        Change(Path.Combine(runs, small.Pretraining), "spec.json", spec => spec["fit"]!["learningRate"] = 1e30);

        var (code, output, _) = Run(Path.Combine(runs, small.Frozen), Path.Combine(runs, small.Ensemble));

        Assert.Equal(1, code);
        Assert.EndsWith("\nOf 5 trials 3 gave the same bits; 2 failed.\n", output, StringComparison.Ordinal);
        Assert.Contains("failed: a trial that it needs failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_moved_is_found_by_its_digest_in_the_folder_named_and_missed_without_it()
    {
        var runs = Copied();
        var trial = Path.Combine(runs, small.Ensemble);
        foreach (var spec in Directory.GetFiles(runs, "spec.json", SearchOption.AllDirectories))
            File.WriteAllText(spec, File.ReadAllText(spec).Replace(small.Target, "/nowhere/target.npz", StringComparison.Ordinal));
        Directory.CreateDirectory(folder["moved"]);
        File.Copy(small.Target, Path.Combine(folder["moved"], "renamed.npz"));

        var (missed, _, error) = Run(trial);
        var (found, output, _) = Run("--data", folder["moved"], trial, "--workers", "2");

        Assert.Equal((1, 0), (missed, found));
        Assert.Matches(@"^error: /nowhere/target\.npz \(MD5 [0-9a-f]{32}\), which the trial in .* needs, is not there or has changed, and no \.npz with that digest is in .*: name the folder that holds it with --data\.\n$", error);
        Assert.EndsWith("\nAll 3 trials gave the same bits.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_that_are_kept_can_be_repeated_themselves()
    {
        var (code, output, _) = Run(Path.Combine(small.Runs, small.Frozen), "--keep", folder["kept"]);
        Assert.Equal(0, code);
        Assert.Contains($"Kept in {folder["kept"]}.", output, StringComparison.Ordinal);
        Assert.EndsWith("\nAll 2 trials gave the same bits.\n", Run(folder["kept"]).Output, StringComparison.Ordinal);
        Assert.Equal(2, Run(Path.Combine(small.Runs, small.Frozen), "--keep", folder["kept"]).Code);
    }

    [Fact]
    public void What_cannot_be_repeated_is_one_line()
    {
        var runs = Copied();
        Directory.CreateDirectory(folder["empty"]);
        File.Delete(Path.Combine(runs, small.Pretraining, "metrics.json"));
        File.WriteAllText(Path.Combine(runs, small.Ensemble, "spec.json"), "{");
        Directory.CreateDirectory(Path.Combine(folder["other"], "reports", "task2"));
        File.Copy(Path.Combine(small.Report, "trials.csv"), Path.Combine(folder["other"], "reports", "task2", "trials.csv"));
        Directory.CreateDirectory(folder["none"]);
        File.WriteAllText(Path.Combine(folder["none"], "trials.csv"), "row,trial\n");

        foreach (var (named, said) in new[]
        {
            (folder["nowhere"], "is not there: name the folder of a trial, such as runs/0123456789abcdef, or of a report."),
            (folder["empty"], "holds neither a trial nor a report: name the folder"),
            (folder["none"], "names no trial: run the recipe again"),
            (Path.Combine(folder["other"], "reports", "task2"), $"of the report in {Path.Combine(folder["other"], "reports", "task2")} is not in {Path.Combine(folder["other"], "runs")}: bring"),
            (Path.Combine(runs, small.Pretraining), "is not finished: run its recipe again"),
            (Path.Combine(runs, small.Frozen), $"needs trial {small.Pretraining}, which is not finished"),
            (Path.Combine(runs, small.Ensemble), "is no trial's spec"),
        })
        {
            var (code, output, error) = Run(named);
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith("error: ", error, StringComparison.Ordinal);
            Assert.Contains(said, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("runs", "--workers", "0")]
    [InlineData("runs", "--nonsense")]
    [InlineData("runs", "--data", "nowhere")]
    public void Wrong_words_end_with_two(params string[] words) =>
        Assert.Equal(2, Run([.. words.Select(word => word == "runs" ? small.Runs : word)]).Code);

    [Fact]
    public void Stopped_it_ends_with_130_and_leaves_no_folder()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Equal(130, Ended([small.Runs], stop.Token).Code);
        Assert.Empty(Leftovers);
    }

    private static IEnumerable<string> Leftovers => Directory.GetDirectories(Path.GetTempPath(), $"medtransfer-repeat-{Environment.ProcessId}-*");

    // runs of one's own to change
    private string Copied()
    {
        foreach (var file in Directory.GetFiles(small.Runs, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder["runs"], Path.GetRelativePath(small.Runs, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder["runs"];
    }

    private static void Change(string trial, string file, Action<JsonNode> change)
    {
        var path = Path.Combine(trial, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^4] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static (int Code, string Output, string Error) Run(params string[] words) =>
        Ended(words.Contains("--workers") ? words : [.. words, "--workers", "1"], TestContext.Current.CancellationToken);

    private static (int Code, string Output, string Error) Ended(string[] words, CancellationToken stop)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var said = new StringWriter { NewLine = "\n" };
        using var complained = new StringWriter { NewLine = "\n" };
        Console.SetOut(said);
        Console.SetError(complained);
        try
        {
            return (Repeat.run(ListModule.OfSeq(words), stop), said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
