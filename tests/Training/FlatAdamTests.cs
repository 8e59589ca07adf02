using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

/// <summary>Oracle: TorchSharp's own Adam and AdamW.</summary>
[Collection(OneAtATime.Name)]
public sealed class FlatAdamTests : IDisposable
{
    private readonly Classifier ours = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1), theirs = Classifier.Create(new() { Latent = 8 }, Squares.Info, 1);
    private readonly Tensor images = rand(16, 1, Squares.Size, Squares.Size, generator: new Generator(5)), classes = arange(16).remainder(2);

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
        images.Dispose();
        classes.Dispose();
    }

    [Fact]
    public void Two_hundred_steps_are_those_of_Adam() => AssertSameSteps(0, () => optim.Adam(theirs.parameters(), 1e-3));

    [Fact]
    public void Two_hundred_steps_with_decay_are_those_of_AdamW() =>
        AssertSameSteps(0.1, () => optim.AdamW(theirs.parameters(), 1e-3, weight_decay: 0.1));

    [Fact]
    public void Parameters_that_were_not_given_keep_their_bits()
    {
        var (features, head) = (ours.Features.Bits(), ours.Head.Bits());
        using var optimizer = new FlatAdam([.. ours.Head.parameters()], weightDecay: 0.1);
        for (var step = 0; step < 5; step++)
            Step(ours, optimizer, 1e-2);

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
            Step(ours, optimizer, 1e-3);
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
            Step(ours, flat, 1e-3);
            own.zero_grad();
            using var scope = NewDisposeScope();
            Loss(theirs).backward();
            own.step();
        }

        Assert.NotEqual(start, ours.Bits());
        foreach (var (mine, other) in ours.parameters().Zip(theirs.parameters()))
            Assert.True(mine.allclose(other, 1e-3, 1e-5), $"{mine.sub(other).abs().max().item<float>()}");
    }

    private void Step(Classifier model, FlatAdam optimizer, double rate)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        Loss(model).backward();
        optimizer.Step(rate);
    }

    private Tensor Loss(Classifier model) => nn.functional.cross_entropy(model.forward(images), classes);
}
