namespace MedTransfer.Data.Import.Dicom;

/// <summary>How pixel data is packed.</summary>
internal enum PixelEncoding
{
    Native,
    RunLength,

    /// <summary>Any process of ITU-T T.81: the codestream says which.</summary>
    Jpeg,
    JpegLs,
    Jpeg2000,
    HighThroughputJpeg2000,
    Video,

    /// <summary>What nothing here reads or converts.</summary>
    Other,
}

/// <summary>A transfer syntax of PS3.5, clause 10 and annex A.</summary>
/// <param name="Name">As PS3.6 has it, without what it adds in brackets.</param>
/// <param name="Encoding">How its pixel data is packed.</param>
/// <param name="IsExplicit">Whether elements name their value representation.</param>
internal sealed record TransferSyntax(string Name, PixelEncoding Encoding, bool IsExplicit = true)
{
    private const string Root = "1.2.840.10008.1.2";

    public static TransferSyntax ImplicitLittleEndian { get; } = new("Implicit VR Little Endian", PixelEncoding.Native, IsExplicit: false);

    public static TransferSyntax ExplicitLittleEndian { get; } = new("Explicit VR Little Endian", PixelEncoding.Native);

    public static TransferSyntax ExplicitBigEndian { get; } = new("Explicit VR Big Endian", PixelEncoding.Native) { IsBigEndian = true };

    public bool IsBigEndian { get; init; }

    /// <summary>Whether the data set is packed as RFC 1951 has it, pixel data and all.</summary>
    public bool IsDeflated { get; init; }

    /// <summary>Whether pixel data is a sequence of fragments.</summary>
    public bool IsEncapsulated => Encoding != PixelEncoding.Native;

    /// <summary>The syntax of an identifier. What is not known is read as far as its tags go, as all new ones are explicit and little endian.</summary>
    public static TransferSyntax Of(string uid) => uid switch
    {
        Root => ImplicitLittleEndian,
        Root + ".1" => ExplicitLittleEndian,
        Root + ".1.98" => new("Encapsulated Uncompressed Explicit VR Little Endian", PixelEncoding.Other),
        Root + ".1.99" => new("Deflated Explicit VR Little Endian", PixelEncoding.Native) { IsDeflated = true },
        Root + ".2" => ExplicitBigEndian,
        Root + ".4.50" => new("JPEG Baseline (Process 1)", PixelEncoding.Jpeg),
        Root + ".4.51" => new("JPEG Extended (Process 2 and 4)", PixelEncoding.Jpeg),
        Root + ".4.53" => new("JPEG Spectral Selection (Process 6 and 8)", PixelEncoding.Jpeg),
        Root + ".4.55" => new("JPEG Full Progression (Process 10 and 12)", PixelEncoding.Jpeg),
        Root + ".4.57" => new("JPEG Lossless (Process 14)", PixelEncoding.Jpeg),
        Root + ".4.70" => new("JPEG Lossless (Process 14, Selection Value 1)", PixelEncoding.Jpeg),
        Root + ".4.80" => new("JPEG-LS Lossless", PixelEncoding.JpegLs),
        Root + ".4.81" => new("JPEG-LS Near-Lossless", PixelEncoding.JpegLs),
        Root + ".4.90" => new("JPEG 2000 Lossless", PixelEncoding.Jpeg2000),
        Root + ".4.91" => new("JPEG 2000", PixelEncoding.Jpeg2000),
        Root + ".4.92" => new("JPEG 2000 Part 2 Lossless", PixelEncoding.Jpeg2000),
        Root + ".4.93" => new("JPEG 2000 Part 2", PixelEncoding.Jpeg2000),
        Root + ".4.94" or Root + ".4.95" => new("JPIP Referenced, which only points to its pixels", PixelEncoding.Other),
        Root + ".4.100" or Root + ".4.101" or Root + ".4.100.1" or Root + ".4.101.1" => new("MPEG2", PixelEncoding.Video),
        Root + ".4.102" or Root + ".4.103" or Root + ".4.104" or Root + ".4.105" or Root + ".4.106" => new("MPEG-4", PixelEncoding.Video),
        Root + ".4.107" or Root + ".4.108" => new("HEVC", PixelEncoding.Video),
        Root + ".4.110" => new("JPEG XL Lossless", PixelEncoding.Other),
        Root + ".4.111" => new("JPEG XL JPEG Recompression", PixelEncoding.Other),
        Root + ".4.112" => new("JPEG XL", PixelEncoding.Other),
        Root + ".4.201" => new("High-Throughput JPEG 2000 Lossless", PixelEncoding.HighThroughputJpeg2000),
        Root + ".4.202" => new("High-Throughput JPEG 2000 RPCL Lossless", PixelEncoding.HighThroughputJpeg2000),
        Root + ".4.203" => new("High-Throughput JPEG 2000", PixelEncoding.HighThroughputJpeg2000),
        Root + ".5" => new("RLE Lossless", PixelEncoding.RunLength),
        _ => new("one that is not known here", PixelEncoding.Other),
    };
}
