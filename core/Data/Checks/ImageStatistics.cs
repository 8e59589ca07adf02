using System.Runtime.CompilerServices;
using MedTransfer.Data.Images;

namespace MedTransfer.Data.Checks;

/// <summary>What one pass over an image's pixels found.</summary>
/// <param name="Digest">Knows its pixels again, see <see cref="Split.DigestOf"/>; null where they are of one colour.</param>
/// <param name="Low">Its darkest pixel, 0 to 255.</param>
/// <param name="High">Its brightest pixel, 0 to 255.</param>
/// <param name="Brightness">Mean over pixels and channels, 0 to 255.</param>
/// <param name="Contrast">Standard deviation over pixels and channels.</param>
/// <param name="BorderBrightness">Mean of the outermost sixteenth on each side, of a pixel at least.</param>
/// <param name="Padding">Share of its area in whole rows and columns of one value, counted inwards from the sides: bars that fill an image up to a square.</param>
internal readonly record struct ImageStatistics(UInt128? Digest, byte Low, byte High, float Brightness, float Contrast, float BorderBrightness, float Padding)
{
    public required Thumbnail Thumbnail { get; init; }

    /// <summary>Whether every pixel is its darkest or its brightest.</summary>
    public required bool HasTwoLevels { get; init; }

    /// <summary>Whether all pixels are of one colour.</summary>
    public bool IsBlank => Digest is null;

    /// <param name="planes">The channels one after the other, size x size bytes each.</param>
    /// <param name="axis">From size to <see cref="Thumbnail.Side"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ImageStatistics Of(ReadOnlySpan<byte> planes, int channels, int size, AxisResampling axis)
    {
        var (low, high, sum, squares) = (byte.MaxValue, byte.MinValue, 0L, 0L);
        foreach (var pixel in planes)
        {
            if (pixel < low) low = pixel;
            if (pixel > high) high = pixel;
            sum += pixel;
            squares += pixel * pixel;
        }
        var mean = (double)sum / planes.Length;
        var deviation = Math.Sqrt(Math.Max(0, (double)squares / planes.Length - mean * mean));
        return new(Split.DigestOf(planes, channels), low, high, (float)mean, (float)deviation, (float)MeanOfBorder(planes, size, sum), PaddingOf(planes, size))
        {
            Thumbnail = Thumbnail.Of(planes, size, axis),
            HasTwoLevels = !planes.ContainsAnyExcept(low, high),
        };
    }

    // all less the inside
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double MeanOfBorder(ReadOnlySpan<byte> planes, int size, long sum)
    {
        var width = Math.Max(1, size / 16);
        var inner = Math.Max(0, size - 2 * width);
        for (var start = 0; start < planes.Length && inner > 0; start += size * size)
        {
            for (var row = width; row < size - width; row++)
            {
                foreach (var pixel in planes.Slice(start + row * size + width, inner)) sum -= pixel;
            }
        }
        return (double)sum / ((long)(planes.Length / (size * size)) * (size * size - inner * inner));
    }

    private static float PaddingOf(ReadOnlySpan<byte> planes, int size)
    {
        var (top, bottom, left, right, last) = (0, size, 0, size, size - 1);
        while (top < bottom && IsEven(planes, size, top * size, 1, 0)) top++;
        if (top == bottom) return 1;
        while (IsEven(planes, size, (bottom - 1) * size, 1, last * size)) bottom--;
        while (left < right && IsEven(planes, size, left, size, 0)) left++;
        while (right > left && IsEven(planes, size, right - 1, size, last)) right--;
        return 1 - (float)(bottom - top) * (right - left) / (size * size);
    }

    // whether all pixels of a row or column are as that one of their plane
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsEven(ReadOnlySpan<byte> planes, int size, int first, int step, int like)
    {
        for (var plane = 0; plane < planes.Length; plane += size * size)
        {
            for (var i = 0; i < size; i++)
            {
                if (planes[plane + first + i * step] != planes[plane + like]) return false;
            }
        }
        return true;
    }
}
