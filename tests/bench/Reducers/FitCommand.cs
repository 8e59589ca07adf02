using System.Diagnostics;
using System.Globalization;
using MedTransfer.Data.Formats;
using MedTransfer.Reduction;
using MedTransfer.Reduction.FuzzyGraphs;
using MedTransfer.Reduction.Kernels;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.Manifolds;
using MedTransfer.Reduction.NeighbourEmbedding;
using MedTransfer.Reduction.Scaling;

namespace MedTransfer.Bench;

/// <summary>
/// One fit from array to map in a process of its own, as a user's first one is: just-in-time compilation counts, reading and writing
/// files do not. Prints seconds and the mebibytes that the process held at most above what the input takes.
/// </summary>
internal static class FitCommand
{
    internal static void Run(string[] words)
    {
        if (words is not [var method, var input, var output, var threadsText] || !int.TryParse(threadsText, out var threads))
            throw new MedTransferException("usage: fit tsne|tsne-exact|pca X.npy Y.npy THREADS") { IsUsage = true };
        var points = NpyFile.ReadMatrix(input);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;

        var clock = Stopwatch.StartNew();
        var map = Reducer(method, threads).Fit(points).Embedding;
        var seconds = clock.Elapsed.TotalSeconds;

        process.Refresh();
        NpyWriter.Write(output, map);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:F4} {(process.PeakWorkingSet64 - before) >> 20}"));
    }

    private static IReducer Reducer(string method, int threads) => method switch
    {
        "tsne" => new Tsne(new TsneOptions { MaxThreads = threads }),
        "tsne-exact" => new Tsne(new TsneOptions { MaxThreads = threads, Repulsion = TsneRepulsion.Exact }),
        "pca" => new Pca(new PcaOptions { MaxThreads = threads }),
        "svd" => new TruncatedSvd(new TruncatedSvdOptions { MaxThreads = threads }),
        "ica" => new FastIca(new FastIcaOptions { MaxThreads = threads }),
        "kernel-pca" => new KernelPca(new KernelPcaOptions { MaxThreads = threads }),
        "mds" => new ClassicalMds(new ClassicalMdsOptions { MaxThreads = threads }),
        "metric-mds" => new MetricMds(new MetricMdsOptions { MaxThreads = threads }),
        "lle" => new LocallyLinearEmbedding(new LocallyLinearOptions { MaxThreads = threads }),
        "modified-lle" => new LocallyLinearEmbedding(new LocallyLinearOptions { Method = LocallyLinearMethod.Modified, Neighbours = 12, MaxThreads = threads }),
        "hessian-lle" => new LocallyLinearEmbedding(new LocallyLinearOptions { Method = LocallyLinearMethod.Hessian, Neighbours = 12, MaxThreads = threads }),
        "ltsa" => new LocallyLinearEmbedding(new LocallyLinearOptions { Method = LocallyLinearMethod.TangentSpace, Neighbours = 12, MaxThreads = threads }),
        "isomap" => new Isomap(new IsomapOptions { MaxThreads = threads }),
        "laplacian" => new LaplacianEigenmaps(new LaplacianEigenmapsOptions { MaxThreads = threads }),
        "umap" => new Umap(new UmapOptions { MaxThreads = threads }),
        _ => throw new MedTransferException($"method '{method}' is not known") { IsUsage = true },
    };
}
