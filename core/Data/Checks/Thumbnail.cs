using System.Runtime.CompilerServices;
using MedTransfer.Data.Images;

namespace MedTransfer.Data.Checks;

/// <summary>An image small and grey, by which it is known again when it was saved otherwise: sized, compressed, lit.</summary>
/// <param name="Pixels">Side x Side grey levels, row after row.</param>
/// <param name="Hash">
/// A difference hash of 128 bits: whether each of 8 x 9 means is brighter than that to its left, and each of 9 x 8 than that above. Versions of one
/// image differ in few bits; so do some images of different people, so that it only proposes.
/// </param>
internal readonly record struct Thumbnail(byte[] Pixels, UInt128 Hash)
{
    /// <summary>Pixels a side: the least of MedMNIST's sizes, which stays as it is.</summary>
    public const int Side = 28;

    private static readonly (AxisResampling Eight, AxisResampling Nine) HashAxes = (AxisResampling.Of(Side, 8), AxisResampling.Of(Side, 9));

    /// <param name="planes">C planes of size x size bytes, one after the other; the grey level of a pixel is their mean.</param>
    /// <param name="axis">From size to <see cref="Side"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Thumbnail Of(ReadOnlySpan<byte> planes, int size, AxisResampling axis)
    {
        var plane = size * size;
        var grey = new float[plane];
        for (var start = 0; start < planes.Length; start += plane)
        {
            for (var pixel = 0; pixel < plane; pixel++) grey[pixel] += planes[start + pixel];
        }
        var divisor = (float)(planes.Length / plane);
        for (var pixel = 0; pixel < plane; pixel++) grey[pixel] /= divisor;
        var pixels = Resampled(grey, axis, axis);
        return new(Array.ConvertAll(pixels, pixel => (byte)MathF.Round(pixel)), HashOf(pixels));
    }

    private static UInt128 HashOf(float[] pixels)
    {
        var (beside, below) = (Resampled(pixels, HashAxes.Eight, HashAxes.Nine), Resampled(pixels, HashAxes.Nine, HashAxes.Eight));
        var hash = UInt128.Zero;
        for (var row = 0; row < 8; row++)
        {
            for (var column = 0; column < 8; column++)
            {
                hash = hash << 2
                    | (beside[row * 9 + column + 1] > beside[row * 9 + column] ? 1u : 0u)
                    | (below[(row + 1) * 8 + column] > below[row * 8 + column] ? 2u : 0u);
            }
        }
        return hash;
    }

    // means of pixels along rows, then along columns
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Resampled(float[] pixels, AxisResampling rows, AxisResampling columns)
    {
        var alongRows = new float[rows.Source * columns.Target];
        for (var row = 0; row < rows.Source; row++)
            columns.Apply(pixels.AsSpan(row * columns.Source, columns.Source), alongRows.AsSpan(row * columns.Target, columns.Target));
        var result = new float[rows.Target * columns.Target];
        var (column, sums) = (new float[rows.Source], new float[rows.Target]);
        for (var place = 0; place < columns.Target; place++)
        {
            for (var row = 0; row < rows.Source; row++) column[row] = alongRows[row * columns.Target + place];
            rows.Apply(column, sums);
            for (var row = 0; row < rows.Target; row++) result[row * columns.Target + place] = sums[row] / ((float)rows.Denominator * columns.Denominator);
        }
        return result;
    }
}
