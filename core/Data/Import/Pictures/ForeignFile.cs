using System.IO.Compression;
using System.Text;

namespace MedTransfer.Data.Import.Pictures;

/// <summary>Files that are no images to be read, by what people most often put beside images: each with what to do about it, as messages say it after a path.</summary>
internal static class ForeignFile
{
    private const string Volume = "volumes are not read: save the slices that count as PNG or DICOM";
    private const string Slide = "is a whole-slide image: cut out the regions that count with QuPath or OpenSlide and save them as PNG";
    private const string Video = "is a video: save the frames that count as PNG (ffmpeg -i FILE frame%04d.png)";

    // Where a format begins otherwise than at the first byte, Offset says where.
    private static readonly (int Offset, byte[] Bytes, string What)[] Signatures =
    [
        (4, [.. "ftypheic"u8], Heic("HEIC")), (4, [.. "ftypheix"u8], Heic("HEIC")), (4, [.. "ftypmif1"u8], Heic("HEIC")), (4, [.. "ftypmsf1"u8], Heic("HEIC")),
        (4, [.. "ftypavif"u8], Heic("AVIF")), (4, [.. "ftypavis"u8], Heic("AVIF")),
        (4, [.. "ftyp"u8], Video), (4, [.. "moov"u8], Video), (4, [.. "mdat"u8], Video), (4, [.. "wide"u8], Video),
        (8, [.. "AVI "u8], Video), (0, [0x1A, 0x45, 0xDF, 0xA3], Video), (0, [0, 0, 1, 0xBA], Video), (0, [0, 0, 1, 0xB3], Video),
        (0, [.. "%PDF"u8], "is a PDF: save the images in it as PNG (pdfimages -png FILE image)"),
        (0, [.. "PK\x03\x04"u8], Archive("ZIP")), (0, [.. "PK\x05\x06"u8], Archive("ZIP")), (0, [.. "Rar!"u8], Archive("RAR")),
        (0, [(byte)'7', (byte)'z', 0xBC, 0xAF], Archive("7z")), (257, [.. "ustar"u8], Archive("tar")),
        (0, [.. "NRRD000"u8], $"is a NRRD file: {Volume}"),
        (0, [0, 0, 0, 12, .. "jP  "u8], Other("JPEG 2000 picture")), (0, [0xFF, 0x4F, 0xFF, 0x51], Other("JPEG 2000 picture")),
        (0, [0, 0, 0, 12, .. "JXL "u8], Other("JPEG XL picture")), (0, [0xFF, 0x0A], Other("JPEG XL picture")),
        (0, [.. "8BPS"u8], Other("Photoshop file")), (0, [.. "P5"u8], Other("PGM picture")), (0, [.. "P6"u8], Other("PPM picture")),
        (0, [.. "P2"u8], Other("PGM picture")), (0, [.. "P3"u8], Other("PPM picture")),
        (0, [0x93, .. "NUMPY"u8], "is a NumPy array: pack images and labels as .npz, and give that to the recipe itself"),
        (0, [0x89, .. "HDF"u8], "is an HDF5 file: save the images in it as PNG"),
    ];

    /// <summary>What a file is whose bytes would say something else: slides are TIFF files, or JPEG files with a folder beside them. Null where its name says nothing.</summary>
    public static string? ByName(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".SVS" or ".NDPI" or ".MRXS" or ".SCN" or ".VMS" or ".BIF" => Slide,
        ".MHD" or ".MHA" => $"is a MetaImage file: {Volume}",
        _ => null,
    };

    /// <summary>What a file is that is neither DICOM nor a picture.</summary>
    /// <param name="head">Its first bytes, 4 KiB where it has as many.</param>
    public static string ByContent(string path, ReadOnlySpan<byte> head)
    {
        if (IsNifti(head)) return $"is a NIfTI file: {Volume}";
        if (head is [0x1F, 0x8B, ..])
        {
            return IsNifti(Unpacked(head)) || path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase)
                ? $"is a NIfTI file: {Volume}" : "is packed by gzip: unpack it first (gunzip)";
        }
        foreach (var (offset, bytes, what) in Signatures)
        {
            if (head.Length >= offset && head[offset..].StartsWith(bytes)) return what;
        }
        return head.ContainsAnyExcept((byte)0)
            ? Text(head) ?? "is no image that is read here (PNG, JPEG, BMP, TIFF, GIF, WebP or DICOM): convert it to PNG"
            : "has zeros only: copy or download it again";
    }

    private static string Heic(string format) => $"is a {format} picture, which is not read: convert it to PNG or JPEG";

    private static string Other(string what) => $"is a {what}, which is not read: convert it to PNG";

    private static string Archive(string format) => $"is a {format} archive: unpack it first";

    // NIfTI-1 and -2, and Analyze 7.5: the header's own length, in either byte order, and a magic at its end or after it.
    private static bool IsNifti(ReadOnlySpan<byte> head) =>
        head.Length >= 348 && (head[344..].StartsWith("n+1\0"u8) || head[344..].StartsWith("ni1\0"u8))
        || head.Length >= 8 && (head[4..].StartsWith("n+2\0"u8) || head[4..].StartsWith("ni2\0"u8))
        || head is [0x5C, 1, 0, 0, ..] or [0, 0, 1, 0x5C, ..];

    private static byte[] Unpacked(ReadOnlySpan<byte> head)
    {
        var unpacked = new byte[352];
        using var gzip = new GZipStream(new MemoryStream(head.ToArray()), CompressionMode.Decompress);
        try
        {
            return unpacked[..gzip.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    // Null where it is no text.
    private static string? Text(ReadOnlySpan<byte> head)
    {
        if (head.ContainsAny((byte)0, (byte)1, (byte)2)) return null;
        var text = Encoding.Latin1.GetString(head).TrimStart('\xEF', '\xBB', '\xBF', ' ', '\t', '\r', '\n');
        if (text.Any(c => char.IsControl(c) && c is < ' ' and not ('\t' or '\r' or '\n' or '\f' or '\x1B'))) return null;
        return text.StartsWith("version https://git-lfs", StringComparison.Ordinal) ? "is a Git LFS pointer, not the image itself: run git lfs pull in its repository"
            : text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
                ? "is a web page, as servers send where an image cannot be had: download it again"
            : text.Contains("ObjectType = ", StringComparison.Ordinal) ? $"is a MetaImage file: {Volume}"
            : text.StartsWith("<?xml", StringComparison.Ordinal) || text.StartsWith("<svg", StringComparison.Ordinal) ? "is XML, as SVG drawings are: save it as PNG"
            : "is text, not an image: give tables of labels as such, or remove it";
    }
}
