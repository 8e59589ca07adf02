using MedTransfer.Numerics;
using MedTransfer.Numerics.Graphs;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>Where the points start: at their graph's smoothest functions, each part that no path joins to others round the place of its mean among those of the others.</summary>
internal static class UmapStart
{
    /// <summary>Side of the square that the start fills.</summary>
    private const double Side = 10;

    /// <summary>Deviation of what is added, over the side, so that no two points start at one place.</summary>
    private const double Noise = 1e-5;

    /// <summary>A start needs no more digits.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Beyond, products with the graph take a factor's place.</summary>
    private const double MostMultiplications = 2e9;

    /// <summary>(n, components)</summary>
    /// <param name="graph">Overwritten.</param>
    internal static float[,] Of(float[,] points, SparseGraph graph, int[] component, int parts, UmapOptions options, CancellationToken cancellation)
    {
        var places = new double[options.Components][];
        for (var k = 0; k < places.Length; k++) places[k] = new double[graph.Nodes];
        var centres = Centres(points, component, parts, options, cancellation);
        var members = new List<int>[parts];
        for (var part = 0; part < parts; part++) members[part] = [];
        for (var i = 0; i < graph.Nodes; i++) members[component[i]].Add(i);
        for (var part = 0; part < parts; part++)
        {
            var count = Math.Min(options.Components, members[part].Count - 1);
            var room = Room(centres, part);
            var functions = count == 0 ? [] : NormalisedLaplacian.Of(graph.Part(members[part]), count, MostMultiplications, Tolerance, options.MaxThreads, cancellation).Functions;
            var largest = functions.Max(function => function.Max(Math.Abs)) is > 0 and var found ? found : 1;
            for (var k = 0; k < places.Length; k++)
            {
                for (var i = 0; i < members[part].Count; i++)
                    places[k][members[part][i]] = centres[part][k] + (k < count ? functions[k][i] / largest * room : 0);
            }
        }

        return Scaled(places, options.Seed);
    }

    /// <summary>Half of the way to the nearest other part.</summary>
    private static double Room(double[][] centres, int part)
    {
        var nearest = double.PositiveInfinity;
        for (var other = 0; other < centres.Length; other++)
        {
            if (other != part) nearest = Math.Min(nearest, DoubleVectors.SquaredDistance(centres[part], centres[other]));
        }

        return double.IsPositiveInfinity(nearest) || nearest == 0 ? 1 : Math.Sqrt(nearest) / 2;
    }

    /// <summary>(parts, components): principal components of the parts' means.</summary>
    private static double[][] Centres(float[,] points, int[] component, int parts, UmapOptions options, CancellationToken cancellation)
    {
        var centres = new double[parts][];
        for (var part = 0; part < parts; part++) centres[part] = new double[options.Components];
        if (parts == 1) return centres;
        var counts = new int[parts];
        foreach (var part in component) counts[part]++;
        var means = new float[parts, points.GetLength(1)];
        for (var i = 0; i < component.Length; i++)
        {
            for (var j = 0; j < means.GetLength(1); j++) means[component[i], j] += points[i, j] / counts[component[i]];
        }

        var mean = ColumnMeans.Of(means, options.MaxThreads);
        var most = Math.Min(options.Components, Math.Min(parts, means.GetLength(1)));
        var spectrum = new Scatter(means, mean, options.MaxThreads).Largest(most, SpectralSolver.Auto, cancellation);
        var places = new LinearPlaces(mean, spectrum.Directions, null, options.MaxThreads).Of(means);
        for (var part = 0; part < parts; part++)
        {
            for (var k = 0; k < most; k++) centres[part][k] = places[part, k];
        }

        return centres;
    }

    private static float[,] Scaled(double[][] places, int seed)
    {
        var scaled = new float[places[0].Length, places.Length];
        var random = new SplitMix64((ulong)seed);
        for (var k = 0; k < places.Length; k++)
        {
            var (least, most) = (places[k].Min(), places[k].Max());
            var factor = most > least ? Side / (most - least) : 0;
            for (var i = 0; i < places[k].Length; i++)
            {
                // normal to all purposes
                var sum = -6.0;
                for (var draw = 0; draw < 12; draw++) sum += random.Fraction();
                scaled[i, k] = (float)((places[k][i] - least) * factor + Side * Noise * sum);
            }
        }

        return scaled;
    }
}
