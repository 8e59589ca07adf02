using System.Globalization;
using MedTransfer.Data.Formats;
using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Reduction;

namespace MedTransfer.Bench;

/// <summary>
/// Whether the reducers say what scikit-learn's say of the same points in double precision: values, of the largest of them; places, of the largest, with the columns'
/// signs and order set right, and, where values are near each other, turned to fit as a whole; and trustworthiness.
/// </summary>
internal static class AgreementCommand
{
    private static readonly (string Method, int? Neighbours, string[] Sets)[] _cases =
    [
        ("pca", null, ["iris", "digits", "swiss-roll", "s-curve", "blob-300-10", "blob-1000-64"]),
        ("svd", null, ["iris", "digits", "swiss-roll", "s-curve", "blob-300-10", "blob-1000-64"]),
        ("ica-exact", null, ["iris", "digits", "swiss-roll", "s-curve", "blob-300-10", "blob-1000-64"]),
        ("lda", null, ["iris", "digits", "blob-300-10", "blob-1000-64"]),
        ("kernel-pca-rbf", null, ["iris", "digits", "swiss-roll", "s-curve", "blob-300-10", "blob-1000-64"]),
        ("kernel-pca-poly", null, ["iris", "digits", "blob-1000-64"]),
        ("kernel-pca-sigmoid", null, ["iris", "digits", "blob-1000-64"]),
        ("kernel-pca-cosine", null, ["iris", "digits", "blob-1000-64"]),
        ("kernel-pca-linear", null, ["iris", "digits", "blob-1000-64"]),
        ("lle", 12, ["swiss-roll", "s-curve", "blob-300-10"]),
        ("lle", 40, ["iris", "digits-jittered", "blob-1000-10"]),
        ("modified-lle", 12, ["swiss-roll", "s-curve", "blob-300-10"]),
        ("modified-lle", 40, ["iris", "digits-jittered", "blob-1000-10"]),
        ("ltsa", 12, ["swiss-roll", "s-curve", "blob-300-10"]),
        ("ltsa", 40, ["digits-jittered", "blob-1000-10"]),
        ("hessian-lle", 12, ["swiss-roll", "s-curve"]),
        ("isomap", 12, ["swiss-roll", "s-curve", "blob-300-10"]),
        ("isomap", 40, ["iris", "digits-jittered", "blob-1000-10"]),
        ("laplacian", null, ["iris", "digits-jittered", "swiss-roll", "s-curve", "blob-300-10", "blob-1000-64"]),
        ("metric-mds", null, ["iris", "digits", "s-curve", "blob-300-10"]),
        ("ordinal-mds", null, ["iris", "s-curve", "blob-300-10"]),
        ("tsne", null, ["iris", "digits", "blob-1000-64"]),
        ("umap", null, ["iris", "digits", "swiss-roll", "s-curve", "blob-300-10", "blob-1000-64"]),
    ];

    internal static void Run(string[] words)
    {
        var folder = Directory.CreateTempSubdirectory("agreement");
        try
        {
            Console.WriteLine($"{"method",-20} {"set",-14} {"value",12} {"theirs",12} {"values",8} {"places",8} {"turned",8} {"trust.",7} {"theirs",7}");
            foreach (var (method, neighbours, sets) in _cases.Where(one => words.Length == 0 || words.Contains(one.Method)))
            {
                foreach (var set in sets) Compare(ReducerMethod.Named(method), neighbours, set, folder.FullName);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(ReducerMethod method, int? neighbours, string set, string folder)
    {
        var (mapPath, valuesPath) = (Path.Combine(folder, "map.npy"), Path.Combine(folder, "values.npy"));
        var input = ReducerInput.Of(set, folder);
        var k = neighbours is { } given ? $"{given}" : "-";
        if (input is null || Peer.Run("python3", [Peer.Script("sklearn_map.py"), method.Name, input.Path, mapPath, k, .. input.Labels is { } path ? [path] : Array.Empty<string>(), "--values", valuesPath], 2) is null)
        {
            Console.WriteLine($"{method.Name,-20} {set,-14} scikit-learn is not there, or failed");
            return;
        }

        var labels = input.Labels is { } labelled ? NpyLabels.Read(labelled).Classes.ToArray() : null;
        var map = method.Make(new ReducerAsked(2, neighbours, labels)).Fit(input.Points);
        var (theirs, theirValues) = (NpyFile.ReadMatrix(mapPath), NpyFile.ReadMatrix(valuesPath).Cast<float>().ToArray());
        if (theirs.Cast<float>().Any(float.IsNaN))
        {
            Console.WriteLine($"{method.Name,-20} {set,-14} scikit-learn's places are no numbers");
            return;
        }

        var values = method.Values?.Invoke(map) ?? [];
        var distance = values.Count == 0 ? "" : $"{values.Zip(theirValues, (own, other) => Math.Abs(own - other)).Max() / Math.Abs(theirValues[0]):E1}";
        string First(IEnumerable<double> all) => all.Any() ? all.First().ToString("G7", CultureInfo.InvariantCulture) : "";
        var most = Math.Min(15, (input.Count - 1) / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{method.Name + (neighbours is null ? "" : $"@{k}"),-20} {set,-14} {First(values),12} {First(theirValues.Select(value => (double)value)),12} {distance,8} {PlaceAgreement.BySigns(map.Embedding, theirs),8:E1} {PlaceAgreement.Turned(map.Embedding, theirs),8:E1} {Trustworthiness.Of(input.Points, map.Embedding, most),7:F4} {Trustworthiness.Of(input.Points, theirs, most),7:F4}{(map is INeighbourGraphMap { Parts: > 1 } joined ? $"  {joined.Parts} parts" : "")}"));
    }
}
