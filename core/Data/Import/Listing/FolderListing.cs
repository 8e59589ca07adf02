namespace MedTransfer.Data.Import.Listing;

/// <summary>Finds the images of a folder and their labels, without opening any.</summary>
public static class FolderListing
{
    private static readonly string[] _tables = [".csv", ".tsv"];
    private static readonly string[] _workbooks = [".xlsx", ".xls", ".ods"];

    /// <summary>
    /// The images as a table names them, else as split folders (train, val, test) of class folders, as class folders (an image of any depth below is of
    /// that class), or, where there are no folders with images, without labels.
    /// </summary>
    /// <returns>Images in ordinal order of their names; classes by number where all their names are numbers, else by name, ordinal.</returns>
    /// <exception cref="MedTransferException">There is no such folder, no image in it, or what is there contradicts itself.</exception>
    public static ImageListing Of(string folder, ListingOptions options)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        CheckTogether(options);
        var scan = FolderScan.Of(folder, options.IsCandidate);
        if (scan.Images.Count + scan.Others.Count == 0 && scan.LeftOut.Count > 0)
            throw new MedTransferException($"{folder}: has no file that can be opened: {OneLine.Quote(scan.LeftOut[0].Name)} {scan.LeftOut[0].Reason}");
        if (scan.Images.Count + scan.Others.Count == 0) throw new MedTransferException($"{folder}: is empty: put images into it, in a folder for each class or with a table of labels");

        var details = new List<string>();
        var files = new FileIndex(scan.Images, scan.Others);
        var table = options.IgnoresTables ? null : options.Table is { } called ? TableCalled(scan, called) : TableThatNamesFiles(scan, files, options, details);
        if (table is null && scan.Images.Count == 0)
            throw new MedTransferException($"{folder}: has no image in it ({Counts.ByExtension(scan.Others)}): PNG, JPEG, BMP, TIFF and DICOM are read");
        if (table is null && FirstColumn(options) is { } column)
            throw new MedTransferException($"{folder}: there is no table that names files, which column {OneLine.Quote(column)} could be of: name the table too") { IsUsage = true };

        var listing = table is null ? FolderLayouts.Of(scan, options.IsUnlabelled) : TableListing.Of(table, TableColumns.Of(table, files, options), scan, files, options);
        if (options.Patient is { } expression)
        {
            var notes = listing.Images.Any(image => image.Patient is not null) ? new[] { "Patients are those of the expression, not of the table." } : [];
            listing = listing with { Images = PatientExpression.Apply(expression, listing.Images), Notes = [.. listing.Notes, .. notes] };
        }
        return listing with
        {
            LeftOut = [.. listing.LeftOut.Concat(scan.LeftOut).OrderBy(file => file.Name, StringComparer.Ordinal)],
            Notes = [.. listing.Notes, .. OfPatients(listing.Images), .. OfScan(scan, table, listing.Images)],
            Details = [.. listing.Details, .. details, .. OfLinks(scan)],
        };
    }

    private static void CheckTogether(ListingOptions options)
    {
        if (options.IsUnlabelled && options.LabelColumns.Count > 0)
            throw new MedTransferException("Columns of labels are named, and no labels are asked for: leave out one of both.") { IsUsage = true };
        if (options.Patient is not null && options.PatientColumn is not null)
            throw new MedTransferException("Patients are asked of a column and of names of files: leave out one of both.") { IsUsage = true };
    }

    private static string? FirstColumn(ListingOptions options) =>
        options.FileColumn ?? options.LabelColumns.Cast<string?>().FirstOrDefault() ?? options.PatientColumn ?? options.SplitColumn;

    private static Table TableCalled(FolderScan scan, string path) =>
        Table.Read(!File.Exists(path) && File.Exists(scan.PathOf(path)) ? scan.PathOf(path) : path);

    // The one that names files. A lone table is meant, whatever is wrong with it, unless the folders may say what the images are.
    private static Table? TableThatNamesFiles(FolderScan scan, FileIndex files, ListingOptions options, List<string> details)
    {
        string[] names = [.. scan.Others.Where(name => !name.Contains('/', StringComparison.Ordinal) && _tables.Contains(Path.GetExtension(name).ToLowerInvariant()))];
        var folders = scan.Images.Where(name => name.Contains('/', StringComparison.Ordinal)).Select(name => name.Split('/')[0]).Distinct(StringComparer.Ordinal);
        var isMeant = names.Length == 1 && folders.Take(2).Count() < 2;
        var naming = new List<Table>();
        foreach (var name in names)
        {
            try
            {
                var table = Table.Read(scan.PathOf(name));
                if (TableColumns.WithFiles(table, files) is not null || (isMeant && TableColumns.HasColumnOfFiles(table))) naming.Add(table);
                else details.Add($"The table {table.Name} names no files that are there and was passed over.");
            }
            catch (MedTransferException error) when (!isMeant)
            {
                details.Add($"The table {OneLine.Quote(name)} was passed over: {error.Message[(scan.PathOf(name).Length + 2)..]}.");
            }
        }
        if (naming.Count > 1)
            throw new MedTransferException($"{scan.Folder}: has {naming.Count} tables that name files, {string.Join(", ", naming.Select(table => table.Name))}: say which one it is, or put them together");
        if (naming.Count == 0 || isMeant || TableColumns.SayMoreThanFiles(naming[0], files, options)) return naming.FirstOrDefault();
        details.Add($"The table {naming[0].Name} has no column of labels and was passed over.");
        return null;
    }

    private static IEnumerable<string> OfPatients(IReadOnlyList<ListedImage> images)
    {
        var without = images.Count(image => image.Patient is null);
        if (without == images.Count) yield break;
        if (without > 0) yield return $"{Counts.Of(without, "image names", "images name")} no patient.";
        else if (images.Count > 1 && images.All(image => image.Patient == images[0].Patient)) yield return "All images are of one patient.";
    }

    private static IEnumerable<string> OfScan(FolderScan scan, Table? table, IReadOnlyList<ListedImage> images)
    {
        string[] others = [.. scan.Others.Except(images.Select(image => image.Name), StringComparer.Ordinal).Where(name => table is null || Path.GetFullPath(table.Path) != scan.PathOf(name))];
        if (others.Length > 0) yield return $"{Counts.Of(others.Length, "other file was", "other files were")} passed over: {Counts.ByExtension(others)}.";
        if (table is null && others.Any(name => _workbooks.Contains(Path.GetExtension(name).ToLowerInvariant())))
            yield return "A workbook lies in the folder and is not read: save its table as CSV.";
    }

    private static IEnumerable<string> OfLinks(FolderScan scan)
    {
        if (scan.PassedOver.Count > 0) yield return $"{Counts.First([.. scan.PassedOver], "link")} to folders that are looked through anyway {(scan.PassedOver.Count == 1 ? "was" : "were")} passed over.";
    }
}
