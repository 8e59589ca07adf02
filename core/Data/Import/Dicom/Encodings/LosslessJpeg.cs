using System.Buffers.Binary;

namespace MedTransfer.Data.Import.Dicom.Encodings;

/// <summary>Lossless JPEG with Huffman codes, process 14 (ITU-T T.81, annex H): each sample is its neighbours' prediction and a coded difference.</summary>
internal sealed class LosslessJpeg
{
    private readonly byte[] codestream;
    private readonly JpegHeader header;
    private readonly HuffmanTable?[] tables = new HuffmanTable?[4];
    private readonly bool[] isDecoded;
    private readonly int[] samples;
    private int restartInterval;

    private LosslessJpeg(byte[] codestream, JpegHeader header)
    {
        (this.codestream, this.header) = (codestream, header);
        isDecoded = new bool[header.Components.Count];
        samples = new int[header.Rows * header.Columns * header.Components.Count];
    }

    /// <summary>Row after row, the components of a pixel beside each other.</summary>
    public static int[] Decode(byte[] codestream, JpegHeader header)
    {
        if (header.Precision is < 2 or > 16) throw DicomException.DamagedPixels("JPEG");
        if (header.Components.Count > 1 && header.Components.Any(component => (component.Horizontal, component.Vertical) != (1, 1)))
            throw new DicomException("its lossless JPEG has fewer chrominances than pixels, which is not read: convert it with dcmdjpeg FILE NEW");
        // a sample takes one bit at least
        if ((long)header.Rows * header.Columns * header.Components.Count > 8L * codestream.Length) throw DicomException.TruncatedPixels();
        return new LosslessJpeg(codestream, header).DecodeScans();
    }

    private int[] DecodeScans()
    {
        var position = JpegSegment.First(codestream);
        while (isDecoded.Contains(false))
        {
            if (JpegSegment.TryRead(codestream, ref position) is not { Marker: not JpegSegment.EndOfImage } segment) throw DicomException.TruncatedPixels();
            var payload = segment.Payload(codestream);
            switch (segment.Marker)
            {
                case JpegSegment.HuffmanTables:
                    ReadTables(payload);
                    break;
                case JpegSegment.RestartInterval:
                    restartInterval = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : throw Damaged();
                    break;
                case JpegSegment.StartOfScan:
                    position = DecodeScan(payload, position);
                    break;
            }
        }
        return samples;
    }

    private void ReadTables(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0)
        {
            if (payload.Length < 17) throw Damaged();
            var (id, count) = (payload[0], 0);
            foreach (var codes in payload.Slice(1, 16)) count += codes;
            if (id > 3 || payload.Length < 17 + count) throw Damaged();
            tables[id] = new HuffmanTable(payload.Slice(1, 16), payload.Slice(17, count));
            payload = payload[(17 + count)..];
        }
    }

    /// <summary>Decodes a scan of one component or more and gives where the segment after it begins.</summary>
    private int DecodeScan(ReadOnlySpan<byte> payload, int position)
    {
        if (payload.Length < 1 || payload[0] is 0 or > 4 || payload.Length < 4 + (2 * payload[0])) throw Damaged();
        var components = new (int Component, HuffmanTable Table)[payload[0]];
        for (var i = 0; i < components.Length; i++)
        {
            var (id, table) = (payload[1 + (2 * i)], payload[2 + (2 * i)] >> 4);
            var component = header.Components.ToList().FindIndex(component => component.Id == id);
            if (component < 0 || isDecoded[component] || table > 3 || tables[table] is not { } huffman) throw Damaged();
            components[i] = (component, huffman);
            isDecoded[component] = true;
        }
        var (predictor, transform) = (payload[1 + (2 * components.Length)], payload[3 + (2 * components.Length)] & 15);
        if (predictor is 0 or > 7 || transform >= header.Precision) throw Damaged();
        // a restart begins a row (H.1.1)
        if (restartInterval % header.Columns != 0) throw Damaged();

        var bits = new JpegBits(codestream, position);
        var rowsOfInterval = restartInterval / header.Columns;
        for (var row = 0; row < header.Rows; row++)
        {
            var isFirst = row == 0;
            if (rowsOfInterval > 0 && row > 0 && row % rowsOfInterval == 0)
            {
                bits.Restart((row / rowsOfInterval) - 1);
                isFirst = true;
            }
            DecodeRow(ref bits, row, components, predictor, isFirst ? 1 << (header.Precision - transform - 1) : null);
            if (bits.IsExhausted) throw DicomException.TruncatedPixels();
        }
        if (transform > 0) Shift(components, transform);
        var end = bits.End();
        // what makes a fragment's length even would pass for the last bits
        return end + 1 < codestream.Length ? end : throw DicomException.TruncatedPixels();
    }

    /// <param name="start">What a first row, which has none above it, begins with; null in others.</param>
    private void DecodeRow(ref JpegBits bits, int row, ReadOnlySpan<(int Component, HuffmanTable Table)> components, int predictor, int? start)
    {
        var stride = header.Components.Count;
        var width = header.Columns * stride;
        var current = samples.AsSpan(row * width, width);
        var above = start is null ? samples.AsSpan((row - 1) * width, width) : default;
        for (var x = 0; x < width; x += stride)
        {
            foreach (var (component, table) in components)
            {
                var at = x + component;
                int prediction;
                if (x == 0) prediction = start ?? above[at];
                else if (above.IsEmpty) prediction = current[at - stride];
                else prediction = Predict(predictor, current[at - stride], above[at], above[at - stride]);
                current[at] = (prediction + bits.Difference(table)) & 0xFFFF;
            }
        }
    }

    /// <summary>Table H.1: from the samples to the left, above, and above the left.</summary>
    private static int Predict(int predictor, int left, int above, int aboveLeft) => predictor switch
    {
        1 => left,
        2 => above,
        3 => aboveLeft,
        4 => left + above - aboveLeft,
        5 => left + ((above - aboveLeft) >> 1),
        6 => above + ((left - aboveLeft) >> 1),
        _ => (left + above) >> 1,
    };

    /// <summary>Undoes the point transform: the lowest bits were not coded (H.1.2.1).</summary>
    private void Shift(ReadOnlySpan<(int Component, HuffmanTable Table)> components, int bits)
    {
        foreach (var (component, _) in components)
        {
            for (var at = component; at < samples.Length; at += header.Components.Count) samples[at] <<= bits;
        }
    }

    private static DicomException Damaged() => DicomException.DamagedPixels("JPEG");
}
