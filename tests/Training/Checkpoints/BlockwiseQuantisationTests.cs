using MedTransfer.Training.Checkpoints;

namespace MedTransfer.Tests.Training.Checkpoints;

public sealed class BlockwiseQuantisationTests
{
    // bitsandbytes' functional.create_dynamic_map, its steps done in Python
    [Theory]
    [InlineData(0, -0.99296875, 0)]
    [InlineData(1, -0.97890625, 3.25e-7)]
    [InlineData(63, -0.10703125, 0.010703125)]
    [InlineData(126, -5.5e-7, 0.099296875)]
    [InlineData(127, 0, 0.103515625)]
    [InlineData(128, 5.5e-7, 0.110546875)]
    [InlineData(129, 3.25e-6, 0.117578125)]
    [InlineData(190, 0.09859375, 0.546484375)]
    [InlineData(254, 0.99296875, 0.996484375)]
    [InlineData(255, 1, 1)]
    public void Maps_are_those_of_bitsandbytes(int code, double ofEither, double ofPositive)
    {
        Assert.Equal((256, 256), (BlockwiseQuantisation.Signed.Map.Count, BlockwiseQuantisation.Positive.Map.Count));
        Assert.Equal((float)ofEither, BlockwiseQuantisation.Signed.Map[code], Within);
        Assert.Equal((float)ofPositive, BlockwiseQuantisation.Positive.Map[code], Within);
    }

    [Fact]
    public void Every_value_of_the_map_is_its_own_code()
    {
        foreach (var kind in new[] { BlockwiseQuantisation.Signed, BlockwiseQuantisation.Positive })
        {
            var numbers = kind.Map.Select(value => value * 0.5f).ToArray();

            var (codes, scales) = kind.Quantise(numbers);

            Assert.Equal([0.5f], scales);
            Assert.Equal(Enumerable.Range(0, 256).Select(code => (byte)code), codes);
            Assert.Equal(numbers, kind.Values(codes, scales));
        }
    }

    [Fact]
    public void Each_block_has_a_scale_of_its_own()
    {
        var numbers = new float[BlockwiseQuantisation.BlockLength + 2];
        numbers[0] = 1000;
        numbers[^1] = -2e-6f;
        numbers[^2] = 1e-6f;

        var (codes, scales) = BlockwiseQuantisation.Signed.Quantise(numbers);
        var values = BlockwiseQuantisation.Signed.Values(codes, scales);

        Assert.Equal([1000, 2e-6f], scales);
        Assert.Equal((1000, 0), (values[0], values[1]));
        Assert.InRange(values[^2], 0.99e-6f, 1.01e-6f);
        Assert.InRange(values[^1], -2.02e-6f, -1.98e-6f);
    }

    // between two neighbours of the largest power of ten lie .9 / 64 of a scale, of the next ten times .9 / 32, and so on
    [Fact]
    public void Numbers_keep_two_digits_or_their_order_of_magnitude()
    {
        var random = new Random(1);
        var numbers = Enumerable.Range(0, 2048).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(5)))).Append(1f).ToArray()[1..];
        var (codes, scales) = BlockwiseQuantisation.Signed.Quantise(numbers);

        Assert.All(numbers.Zip(BlockwiseQuantisation.Signed.Values(codes, scales)), pair =>
            Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Abs(pair.First) switch { > 0.1f => 0.0071, > 0.01f => 0.00142, > 0.001f => 0.00029, _ => 0.0001 }));
    }

    [Fact]
    public void No_positive_number_becomes_0()
    {
        var (codes, scales) = BlockwiseQuantisation.Positive.Quantise([1, 1e-30f, 0]);

        Assert.Equal([1, 3.25e-7f, 0], BlockwiseQuantisation.Positive.Values(codes, scales), Within);
    }

    [Fact]
    public void Nothing_and_zeros_are_themselves()
    {
        Assert.Empty(BlockwiseQuantisation.Signed.Quantise([]).Codes);
        var (codes, scales) = BlockwiseQuantisation.Signed.Quantise([0, 0]);
        Assert.Equal([0, 0], BlockwiseQuantisation.Signed.Values(codes, scales));
    }

    private static bool Within(float expected, float actual) => Math.Abs(expected - actual) <= 1e-6f * Math.Abs(expected);
}
