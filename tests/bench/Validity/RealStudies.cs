using System.Globalization;
using MedTransfer.Data.Catalogue;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Verdicts;
using MedTransfer.Numerics;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Bench;

/// <summary>
/// Verdicts on real images: of no transfer against itself with other seeds, which should be none; and of frozen features against no transfer on few
/// images, which should be found. Each study draws its trainings from one pool.
/// </summary>
internal sealed class RealStudies(IReadOnlyList<TrialResult> first, IReadOnlyList<TrialResult> second, Patients patients)
{
    private const int Studies = 200, Few = 100, Some = 300;
    private const double Margin = 0.02;

    internal static void Run(CommandOptions options)
    {
        var folders = DataFolders.InOrder(null, null);
        var (source, target, pool) = (DatasetSource.Find(options.Required("--source"), folders), DatasetSource.Find(options.Required("--target"), folders), options.Whole("--pool", 60));
        var folder = Directory.CreateTempSubdirectory("validity");
        try
        {
            using var runner = new TrialRunner(folder.FullName, [source, target]) { Workers = Environment.ProcessorCount };
            var (from, to) = (new DataReference { Path = source.Path, Digest = source.Md5 }, new DataReference { Path = target.Path, Digest = target.Md5 });
            Trial Of(DataReference data, TransferPlan plan, FitOptions fit, int seed) => new(new TrialSpec { Data = data, Transfer = plan, Fit = fit, Seed = seed }, "pool");
            int[] seeds = [.. Enumerable.Range(0, pool)];
            var epochs = new FitOptions { Epochs = 20, BatchSize = 64 };
            Trial[] pretraining = [.. seeds.Select(seed => Of(from, TransferPlan.Scratch, epochs, seed))];
            Trial[] scratch = [.. seeds.Select(seed => Of(to.Sample(Some, seed), TransferPlan.Scratch, epochs, seed))];
            Trial[] few = [.. seeds.Select(seed => Of(to.Sample(Few, seed), TransferPlan.Scratch, epochs, seed))];
            Trial[] frozen = [.. seeds.Select(seed => Of(
                to.Sample(Few, seed), TransferPlan.Frozen(pretraining[seed].AsOrigin), new FitOptions { Solver = Solver.LogisticRegression }, seed))];

            Console.WriteLine(Machine.Describe());
            var results = runner.Run([.. pretraining, .. scratch, .. few, .. frozen]);
            IReadOnlyList<TrialResult> ResultsOf(Trial[] trials) => [.. trials.Select(trial => results.First(result => result.Trial.Name == trial.Name))];
            var test = runner.Load(to).Test;
            var patients = Patients.Of(test.Groups, test.Count);
            var again = new RealStudies(ResultsOf(scratch), ResultsOf(scratch), patients);
            Console.WriteLine($"{pool} trainings of {Some} images, no transfer against no transfer with other seeds: better or worse in {Studies} studies");
            foreach (var metric in new[] { Metric.RocAuc, Metric.Accuracy })
            {
                foreach (var trainings in new[] { 5, 10, 24 })
                    Console.WriteLine($"  {metric}, {trainings} seeds of each: {again.Count(metric, trainings, disjoint: true, WayVerdict.Better, WayVerdict.BetterByLess, WayVerdict.Worse, WayVerdict.WorseByLess)}, equivalent within {Margin.ToString(CultureInfo.InvariantCulture)}: {again.Count(metric, trainings, disjoint: true, WayVerdict.Equivalent)}");
            }

            var gain = new RealStudies(ResultsOf(frozen), ResultsOf(few), patients);
            Console.WriteLine($"Frozen features with a converged head against no transfer, {Few} images, {gain.MeanGain:F3} in AUC over all {pool} seeds: found in {Studies} studies");
            foreach (var trainings in new[] { 5, 10, 15, 24 })
                Console.WriteLine($"  {trainings} seeds: {gain.Count(Metric.RocAuc, trainings, disjoint: false, WayVerdict.Better, WayVerdict.BetterByLess)}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private double MeanGain => first.Zip(second, (a, b) => a.TestScore(Metric.RocAuc, patients)!.Value - b.TestScore(Metric.RocAuc, patients)!.Value).Average();

    // studies with one of the verdicts; two disjoint groups of a pool, or the same seeds of two
    private int Count(string metric, int trainings, bool disjoint, params WayVerdict[] verdicts)
    {
        var random = new SplitMix64(7);
        return Enumerable.Range(0, Studies).Count(_ =>
        {
            int[] drawn = [.. Enumerable.Range(0, first.Count)];
            random.Shuffle(drawn, disjoint ? 2 * trainings : trainings);
            var comparison = Comparison.Between([.. Enumerable.Range(0, trainings).Select(i => new ComparedTrainings(
                i, i, first[drawn[i]].TestScore(metric, patients), second[drawn[disjoint ? trainings + i : i]].TestScore(metric, patients)))]);
            return verdicts.Contains(ComparisonVerdict.Of(comparison, Margin));
        });
    }
}
