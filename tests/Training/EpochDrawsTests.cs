using MedTransfer.Training;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Training;

[Collection(OneAtATime.Name)]
public sealed class EpochDrawsTests
{
    [Fact]
    public void Order_is_one_of_all_images()
    {
        using var order = new EpochDraws(1, 1).Begin(new Shuffling(100));

        Assert.Equal(Enumerable.Range(0, 100).Select(image => (long)image), order.data<long>().ToArray().Order());
    }

    [Fact]
    public void Draws_follow_from_the_seed_and_the_epoch_alone()
    {
        var first = Drawn(1, 2);
        using var others = rand(5);

        Assert.Equal(first, Drawn(1, 2));
    }

    [Fact]
    public void Every_seed_and_epoch_draws_otherwise()
    {
        var all = new[] { (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (0, 3), (-1, 1) }.Select(pair => Drawn(pair.Item1, pair.Item2)).ToList();

        Assert.Equal(all.Count, all.Select(drawn => drawn.Order).Distinct().Count());
        Assert.Equal(all.Count, all.Select(drawn => drawn.Global).Distinct().Count());
    }

    private static (string Order, float Global) Drawn(long seed, int epoch)
    {
        using var order = new EpochDraws(seed, epoch).Begin(new Shuffling(50));
        using var global = rand(1);
        return (string.Join(' ', order.data<long>().ToArray()), global.item<float>());
    }

    /// <summary>As many images, in the order every learner has by default.</summary>
    private sealed record Shuffling(int Count) : ILearner
    {
        public nn.Module Model => throw new NotSupportedException();

        public Device Device => CPU;

        public BatchLoss Loss(Tensor indices) => throw new NotSupportedException();

        public MedTransfer.Training.Validation Validate() => throw new NotSupportedException();
    }
}
