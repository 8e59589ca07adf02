using MedTransfer.Data.Formats;

namespace MedTransfer.Bench;

/// <summary>Points to reduce, in a file that every contender reads.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="Path">Of the .npy, float32.</param>
/// <param name="Labels">Of the .npy of its classes; null where it has none.</param>
internal sealed record ReducerInput(string Name, string Path, float[,] Points, string? Labels = null)
{
    internal int Count => Points.GetLength(0);

    /// <summary>
    /// blob-N-D, rand-N-D (made here), iris, digits, digits-jittered, swiss-roll or s-curve (asked of scikit-learn), or the path of an .npy. Null
    /// where scikit-learn is needed and missing.
    /// </summary>
    internal static ReducerInput? Of(string name, string folder)
    {
        if (name.EndsWith(".npy", StringComparison.Ordinal)) return new ReducerInput(name, name, NpyFile.ReadMatrix(name));
        var path = System.IO.Path.Combine(folder, name + ".npy");
        switch (name.Split('-'))
        {
            case ["iris"] or ["digits"] or ["digits", "jittered"] or ["swiss", "roll"] or ["s", "curve"]:
                var classes = System.IO.Path.Combine(folder, name + "-labels.npy");
                if (Peer.Run("python3", [Peer.Script("sklearn_set.py"), name, path, classes]) is null) return null;
                return new ReducerInput(name, path, NpyFile.ReadMatrix(path), name is "iris" or "digits" or "digits-jittered" ? classes : null);
            case [var kind and ("blob" or "rand"), var count, var width]
                when int.TryParse(count, out var n) && int.TryParse(width, out var d) && n > 0 && d > 0:
                var labels = new int[n];
                var points = kind == "blob" ? Blobs(n, d, labels) : Normal(new Random(0), n, d);
                NpyWriter.Write(path, points);
                if (kind == "rand") return new ReducerInput(name, path, points);
                var beside = System.IO.Path.Combine(folder, name + "-labels.npy");
                using (var stream = File.Create(beside)) NpyWriter.Write(stream, labels);
                return new ReducerInput(name, path, points, beside);
            default:
                throw new MedTransferException($"input '{name}' is not iris, digits, swiss-roll, s-curve, blob-N-D, rand-N-D or a file X.npy") { IsUsage = true };
        }
    }

    /// <summary>
    /// Like the features of a convolutional network: ten clusters in ten dimensions, mixed into d, noise of .3 added, what is
    /// negative cut off.
    /// </summary>
    private static float[,] Blobs(int n, int d, int[] labels)
    {
        const int Latent = 10;
        var random = new Random(0);
        var (centres, mixing) = (Normal(random, Latent, Latent), Normal(random, Latent, d));
        var (spread, noise) = (Normal(random, n, Latent), Normal(random, n, d));
        for (var i = 0; i < n; i++)
        {
            var centre = labels[i] = random.Next(Latent);
            for (var j = 0; j < d; j++)
            {
                var sum = 0.3 * noise[i, j];
                for (var k = 0; k < Latent; k++) sum += (2 * centres[centre, k] + spread[i, k]) * mixing[k, j] / Math.Sqrt(Latent);
                noise[i, j] = (float)Math.Max(sum, 0);
            }
        }
        return noise;
    }

    private static float[,] Normal(Random random, int rows, int columns)
    {
        var values = new float[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                values[i, j] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return values;
    }
}
