using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>The elements of a data set, or of an item of a sequence, that are needed.</summary>
/// <param name="isBigEndian">Byte order of its binary values.</param>
internal sealed class DataSet(bool isBigEndian)
{
    private readonly Dictionary<uint, Element> elements = [];

    public bool IsBigEndian => isBigEndian;

    public void Add(uint tag, Element element) => elements[tag] = element;

    /// <summary>Whether there is a value, not only a tag.</summary>
    public bool Has(uint tag) => elements.TryGetValue(tag, out var element) && (element.Value.Length > 0 || element.Items.Count > 0);

    /// <summary>Text without the spaces and zeros around it; null where there is none.</summary>
    public string? Text(uint tag) => Text(tag, Encoding.Latin1);

    /// <summary>Text in the data set's own character set, as names of people and their numbers are.</summary>
    public string? TextInCharacterSet(uint tag) => Text(tag, CharacterSet(Text(DicomTag.SpecificCharacterSet)));

    /// <summary>Decimal strings, with null for each that is no finite number.</summary>
    public IReadOnlyList<double?> Decimals(uint tag) => Text(tag) is { } text ? [.. text.Split('\\').Select(Decimal)] : [];

    /// <summary>The first decimal string; null where there is none or it is no finite number.</summary>
    public double? Decimal(uint tag) => Decimals(tag) is [var first, ..] ? first : null;

    /// <summary>A binary number of 16 bits, of several the first; null where there is none.</summary>
    public int? Unsigned(uint tag) => Words(Bytes(tag)) is [var first, ..] ? first : null;

    /// <summary>A binary number of 16 bits with its sign where <paramref name="isSigned"/>, whatever its own representation: that is often wrong.</summary>
    public int? Whole(uint tag, bool isSigned) => Unsigned(tag) is { } bits ? isSigned ? (short)bits : bits : null;

    /// <summary>The value representation that an explicit syntax gives, <c>US</c>; null from an implicit one.</summary>
    public string? Representation(uint tag) => elements.GetValueOrDefault(tag).Representation;

    public ReadOnlySpan<byte> Bytes(uint tag) => elements.GetValueOrDefault(tag).Value;

    /// <summary>The value as numbers of 16 bits.</summary>
    public ushort[] Words(uint tag) => Words(Bytes(tag));

    /// <summary>Items of a sequence, in order.</summary>
    public IReadOnlyList<DataSet> Items(uint tag) => elements.GetValueOrDefault(tag).Items ?? [];

    /// <summary>
    /// Where the attributes of a frame's functional group stand (PS3.3 C.7.6.16): its own item, the one that all frames share, or the data set itself,
    /// which is where images of one frame have them.
    /// </summary>
    public DataSet OfFrame(uint group, int frame)
    {
        var own = Items(DicomTag.PerFrameFunctionalGroups);
        var shared = Items(DicomTag.SharedFunctionalGroups);
        if (frame <= own.Count && own[frame - 1].Items(group) is [var attributes, ..]) return attributes;
        return shared is [var all, ..] && all.Items(group) is [var same, ..] ? same : this;
    }

    private string? Text(uint tag, Encoding encoding)
    {
        var text = encoding.GetString(Bytes(tag)).Trim(' ', '\0', '\t', '\r', '\n');
        return text.Length > 0 ? text : null;
    }

    private ushort[] Words(ReadOnlySpan<byte> value)
    {
        var words = new ushort[value.Length / 2];
        for (var i = 0; i < words.Length; i++)
        {
            var word = value.Slice(2 * i, 2);
            words[i] = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(word) : BinaryPrimitives.ReadUInt16LittleEndian(word);
        }
        return words;
    }

    private static double? Decimal(string text) =>
        double.TryParse(text.Trim(' ', '\0'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>
    /// The character set of a defined term (PS3.3 C.12.1.1.2), the first of several. Of what is not known each byte is a character: a number that stands
    /// for a patient is still the same in all files of one device.
    /// </summary>
    private static Encoding CharacterSet(string? term)
    {
        var name = term?.Split('\\')[0].Trim().Replace("ISO 2022 IR ", "ISO_IR ", StringComparison.Ordinal);
        var page = name switch
        {
            "ISO_IR 192" => 65001,
            "ISO_IR 101" => 28592,
            "ISO_IR 109" => 28593,
            "ISO_IR 110" => 28594,
            "ISO_IR 144" => 28595,
            "ISO_IR 127" => 28596,
            "ISO_IR 126" => 28597,
            "ISO_IR 138" => 28598,
            "ISO_IR 148" => 28599,
            "ISO_IR 13" => 932,
            "ISO_IR 166" => 874,
            "GB18030" => 54936,
            "GBK" => 936,
            _ => 28591,
        };
        return CodePagesEncodingProvider.Instance.GetEncoding(page) ?? (page == 65001 ? Encoding.UTF8 : Encoding.Latin1);
    }
}

/// <summary>A value, or the items of a sequence.</summary>
/// <param name="Representation">Two letters; null where the syntax is implicit.</param>
internal readonly record struct Element(string? Representation, byte[] Value, IReadOnlyList<DataSet> Items);
