using static TorchSharp.torch;

namespace MedTransfer.Data.Images;

/// <summary>The bytes of tensors that may have more of them than a span counts.</summary>
internal static class ImageBytes
{
    private const int Block = 1 << 26;

    /// <summary>Bytes from one place up to another of a tensor of one axis: its own memory.</summary>
    public static Span<byte> Of(Tensor all, long start, long end)
    {
        using var part = all.slice(0, start, end, 1);
        return part.bytes;   // of the memory of `all`
    }

    /// <summary>Shows all bytes of a contiguous tensor, 64 MiB at a time.</summary>
    public static void ForEachBlock(Tensor images, Action<ReadOnlySpan<byte>> use)
    {
        using var flat = images.reshape(-1);
        for (long start = 0, length = flat.shape[0]; start < length; start += Block)
            use(Of(flat, start, Math.Min(start + Block, length)));
    }
}
