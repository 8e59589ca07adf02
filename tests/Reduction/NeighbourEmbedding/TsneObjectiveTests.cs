using MedTransfer.Reduction.NeighbourEmbedding;

namespace MedTransfer.Tests.Reduction.NeighbourEmbedding;

public sealed class TsneObjectiveTests
{
    [Fact]
    public void Gradient_of_four_points_is_the_known_one()
    {
        // scikit-learn's test_answer_gradient_four_points: joint probabilities at perplexity .1 pair the points off, .25 each way. The expected values
        // are the formula's, by numpy 1.24 in double: sum over j of (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2). (The answers
        // quoted there are Barnes-Hut's, good to 1e-5 only.)
        var affinities = new SparseAffinities([0, 1, 2, 3, 4], [1, 0, 3, 2], [0.25f, 0.25f, 0.25f, 0.25f]);
        float[,] map =
        {
            { 6.080564e-05f, -7.120823e-05f }, { -1.718945e-04f, -4.000536e-05f },
            { -2.271720e-04f, 8.663310e-05f }, { -1.032577e-04f, -3.582033e-05f },
        };
        double[,] expected =
        {
            { 1.1132775e-6, 1.0901955e-5 }, { -3.7670080e-5, 1.6102436e-5 },
            { 7.9522082e-6, -3.2977426e-6 }, { 2.8604594e-5, -2.3706648e-5 },
        };
        AssertClose(expected, new TsneObjective(affinities).Gradient(map), 5e-11);
    }

    [Fact]
    public void Gradient_is_a_quarter_of_the_finite_difference()
    {
        var (objective, map) = Example(45);
        var gradient = objective.Gradient(map);
        const float Step = 1 / 64f;
        foreach (var (i, axis) in new[] { (0, 0), (7, 1), (8, 0), (30, 1), (44, 0), (44, 1) })
        {
            var here = map[i, axis];
            map[i, axis] = here + Step;
            var above = objective.KlDivergence(map);
            map[i, axis] = here - Step;
            var below = objective.KlDivergence(map);
            map[i, axis] = here;
            Assert.Equal((above - below) / (2 * Step) / 4, gradient[i, axis], 2e-6);
        }
    }

    [Theory]
    [InlineData(40, 2)]
    [InlineData(41, 2)]
    [InlineData(47, 2)]
    [InlineData(300, 2)]
    [InlineData(41, 3)]
    [InlineData(300, 3)]
    public void Gradient_and_divergence_are_those_of_the_plain_formula(int count, int dimensions)
    {
        var (objective, map) = Example(count, dimensions);
        var affinities = Affinities(count);
        var p = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var e = affinities.Starts[i]; e < affinities.Starts[i + 1]; e++) p[i, affinities.Columns[e]] = affinities.Values[e];
        }
        var (divergence, gradient) = ByDefinition(p, map, exaggeration: 3);
        Assert.Equal(divergence, objective.KlDivergence(map), 1e-6);
        AssertClose(gradient, objective.Gradient(map, exaggeration: 3), 1e-7);
    }

    private static (double Divergence, double[,] Gradient) ByDefinition(double[,] p, float[,] map, double exaggeration)
    {
        var count = map.GetLength(0);
        var dimensions = map.GetLength(1);
        double Kernel(int i, int j) => 1 / (1 + Enumerable.Range(0, dimensions).Sum(axis => Math.Pow((double)map[i, axis] - map[j, axis], 2)));
        var pairs = (from i in Enumerable.Range(0, count) from j in Enumerable.Range(0, count) where i != j select (i, j)).ToList();
        var z = pairs.Sum(pair => Kernel(pair.i, pair.j));
        var (divergence, gradient) = (0.0, new double[count, dimensions]);
        foreach (var (i, j) in pairs)
        {
            var kernel = Kernel(i, j);
            if (p[i, j] > 0) divergence += p[i, j] * Math.Log(p[i, j] * z / kernel);
            for (var axis = 0; axis < dimensions; axis++)
                gradient[i, axis] += (exaggeration * p[i, j] - kernel / z) * kernel * ((double)map[i, axis] - map[j, axis]);
        }
        return (divergence, gradient);
    }

    private static SparseAffinities Affinities(int count) => SparseAffinities.Of(Inputs.Blobs(1, count, 5).Points, 10);

    private static (TsneObjective Objective, float[,] Map) Example(int count, int dimensions = 2)
    {
        var random = new Random(3);
        return (new TsneObjective(Affinities(count)), Inputs.Fill(count, dimensions, (_, _) => 6 * random.NextDouble()));
    }

    private static void AssertClose(double[,] expected, float[,] actual, double tolerance)
    {
        for (var i = 0; i < expected.GetLength(0); i++)
        {
            for (var j = 0; j < expected.GetLength(1); j++) Assert.Equal(expected[i, j], actual[i, j], tolerance);
        }
    }
}
