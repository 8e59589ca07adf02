using MedTransfer.Data.Formats;
using MedTransfer.Data.Import.Dicom;

namespace MedTransfer.Data.Import.Pictures;

/// <summary>Files of images of any kind: what to open, and how.</summary>
public static class ImageFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff", ".gif", ".webp",
        ".dcm", ".dicom", ".dic", ".ima",
        // Not read, but whose they are wants to know: opening them says what to do.
        ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".svs", ".ndpi", ".mrxs", ".scn", ".vms", ".bif", ".heic", ".heif", ".avif",
        ".jp2", ".j2k", ".jpx", ".jls", ".jxl", ".pgm", ".ppm", ".tga", ".psd", ".mp4", ".avi", ".mov", ".mkv", ".webm",
    };

    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        "DICOMDIR", "LOCKFILE", "VERSION", "README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "CHANGELOG", "Makefile", "Dockerfile", "Icon\r",
    };

    /// <summary>The image in a file: DICOM or a picture, as its bytes say, not its name.</summary>
    /// <param name="frame">Of DICOM files of several frames the one to read, from 1; null to refuse them.</param>
    /// <param name="admit">Told how many pixels it has before they are unpacked; may wait for memory.</param>
    /// <exception cref="MedTransferException">It is neither, or cannot be read; the message says what it is and what to do.</exception>
    public static DecodedImage Read(string path, int? frame = null, Action<long>? admit = null)
    {
        byte[] head;
        using (var file = FileErrors.Open(path)) head = FileErrors.Reading(path, () => Head(file));
        if (ForeignFile.ByName(path) is { } named) throw new MedTransferException($"{path}: {named}");
        if (IsDicom(head)) return DicomReader.Read(path, frame, admit);
        if (PictureHeader.FormatOf(head) is null) throw new MedTransferException($"{path}: {ForeignFile.ByContent(path, head)}");
        return PictureReader.Read(path, admit);
    }

    /// <summary>
    /// Whether a file in a folder may be an image, by its name alone: images' extensions, read here or not, none at all, or numbers, as DICOM files are
    /// often called by their UID.
    /// </summary>
    /// <param name="name">With or without folders before it.</param>
    public static bool IsCandidate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var file = Path.GetFileName(name);
        if (file.Length == 0 || file[0] == '.' || Others.Contains(file)) return false;
        var extension = Path.GetExtension(file);
        return extension.Length == 0 || Extensions.Contains(extension) || file.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase)
            || extension.AsSpan(1) is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>
    /// Whether a file's first bytes are DICOM's: its preamble and prefix (PS3.10, section 7.1), or, without them, a data element of group 0002 or 0008, as
    /// data sets begin that were written without their file's header.
    /// </summary>
    internal static bool IsDicom(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 132 && head[128..132].SequenceEqual("DICM"u8)) return true;
        if (head.Length < 8) return false;
        var isBigEndian = head[0] == 0;
        if (isBigEndian ? head[1] is not (2 or 8) || head[2] != 0 : head[0] is not (2 or 8) || head[1] != 0 || head[3] != 0) return false;
        // explicit: a value representation of two letters; implicit, which is little-endian: a length that a first element may have
        var isExplicit = char.IsAsciiLetterUpper((char)head[4]) && char.IsAsciiLetterUpper((char)head[5]);
        return isExplicit || !isBigEndian && head[5] == 0 && head[6] == 0 && head[7] == 0 && head[4] % 2 == 0;
    }

    private static byte[] Head(FileStream file)
    {
        var head = new byte[4096];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }
}
