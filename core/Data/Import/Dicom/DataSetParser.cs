namespace MedTransfer.Data.Import.Dicom;

/// <summary>Reads the elements of a data set (PS3.5, clause 7), keeps those that are needed and passes over the others, whatever they hold.</summary>
internal sealed class DataSetParser(DicomStream stream, bool isExplicit)
{
    private bool isExplicit = isExplicit;

    /// <summary>A length that is not given: items follow until a delimiter.</summary>
    public const uint Undefined = uint.MaxValue;

    // Real files nest five deep. Each level is a call here.
    private const int DeepestNesting = 40;

    // tables of colours and of grey values have 65,536 entries of two bytes at most
    private const uint LongestKept = 1 << 18;

    // of frames, whose items are the most that any sequence here has; the rest are passed over
    private const int MostItems = 1 << 16;

    /// <summary>Reads up to the pixel data, and where it is; null in its place where the data set has none.</summary>
    public (DataSet DataSet, PixelElement? Pixels) ReadToPixelData()
    {
        var dataSet = new DataSet(stream.IsBigEndian);
        while (stream.TryReadTag(out var tag))
        {
            var (representation, length) = ReadHeader(tag);
            if (tag is DicomTag.FloatPixelData or DicomTag.DoubleFloatPixelData)
                throw new DicomException("its pixels are floating-point numbers, which is not read: save it with whole numbers and a rescale slope");
            if (tag == DicomTag.PixelData) return (dataSet, new PixelElement(representation, stream.Position, length));
            ReadValue(dataSet, tag, representation, length, 0);
        }
        return (dataSet, null);
    }

    /// <summary>Reads the elements of the file meta information, and goes back to the first that is none.</summary>
    public DataSet ReadMeta()
    {
        var dataSet = new DataSet(stream.IsBigEndian);
        while (stream.TryReadTag(out var tag))
        {
            if (tag >> 16 != 2)
            {
                stream.Position -= 4;
                break;
            }
            var (representation, length) = ReadHeader(tag);
            ReadValue(dataSet, tag, representation, length, 0);
        }
        return dataSet;
    }

    private (string? Representation, uint Length) ReadHeader(uint tag)
    {
        // items and delimiters have a length alone, in every syntax
        if (!isExplicit || tag >> 16 == 0xFFFE) return (null, stream.ReadUInt32());
        var first = stream.Next(2);
        var (a, b) = (first[0], first[1]);
        if (!char.IsAsciiLetterUpper((char)a) || !char.IsAsciiLetterUpper((char)b))
        {
            // one element without a representation among others: its length stands there
            var rest = stream.Next(2);
            var (c, d) = (rest[0], rest[1]);
            return (null, stream.IsBigEndian ? (uint)((a << 24) | (b << 16) | (c << 8) | d) : (uint)(a | (b << 8) | (c << 16) | (d << 24)));
        }
        var representation = string.Create(2, (a, b), (text, letters) => (text[0], text[1]) = ((char)letters.a, (char)letters.b));
        if (representation is not ("OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "SQ" or "SV" or "UC" or "UN" or "UR" or "UT" or "UV"))
            return (representation, stream.ReadUInt16());
        stream.ReadUInt16();
        return (representation, stream.ReadUInt32());
    }

    /// <param name="target">Takes what is kept; null to pass over all.</param>
    private void ReadValue(DataSet? target, uint tag, string? representation, uint length, int depth)
    {
        if (target is not null && DicomTag.IsSequence(tag) && representation is (null or "SQ" or "UN"))
            target.Add(tag, new Element(representation, [], ReadItems(representation, length, depth + 1, isKept: true)));
        else if (length == Undefined)
            ReadItems(representation, length, depth + 1, isKept: false);
        else if (target is not null && DicomTag.IsKept(tag))
            target.Add(tag, new Element(representation, ReadKept(length), []));
        else
            stream.Skip(length);
    }

    private byte[] ReadKept(uint length) => length <= LongestKept ? stream.ReadBytes(length) : throw Damaged();

    /// <summary>The items of a sequence, or of anything else whose length is not given, up to its end or its delimiter.</summary>
    private List<DataSet> ReadItems(string? representation, uint length, int depth, bool isKept)
    {
        if (depth > DeepestNesting) throw Damaged();
        var outside = (isExplicit, stream.IsBigEndian);
        // what a program did not know and passed on as UN is implicit and little endian within (PS3.5 6.2.2, note 5)
        if (representation == "UN") (isExplicit, stream.IsBigEndian) = (false, false);
        List<DataSet> items = [];
        for (var end = End(length); stream.Position < end;)
        {
            var tag = stream.ReadTag();
            var itemLength = stream.ReadUInt32();
            if (tag == DicomTag.SequenceEnd) break;
            if (tag != DicomTag.Item) throw Damaged();
            var item = isKept && items.Count < MostItems ? new DataSet(stream.IsBigEndian) : null;
            if (item is not null) items.Add(item);
            if (item is null && itemLength != Undefined) stream.Skip(itemLength);
            else ReadItem(item, itemLength, depth);
        }
        (isExplicit, stream.IsBigEndian) = outside;
        return items;
    }

    private void ReadItem(DataSet? target, uint length, int depth)
    {
        for (var end = End(length); stream.Position < end;)
        {
            var tag = stream.ReadTag();
            var (representation, valueLength) = ReadHeader(tag);
            if (tag == DicomTag.ItemEnd) break;
            ReadValue(target, tag, representation, valueLength, depth);
        }
    }

    private long End(uint length) => length == Undefined ? long.MaxValue : stream.Position + length;

    private static DicomException Damaged() => new("its data set is damaged: copy or download it again");
}

/// <summary>Where the pixel data of a file begins.</summary>
/// <param name="Representation">OB or OW; null where the syntax is implicit, which is OW.</param>
/// <param name="Length">Bytes, or <see cref="DataSetParser.Undefined"/> where fragments follow.</param>
internal sealed record PixelElement(string? Representation, long Position, uint Length);
