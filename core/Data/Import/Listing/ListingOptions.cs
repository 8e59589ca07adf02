using MedTransfer.Data.Import.Pictures;

namespace MedTransfer.Data.Import.Listing;

/// <summary>How a folder of images is understood, where it does not say so itself.</summary>
public sealed record ListingOptions
{
    /// <summary>
    /// A table of files and labels with a header (commas, semicolons, tabs or bars between its columns), as a path or as a name in the folder;
    /// null, the default, takes the one in the folder that names files, where there is one.
    /// </summary>
    public string? Table { get; init; }

    /// <summary>The table's column of file names; null, the default, takes the first of file, filename, image, path, image_id, id and name whose values name files, else any other that does.</summary>
    public string? FileColumn { get; init; }

    /// <summary>
    /// One column of classes, or several of findings; empty, the default, takes label, class, target or diagnosis, else all columns of 0, 1, -1 (uncertain)
    /// and empty (missing).
    /// </summary>
    public IReadOnlyList<string> LabelColumns { get; init; } = [];

    /// <summary>The table's column of patients; null, the default, takes patient, patient_id or subject.</summary>
    public string? PatientColumn { get; init; }

    /// <summary>The table's column of train, validation and test; null, the default, takes split or set.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>Whether images have no labels, whatever folders and columns there are; default no.</summary>
    public bool IsUnlabelled { get; init; }

    /// <summary>Whether tables in the folder are not read either, so that every image in it counts; default no.</summary>
    public bool IgnoresTables { get; init; }

    /// <summary>Whether files that the table names and that are not there are left out, and said, instead of an error; default no.</summary>
    public bool LeavesOutMissing { get; init; }

    /// <summary>
    /// A regular expression that finds the patient in a file's name below the folder, with slashes: its group <c>patient</c>, else its first group, else
    /// all that it matches. Null, the default, asks the table.
    /// </summary>
    public string? Patient { get; init; }

    /// <summary>Whether a file of that name, without its folder, may be an image.</summary>
    internal Func<string, bool> IsCandidate { get; init; } = ImageFiles.IsCandidate;
}
