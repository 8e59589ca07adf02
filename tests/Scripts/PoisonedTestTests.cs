using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MedTransfer.Data.Catalogue;
using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Scripts;

/// <summary>
/// Nothing is chosen by test images: each recipe, tuned and with the best epochs kept, comes to the same choices on sets whose test images are
/// noise and their labels permuted.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed partial class PoisonedTestTests(PoisonedTestTests.Runs runs) : IClassFixture<PoisonedTestTests.Runs>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // two candidates on two folds of each way that is tuned, and what they take their weights from
    [Theory]
    [InlineData("task1", 30)]
    [InlineData("task2", 15)]
    [InlineData("methods", 20)]
    public void Trainings_and_what_is_tuned_are_those_without_poison(string recipe, int least)
    {
        var (clean, poisoned) = (runs.Clean.Trials(recipe), runs.Poisoned.Trials(recipe));

        // a spec holds what was tuned, and from whom weights came
        Assert.Equal(clean.Keys.Order(StringComparer.Ordinal), poisoned.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(clean.Count, least, int.MaxValue);
        Assert.All(clean, trial => Assert.Equal(Chosen(trial.Value), Chosen(poisoned[trial.Key])));
    }

    [Theory]
    [InlineData("task1")]
    [InlineData("task2")]
    [InlineData("methods")]
    public void Scores_on_test_are_others_but_where_none_is_read(string recipe)
    {
        var poisoned = runs.Poisoned.Trials(recipe);
        string Test(TrialResult result) => JsonSerializer.Serialize(result.Metrics.Test);

        // how frequent classes are is the same, permuted
        Assert.All(runs.Clean.Trials(recipe).Where(trial => trial.Value.Trial.Spec.Model.Architecture != Architecture.MajorityClass), trial =>
            Assert.Equal(trial.Value.Trial.Spec.Target.Folds.Count > 0, Test(trial.Value) == Test(poisoned[trial.Key])));
    }

    [Theory]
    [InlineData("task1", 7)]
    [InlineData("task2", 3)]
    public void Tables_of_what_was_chosen_are_those_without_poison(string recipe, int tuned)
    {
        var (clean, poisoned) = (runs.Clean.Reports(recipe), runs.Poisoned.Reports(recipe));
        string[] Tables(string folder) => [.. Directory.GetFiles(folder, "*.csv").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        // the first columns of a table
        string[][] Cells(string folder, string table, int columns) => [.. File.ReadAllLines(Path.Combine(folder, table)).Select(row => row.Split(',')[..columns])];
        string Temperature(string folder) => FittedTemperature().Match(File.ReadAllText(Path.Combine(folder, "report.html"))).Value;

        Assert.Equal(Tables(clean), Tables(poisoned));   // what is left out has a table
        string[] choices = [.. Tables(clean).Where(table => table.StartsWith("tuning-", StringComparison.Ordinal)), "method.csv"];
        Assert.Equal(tuned + 1, choices.Length);
        Assert.All(choices, table => Assert.Equal(File.ReadAllText(Path.Combine(clean, table)), File.ReadAllText(Path.Combine(poisoned, table))));
        Assert.All(["operating-point.csv", "all-scores.csv"], table =>
        {
            Assert.Equal(["row", "validation"], Cells(clean, table, 2)[0]);
            Assert.Equal(Cells(clean, table, 2), Cells(poisoned, table, 2));
            Assert.NotEqual(Cells(clean, table, 3), Cells(poisoned, table, 3));
        });
        Assert.NotEqual("", Temperature(clean));
        Assert.Equal(Temperature(clean), Temperature(poisoned));
        Assert.NotEqual(Cells(clean, "calibration.csv", 3), Cells(poisoned, "calibration.csv", 3));
    }

    [GeneratedRegex("Temperature, fitted on validation: [^<(]+")]
    private static partial Regex FittedTemperature();

    /// <summary>What a trial left that was chosen, or that choices follow from, in text.</summary>
    private static string Chosen(TrialResult result)
    {
        var folder = result.Folder.FullPath;
        var metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "metrics.json")))!.AsObject();
        var ofTest = result.Trial.Spec.Target.Folds.Count == 0;   // else it is a part of the training images
        if (ofTest)
            metrics.Remove("test");
        // by their places, as names hold the digests of the sets
        if (result.Metrics.Averaged is { } averaged)
            metrics["averaged"] = new JsonArray([.. averaged.Select(member => (JsonNode)result.Trial.Spec.Members.ToList().IndexOf(member))]);
        return string.Join('\n',
        [
            metrics.ToJsonString(Indented),
            File.ReadAllText(Path.Combine(folder, "history.csv")),
            Digest("weights.safetensors"),
            Digest("embeddings-train.npy"),
            .. File.ReadAllLines(result.Metrics.Task is null ? Path.Combine(folder, "images.csv") : result.Folder.PredictionsPath)
                .Where(row => !ofTest || !row.StartsWith("test,", StringComparison.Ordinal)),
        ]);

        string Digest(string file) => Path.Combine(folder, file) is var path && File.Exists(path) ? $"{file} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}" : "";
    }

    /// <summary>The recipes on both pairs of sets.</summary>
    public sealed class Runs : IDisposable
    {
        private static readonly string[] Recipes = ["task1", "task2", "methods"];
        private readonly TemporaryFolder scripts = new();

        public Runs()
        {
            foreach (var recipe in Recipes)
                File.WriteAllText(scripts[$"{recipe}.fsx"], RunBy(recipe, [Clean, Poisoned]));
            File.WriteAllLines(scripts["both.fsx"],
                [.. new[] { "Bootstrap", "Lab" }.Select(file => $"#load @\"{Path.Combine(Folder.project, "scripts", "lib", $"{file}.fsx")}\""), .. Recipes.Select(recipe => $"#load \"{recipe}.fsx\"")]);
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["fsi", scripts["both.fsx"]]) { WorkingDirectory = Folder.project, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error.Result);
        }

        internal OneRun Clean { get; } = new(poisoned: false);

        internal OneRun Poisoned { get; } = new(poisoned: true);

        public void Dispose()
        {
            Clean.Dispose();
            Poisoned.Dispose();
            scripts.Dispose();
        }

        // starting F# takes longer than such a run does: one process runs the recipes, as they are written, on one pair of sets after the other
        private static string RunBy(string recipe, OneRun[] runs)
        {
            var start = $"Recipe.main Experiment.{recipe} fsi.CommandLineArgs (fun lab ->";
            var lines = File.ReadAllLines(Path.Combine(Folder.project, "scripts", $"{recipe}.fsx")).Where(line => !line.StartsWith("#load ", StringComparison.Ordinal)).ToList();
            Assert.Single(lines, line => line == start);
            string List(IEnumerable<string> items) => $"[ {string.Join("; ", items)} ]";
            return string.Join('\n',
            [
                .. lines.Select(line => line == start ? "let recipe = (fun (lab: Lab) ->" : line),
                $"for words in {List(runs.Select(run => List(run.Words(recipe).Select(word => $"@\"{word}\""))))} do",
                $"    if Recipe.run Experiment.{recipe} words System.Threading.CancellationToken.None recipe <> 0 then exit 1",
                "",
            ]);
        }
    }

    /// <summary>The recipes on one pair of sets.</summary>
    internal sealed class OneRun(bool poisoned) : IDisposable
    {
        private readonly SyntheticSets sets = new(poisoned);

        public string[] Words(string recipe) =>
        [
            "--smoke", "--offline", "--workers", "1", "--seeds", "1", "--epochs", "3", "--pretraining-epochs", "1",
            .. recipe == "methods" ? Array.Empty<string>() : ["--keep", "best", "--tune", "2"],
            .. recipe == "task1" ? ["--target", sets.Source] : new[] { "--source", sets.Source, "--target", sets.Target },
            "--out", Path.Combine(sets.Folder, recipe),
        ];

        public string Reports(string recipe) => Path.Combine(sets.Folder, recipe, "reports", recipe);

        /// <summary>Every trial by the name that it would have if sets were named by their roles, not by the digests of their files.</summary>
        public IReadOnlyDictionary<string, TrialResult> Trials(string recipe)
        {
            var folders = new DataFolders([]);
            var roles = new[] { sets.Source, sets.Target }.ToDictionary(file => DatasetSource.Find(file, folders).Md5, file => Path.GetFileName(file));
            var all = TrialFolder.Finished(Path.Combine(sets.Folder, recipe, "runs")).Select(folder => folder.Read()).ToDictionary(result => result.Trial.Name);

            string ByRole(string trial)
            {
                var spec = all[trial].Trial.Spec;
                return new Trial(
                    spec with
                    {
                        Data = new() { Target = OfRole(spec.Target), Source = spec.Data.Source is { } source ? OfRole(source) : null },
                        Teacher = spec.Teacher?.Trial is { } teacher ? spec.Teacher with { Origin = new TrialOrigin(ByRole(teacher)) } : spec.Teacher,
                        Members = [.. spec.Members.Select(ByRole)],
                        Transfer = spec.Transfer.Parent is { } parent ? spec.Transfer with { Origin = new TrialOrigin(ByRole(parent)) } : spec.Transfer,
                    },
                    "").Name;
            }

            DataReference OfRole(DataReference data) => data with { Digest = roles[data.Digest] };

            return all.Keys.ToDictionary(ByRole, trial => all[trial]);
        }

        public void Dispose() => sets.Dispose();
    }
}
