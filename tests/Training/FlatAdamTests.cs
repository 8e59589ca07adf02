using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

/// <summary>
/// Oracle: TorchSharp's own Adam and AdamW, given the same gradients: with gradients that follow from the weights, roundings grow, as
/// Adam divides by the gradients' size.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class FlatAdamTests : IDisposable
{
    private readonly Classifier ours = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1), theirs = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public void Two_hundred_steps_are_those_of_Adam() => AssertSameSteps(0, () => optim.Adam(theirs.parameters(), 1e-3));

    [Fact]
    public void Two_hundred_steps_with_decay_are_those_of_AdamW() =>
        AssertSameSteps(0.1, () => optim.AdamW(theirs.parameters(), 1e-3, weight_decay: 0.1));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 1)]
    [InlineData(0, 0.3)]
    [InlineData(0.1, 0.3)]
    public void Blocks_of_any_length_give_the_same_bits(double weightDecay, double factor)
    {
        double[] factors = [.. ours.parameters().Select((_, i) => i % 2 == 0 ? 1 : factor)];
        using var whole = new FlatAdam([.. ours.parameters()], weightDecay, factors, long.MaxValue);
        using var parts = new FlatAdam([.. theirs.parameters()], weightDecay, factors, 48);
        for (var step = 0; step < 5; step++)
        {
            Step(whole, step, 1e-2);
            foreach (var (mine, other) in ours.parameters().Zip(theirs.parameters()))
                other.grad!.copy_(mine.grad!);
            parts.Step(1e-2);
        }

        Assert.Equal(ours.Bits(), theirs.Bits());
    }

    [Fact]
    public void Parameters_that_were_not_given_keep_their_bits()
    {
        var (features, head) = (ours.Features.Bits(), ours.Head.Bits());
        using var optimizer = new FlatAdam([.. ours.Head.parameters()], weightDecay: 0.1);
        for (var step = 0; step < 5; step++)
            Step(optimizer, step, 1e-2);

        Assert.Equal(features, ours.Features.Bits());
        Assert.NotEqual(head, ours.Head.Bits());
    }

    [Fact]
    public void Parameters_keep_their_values_when_they_move_in_and_when_the_buffer_goes()
    {
        var before = ours.Bits();
        using (var optimizer = new FlatAdam([.. ours.parameters()], 0))
        {
            Assert.Equal(before, ours.Bits());
            Step(optimizer, 0, 1e-3);
            before = ours.Bits();
        }

        GC.Collect();
        Assert.Equal(before, ours.Bits());
        Assert.All(ours.parameters(), parameter => Assert.True(parameter.grad is null));
    }

    [Fact]
    public void Every_parameter_starts_at_a_multiple_of_64_bytes()
    {
        using var optimizer = new FlatAdam([.. ours.parameters()], 0);

        Assert.All(ours.parameters(), parameter => Assert.Equal(0, parameter.storage_offset() % 16));
    }

    private void AssertSameSteps(double decay, Func<optim.Optimizer> make)
    {
        using var flat = new FlatAdam([.. ours.parameters()], decay);
        using var own = make();
        var start = ours.Bits();
        for (var step = 0; step < 200; step++)
        {
            Step(flat, step, 1e-3);
            own.zero_grad();
            using var scope = NewDisposeScope();
            Loss(theirs, step).backward();
            own.step();
        }

        Assert.NotEqual(start, ours.Bits());
        foreach (var (mine, other) in ours.parameters().Zip(theirs.parameters()))
            Assert.InRange(mine.sub(other).abs().max().item<float>(), 0, 1e-6);
    }

    private void Step(FlatAdam optimizer, int step, double rate)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        Loss(ours, step).backward();
        optimizer.Step(rate);
    }

    // its gradients are random numbers of a mean that is not 0, of other sizes in other parameters
    private static Tensor Loss(Classifier model, int step)
    {
        using var draws = new Generator((ulong)step);
        return model.parameters().Select((parameter, index) =>
            (parameter * (randn(parameter.shape, generator: draws) + 0.5) * Math.Pow(10, -(index % 4))).sum()).Aggregate((a, b) => a + b);
    }
}
