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
        "usage: reducers [INPUT ...] [--rounds 3] [--threads 2] [--alone]; inputs are digits, iris, blob-N-D, rand-N-D, X.npy, or pca:INPUT";

    private static readonly string[] _usual =
        ["digits", "blob-5000-64", "blob-20000-128", "blob-60000-128", "blob-112120-64", "pca:blob-5000-64", "pca:blob-60000-128"];

    internal static void Run(string[] words)
    {
        var (inputs, rounds, threads, alone) = Read(words);
        var folder = Directory.CreateTempSubdirectory("reducers");
        try
        {
            Console.WriteLine($"{"input",-20} {"reducer",-13} {"seconds",9} {"times ours",11} {"MiB",6} {"KL",8} {"trust.",7} {"recall",7}");
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
        var isPca = name.StartsWith("pca:", StringComparison.Ordinal);
        if (ReducerInput.Of(isPca ? name[4..] : name, folder) is not { } input)
        {
            Console.WriteLine($"{name,-20} needs scikit-learn, which is not there");
            return;
        }
        var contenders = (isPca ? Contender.OfPca : Contender.OfTsne).Where(c => input.Count <= c.MostPoints).Take(alone ? 1 : int.MaxValue).ToList();
        var outcomes = contenders.ToDictionary(contender => contender.Name, _ => new List<Outcome>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders.ToList())
            {
                if (contender.Run(input, Path.Combine(folder, "map.npy"), threads) is { } outcome) outcomes[contender.Name].Add(outcome);
                else contenders.Remove(contender);
            }
        }
        Show(name, input, outcomes, isPca);
    }

    private static void Show(string name, ReducerInput input, Dictionary<string, List<Outcome>> outcomes, bool isPca)
    {
        double? ours = null;
        foreach (var (reducer, runs) in outcomes)
        {
            if (runs.Count == 0)
            {
                Console.WriteLine($"{name,-20} {reducer,-13} not there, or failed");
                continue;
            }
            var seconds = Median.Of(runs.Select(run => run.Seconds));
            ours ??= seconds;
            var (map, k) = (runs[^1].Map, Math.Min(15, (input.Count - 1) / 2));
            var ranks = RankComparison.Of(input.Points, map, k);
            var divergence = isPca || input.Count < 91 ? "" : $"{NeighbourDivergence.Of(input.Points, map):F4}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-20} {reducer,-13} {seconds,9:F3} {seconds / ours,11:F2} {runs[^1].Mebibytes,6} {divergence,8} {ranks.Trustworthiness,7:F4} {ranks.NeighbourRecall,7:F4}"));
        }
    }
}
