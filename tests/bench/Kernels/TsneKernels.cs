using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using MedTransfer.Reduction.NeighbourEmbedding;
using MedTransfer.Reduction.NeighbourEmbedding.Repulsion;

namespace MedTransfer.Bench;

/// <summary>What an iteration of t-SNE is made of, on one thread, in a late map: 150 wide, whatever the number of points.</summary>
public class TsneKernels
{
    private Positions _places = null!;
    private ExactRepulsion _exact = null!;
    private GridRepulsion _grid = null!;
    private Attraction _attraction = null!;

    [Params(2000, 5000, 20000)]
    public int Points { get; set; }

    [GlobalSetup]
    public void Make()
    {
        var random = new Random(1);
        const float Side = 150;
        var places = new float[Points, 2];
        for (var i = 0; i < Points; i++) (places[i, 0], places[i, 1]) = (Side * random.NextSingle(), Side * random.NextSingle());
        _places = new Positions(places);
        (_exact, _grid) = (new ExactRepulsion(_places.Padded, 2), new GridRepulsion(_places.Padded));
        _attraction = new Attraction(SparseAffinities.Of(places, 30));
    }

    [Benchmark]
    public double Exact() => _exact.Compute(_places, 1);

    [Benchmark]
    public double Grid() => _grid.Compute(_places, 1);

    [Benchmark]
    public float Attract()
    {
        var sum = 0f;
        for (var i = 0; i < Points; i++) sum += _attraction.ForceOn(i, _places).ToScalar();
        return sum;
    }
}
