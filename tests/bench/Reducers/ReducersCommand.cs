using System.Globalization;
using MedTransfer.Evaluation.Embeddings;

namespace MedTransfer.Bench;

/// <summary>
/// Races the reducers over inputs, in alternation so that a busy machine is busy for all, and prints the median seconds of each, how
/// many times as long it took as ours, and how good the maps are.
/// </summary>
internal static class ReducersCommand
{
    private const string Usage =
        "usage: reducers [[METHOD[@NEIGHBOURS]:]INPUT ...] [--rounds 3] [--threads 2] [--alone]; inputs are digits, iris, swiss-roll, s-curve, blob-N-D, rand-N-D or X.npy; the method is tsne unless named";

    private static readonly string[] _usual =
    [
        "digits", "blob-5000-64", "blob-20000-128", "blob-60000-128", "blob-112120-64", "pca:blob-5000-64", "pca:blob-60000-128",
        "pca-randomised:rand-3000-4000", "svd:blob-5000-64", "ica:blob-5000-64", "lda:blob-5000-64", "kernel-pca:blob-5000-64", "metric-mds:digits", "ordinal-mds:digits",
        "lle:blob-5000-64", "modified-lle@12:blob-5000-64", "hessian-lle@12:blob-5000-64", "ltsa@12:blob-5000-64", "isomap:blob-5000-64", "laplacian:blob-5000-64", "umap:digits", "umap:blob-5000-64",
        "svd-randomised:blob-60000-128", "pca-randomised:blob-60000-128", "ica:blob-60000-128", "lda:blob-60000-128", "umap:blob-60000-128",
    ];

    internal static void Run(string[] words)
    {
        var (inputs, rounds, threads, alone) = Read(words);
        var folder = Directory.CreateTempSubdirectory("reducers");
        try
        {
            Console.WriteLine($"{"input",-32} {"reducer",-13} {"seconds",9} {"times ours",11} {"warm",8} {"MiB",6} {"KL",8} {"trust.",7} {"recall",7}");
            foreach (var name in inputs) Race(name, rounds, threads, alone, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (IReadOnlyList<string> Inputs, int Rounds, int Threads, bool Alone) Read(string[] words)
    {
        var (inputs, rounds, threads, alone) = (new List<string>(), 3, 2, false);
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--alone": alone = true; break;
                case "--rounds": rounds = Whole(words, ++i); break;
                case "--threads": threads = Whole(words, ++i); break;
                case ['-', ..]: throw new MedTransferException($"unknown option {words[i]}; {Usage}") { IsUsage = true };
                default: inputs.Add(words[i]); break;
            }
        }
        return (inputs.Count > 0 ? inputs : _usual, rounds, threads, alone);
    }

    private static int Whole(string[] words, int at) =>
        at < words.Length && int.TryParse(words[at], out var number) && number > 0
            ? number
            : throw new MedTransferException($"{words[at - 1]} needs a whole number of 1 or more; {Usage}") { IsUsage = true };

    private static void Race(string name, int rounds, int threads, bool alone, string folder)
    {
        var (method, neighbours, set) = Asked(name);
        if (ReducerInput.Of(set, folder) is not { } input)
        {
            Console.WriteLine($"{name,-32} needs scikit-learn, which is not there");
            return;
        }

        var contenders = Contender.Of(method, neighbours, fits: 3).Where(c => input.Count <= c.MostPoints).Take(alone ? 1 : int.MaxValue).ToList();
        var outcomes = contenders.ToDictionary(contender => contender.Name, _ => new List<Outcome>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders.ToList())
            {
                if (contender.Run(input, Path.Combine(folder, "map.npy"), threads) is { } outcome) outcomes[contender.Name].Add(outcome);
                else contenders.Remove(contender);
            }
        }

        Show(name, method, input, outcomes);
    }

    /// <summary>METHOD@NEIGHBOURS:INPUT, of which the input alone must be there.</summary>
    private static (ReducerMethod Method, int? Neighbours, string Input) Asked(string name)
    {
        if (name.Split(':', 2) is not [var method, var input]) return (ReducerMethod.Named("tsne"), null, name);
        return method.Split('@') is [var plain, var k] && int.TryParse(k, out var neighbours)
            ? (ReducerMethod.Named(plain), neighbours, input)
            : (ReducerMethod.Named(method), null, input);
    }

    private static void Show(string name, ReducerMethod method, ReducerInput input, Dictionary<string, List<Outcome>> outcomes)
    {
        double? ours = null;
        foreach (var (reducer, runs) in outcomes)
        {
            if (runs.Count == 0)
            {
                Console.WriteLine($"{name,-32} {reducer,-13} not there, or failed");
                continue;
            }

            var seconds = Median.Of(runs.Select(run => run.Seconds));
            ours ??= seconds;
            var warm = runs.All(run => run.Warm is not null) ? string.Create(CultureInfo.InvariantCulture, $"{Median.Of(runs.Select(run => run.Warm!.Value)):F3}") : "";
            var (map, k) = (runs[^1].Map, Math.Min(15, (input.Count - 1) / 2));
            if (map.Cast<float>().Any(float.IsNaN))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} {reducer,-13} {seconds,9:F3} {seconds / ours,11:F2}   places that are no numbers"));
                continue;
            }

            var ranks = RankComparison.Of(input.Points, map, k);
            var divergence = method.Name.StartsWith("tsne", StringComparison.Ordinal) && input.Count >= 91 ? $"{NeighbourDivergence.Of(input.Points, map):F4}" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-32} {reducer,-13} {seconds,9:F3} {seconds / ours,11:F2} {warm,8} {runs[^1].Mebibytes,6} {divergence,8} {ranks.Trustworthiness,7:F4} {ranks.NeighbourRecall,7:F4}"));
        }
    }
}
