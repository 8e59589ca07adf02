using MedTransfer.Tests.Numerics;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class RelationalDistanceTests
{
    private static Tensor Points(params float[] values) => tensor(values).reshape(values.Length, 1);

    // distances 1, 3, 2 over their mean 2, and 1, 2, 1 over 4/3: 1/2, 3/2, 1 and 3/4, 3/2, 3/4; (1/4)^2 / 2 of two pairs in three
    [Fact]
    public void Distances_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1.0 / 48, RelationalDistance.OfDistances(Points(0, 1, 3), Points(0, 1, 2)).item<float>(), 1e-6);
        Assert.Equal(0, RelationalDistance.OfDistances(Points(0, 1, 3), Points(0, -10, -30)).item<float>(), 1e-6);   // of another size and turned round
    }

    // on a line cosines are 1 or -1; seen from the first and the second of three points they differ by 2, whose Huber loss is 1.5, in two of four triplets each; of 12 triplets
    [Fact]
    public void Angles_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(4 * 1.5 / 12, RelationalDistance.OfAngles(Points(0, 1, 3), Points(1, 0, 2)).item<float>(), 1e-6);
        Assert.Equal(0, RelationalDistance.OfAngles(Points(0, 1, 3), Points(0, 7, 9)).item<float>(), 1e-6);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (student, teacher) = (randn(4, 3, dtype: ScalarType.Float64), randn(4, 2, dtype: ScalarType.Float64));

        FiniteDifferences.AssertGradient(student, values => RelationalDistance.OfDistances(values, teacher));
        FiniteDifferences.AssertGradient(student, values => RelationalDistance.OfAngles(values, teacher));
    }

    // two images that are the same have no direction between them
    [Fact]
    public void Equal_images_leave_the_gradient_finite()
    {
        using var scope = NewDisposeScope();
        var student = tensor(new float[] { 1, 2, 1, 2, 0, 5 }).reshape(3, 2).requires_grad_();

        RelationalDistance.OfDistances(student, Points(0, 0, 1)).add(RelationalDistance.OfAngles(student, Points(0, 0, 1))).backward();

        Assert.True(student.grad!.isfinite().all().item<bool>());
    }
}
