using System.Globalization;
using MedTransfer.Data.Formats;

namespace MedTransfer.Bench;

/// <summary>A reducer that is raced. Every one of them reads X.npy, writes Y.npy, and prints its seconds.</summary>
/// <param name="MostPoints">It would take too long on more.</param>
internal sealed record Contender(string Name, int MostPoints, Func<string, string, int, string?> Start)
{
    internal static readonly Contender[] OfTsne =
    [
        new("MedTransfer", int.MaxValue, (x, y, threads) => Ourselves("tsne", x, y, threads)),
        new("scikit-learn", 6_000, (x, y, threads) => Peer.Run("python3", [Peer.Script("sklearn_map.py"), "tsne", x, y], threads)),
        new("Rtsne", 20_000, (x, y, threads) => Peer.Run("python3", [Peer.Script("rtsne_map.py"), x, y, $"{threads}"], threads)),
    ];

    internal static readonly Contender[] OfPca =
    [
        new("MedTransfer", int.MaxValue, (x, y, threads) => Ourselves("pca", x, y, threads)),
        new("scikit-learn", int.MaxValue, (x, y, threads) => Peer.Run("python3", [Peer.Script("sklearn_map.py"), "pca", x, y], threads)),
    ];

    /// <summary>Null where the contender is not installed.</summary>
    internal Outcome? Run(ReducerInput input, string output, int threads)
    {
        if (Start(input.Path, output, threads) is not { } printed) return null;
        var words = printed.Trim().Split('\n')[^1].Split(' ');
        return new Outcome(
            double.Parse(words[0], CultureInfo.InvariantCulture),
            words.Length > 1 ? long.Parse(words[1], CultureInfo.InvariantCulture) : null,
            NpyFile.ReadMatrix(output));
    }

    private static string? Ourselves(string method, string x, string y, int threads) =>
        Peer.Run(Environment.ProcessPath!, ["fit", method, x, y, $"{threads}"], threads);
}

/// <param name="Mebibytes">Memory above the input's; null where it was not measured.</param>
internal sealed record Outcome(double Seconds, long? Mebibytes, float[,] Map);
