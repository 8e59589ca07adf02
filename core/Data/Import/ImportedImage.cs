namespace MedTransfer.Data.Import;

/// <summary>A file that became an image of the set.</summary>
/// <param name="Place">Where the spool has it.</param>
/// <param name="Listed">What was known of the file before.</param>
/// <param name="IsColour">Whether it has three planes, else one.</param>
/// <param name="Patient">A number in place of who is shown; null where that is not known.</param>
/// <param name="Remarks">As <see cref="DecodedImage.Remarks"/>.</param>
internal sealed record ImportedImage(int Place, ListedImage Listed, bool IsColour, long? Patient, IReadOnlyList<string> Remarks)
{
    /// <summary>Knows its pixels again, as they are in the set; null where they are of one colour.</summary>
    public required UInt128? Pixels { get; init; }

    /// <summary>SHA-256 of the file's bytes, lower-case hexadecimal digits.</summary>
    public required string FileDigest { get; init; }

    /// <summary>Length of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>As <see cref="DecodedImage.Series"/>; written nowhere.</summary>
    public required string? Series { get; init; }

    /// <summary>The number of its DICOM study, or series, where no table or name says who is shown; null where there is none.</summary>
    public required long? Acquisition { get; init; }

    /// <summary>Pixels of the file's image.</summary>
    public required (int Width, int Height) Shape { get; init; }
}
