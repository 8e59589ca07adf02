using MedTransfer.Tests.Numerics;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class RelationalDistanceTests
{
    private static Relations Points(params float[] values) => Relations.Of(tensor(values).reshape(values.Length, 1));

    // distances 1, 3, 2 over their mean 2, and 1, 2, 1 over 4/3: 1/2, 3/2, 1 and 3/4, 3/2, 3/4; (1/4)^2 / 2 of two pairs in three
    [Fact]
    public void Distances_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1.0 / 48, RelationalDistance.OfDistances(Points(0, 1, 3), Points(0, 1, 2)).item<double>(), 1e-6);
        Assert.Equal(0, RelationalDistance.OfDistances(Points(0, 1, 3), Points(0, -10, -30)).item<double>(), 1e-6);   // of another size and turned round
    }

    // on a line cosines are 1 or -1; seen from the first and the second of three points they differ by 2, whose Huber loss is 1.5, in two of four triplets each; of 12 triplets
    [Fact]
    public void Angles_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(4 * 1.5 / 12, RelationalDistance.OfAngles(Points(0, 1, 3), Points(1, 0, 2)).item<double>(), 1e-6);
        Assert.Equal(0, RelationalDistance.OfAngles(Points(0, 1, 3), Points(0, 7, 9)).item<double>(), 1e-6);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]   // rows that don't fill the vectors
    public void Gradients_are_those_of_finite_differences(int count)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (student, teacher) = (randn(count, 3, dtype: ScalarType.Float64), Relations.Of(randn(count, 2, dtype: ScalarType.Float64)));

        FiniteDifferences.AssertGradient(student, values => RelationalDistance.OfDistances(Relations.Of(values), teacher));
        FiniteDifferences.AssertGradient(student, values => RelationalDistance.OfAngles(Relations.Of(values), teacher));
    }

    // the embeddings are many enough for all lanes, and long enough to leave the sums of their products few digits
    [Fact]
    public void Angles_are_those_of_every_triplet()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (student, teacher) = (randn(10, 5, dtype: ScalarType.Float64) + 1000, randn(10, 3, dtype: ScalarType.Float64));

        Assert.Equal(AngleLoss(student, teacher), RelationalDistance.OfAngles(Relations.Of(student), Relations.Of(teacher)).item<double>(), 1e-9);
    }

    // two images that are the same have no direction between them, and those that nearly are have none to be turned by
    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(1e-5)]
    public void Images_that_are_nearly_the_same_leave_the_gradient_finite(double apart)
    {
        using var scope = NewDisposeScope();
        var student = tensor([100.0, 200, 100 + apart, 200, 0, 50]).reshape(3, 2).requires_grad_();
        var relations = Relations.Of(student);

        RelationalDistance.OfDistances(relations, Points(0, 0, 1)).add(RelationalDistance.OfAngles(relations, Points(0, 0, 1))).backward();

        Assert.InRange(student.grad!.abs().max().item<double>(), 0, 1 / Math.Max(apart, 1e-4));
    }

    private static double AngleLoss(Tensor student, Tensor teacher)
    {
        var (ours, theirs, count) = (Rows(student), Rows(teacher), student.shape[0]);
        var losses =
            from j in Enumerable.Range(0, (int)count)
            from i in Enumerable.Range(0, (int)count)
            from k in Enumerable.Range(0, (int)count)
            where i != j && k != j
            let difference = Math.Abs(Cosine(ours, i, j, k) - Cosine(theirs, i, j, k))
            select difference <= 1 ? difference * difference / 2 : difference - 0.5;
        return losses.Average();
    }

    private static double[][] Rows(Tensor values) => [.. Enumerable.Range(0, (int)values.shape[0]).Select(row => values[row].data<double>().ToArray())];

    private static double Cosine(double[][] rows, int i, int j, int k)
    {
        double[] a = [.. rows[i].Zip(rows[j], (x, y) => x - y)], b = [.. rows[k].Zip(rows[j], (x, y) => x - y)];
        double Dot(double[] one, double[] other) => one.Zip(other, (x, y) => x * y).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }
}
