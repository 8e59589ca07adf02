using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class TestLedgerTests : IDisposable
{
    private const string Test = "0123456789abcdef0123456789abcdef", Configuration = "0123456789abcdef", Trial = "fedcba9876543210";
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, 250, TimeSpan.Zero);

    private readonly SquaresTrials data = new();
    private readonly List<string> notices = [];

    public void Dispose() => data.Dispose();

    [Fact]
    public void Trials_that_differ_in_seeds_alone_are_scorings_of_one_configuration()
    {
        var use = Run(Seeded(1, 1), Seeded(2, 1), Seeded(1, 2), new(Quick with { Data = data.Spec.Target.Sample(21, 1) }, "of another size"));

        Assert.Equal((4, 2, 0), (use.Scorings.Count, use.Configurations, use.UnreadableLines));
        Assert.Equal(3, use.Scorings.Count(scoring => scoring.Configuration == use.Scorings.First(one => one.Trial == Seeded(1, 1).Name).Configuration));
        Assert.Equal(["task9"], use.Recipes);
        Assert.All(use.Scorings, scoring => Assert.Equal(0, Math.Abs((ResultOf(scoring.Trial).Environment.Finished - scoring.Scored).Ticks) / TimeSpan.TicksPerMillisecond));
    }

    [Fact]
    public void Trials_on_folds_and_without_labels_score_no_test_labels()
    {
        var halves = new ResamplingOptions { Folds = 2 };
        Trial[] folds = [.. new[] { 0, 1 }.Select(fold => new Trial(Quick with { Data = data.Spec.Target.WithFold(halves, fold) }, $"{fold}"))];
        var autoencoder = new Trial(data.Spec with { Objective = Objective.Reconstruction, Fit = new() { Epochs = 1 } }, "autoencoder");
        var mean = new Trial(Quick with { Members = [.. folds.Select(fold => fold.Name)] }, "mean of the folds");

        var use = Run([.. folds, autoencoder, mean]);

        Assert.Equal(mean.Name, Assert.Single(use.Scorings).Trial);
    }

    [Fact]
    public void Trial_that_is_read_again_is_not_scored_again()
    {
        Run(Seeded(1, 1));
        var before = File.ReadAllBytes(Ledger.FullPath);

        Run(Seeded(1, 1));

        Assert.Equal(before, File.ReadAllBytes(Ledger.FullPath));
        Assert.Equal(2, File.ReadAllLines(Ledger.FullPath).Length);
    }

    [Fact]
    public void Trial_that_was_deleted_and_is_trained_again_is_scored_again()
    {
        Run(Seeded(1, 1));
        Directory.Delete(Path.Combine(data.Runs, Seeded(1, 1).Name), recursive: true);

        var use = Run(Seeded(1, 1));

        Assert.Equal((2, 1), (use.Scorings.Count, use.Configurations));
    }

    [Fact]
    public void What_nobody_counted_is_counted_by_who_reads_it_at_the_time_it_was_done()
    {
        var first = Run(Seeded(1, 1));
        File.Delete(Ledger.FullPath);   // as if the process had been killed before

        Assert.Equal(first.Scorings, Run(Seeded(1, 1)).Scorings);
    }

    [Fact]
    public void Ledger_that_cannot_be_written_is_said_once_and_costs_no_result()
    {
        Directory.CreateDirectory(Ledger.FullPath);   // a folder where the file should be
        using (var runner = Runner())
            Assert.Equal(2, runner.Run([Seeded(1, 1), Seeded(2, 1)], cancellation: TestContext.Current.CancellationToken).Count);
        var said = Assert.Single(notices);
        Assert.StartsWith($"Scorings of test images are not counted, which the next run of their trials makes up for: {Ledger.FullPath} can't be read: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);

        Directory.Delete(Ledger.FullPath);

        Assert.Equal(2, Run(Seeded(1, 1), Seeded(2, 1)).Scorings.Count);
    }

    [Fact]
    public void Findings_merged_or_another_positive_class_are_the_same_test_images_and_an_excerpt_is_not()
    {
        NpzWriter.Write(data["findings.npz"], new[] { ("train", 40), ("val", 20), ("test", 20) }.SelectMany<(string Split, int Count), KeyValuePair<string, Array>>(part =>
            [new($"{part.Split}_images", Squares.Pixels(part.Count, first: part.Count)), new($"{part.Split}_labels", Findings(part.Count))]));
        var source = DatasetSource.Find(data["findings.npz"], new DataFolders([]));
        using var runner = new TrialRunner(data.Runs, [source]);
        var all = new DataReference { Path = source.Path, Digest = source.Md5 };

        Assert.Equal(32, runner.TestDigest(all).Length);
        Assert.Equal(runner.TestDigest(all), runner.TestDigest(all.AsBinary()));
        Assert.Equal(runner.TestDigest(all), runner.TestDigest(all.AsBinary().WithPositiveClass(0)));
        Assert.Equal(runner.TestDigest(all), runner.TestDigest(all.Sample(10, 3)));
        Assert.NotEqual(runner.TestDigest(all), runner.TestDigest(all with { Excerpt = 10 }));
    }

    [Fact]
    public void Row_says_when_who_which_images_and_what()
    {
        Add(Scoring(Trial));

        Assert.Equal(
            $"scored,recipe,test,configuration,trial\n2026-11-26T12:00:00.250Z,task9,{Test},{Configuration},{Trial}\n",
            File.ReadAllText(Ledger.FullPath));
        var use = Ledger.Of(Test);
        Assert.Equal([Scoring(Trial)], use.Scorings);
        Assert.Equal(Noon, use.Since);
        Assert.Equal((0, 0, (DateTimeOffset?)null), (Ledger.Of(Configuration + Trial) is var other ? other.Scorings.Count : -1, other.Configurations, other.Since));
    }

    [Fact]
    public void Line_that_was_cut_off_stays_is_counted_as_unreadable_and_takes_no_other_with_it()
    {
        Add(Scoring(Trial));
        File.AppendAllText(Ledger.FullPath, "2026-11-26T12:00:01.250Z,task9,0123");

        Add(Scoring("0edcba9876543210"));

        Assert.Equal(4, File.ReadAllLines(Ledger.FullPath).Length);
        Assert.Equal((2, 1), (Ledger.Of(Test).Scorings.Count, Ledger.Of(Test).UnreadableLines));
    }

    [Theory]
    [InlineData("2026-11-26 12:00,task9,0123456789abcdef0123456789abcdef,0123456789abcdef,fedcba9876543210")]
    [InlineData("2026-13-26T12:00:00.250Z,task9,0123456789abcdef0123456789abcdef,0123456789abcdef,fedcba9876543210")]
    [InlineData("2026-11-26T12:00:00.250Z,task9,0123456789abcdef,0123456789abcdef,fedcba9876543210")]
    [InlineData("2026-11-26T12:00:00.250Z,a,b,0123456789abcdef0123456789abcdef,0123456789abcdef,fedcba9876543210")]
    [InlineData("\0\0\0\0")]
    public void Line_that_is_no_row_is_skipped(string line)
    {
        Directory.CreateDirectory(data.Runs);
        File.WriteAllText(Ledger.FullPath, $"scored,recipe,test,configuration,trial\r\n{line}\r\n2026-11-26T12:00:00.250Z,,{Test},{Configuration},{Trial}\r\n");

        Assert.Equal((1, 1), (Ledger.Of(Test).Scorings.Count, Ledger.Of(Test).UnreadableLines));
        Assert.Equal([""], Ledger.Of(Test).Recipes);
    }

    [Fact]
    public async Task Several_that_count_at_once_lose_nothing_and_count_nothing_twice()
    {
        const int Writers = 2, Each = 20;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                Add(Scoring($"{writer:x8}{i:x8}"), Scoring($"{0xabcdef:x8}{i:x8}"));   // one of its own, one that the other counts too
        })));

        Assert.Equal((Writers * Each + Each, 0), (Ledger.Of(Test).Scorings.Count, Ledger.Of(Test).UnreadableLines));
        Assert.DoesNotContain(Directory.GetFiles(data.Runs), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void Recipe_that_would_break_a_row_is_refused() =>
        Assert.Contains("'a,b'", Assert.Throws<MedTransferException>(() => new TrialRunner(data.Runs, []) { Recipe = "a,b" }).Message, StringComparison.Ordinal);

    private TestLedger Ledger => new(data.Runs);

    // a control that has nothing to learn
    private TrialSpec Quick => data.Spec with { Model = new() { Architecture = Architecture.MeanBrightness }, Fit = new() { Epochs = 1 } };

    private Trial Seeded(long seed, long sample) => new(Quick with { Data = data.Spec.Target.Sample(20, sample), Seed = seed }, "seeded");

    private TrialRunner Runner() => new(data.Runs, [data.Source]) { Recipe = "task9", Notice = notices.Add };

    /// <summary>What is known of the test images after these were run.</summary>
    private TestUse Run(params Trial[] trials)
    {
        using var runner = Runner();
        runner.Run(trials, cancellation: TestContext.Current.CancellationToken);
        return Ledger.Of(runner.TestDigest(data.Spec.Target));
    }

    private TrialResult ResultOf(string trial) => new MedTransfer.Trials.Artefacts.TrialFolder(data.Runs, trial).Read();

    private static TestScoring Scoring(string trial) => new(Noon, "task9", Test, Configuration, trial);

    private void Add(params TestScoring[] scorings)
    {
        Directory.CreateDirectory(data.Runs);
        Ledger.Add(scorings, TestContext.Current.CancellationToken);
    }

    private static byte[,] Findings(int count)
    {
        var labels = new byte[count, 2];
        for (var row = 0; row < count; row++)
            (labels[row, 0], labels[row, 1]) = ((byte)(row % 2), (byte)(row % 3 == 0 ? 1 : 0));
        return labels;
    }
}
