using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MedTransfer.Data.Formats;

/// <summary>The plain types an array can hold.</summary>
public enum NpyKind
{
    Boolean,
    SignedInteger,
    UnsignedInteger,
    FloatingPoint,

    /// <summary>Text of a fixed number of letters, UTF-32, padded with zeros.</summary>
    Text,

    /// <summary>Text of a fixed number of bytes, UTF-8 (as ASCII is), padded with zeros.</summary>
    ByteText,
}

/// <summary>How one element is stored: NumPy's <c>descr</c>, such as <c>&lt;f4</c>.</summary>
/// <param name="Size">Bytes an element: of numbers 1, 2, 4 or 8.</param>
public readonly record struct NpyType(NpyKind Kind, int Size, bool BigEndian)
{
    private const int LongestText = 1 << 12;

    /// <summary>The type a <c>descr</c> names; null where it is neither a plain number nor text of one letter to 4,096.</summary>
    public static NpyType? TryParse(string descr)
    {
        var text = descr.AsSpan();
        var bigEndian = text is ['>', ..];
        if (text is ['<' or '>' or '|' or '=', ..]) text = text[1..];
        return text switch
        {
            "b1" => new(NpyKind.Boolean, 1, bigEndian),
            ['i', '1' or '2' or '4' or '8'] => new(NpyKind.SignedInteger, text[1] - '0', bigEndian),
            ['u', '1' or '2' or '4' or '8'] => new(NpyKind.UnsignedInteger, text[1] - '0', bigEndian),
            ['f', '2' or '4' or '8'] => new(NpyKind.FloatingPoint, text[1] - '0', bigEndian),
            ['U', ..] when Letters(text[1..]) is { } letters => new(NpyKind.Text, 4 * letters, bigEndian),
            ['S', ..] when Letters(text[1..]) is { } letters => new(NpyKind.ByteText, letters, bigEndian),
            _ => null,
        };
    }

    public bool IsText => Kind is NpyKind.Text or NpyKind.ByteText;

    /// <summary>NumPy's code of the type: <c>&lt;f4</c>, <c>|u1</c>.</summary>
    public string Descr
    {
        get
        {
            var order = Size == 1 ? '|' : BigEndian ? '>' : '<';
            var kind = Kind switch
            {
                NpyKind.Boolean => 'b',
                NpyKind.SignedInteger => 'i',
                NpyKind.UnsignedInteger => 'u',
                NpyKind.Text => 'U',
                NpyKind.ByteText => 'S',
                _ => 'f',
            };
            return $"{order}{kind}{(Kind == NpyKind.Text ? Size / 4 : Size)}";
        }
    }

    public bool IsInteger => Kind is NpyKind.SignedInteger or NpyKind.UnsignedInteger;

    /// <summary>
    /// The value of an integer or boolean element. Unsigned values of 2^63 and more come back as the negative number of the same
    /// bits: still distinct as identifiers, and out of range wherever a range is asked for.
    /// </summary>
    public long ToInt64(ReadOnlySpan<byte> element) => Kind switch
    {
        NpyKind.Boolean => element[0] == 0 ? 0 : 1,
        NpyKind.UnsignedInteger => unchecked((long)Bits(element)),
        NpyKind.SignedInteger => Size switch
        {
            1 => (sbyte)element[0],
            2 => (short)Bits(element),
            4 => (int)Bits(element),
            _ => (long)Bits(element),
        },
        _ => throw new InvalidOperationException($"{this} is not an integer type"),
    };

    /// <summary>The value of an element of any type, rounded to a double where 64-bit integers need it.</summary>
    public double ToDouble(ReadOnlySpan<byte> element) => (Kind, Size) switch
    {
        (NpyKind.FloatingPoint, 2) => (double)BitConverter.UInt16BitsToHalf((ushort)Bits(element)),
        (NpyKind.FloatingPoint, 4) => BitConverter.UInt32BitsToSingle((uint)Bits(element)),
        (NpyKind.FloatingPoint, _) => BitConverter.UInt64BitsToDouble(Bits(element)),
        (NpyKind.UnsignedInteger, _) => Bits(element),
        _ => ToInt64(element),
    };

    /// <summary>The text of an element, without the zeros it is padded with; what is no letter comes back as U+FFFD.</summary>
    public string ToText(ReadOnlySpan<byte> element)
    {
        var encoding = Kind switch
        {
            NpyKind.ByteText => Encoding.UTF8,
            NpyKind.Text => BigEndian ? BigEndianUtf32 : Encoding.UTF32,
            _ => throw new InvalidOperationException($"{this} is not text"),
        };
        return encoding.GetString(element).TrimEnd('\0');
    }

    /// <summary>The element in decimal, or its text in quotes, for messages.</summary>
    public string Show(ReadOnlySpan<byte> element) => Kind switch
    {
        NpyKind.FloatingPoint => ToDouble(element).ToString("R", CultureInfo.InvariantCulture),
        NpyKind.UnsignedInteger => Bits(element).ToString(CultureInfo.InvariantCulture),
        NpyKind.Text or NpyKind.ByteText => OneLine.Quote(ToText(element)),
        _ => ToInt64(element).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>NumPy's name of the type: <c>uint8</c>, <c>float32</c>; of text, <c>text</c>.</summary>
    public override string ToString() => Kind switch
    {
        NpyKind.Boolean => "bool",
        NpyKind.SignedInteger => $"int{Size * 8}",
        NpyKind.UnsignedInteger => $"uint{Size * 8}",
        NpyKind.Text or NpyKind.ByteText => "text",
        _ => $"float{Size * 8}",
    };

    private static readonly UTF32Encoding BigEndianUtf32 = new(bigEndian: true, byteOrderMark: false);

    private static int? Letters(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var letters) && letters is >= 1 and <= LongestText ? letters : null;

    private ulong Bits(ReadOnlySpan<byte> element) => (Size, BigEndian) switch
    {
        (1, _) => element[0],
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(element),
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(element),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(element),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(element),
        (_, false) => BinaryPrimitives.ReadUInt64LittleEndian(element),
        (_, true) => BinaryPrimitives.ReadUInt64BigEndian(element),
    };
}
