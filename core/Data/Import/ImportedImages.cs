using MedTransfer.Data.Checks;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Reading;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Data.Import;

/// <summary>All images of an import, read and spooled: dealt into splits, and written.</summary>
/// <param name="images">In the order of the listing.</param>
/// <param name="leftOut">Files that did not become images.</param>
internal sealed class ImportedImages(ImageListing listing, ImportOptions options, IReadOnlyList<ImportedImage> images, IReadOnlyList<LeftOut> leftOut)
{
    private readonly ImageGroups groups = GroupsOf(images);
    private readonly int unknown = images.Count(image => image.Patient is null);
    private readonly bool inColour = images.Any(image => image.IsColour);

    // who takes names out of files often gives all the same one
    private static bool IsOneForAll(IReadOnlyList<ImportedImage> images) =>
        images.Count > 1 && images.All(image => image.Patient is not null && image.Patient == images[0].Patient && image.Acquisition is not null)
        && images.Any(image => image.Acquisition != images[0].Acquisition);

    // an image of nobody known stands for itself, by a number that no patient has
    private static ImageGroups GroupsOf(IReadOnlyList<ImportedImage> images)
    {
        var isOneForAll = IsOneForAll(images);
        return ImageGroups.Of([.. images.Select((image, place) => (isOneForAll ? image.Acquisition : image.Patient) ?? -1L - place)], [.. images.Select(image => image.Pixels)]);
    }

    private bool HasPatients => unknown < images.Count;

    private bool AreFindings => listing.Task == LabelTask.MultiLabel;

    /// <summary>Writes the set and its card.</summary>
    /// <param name="source">SHA-256 of what the images came from.</param>
    /// <param name="patientKey">Of the secret that patients were numbered with; null where none was needed.</param>
    /// <param name="before">The card of what is replaced, of which stays what a person wrote; null where there is none.</param>
    public ImportedSet Write(string output, ImageSpool spool, string source, string? patientKey, DatasetCard? before, CancellationToken cancellation)
    {
        RequireEnough();
        var splits = Splits();
        var members = Array.ConvertAll(SplitNames.All, split => Enumerable.Range(0, images.Count).Where(place => splits[place] == split).ToArray());
        // a positive class that was chosen by hand is kept, where it still is a class
        var chosen = before?.Positive is { } positive && listing.LabelNames.Contains(positive) ? positive : null;
        var card = Card(members, source, chosen) with { PatientKey = HasPatients ? patientKey : null, About = before?.About ?? new() };
        NpzWriter.WriteEach(output, SplitNames.All.SelectMany(split => Arrays(split, members[(int)split], spool, cancellation)));
        card.Write(output);
        return new(Path.GetFullPath(output), card, leftOut)
        {
            Details = [.. listing.Details, .. EqualImages()],
            FileNames = SplitNames.All.ToDictionary(split => split, split => (IReadOnlyList<string>)[.. members[(int)split].Select(member => images[member].Listed.Name)]),
            Patients = HasPatients ? groups.Numbers.Where(number => number >= 0).Distinct().Count() : null,
            HasUncertain = AreFindings && images.Any(image => image.Listed.Labels.Contains(-1)),
            ImageSize = options.Pixels.ImageSize,
            Channels = inColour ? 3 : 1,
        };
    }

    private void RequireEnough()
    {
        if (images.Count == 0)
            throw new MedTransferException($"None of {leftOut.Count} files could be read as an image, the first of them {leftOut[0].Name}: {leftOut[0].Reason}");
        if (images.Count > 1 && images.All(image => image.Pixels is not null && image.Pixels == images[0].Pixels))
            throw new MedTransferException($"All {images.Count} images are the same, pixel by pixel, {OneLine.Quote(images[0].Listed.Name)} to {OneLine.Quote(images[^1].Listed.Name)}: look at how they were saved.");
        if (listing.Task is null or LabelTask.MultiLabel)
            return;
        var known = images.Select(image => (int)image.Listed.Labels[0]).ToHashSet();
        if (Enumerable.Range(0, listing.LabelNames.Count).FirstOrDefault(label => !known.Contains(label), -1) is >= 0 and var none)
            throw new MedTransferException($"No image of {OneLine.Class(listing.LabelNames[none])} could be read: mend its files, or leave the class out.");
    }

