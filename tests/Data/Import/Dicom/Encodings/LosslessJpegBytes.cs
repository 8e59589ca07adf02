namespace MedTransfer.Tests.Data.Import.Dicom.Encodings;

/// <summary>Writes lossless JPEG (ITU-T T.81, annex H) in every form that the decoder is to read.</summary>
internal sealed record LosslessJpegBytes(int Columns, int Rows, int Components, int Precision)
{
    /// <summary>How many codes have 1 to 16 bits: all of the 17 values five bits.</summary>
    public static readonly byte[] FiveBits = [0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A code of each length, and two of the longest.</summary>
    public static readonly byte[] AllLengths = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2];

    public int Predictor { get; init; } = 1;

    /// <summary>Lowest bits that are left out.</summary>
    public int PointTransform { get; init; }

    /// <summary>Rows after which a restart stands, 0 for none.</summary>
    public int RestartRows { get; init; }

    public byte[] CodeCounts { get; init; } = FiveBits;

    /// <summary>Whether each component has a scan of its own.</summary>
    public bool HasSeparateScans { get; init; }

    public byte[] Encode(int[] samples)
    {
        List<byte> bytes = [0xFF, 0xD8];
        bytes.AddRange(Segment(0xC4, [0, .. CodeCounts, .. Enumerable.Range(0, 17).Select(value => (byte)value)]));
        bytes.AddRange(Segment(0xC3,
        [
            (byte)Precision, (byte)(Rows >> 8), (byte)Rows, (byte)(Columns >> 8), (byte)Columns, (byte)Components,
            .. Enumerable.Range(1, Components).SelectMany<int, byte>(id => [(byte)id, 0x11, 0]),
        ]));
        if (RestartRows > 0) bytes.AddRange(Segment(0xDD, [(byte)((RestartRows * Columns) >> 8), (byte)(RestartRows * Columns)]));
        int[] all = [.. Enumerable.Range(0, Components)];
        foreach (var components in HasSeparateScans ? all.Select(component => new[] { component }) : [all])
        {
            bytes.AddRange(Segment(0xDA,
            [
                (byte)components.Length, .. components.SelectMany<int, byte>(component => [(byte)(component + 1), 0]), (byte)Predictor, 0, (byte)PointTransform,
            ]));
            Scan(bytes, samples, components);
        }
        return [.. bytes, 0xFF, 0xD9];
    }

    private void Scan(List<byte> bytes, int[] samples, int[] components)
    {
        var codes = Codes();
        var bits = new List<bool>();
        for (var row = 0; row < Rows; row++)
        {
            var isFirst = row == 0 || (RestartRows > 0 && row % RestartRows == 0);
            if (isFirst && row > 0)
            {
                Flush(bytes, bits);
                bytes.AddRange([0xFF, (byte)(0xD0 + (((row / RestartRows) - 1) % 8))]);
            }
            for (var column = 0; column < Columns; column++)
            {
                foreach (var component in components)
                {
                    int At(int dy, int dx) => samples[((((row - dy) * Columns) + column - dx) * Components) + component] >> PointTransform;
                    var predicted = (isFirst, column) switch
                    {
                        (true, 0) => 1 << (Precision - PointTransform - 1),
                        (true, _) => At(0, 1),
                        (false, 0) => At(1, 0),
                        _ => Predict(At(0, 1), At(1, 0), At(1, 1)),
                    };
                    Write(bits, codes, (short)(At(0, 0) - predicted));
                }
            }
        }
        Flush(bytes, bits);
    }

    private int Predict(int a, int b, int c) => Predictor switch
    {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    };

    private static void Write(List<bool> bits, (int Code, int Length)[] codes, int difference)
    {
        var size = 0;
        while (Math.Abs(difference) >= 1 << size) size++;
        if (difference == short.MinValue) size = 16;
        Append(bits, codes[size].Code, codes[size].Length);
        if (size < 16) Append(bits, difference < 0 ? difference - 1 : difference, size);
    }

    private static void Append(List<bool> bits, int value, int count)
    {
        for (var bit = count - 1; bit >= 0; bit--) bits.Add(((value >> bit) & 1) != 0);
    }

    /// <summary>Fills the last byte with ones, and stuffs a zero after FF.</summary>
    private static void Flush(List<byte> bytes, List<bool> bits)
    {
        while (bits.Count % 8 != 0) bits.Add(true);
        foreach (var eight in bits.Chunk(8))
        {
            var value = eight.Aggregate(0, (sum, bit) => (sum << 1) | (bit ? 1 : 0));
            bytes.Add((byte)value);
            if (value == 0xFF) bytes.Add(0);
        }
        bits.Clear();
    }

    private (int Code, int Length)[] Codes()
    {
        List<(int, int)> codes = [];
        var code = 0;
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var i = 0; i < CodeCounts[length - 1]; i++) codes.Add((code++, length));
        }
        return [.. codes];
    }

    private static byte[] Segment(byte marker, byte[] payload) => [0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload];
}
