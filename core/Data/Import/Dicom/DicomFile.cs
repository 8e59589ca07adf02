using System.IO.Compression;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Import.Dicom;

/// <summary>A DICOM file (PS3.10, clause 7), read up to its pixel data.</summary>
internal sealed class DicomFile : IDisposable
{
    private const int PreambleLength = 128;

    // A small file can unpack to gigabytes of zeros. Images never pack so well; blank test data does, but it is small.
    private const long AlwaysUnpacked = 64L << 20;
    private const long BestRatio = 250;

    private readonly FileStream file;
    private readonly List<string> remarks = [];
    private readonly string? mediaClass;

    private DicomFile(string path, FileStream file)
    {
        (Path, this.file) = (path, file);
        file.Position = Start(file);
        Stream = new DicomStream(file, file.Length);
        var meta = new DataSetParser(Stream, isExplicit: true).ReadMeta();
        mediaClass = meta.Text(DicomTag.MediaStorageSopClassUid);
        var declared = meta.Text(DicomTag.TransferSyntaxUid) is { } uid ? TransferSyntax.Of(uid) : null;
        if (declared is { IsDeflated: true })
        {
            Syntax = declared;
            Stream = new DicomStream(
                new BufferedStream(new DeflateStream(file, CompressionMode.Decompress, leaveOpen: true), 1 << 16),
                Math.Max(AlwaysUnpacked, BestRatio * file.Length));
            (DataSet, Pixels) = new DataSetParser(Stream, isExplicit: true).ReadToPixelData();
            return;
        }
        var found = Recognised(Stream);
        if (declared is null) remarks.Add("its transfer syntax is not given and was recognised");
        else if (declared.IsExplicit != found.IsExplicit || declared.IsBigEndian != found.IsBigEndian) remarks.Add("its data set is in another syntax than it says");
        Syntax = declared ?? found;
        Stream.IsBigEndian = found.IsBigEndian;
        (DataSet, Pixels) = new DataSetParser(Stream, found.IsExplicit).ReadToPixelData();
    }

    public string Path { get; }

    public DataSet DataSet { get; }

    public TransferSyntax Syntax { get; }

    /// <summary>Identifier of the kind of object; null where the file does not say.</summary>
    public string? SopClass => DataSet.Text(DicomTag.SopClassUid) ?? mediaClass;

    /// <summary>Null where there are none.</summary>
    public PixelElement? Pixels { get; }

    /// <summary>Stands at the first byte of the pixel data.</summary>
    public DicomStream Stream { get; }

    public IReadOnlyList<string> Remarks => remarks;

    public static DicomFile Open(string path)
    {
        var file = FileErrors.Open(path);
        try
        {
            return new DicomFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether these first bytes of a file, 132 or more if it has them, are a DICOM file's: with its preamble, or without as older programs wrote them.</summary>
    public static bool IsDicom(ReadOnlySpan<byte> head) => HasPreamble(head) || IsBareDataSet(head);

    public void Dispose() => file.Dispose();

    private static long Start(FileStream file)
    {
        Span<byte> head = stackalloc byte[PreambleLength + 4];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (HasPreamble(head)) return PreambleLength + 4;
        return IsBareDataSet(head) ? 0 : throw new DicomException("is no DICOM file");
    }

    private static bool HasPreamble(ReadOnlySpan<byte> head) => head.Length >= PreambleLength + 4 && head.Slice(PreambleLength, 4).SequenceEqual("DICM"u8);

    /// <summary>Whether the first element is one of group 2 or 8, as it is in every data set, with a representation or a short length.</summary>
    private static bool IsBareDataSet(ReadOnlySpan<byte> head) =>
        head is [0x02 or 0x08, 0, _, 0, var a, var b, _, var high, ..] && (IsRepresentation(a, b) || high == 0)
        || head is [0, 0x08, 0, _, var c, var d, _, _, ..] && IsRepresentation(c, d);

    /// <summary>The syntax that the first element shows: group 8 read in the wrong order is far beyond any other, and a representation is two capitals.</summary>
    private static TransferSyntax Recognised(DicomStream stream)
    {
        var start = stream.Position;
        if (!stream.Has(6)) return TransferSyntax.ImplicitLittleEndian;
        var head = stream.Next(6);
        var (isBigEndian, isExplicit) = (head[0] == 0 && head[1] != 0, IsRepresentation(head[4], head[5]));
        stream.Position = start;
        if (!isExplicit) return TransferSyntax.ImplicitLittleEndian;
        return isBigEndian ? TransferSyntax.ExplicitBigEndian : TransferSyntax.ExplicitLittleEndian;
    }

    private static bool IsRepresentation(byte a, byte b) => char.IsAsciiLetterUpper((char)a) && char.IsAsciiLetterUpper((char)b);
}
