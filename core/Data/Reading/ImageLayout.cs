using System.Runtime.InteropServices;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Images;
using static TorchSharp.torch;

namespace MedTransfer.Data.Reading;

/// <summary>Size of a dataset's images and their number in each split, from the headers alone.</summary>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Size">Pixels a side.</param>
/// <param name="Counts">Images in train, validation and test.</param>
internal sealed record ImageLayout(int Channels, int Size, IReadOnlyList<int> Counts)
{
    private const int StreamedBytes = 4 << 20;

    public int this[SplitName split] => Counts[(int)split];

    private long BytesOfImage => (long)Channels * Size * Size;

    /// <summary>Checks that the image arrays are there and go together; validation and test may be empty or missing, which is the same.</summary>
    public static ImageLayout Of(NpzFile file)
    {
        // a split that is not there at all is one without images
        var missing = SplitNames.All.Where(split => !file.Contains(ArrayKeys.Images(split)) && (split == SplitName.Train || file.Contains(ArrayKeys.Labels(split)))).Select(ArrayKeys.Images).ToList();
        if (missing.Count > 0)
        {
            throw new MedTransferException($"{file.Path}: has no {OneLine.List(missing)} (it has {OneLine.List(file.Keys)}); "
                + "write the images of the splits under these names, with numpy.savez");
        }

        var (channels, size, count) = Of(file, ArrayKeys.Images(SplitName.Train));
        if (count == 0)
            throw new MedTransferException($"{file.Where(ArrayKeys.Images(SplitName.Train))}: a training split without images; put the images there that are to be learnt from");
        var layouts = Array.ConvertAll(SplitNames.All, split => file.Contains(ArrayKeys.Images(split)) ? Of(file, ArrayKeys.Images(split)) : (Channels: channels, Size: size, Count: 0));
        foreach (var split in SplitNames.All)
        {
            var other = layouts[(int)split];
            if ((other.Channels, other.Size) == (channels, size) || other.Count == 0) continue;
            throw new MedTransferException($"{file.Where(ArrayKeys.Images(split))}: {other.Channels} channels of {other.Size} pixels a side, "
                + $"train_images has {channels} of {size}; bring all splits to one size");
        }

        return new(channels, size, Array.ConvertAll(layouts, layout => layout.Count));
    }

    /// <summary>Fails where the images of all splits would not fit into this machine's memory.</summary>
    public void RequireMemory(NpzFile file)
    {
        var bytes = Counts.Sum(count => (long)count) * BytesOfImage;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > memory)
        {
            throw new MedTransferException(FormattableString.Invariant($"{file.Path}: its images take {bytes >> 20:N0} MiB, this machine has {memory >> 20:N0} MiB of memory; ")
                + "take a smaller image size");
        }
    }

    /// <summary>Shows the images of a split, (C, H, W) bytes each, some at a time; of an array in Fortran order all are in memory first.</summary>
    public unsafe void Stream(NpzFile file, SplitName split, Action<ReadOnlySpan<byte>> use)
    {
        var key = ArrayKeys.Images(split);
        if (this[split] == 0)
            return;
        if (file.Header(key).FortranOrder)
        {
            RequireMemory(file);
            using var whole = Read(file, split);
            ImageBytes.ForEachBlock(whole, use);
            return;
        }

        file.Read(key, reader =>
        {
            var block = new byte[Math.Max(1, StreamedBytes / BytesOfImage) * BytesOfImage];
            fixed (byte* target = block)
            {
                for (var left = (long)this[split]; left > 0;)
                {
                    var rows = Math.Min(left, block.Length / BytesOfImage);
                    Read(reader, target, rows);
                    use(block.AsSpan(0, (int)(rows * BytesOfImage)));
                    left -= rows;
                }
            }
            return true;
        });
    }

    /// <summary>The images of a split as uint8 (N, C, H, W) in native memory, owned by the caller and by no dispose scope.</summary>
    public unsafe Tensor Read(NpzFile file, SplitName split)
    {
        var tensor = Allocate(this[split], file.Where(ArrayKeys.Images(split)));
        if (this[split] == 0)
            return tensor;
        try
        {
            byte* target;
            using (var first = tensor[0]) fixed (byte* start = first.bytes) target = start;
            return file.Read(ArrayKeys.Images(split), reader =>
            {
                Read(reader, target);
                return tensor;
            });
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private unsafe void Read(NpyReader reader, byte* target, long? rows = null)
    {
        var plane = (long)Size * Size;
        // Where the file's axes (N, H, W) or (N, H, W, C) go in (N, C, H, W).
        long[] strides = [BytesOfImage, Size, 1, plane];
        var axes = strides.AsSpan(0, reader.Header.Shape.Count);
        if (reader.Header.Type is { Kind: NpyKind.UnsignedInteger, Size: 1 }) reader.ReadRaw(target, axes, rows);
        else reader.Read(target, axes, Pixel(reader), rows);
    }

    private static (int Channels, int Size, int Count) Of(NpzFile file, string key)
    {
        var header = file.Header(key);
        if (header.Shape is not ([_, _, _] or [_, _, _, 1 or 3]))
            throw Wrong("images are (N, H, W) in grey or (N, H, W, 3) in colour");
        var (count, height, width) = (header.Shape[0], header.Shape[1], header.Shape[2]);
        if (count == 0) return (0, 0, 0);
        if (header.Type.Kind == NpyKind.Boolean) throw Wrong("pixels that are true or false; save them as uint8, 0 to 255");
        if (height != width) throw Wrong("images must be square; crop or pad them");
        if (height == 0) throw Wrong("images without pixels");
        if (count > int.MaxValue || height > short.MaxValue) throw Wrong("more than can be handled");
        return (header.Shape.Count == 4 ? (int)header.Shape[3] : 1, (int)height, (int)count);

        MedTransferException Wrong(string what) => new($"{file.Where(key)}: shape {header.ShapeText}, {header.Type}: {what}");
    }

    private Tensor Allocate(int count, string where)
    {
        try
        {
            return empty([count, Channels, Size, Size], dtype: ScalarType.Byte).DetachFromDisposeScope();
        }
        catch (ExternalException error)
        {
            throw new MedTransferException($"{where}: no memory for {count} images; take a smaller image size, or close other programs", error);
        }
    }

    private static NpyDecoder<byte> Pixel(NpyReader reader)
    {
        var type = reader.Header.Type;
        if (type.IsInteger)
        {
            return (element, position) => type.ToInt64(element) is >= 0 and <= 255 and var value
                ? (byte)value
                : throw reader.Refusal(position, element, "pixels must be 0 to 255; rescale the images and save them as uint8");
        }
        // The comparison is false for NaN as well.
        return (element, position) => type.ToDouble(element) is >= 0 and <= 1 and var value
            ? (byte)Math.Round(value * 255)
            : throw reader.Refusal(position, element, "floating-point pixels must be 0 to 1; rescale the images, or save them as uint8");
    }
}
