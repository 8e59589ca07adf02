namespace MedTransfer.Training.Checkpoints;

/// <summary>
/// Numbers in eight bits (Dettmers et al., "8-bit Optimizers via Block-wise Quantization", ICLR 2022): each block of 2,048 is divided by its largest magnitude, and each quotient becomes the nearest of 256 values, the
/// dynamic tree's: of each of seven powers of ten as many as bits are left beside the exponent, so that small numbers keep their order of magnitude and large ones two digits.
/// </summary>
internal sealed class BlockwiseQuantisation
{
    /// <summary>Numbers a block.</summary>
    public const int BlockLength = 2048;

    private const int Exponents = 7, Count = 256;

    private readonly float[] values, borders;
    private readonly byte least;

    private BlockwiseQuantisation(bool isSigned)
    {
        values = MapOf(isSigned);
        borders = [.. values.Zip(values.Skip(1), (lower, upper) => (lower + upper) / 2)];
        least = (byte)(isSigned ? 0 : 1);
    }

    /// <summary>Of numbers of either sign.</summary>
    public static BlockwiseQuantisation Signed { get; } = new(isSigned: true);

    /// <summary>Of numbers of 0 and above, twice as fine; none above 0 becomes 0.</summary>
    public static BlockwiseQuantisation Positive { get; } = new(isSigned: false);

    /// <summary>The values that stand for quotients, -1 to 1, ascending: 256.</summary>
    public IReadOnlyList<float> Map => values;

    /// <summary>A code a number, and a scale, the largest magnitude, a block.</summary>
    public (byte[] Codes, float[] Scales) Quantise(ReadOnlySpan<float> numbers)
    {
        var (codes, scales) = (new byte[numbers.Length], new float[(numbers.Length + BlockLength - 1) / BlockLength]);
        for (var block = 0; block < scales.Length; block++)
        {
            var start = block * BlockLength;
            var some = numbers.Slice(start, Math.Min(BlockLength, numbers.Length - start));
            var scale = scales[block] = Largest(some);
            for (var i = 0; i < some.Length; i++)
                codes[start + i] = CodeOf(some[i], scale);
        }

        return (codes, scales);
    }

    /// <summary>What codes and scales stand for.</summary>
    public float[] Values(ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales)
    {
        var numbers = new float[codes.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = values[codes[i]] * scales[i / BlockLength];
        return numbers;
    }

    private static float Largest(ReadOnlySpan<float> numbers)
    {
        var largest = 0f;
        foreach (var number in numbers)
            largest = MathF.Max(largest, MathF.Abs(number));
        return largest;
    }

    private byte CodeOf(float number, float scale)
    {
        var quotient = scale == 0 ? 0 : number / scale;
        // the number of borders below it
        var code = 0;
        for (var step = Count / 2; step > 0; step /= 2)
            code += borders[code + step - 1] < quotient ? step : 0;
        return number > 0 ? Math.Max((byte)code, least) : (byte)code;
    }

    // for each exponent the middles of equal parts of .1 to 1, ever more parts; 0 and 1 complete them
    private static float[] MapOf(bool isSigned)
    {
        var map = new List<double> { 0, 1 };
        for (var exponent = 0; exponent < Exponents; exponent++)
        {
            var parts = (isSigned ? 1 : 2) << exponent;
            for (var part = 0; part < parts; part++)
            {
                var value = Math.Pow(10, exponent + 1 - Exponents) * (0.1 + 0.9 * (part + 0.5) / parts);
                map.Add(value);
                if (isSigned)
                    map.Add(-value);
            }
        }

        return [.. map.Order().Select(value => (float)value)];
    }
}
