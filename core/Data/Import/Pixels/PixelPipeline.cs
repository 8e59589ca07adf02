using System.Buffers;
using System.Numerics;
using MedTransfer.Data.Images;

namespace MedTransfer.Data.Import.Pixels;

/// <summary>What makes pictures of one size and eight bits of decoded images.</summary>
public static class PixelPipeline
{
    /// <summary>
    /// The image's bytes, channel after channel and row after row: <paramref name="channels"/> x S x S. Values between what becomes black and white turn into
    /// 0 to 255 in proportion, colours into grey where one channel is asked for (ITU-R BT.601: .299 R + .587 G + .114 B); then the size changes, inverted
    /// images turn into 255 - y, and only then is anything rounded, halves to even. What pads is black in every picture.
    /// </summary>
    /// <param name="channels">1, or 3: grey images then have three equal ones.</param>
    public static byte[] ToBytes(DecodedImage image, int channels, PixelOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        if (channels is not (1 or 3)) throw new ArgumentOutOfRangeException(nameof(channels), channels, "1 or 3");

        var bytes = new byte[channels * options.ImageSize * options.ImageSize];
        // an image of one value is black, inverted or not
        if (RangeOf(image, options) is not { } range) return bytes;
        var frame = Frame.Of(image.Width, image.Height, options);
        var plane = bytes.Length / channels;
        for (var channel = 0; channel < Math.Min(channels, image.Channels); channel++)
            Resample(image, new Levels(range, image.Channels == 3 && channels == 1 ? null : channel), frame, options, bytes.AsSpan(channel * plane, plane));
        for (var channel = image.Channels; channel < channels; channel++) bytes.AsSpan(0, plane).CopyTo(bytes.AsSpan(channel * plane));
        return bytes;
    }

    /// <summary>
    /// What becomes black and white: the options' window, else what the file says, else the percentiles of the image's values without padding; where those
    /// are equal, its extremes. Null for an image all of whose values are equal, or padding: it becomes black.
    /// </summary>
    public static ValueRange? RangeOf(DecodedImage image, PixelOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Window is { } window) return new ValueRange(window.Centre - window.Width / 2, window.Centre + window.Width / 2);
        if (image.Range is not null) return image.Range;
        if (Percentiles.Of(image.Values, image.Padding, options.LowPercentile, options.HighPercentile) is not { } found) return null;
        return found.Low < found.High ? new ValueRange(found.Low, found.High)
            : found.Least < found.Greatest ? new ValueRange(found.Least, found.Greatest) : null;
    }

    private static void Resample(DecodedImage image, Levels levels, Frame frame, PixelOptions options, Span<byte> plane)
    {
        var (across, down) = (frame.Across, frame.Down);
        var row = ArrayPool<float>.Shared.Rent(across.Source);
        var sums = ArrayPool<float>.Shared.Rent(across.Target * down.Source);
        var total = ArrayPool<double>.Shared.Rent(across.Target);
        for (var y = 0; y < down.Source; y++)
        {
            levels.Apply(image, frame.Left, frame.Top + y, row.AsSpan(0, across.Source));
            across.Apply(row, sums.AsSpan(y * across.Target, across.Target));
        }

        var isInverted = image.IsInverted != (options.Invert == Invert.All);
        var denominator = (double)across.Denominator * down.Denominator;
        for (var y = 0; y < down.Target; y++)
        {
            var line = total.AsSpan(0, across.Target);
            line.Clear();
            for (var j = down.WeightStart[y]; j < down.WeightStart[y + 1]; j++)
                Add(line, sums.AsSpan((down.First[y] + j - down.WeightStart[y]) * across.Target, across.Target), down.Weights[j]);
            var place = plane.Slice((frame.PadTop + y) * options.ImageSize + frame.PadLeft, across.Target);
            for (var x = 0; x < place.Length; x++)
            {
                var value = line[x] / denominator;
                place[x] = (byte)Math.Round(isInverted ? 255 - value : value, MidpointRounding.ToEven);
            }
        }
        ArrayPool<float>.Shared.Return(row);
        ArrayPool<float>.Shared.Return(sums);
        ArrayPool<double>.Shared.Return(total);
    }

    private static void Add(Span<double> line, ReadOnlySpan<float> sums, double weight)
    {
        var x = 0;
        var factor = new Vector<double>(weight);
        for (; x <= line.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(sums[x..]), out var lower, out var upper);
            (new Vector<double>(line[x..]) + lower * factor).CopyTo(line[x..]);
            (new Vector<double>(line[(x + Vector<double>.Count)..]) + upper * factor).CopyTo(line[(x + Vector<double>.Count)..]);
        }
        for (; x < line.Length; x++) line[x] += weight * sums[x];
    }

    /// <summary>What part of the image fills what part of the picture.</summary>
    private readonly record struct Frame(int Left, int Top, AxisResampling Across, AxisResampling Down, int PadLeft, int PadTop)
    {
        public static Frame Of(int width, int height, PixelOptions options)
        {
            var size = options.ImageSize;
            var (shorter, longer) = (Math.Min(width, height), Math.Max(width, height));
            switch (options.Fit)
            {
                case Fit.Crop:
                    var square = AxisResampling.Of(shorter, size);
                    return new Frame((width - shorter) / 2, (height - shorter) / 2, square, square, 0, 0);
                case Fit.Pad:
                    // to the nearest pixel, halves up, at least one
                    var (across, down) = (Scaled(width), Scaled(height));
                    return new Frame(0, 0, AxisResampling.Of(width, across), AxisResampling.Of(height, down), (size - across) / 2, (size - down) / 2);
                default:
                    return new Frame(0, 0, AxisResampling.Of(width, size), AxisResampling.Of(height, size), 0, 0);
            }

            int Scaled(int side) => (int)Math.Max(1, (2L * side * size + longer) / (2L * longer));
        }
    }

    /// <summary>Grey levels of one channel, or of all by their luma, where <paramref name="Channel"/> is null: 0 to 255, not rounded.</summary>
    private readonly record struct Levels(ValueRange Range, int? Channel)
    {
        public void Apply(DecodedImage image, int left, int y, Span<float> row)
        {
            var values = image.Values.AsSpan((y * image.Width + left) * image.Channels, row.Length * image.Channels);
            var (low, span) = ((float)Range.Low, (float)(Range.High - Range.Low));
            if (image.Channels == 1) Grey(values, row, low, span);
            else if (Channel is { } channel)
            {
                for (var x = 0; x < row.Length; x++) row[x] = Level(values[3 * x + channel], low, span);
            }
            else
            {
                for (var x = 0; x < row.Length; x++)
                    row[x] = (299 * Level(values[3 * x], low, span) + 587 * Level(values[3 * x + 1], low, span) + 114 * Level(values[3 * x + 2], low, span)) / 1000;
            }
        }

        private static void Grey(ReadOnlySpan<float> values, Span<float> row, float low, float span)
        {
            var x = 0;
            for (; x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
            {
                var level = (new Vector<float>(values[x..]) - new Vector<float>(low)) * 255 / new Vector<float>(span);
                Vector.ConditionalSelect(Vector.GreaterThan(level, Vector<float>.Zero), Vector.Min(level, new Vector<float>(255)), Vector<float>.Zero).CopyTo(row[x..]);
            }
            for (; x < row.Length; x++) row[x] = Level(values[x], low, span);
        }

        // Multiplied before it is divided: 257 times a level of eight bits gives that level. What is no number is black.
        private static float Level(float value, float low, float span) => (value - low) * 255 / span is > 0 and var level ? Math.Min(level, 255) : 0;
    }
}
