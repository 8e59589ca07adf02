using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Phantoms;
using MedTransfer.Data.Reading;
using MedTransfer.Runtime.Native;

namespace MedTransfer.Bench;

/// <summary>
/// A set of any number of images of 224 pixels, with fourteen findings, in ChestMNIST's shares of 70, 10 and 20 %. Its images are those of
/// <c>phantom-chest_224</c> again and again, shifted by a pixel more each time, so that no two are the same and the file takes minutes, not hours.
/// </summary>
internal static class PhantomArchive
{
    internal const int Side = 224;

    /// <summary>Writes the file image by image.</summary>
    internal static string Write(string folder, int images, bool compressed)
    {
        NativeTorch.Load();
        using var drawn = new Phantom(PhantomKind.Chest, Side).Load();
        var (train, validation) = ((int)(images * .7), (int)(images * .1));
        var counts = new[] { train, validation, images - train - validation };
        var path = Path.Combine(folder, "phantoms.npz");
        var (pixels, labels) = (drawn.Train.Images.data<byte>().ToArray(), drawn.Train.Labels);
        NpzWriter.WriteEach(path, SplitNames.All.SelectMany(split => new[]
        {
            KeyValuePair.Create<string, Action<Stream>>(ArrayKeys.Images(split), stream => Images(stream, pixels, counts[..(int)split].Sum(), counts[(int)split])),
            KeyValuePair.Create<string, Action<Stream>>(ArrayKeys.Labels(split), stream => Labels(stream, labels, counts[..(int)split].Sum(), counts[(int)split])),
        }), compressed);
        return path;
    }

    private static void Images(Stream stream, byte[] drawn, int first, int count)
    {
        NpyWriter.WriteHeader(stream, count, Side, Side);
        var (known, shifted) = (drawn.Length / (Side * Side), new byte[Side * Side]);
        for (var image = first; image < first + count; image++)
        {
            var source = drawn.AsSpan(image % known * Side * Side, Side * Side);
            var shift = image / known % Side;
            for (var row = 0; row < Side * Side; row += Side)
            {
                source.Slice(row, Side - shift).CopyTo(shifted.AsSpan(row + shift));
                source.Slice(row + Side - shift, shift).CopyTo(shifted.AsSpan(row));
            }
            stream.Write(shifted);
        }
    }

    private static void Labels(Stream stream, Labels drawn, int first, int count)
    {
        NpyWriter.WriteHeader(stream, count, drawn.Columns);
        for (var image = first; image < first + count; image++)
            stream.Write(drawn.Flat.Slice(image % drawn.Count * drawn.Columns, drawn.Columns));
    }
}
