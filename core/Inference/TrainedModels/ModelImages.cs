using MedTransfer.Data;
using MedTransfer.Data.Import;
using MedTransfer.Data.Import.Pictures;
using MedTransfer.Data.Import.Pixels;
using static TorchSharp.torch;

namespace MedTransfer.Inference.TrainedModels;

/// <summary>Images as a model takes them: of the size and channels that it learned from, made so as those were.</summary>
public static class ModelImages
{
    /// <summary>The image of a file.</summary>
    /// <param name="frame">Of DICOM files of several frames the one to read, from 1; null to refuse them.</param>
    /// <exception cref="MedTransferException">It can't be read; the message says what it is and what to do.</exception>
    public static ReadImage Read(string path, ModelDescription model, int? frame = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Read(path, model.Channels, model.Pixels, frame);
    }

    /// <summary>The image of a file, made of so many channels, and ready by these options.</summary>
    /// <inheritdoc cref="Read(string, ModelDescription, int?)"/>
    public static ReadImage Read(string path, int channels, PixelOptions pixels, int? frame = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var decoded = ImageFiles.Read(path, frame);
        return new(PixelPipeline.ToBytes(decoded, channels, pixels), RemarksOn(decoded, channels, pixels.ImageSize));
    }

    /// <summary>Images that were read, without labels; the caller disposes of them.</summary>
    public static Split Of(IReadOnlyList<ReadImage> images, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(images, model.Channels, model.Pixels.ImageSize);
    }

    /// <summary>The same of so many channels, and pixels a side.</summary>
    public static Split Of(IReadOnlyList<ReadImage> images, int channels, int side)
    {
        ArgumentNullException.ThrowIfNull(images);
        var all = tensor(images.SelectMany(image => image.Planes).ToArray(), ScalarType.Byte).reshape(images.Count, channels, side, side);
        return new(all.DetachFromDisposeScope(), Labels.Empty(images.Count), null);
    }

    /// <summary>The images of a set, with their labels, made of its size and channels where they are of others; the caller disposes of them.</summary>
    /// <exception cref="MedTransferException">They are in colour, and the model learned from grey ones.</exception>
    public static Split Of(Split images, ModelDescription model, string name)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(model);
        var (channels, height, width) = images.Source.Shape;
        if ((channels, height) == (model.Channels, model.Pixels.ImageSize))
            return images.Share();
        if (channels > model.Channels && images.OfEach(IsInColour).Any(isInColour => isInColour))
            throw new MedTransferException($"{name}: has images in colour, and the model learned from grey ones: name images of the kind that it learned from.");
        // eight bits have their range; nothing else is asked of a square picture but its size
        var (options, read) = (model.Pixels with { Invert = Invert.None, Window = null }, Math.Min(channels, model.Channels));
        var planes = images.OfEach(pixels => PixelPipeline.ToBytes(
            new DecodedImage(width, height, read, Interleaved(pixels, read, height * width)) { Range = new(0, byte.MaxValue) }, read, options));
        var side = model.Pixels.ImageSize;
        using var scope = NewDisposeScope();
        var flat = tensor(planes.SelectMany(plane => plane).ToArray(), ScalarType.Byte).reshape(images.Count, read, side, side);
        var all = flat.expand(images.Count, model.Channels, side, side).contiguous();
        return new(all.DetachFromDisposeScope(), images.Labels, images.Groups) { FileIndices = images.FileIndices };
    }

    private static bool IsInColour(ReadOnlySpan<byte> planes)
    {
        var plane = planes.Length / 3;
        return !planes[..plane].SequenceEqual(planes[plane..(2 * plane)]) || !planes[..plane].SequenceEqual(planes[(2 * plane)..]);
    }

    private static float[] Interleaved(ReadOnlySpan<byte> planes, int channels, int plane)
    {
        var values = new float[channels * plane];
        for (var i = 0; i < values.Length; i++)
            values[i] = planes[i % channels * plane + i / channels];
        return values;
    }

    private static IReadOnlyList<string> RemarksOn(DecodedImage image, int channels, int side) =>
    [
        .. image.Remarks,
        .. image.Channels > channels ? ["it is in colour, and the model learned from grey images"] : Array.Empty<string>(),
        .. image.Channels < channels ? ["it is grey, and the model learned from images in colour"] : Array.Empty<string>(),
        .. Math.Max(image.Width, image.Height) < side ? [FormattableString.Invariant($"it has {image.Width} x {image.Height} pixels, fewer than the {side} x {side} that the model learned from")] : Array.Empty<string>(),
    ];
}

/// <summary>An image that was read for a model.</summary>
/// <param name="Planes">Channel after channel and row after row: C x S x S bytes.</param>
/// <param name="Remarks">What is to be known of it, a clause each.</param>
public sealed record ReadImage(byte[] Planes, IReadOnlyList<string> Remarks);
