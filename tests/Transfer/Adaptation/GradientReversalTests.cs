using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class GradientReversalTests
{
    // of sum 3 x the gradient is 3; reversed by 0.5 it is -1.5
    [Fact]
    public void Values_pass_and_gradients_come_back_reversed()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new float[] { 1, -2 }).requires_grad_();

        var passed = GradientReversal.Of(values, 0.5);
        (passed * 3).sum().backward();

        Assert.Equal([1f, -2f], passed.data<float>().ToArray());
        Assert.Equal([-1.5f, -1.5f], values.grad!.data<float>().ToArray());
    }

    // 2 / (1 + e^-5) - 1 in the middle
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.9866143)]
    [InlineData(1, 0.9999092)]
    public void Strength_follows_the_papers_schedule(double progress, double expected) => Assert.Equal(expected, GradientReversal.StrengthAt(progress), 1e-7);
}
