using System.Globalization;
using MedTransfer.Data.Formats;

namespace MedTransfer.Bench;

/// <summary>A program that is raced. Every one of them reads X.npy, writes Y.npy, and prints its seconds, mebibytes and, where it has them, warm seconds.</summary>
/// <param name="MostPoints">It would take too long on more, or too much memory.</param>
internal sealed record Contender(string Name, int MostPoints, Func<ReducerInput, string, int, string?> Start)
{
    /// <summary>Ourselves first.</summary>
    /// <param name="fits">Of ours, the last of which is warm.</param>
    internal static IReadOnlyList<Contender> Of(ReducerMethod method, int? neighbours, int fits)
    {
        var k = neighbours is { } given ? $"{given}" : "-";
        var contenders = new List<Contender>
        {
            new("MedTransfer", int.MaxValue, (input, y, threads) => Peer.Run(Environment.ProcessPath!, ["fit", method.Name, input.Path, y, $"{threads}", k, input.Labels ?? "-", $"{fits}"], threads)),
            new(method.Name == "umap" ? "umap-learn" : "scikit-learn", MostOfPeer(method.Name), (input, y, threads) =>
                Peer.Run("python3", [Peer.Script("sklearn_map.py"), method.Name, input.Path, y, k, .. input.Labels is { } labels ? [labels] : Array.Empty<string>()], threads)),
        };
        if (method.Name == "tsne") contenders.Add(new("Rtsne", 20_000, (input, y, threads) => Peer.Run("python3", [Peer.Script("rtsne_map.py"), input.Path, y, $"{threads}"], threads)));
        return contenders;
    }

    /// <summary>Null where the contender is not installed.</summary>
    internal Outcome? Run(ReducerInput input, string output, int threads)
    {
        if (Start(input, output, threads) is not { } printed) return null;
        var words = printed.Trim().Split('\n')[^1].Split(' ');
        return new Outcome(
            double.Parse(words[0], CultureInfo.InvariantCulture),
            words.Length > 1 ? long.Parse(words[1], CultureInfo.InvariantCulture) : null,
            words.Length > 2 ? double.Parse(words[2], CultureInfo.InvariantCulture) : null,
            NpyFile.ReadMatrix(output));
    }

    // most need n x n doubles, or minutes
    private static int MostOfPeer(string method) => method switch
    {
        "pca" or "pca-randomised" or "svd" or "svd-randomised" or "ica" or "lda" or "umap" => int.MaxValue,
        "tsne" => 6_000,
        "metric-mds" or "ordinal-mds" => 2_000,
        _ => 8_000,
    };
}

/// <param name="Mebibytes">Memory above the input's; null where it was not measured.</param>
/// <param name="Warm">Seconds of a later fit in the same process; null where there was none.</param>
internal sealed record Outcome(double Seconds, long? Mebibytes, double? Warm, float[,] Map);
