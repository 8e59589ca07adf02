namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>A Huffman table of ITU-T T.81 (annexes C and F.2.2.3).</summary>
internal sealed class HuffmanTable
{
    private const int ShortBits = 9;

    // for the next nine bits: the value above the length of its code, 0 where the code is longer
    private readonly ushort[] shortCodes = new ushort[1 << ShortBits];

    // of each length: the code after the last, in 16 bits, and what leads from a code to the place of its value
    private readonly int[] ends = new int[17];
    private readonly int[] places = new int[17];
    private readonly byte[] values;

    /// <param name="counts">How many codes have 1, 2, ... 16 bits.</param>
    /// <param name="values">What they stand for, in order.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        this.values = values.ToArray();
        var (code, place) = (0, 0);
        for (var length = 1; length <= 16; length++)
        {
            places[length] = place - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, place++)
            {
                if (code >= 1 << length || values[place] > 16) throw DicomException.DamagedPixels("JPEG");
                if (length <= ShortBits)
                    shortCodes.AsSpan(code << (ShortBits - length), 1 << (ShortBits - length)).Fill((ushort)((values[place] << 8) | length));
            }
            ends[length] = code << (16 - length);
            code <<= 1;
        }
    }

    /// <summary>The value of the code that the next 16 bits begin with, and its length.</summary>
    public (int Value, int Length) Find(int next)
    {
        var known = shortCodes[next >> (16 - ShortBits)];
        if (known != 0) return (known >> 8, known & 255);
        for (var length = ShortBits + 1; length <= 16; length++)
        {
            if (next < ends[length]) return (values[places[length] + (next >> (16 - length))], length);
        }
        throw DicomException.DamagedPixels("JPEG");
    }
}

/// <summary>The bits of a scan, in order, without the zeros that are stuffed after FF (ITU-T T.81, F.2.2.5).</summary>
internal ref struct JpegBits(byte[] codestream, int position)
{
    private ulong buffer;
    private int count;

    // zeros in the buffer that the codestream does not have
    private int added;

    /// <summary>Whether more bits were taken than there are.</summary>
    public readonly bool IsExhausted => added > count;

    /// <summary>The difference that comes next: the number of its bits in a Huffman code, then the bits (H.1.2.2).</summary>
    public int Difference(HuffmanTable table)
    {
        if (count < 32) Fill();
        var (bits, length) = table.Find((int)(buffer >> (count - 16)) & 0xFFFF);
        count -= length;
        if (bits == 0) return 0;
        if (bits == 16) return 1 << 15;
        count -= bits;
        var value = (int)(buffer >> count) & ((1 << bits) - 1);
        return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
    }

    /// <summary>Goes on after the restart marker that must stand here.</summary>
    /// <param name="number">Of the marker, from 0; they count to 7 and begin anew.</param>
    public void Restart(int number)
    {
        if (IsExhausted) throw DicomException.TruncatedPixels();
        var marker = End();
        if (marker + 1 >= codestream.Length) throw DicomException.TruncatedPixels();
        if (codestream[marker + 1] != 0xD0 + (number & 7)) throw DicomException.DamagedPixels("JPEG");
        position = marker + 2;
        (buffer, count, added) = (0, 0, 0);
    }

    /// <summary>Where the marker after the bits stands.</summary>
    public readonly int End()
    {
        // what was taken in beyond the bits that were needed may hold no marker, as none is taken in
        var place = position;
        while (place + 1 < codestream.Length && (codestream[place] != 0xFF || codestream[place + 1] is 0 or 0xFF)) place++;
        return place;
    }

    private void Fill()
    {
        while (count <= 56)
        {
            var next = 0;
            if (position < codestream.Length && (codestream[position] != 0xFF || (position + 1 < codestream.Length && codestream[position + 1] == 0)))
            {
                next = codestream[position];
                position += next == 0xFF ? 2 : 1;
            }
            else
            {
                added += 8;
            }
            buffer = (buffer << 8) | (uint)next;
            count += 8;
        }
    }
}
