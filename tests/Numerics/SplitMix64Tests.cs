using MedTransfer.Numerics;

namespace MedTransfer.Tests.Numerics;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Stream_is_that_of_the_reference_implementation()
    {
        // Vigna's splitmix64.c with state 1234567
        var random = new SplitMix64(1234567);

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void A_place_in_the_stream_has_its_number_without_those_before()
    {
        var random = new SplitMix64(ulong.MaxValue - 5);

        Assert.All(Enumerable.Range(1, 20), place => Assert.Equal(random.Next(), SplitMix64.At(ulong.MaxValue - 5, (ulong)place)));
    }

    [Fact]
    public void Numbers_below_a_bound_are_uniform()
    {
        var (random, counts) = (new SplitMix64(1), new int[3]);
        for (var draw = 0; draw < 30_000; draw++) counts[random.Below(3)]++;

        // 10,000 each, standard deviation 82; five of those either way.
        Assert.All(counts, count => Assert.InRange(count, 9_592, 10_408));
    }
}