    private SplitName[] Splits()
    {
        if (images.Any(image => image.Listed.Split is not null))
        {
            return options.Shares is null || options.KeepsGivenSplits
                ? [.. images.Select(image => image.Listed.Split ?? SplitName.Train)]
                : throw new MedTransferException("--split makes splits, but the folder or its table gives its own: leave --split out.") { IsUsage = true };
        }

        if (options.Shares is not { } shares)
            return new SplitName[images.Count];
        int[] strata = [.. images.Select(image => listing.Task is null ? 0 : AreFindings ? (image.Listed.Labels.Contains(1) ? 1 : 0) : (int)image.Listed.Labels[0])];
        var units = Units.Of(strata, groups.Numbers);
        var dealt = SplitDeal.Deal(units, shares.All, options.Seed);
        var splits = new SplitName[images.Count];
        for (var unit = 0; unit < units.Count; unit++)
        {
            foreach (var image in units[unit].Images)
                splits[image] = dealt[unit];
        }

        foreach (var split in SplitNames.All.Where(split => shares.All[(int)split] > 0))
        {
            var present = Enumerable.Range(0, splits.Length).Where(image => splits[image] == split).Select(image => strata[image]).ToHashSet();
            if (strata.Distinct().Order().FirstOrDefault(stratum => !present.Contains(stratum), -1) is >= 0 and var missing)
            {
                var name = AreFindings ? (missing == 1 ? "with findings" : "without findings") : OneLine.Class(listing.LabelNames.ElementAtOrDefault(missing) ?? "0");
                throw new MedTransferException($"--split leaves {split.Text()} without images of {name}: there are too few{(HasPatients ? " patients" : "")} of them for {options.Shares.Train}/{options.Shares.Validation}/{options.Shares.Test}; take more of them, give that split a larger share, or leave the class out.");
            }
        }

        return splits;
    }

    private IEnumerable<KeyValuePair<string, Action<Stream>>> Arrays(SplitName split, int[] members, ImageSpool spool, CancellationToken cancellation)
    {
        var colours = images.Where(image => image.IsColour).Select(image => image.Place).ToHashSet();
        yield return new(ArrayKeys.Images(split), stream => spool.WriteNpy(stream, [.. members.Select(member => images[member].Place)], inColour, colours.Contains, cancellation));
        if (listing.Task is not null)
            yield return new(ArrayKeys.Labels(split), stream => NpyWriter.Write(stream, LabelsOf(members)));
        if (HasPatients)
            yield return new(ArrayKeys.Patients(split), stream => NpyWriter.Write(stream, PatientsOf(members)));
    }

    private IEnumerable<string> EqualImages()
    {
        const int Most = 5;
        var equal = images.Where(image => image.Pixels is not null).GroupBy(image => image.Pixels).Where(group => group.Skip(1).Any()).Select(group => OneLine.FirstFew([.. group.Select(image => OneLine.Quote(image.Listed.Name))], " = ")).ToList();
        if (equal.Count > 0) yield return $"Equal images: {string.Join(", ", equal.Take(Most))}{(equal.Count > Most ? ", ..." : ".")}";
    }

    // what a file is, which no pixel of the set shows, may tell its label all the same
    private IEnumerable<string> OfFiles(int[] train)
    {
        var columns = AreFindings ? listing.LabelNames.Count : listing.Task is null ? 0 : 1;
        var labels = new byte[train.Length, columns];
        for (var row = 0; row < train.Length; row++)
        {
            for (var column = 0; column < columns; column++)
                labels[row, column] = images[train[row]].Listed.Labels[column] is >= 0 and var known ? (byte)known : Labels.Missing;
        }

        return Shortcuts.Notes(
            [
                ("Image size", [.. train.Select(image => (float)images[image].Shape.Width * images[image].Shape.Height)]),
                ("Aspect ratio", [.. train.Select(image => (float)images[image].Shape.Width / images[image].Shape.Height)]),
                ("File size", [.. train.Select(image => (float)images[image].FileBytes)]),
            ],
            Labels.Of(labels),
            HasPatients ? [.. train.Select(image => groups.Numbers[image])] : null,
            listing.LabelNames,
            $"if one class was taken or saved otherwise, {Shortcuts.Meaning}");
    }

    private Array LabelsOf(int[] members)
    {
        var columns = AreFindings ? listing.LabelNames.Count : 1;
        var (classes, findings) = (new byte[members.Length, columns], new float[members.Length, columns]);
        for (var row = 0; row < members.Length; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                findings[row, column] = images[members[row]].Listed.Labels[column];
                classes[row, column] = AreFindings ? (byte)0 : (byte)findings[row, column];
            }
        }

