using System.Globalization;

namespace MedTransfer.Bench;

/// <summary>
/// Images a second of one training at 28 pixels in batches of 64: from scratch, and frozen both ways, in alternation with a peer that prints
/// its own seconds of the same work.
/// </summary>
internal static class TrainingCommand
{
    private const string Usage =
        "usage: training [--images SET] [--epochs 3] [--rounds 3] [--threads 1] [--peer SCRIPT [--peer-seconds NAME,...]] [-- WORDS FOR THE PEER]; the NAMEs are numbers of the JSON object it prints, else its last word counts";

    private static readonly string[] _ways = ["scratch", "through-frozen", "frozen"];

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--images", "--epochs", "--rounds", "--threads", "--peer", "--peer-seconds");
        var (set, epochs, threads) = (options.Text("--images") ?? "phantom-pneumonia", options.Whole("--epochs", 3), options.Whole("--threads", 1));
        var (peer, names) = (PeerScript.Of(options), options.Text("--peer-seconds")?.Split(',') ?? []);
        var (seconds, images) = (new Dictionary<string, List<double>>(), 0);
        void Add(string who, double value)
        {
            if (!seconds.TryGetValue(who, out var all)) seconds[who] = all = [];
            all.Add(value);
        }

        Console.WriteLine(Machine.Describe());
        for (var round = 0; round < options.Whole("--rounds", 3); round++)
        {
            foreach (var way in _ways)
            {
                var cost = TrialCommand.Start(set, way, epochs, threads);
                images = cost.Images;
                Add(way, cost.Seconds);
            }
            if (peer is null) continue;
            var printed = peer.Run(threads).Printed;
            if (names.Length == 0) Add("peer", PeerScript.Number(printed));
            foreach (var name in names) Add($"peer: {name}", PeerScript.Number(printed, name));
        }
        Show(set, images, epochs, seconds);
    }

    // the peer is taken to have trained on as many images, as often
    private static void Show(string set, int images, int epochs, Dictionary<string, List<double>> seconds)
    {
        var ours = Median.Of(seconds[_ways[0]]);
        Console.WriteLine($"{set}: {images} images, {epochs} epochs; medians of {seconds[_ways[0]].Count}");
        Console.WriteLine($"{"",-24} {"seconds",9} {"images/s",10} {"times scratch",14}");
        foreach (var (who, all) in seconds)
        {
            var median = Median.Of(all);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{who,-24} {median,9:F3} {(double)images * epochs / median,10:F0} {median / ours,14:F2}"));
        }
    }
}
