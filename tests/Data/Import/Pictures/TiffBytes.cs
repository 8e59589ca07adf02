using System.Buffers.Binary;

namespace MedTransfer.Tests.Data.Import.Pictures;

/// <summary>A page of a TIFF file made by hand: one uncompressed strip of grey pixels, unless <paramref name="Tags"/> say otherwise.</summary>
/// <param name="Bits">Of each channel.</param>
/// <param name="Tags">Added to the usual ones, or in place of them; a tag without values is left out.</param>
internal sealed record TiffPage(int Width, int Height, int[] Bits, byte[] Data, params (int Tag, long[] Values)[] Tags);

internal static class TiffBytes
{
    public static byte[] Of(bool isBigEndian, params TiffPage[] pages)
    {
        var file = new List<byte>(isBigEndian ? "MM\0*"u8.ToArray() : "II*\0"u8.ToArray());
        var link = file.Count;
        file.AddRange(new byte[4]);
        foreach (var page in pages)
        {
            if (file.Count % 2 != 0) file.Add(0);
            var tags = new SortedDictionary<int, long[]>
            {
                [256] = [page.Width],
                [257] = [page.Height],
                [258] = [.. page.Bits.Select(bits => (long)bits)],
                [259] = [1],
                [262] = [page.Bits.Length > 1 ? 2 : 1],
                [273] = [file.Count],
                [277] = [page.Bits.Length],
                [278] = [page.Height],
                [279] = [page.Data.Length],
            };
            foreach (var (tag, values) in page.Tags) tags[tag] = values;
            foreach (var tag in tags.Keys.Where(tag => tags[tag].Length == 0).ToList()) tags.Remove(tag);
            file.AddRange(page.Data);
            if (file.Count % 2 != 0) file.Add(0);

            Set(file, link, Number(file.Count, 4));
            var after = file.Count + 2 + 12 * tags.Count + 4;
            var more = new List<byte>();
            file.AddRange(Number(tags.Count, 2));
            foreach (var (tag, values) in tags)
            {
                var size = values.Any(value => value > ushort.MaxValue) ? 4 : 2;
                byte[] bytes = [.. values.SelectMany(value => Number(value, size))];
                file.AddRange([.. Number(tag, 2), .. Number(size == 4 ? 4 : 3, 2), .. Number(values.Length, 4)]);
                if (bytes.Length <= 4) file.AddRange([.. bytes, .. new byte[4 - bytes.Length]]);
                else
                {
                    file.AddRange(Number(after + more.Count, 4));
                    more.AddRange(bytes);
                }
            }
            link = file.Count;
            file.AddRange([0, 0, 0, 0, .. more]);
        }
        return [.. file];

        byte[] Number(long value, int size)
        {
            var bytes = new byte[8];
            if (isBigEndian) BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            else BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            return isBigEndian ? bytes[^size..] : bytes[..size];
        }
    }

    /// <summary>16-bit values in the file's byte order.</summary>
    public static byte[] Values(bool isBigEndian, params ushort[] values) =>
        [.. values.SelectMany(value => isBigEndian ? new[] { (byte)(value >> 8), (byte)value } : [(byte)value, (byte)(value >> 8)])];

    private static void Set(List<byte> file, int place, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++) file[place + i] = bytes[i];
    }
}
