using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MedTransfer.Tests.Data;

/// <summary>Array files made byte by byte, so that they can also be what no writer writes.</summary>
internal static class NpyBytes
{
    /// <summary>An NPY file with this text for a header, true or not.</summary>
    public static byte[] Of(string header, byte[] data, byte version = 1)
    {
        var text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1 ? new byte[2] : new byte[4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    /// <summary>An NPY file of this type and shape.</summary>
    public static byte[] Of(string descr, string shape, byte[] data, bool fortranOrder = false, byte version = 1) =>
        Of($"{{'descr': '{descr}', 'fortran_order': {fortranOrder}, 'shape': {shape}, }}\n", data, version);

    /// <summary>An NPY file of texts, as numpy.array(texts) makes it (UTF-32), or numpy.array(texts, dtype='S') (bytes).</summary>
    public static byte[] OfTexts(IReadOnlyCollection<string> texts, char kind = 'U', bool bigEndian = false, int columns = 1)
    {
        var encoding = kind == 'S' ? Encoding.UTF8 : new UTF32Encoding(bigEndian, byteOrderMark: false);
        var elements = texts.Select(encoding.GetBytes).ToList();
        var size = elements.Max(element => element.Length);
        var order = kind == 'S' ? '|' : bigEndian ? '>' : '<';
        return Of($"{order}{kind}{(kind == 'S' ? size : size / 4)}", columns == 1 ? $"({texts.Count},)" : $"({texts.Count / columns}, {columns})", [.. elements.SelectMany(element => element.Concat(new byte[size - element.Length]))]);
    }

    /// <summary>A ZIP archive of these files.</summary>
    public static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    /// <summary>Where a four-byte ZIP signature begins for the first time.</summary>
    public static int Find(byte[] zip, uint signature)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, signature);
        return zip.AsSpan().IndexOf(bytes);
    }
}