        return AreFindings ? findings : classes;
    }

    // numbers of images that stand for themselves are below 0, patients' are not
    private long[,] PatientsOf(int[] members)
    {
        var patients = new long[members.Length, 1];
        for (var row = 0; row < members.Length; row++)
            patients[row, 0] = groups.Numbers[members[row]];
        return patients;
    }

    private DatasetCard Card(int[][] members, string source, string? chosen) => new()
    {
        Labels = listing.Task is null ? null : listing.LabelNames,
        Positive = chosen ?? Positive,
        Pixels = options.Pixels.Describe(),
        PixelOptions = options.Pixels,
        Source = source,
        Counts = listing.Task is null ? null : SplitNames.All.ToDictionary(split => split.Text(), split => (IReadOnlyDictionary<string, int>)CountsOf(members[(int)split])),
        LeftOut = leftOut.Count == 0 ? null : leftOut.CountBy(left => left.Reason).ToDictionary(),
        Notes = [.. listing.Notes, .. Notes(chosen), .. OfFiles(members[(int)SplitName.Train])],
    };

    // classes go by their letters, which is no reason to take health for the disease
    private string? Positive => listing is { Task: LabelTask.BinaryClass, LabelNames: [var first, var second] } && MeansHealthy(second) && !MeansHealthy(first) ? first : null;

    internal static bool MeansHealthy(string name) =>
        name.ToUpperInvariant() is "HEALTHY" or "NORMAL" or "BENIGN" or "NEGATIVE" or "CONTROL" or "CONTROLS" or "NONE" or "NO" or "NO FINDING" or "NO_FINDING" or "ABSENT" or "WELL";

    private Dictionary<string, int> CountsOf(int[] members) => listing.LabelNames.Select((name, label) => (name, label)).ToDictionary(
        pair => pair.name,
        pair => members.Count(member => AreFindings ? images[member].Listed.Labels[pair.label] == 1 : images[member].Listed.Labels[0] == pair.label));

    private IEnumerable<string> Notes(string? chosen)
    {
        foreach (var (remark, count) in images.SelectMany(image => image.Remarks).CountBy(remark => remark).OrderByDescending(remark => remark.Value).ThenBy(remark => remark.Key, StringComparer.Ordinal))
            yield return FormattableString.Invariant($"In {count:N0} of {images.Count:N0} images {remark}.");
        if (inColour && images.Any(image => !image.IsColour))
            yield return FormattableString.Invariant($"{images.Count(image => !image.IsColour):N0} of {images.Count:N0} images are grey among coloured ones: grey became red, green and blue.");
        if (chosen is null && Positive is { } positive)
            yield return $"Sensitivity and its like are of {OneLine.Quote(positive)}, as {OneLine.Quote(listing.LabelNames[1])} is health (--positive of recipes names the other).";
        if (IsOneForAll(images))
            yield return "All files have one PatientID, as where names were taken out: each study counts as a patient.";
        else if (HasPatients && unknown == 0 && images.Count > 1 && groups.Numbers.Distinct().Count() == 1)
            yield return "All images are of one patient.";
        if (HasPatients && unknown > 0)
            yield return FormattableString.Invariant($"Of {unknown:N0} of {images.Count:N0} images it is not known who is shown: each counts as a patient.");
        if (images.Where(image => image.Series is not null).GroupBy(image => image.Series).Where(series => series.Skip(1).Any()).ToList() is { Count: > 0 } several)
            yield return FormattableString.Invariant($"{several.Sum(series => series.Count()):N0} of {images.Count:N0} images are of DICOM series that have several, such as the slices of a scan ({several.Count:N0} in all): each counts as an image.");
        if (groups.Duplicates > 0)
            yield return FormattableString.Invariant($"{groups.Duplicates:N0} of {images.Count:N0} images equal another one, pixel by pixel{(options.Shares is null ? "" : "; splits that were made keep them together")}.");
        if (groups.Merged > 0)
            yield return FormattableString.Invariant($"{groups.Merged:N0} {(groups.Merged == 1 ? "patient shares" : "patients share")} such an image with another patient, and count as one with that.");
        if (images.Select(image => image.Shape).Distinct().Skip(1).Any())
        {
            var (least, most) = (images.MinBy(image => (long)image.Shape.Width * image.Shape.Height)!.Shape, images.MaxBy(image => (long)image.Shape.Width * image.Shape.Height)!.Shape);
            yield return FormattableString.Invariant($"Images are of several sizes, from {least.Width} x {least.Height} to {most.Width} x {most.Height} pixels.");
        }
    }
}

/// <summary>A set that was imported.</summary>
/// <param name="Path">Full path of its <c>.npz</c>.</param>
/// <param name="Card">What stands in the <c>.json</c> beside it.</param>
/// <param name="LeftOut">Files that did not become images, with why.</param>
public sealed record ImportedSet(string Path, DatasetCard Card, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>More of the notes, with names of files: to be kept nowhere.</summary>
    public required IReadOnlyList<string> Details { get; init; }

    /// <summary>Names of the images' files below the folder, in the order of each split: they may name patients.</summary>
    public required IReadOnlyDictionary<SplitName, IReadOnlyList<string>> FileNames { get; init; }

    /// <summary>How many patients are known; null where none is.</summary>
    public required int? Patients { get; init; }

    /// <summary>Whether a finding is uncertain (-1), which whoever loads the set has to read as something.</summary>
    public required bool HasUncertain { get; init; }

    /// <summary>Pixels a side.</summary>
    public required int ImageSize { get; init; }

    /// <summary>1 (grey) or 3 (colour).</summary>
    public required int Channels { get; init; }
}
