using BenchmarkDotNet.Attributes;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.NearestNeighbours;

namespace MedTransfer.Bench;

/// <summary>Neighbours and principal components on one thread: of clusters that a few columns tell apart, and of points that fill their space.</summary>
public class SearchKernels
{
    private float[,] _points = null!;

    [Params("blob-5000-64", "rand-5000-64")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Make()
    {
        var folder = Directory.CreateTempSubdirectory("kernels");
        _points = ReducerInput.Of(Input, folder.FullName)!.Points;
        folder.Delete(recursive: true);
    }

    [Benchmark]
    public int NinetyNeighbours() => Neighbours.Among(_points, 90, 1).Index[0, 0];

    [Benchmark]
    public double TwoComponents() => new Pca(new PcaOptions { MaxThreads = 1 }).Fit(_points).SingularValues[0];
}
