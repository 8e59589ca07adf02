namespace MedTransfer.Data.Import.Listing;

/// <summary>The images that a table names.</summary>
internal static class TableListing
{
    /// <exception cref="MedTransferException">The table contradicts itself or the folder; the message names the rows.</exception>
    public static ImageListing Of(Table table, TableColumns columns, FolderScan scan, FileIndex files, ListingOptions options)
    {
        var named = table.Rows.Where(row => row.Fields[columns.File].Length > 0).ToList();
        var found = Find(table, columns.File, named, files, out var missing);
        if (missing.Count > 0 && !options.LeavesOutMissing)
        {
            throw table.Error($"{Counts.First(missing)} of column {OneLine.Quote(table.Columns[columns.File])} {(missing.Count == 1 ? "is" : "are")} not in the folder: "
                + "put them there, correct the names, or leave out what is missing");
        }
        if (found.Count == 0) throw table.Error("names no file that is there: correct the names, or give the folder that has them");

        var labels = TableLabels.Of(table, [.. found.Select(file => file.Row)], columns.Labels);
        var rows = Once(table, found, (file, other) => Difference(columns, labels, file, other), out var repeated);
        var images = new List<ListedImage>();
        var leftOut = new List<LeftOut>(missing.Select(name => new LeftOut(name, "is named by the table and not in the folder: put it there")));
        foreach (var file in rows)
        {
            if (labels.Values[file.Index] is not { } values) leftOut.Add(new(file.Name, $"{TableLabels.NoLabel}: fill it in"));
            else images.Add(Image(table, columns, scan, file, values));
        }
        var unnamed = scan.Images.Except(found.Select(file => file.Name), StringComparer.Ordinal).ToList();
        leftOut.AddRange(unnamed.Select(name => new LeftOut(name, "is not in the table: give it a row")));

        string[] passedOver = [.. columns.PassedOver(table)];
        return new([.. images.OrderBy(image => image.Name, StringComparer.Ordinal)], labels.Task, labels.Names)
        {
            LeftOut = leftOut,
            Details =
            [
                $"The table is {table.Name}.",
                .. Said(table.Note is not null, () => table.Note!),
                .. Said(passedOver.Length > 0, () => $"Columns that are no labels were passed over: {OneLine.FirstFew(passedOver)}."),
            ],
            Notes =
            [
                Layout(table, columns, labels.Task),
                .. labels.Notes,
                .. Said(named.Count < table.Rows.Count, () => $"{Counts.Of(table.Rows.Count - named.Count, "row names", "rows name")} no file."),
                .. Said(found.Exists(file => file.IsByBaseName), () => $"{Counts.Of(found.Count(file => file.IsByBaseName), "file was", "files were")} found by base name alone, in another folder than the table says."),
                .. Said(repeated > 0, () => $"{Counts.Of(repeated, "row repeats", "rows repeat")} a file with the same label."),
            ],
        };
    }

    private static string[] Said(bool isSo, Func<string> note) => isSo ? [note()] : [];

    private static string Layout(Table table, TableColumns columns, LabelTask? task)
    {
        var labels = OneLine.List([.. columns.Labels.Select(column => table.Columns[column])]);
        string[] parts =
        [
            $"files are in column {Quote(columns.File)}",
            task is null ? "there are no labels" : $"{(task == LabelTask.MultiLabel ? "findings" : "classes")} in {(columns.Labels.Count == 1 ? "column" : "columns")} {labels}",
            .. columns.Patient is { } patient ? new[] { $"patients in {Quote(patient)}" } : [],
            .. columns.Split is { } split ? new[] { $"splits in {Quote(split)}" } : [],
        ];
        return $"A table says what the images are: {string.Join(", ", parts)}.";

        string Quote(int column) => OneLine.Quote(table.Columns[column]);
    }

    private static List<FoundRow> Find(Table table, int column, List<TableRow> rows, FileIndex files, out List<string> missing)
    {
        missing = [];
        var found = new List<FoundRow>(rows.Count);
        foreach (var row in rows)
        {
            var text = row.Fields[column];
            var match = files.Find(text);
            if (match.Names is [var one, var other])
                throw table.Error($"{OneLine.Quote(text)} in row {row.Number} may be {OneLine.Quote(one)} or {OneLine.Quote(other)}: write its path below the folder, with its extension");
            if (match.Names is [var name]) found.Add(new(found.Count, row, name, match.IsByBaseName, FileIndex.Normal(text)));
            else missing.Add(text);
        }
        return found;
    }

    // Each file once.
    private static List<FoundRow> Once(Table table, List<FoundRow> found, Func<FoundRow, FoundRow, string?> difference, out int repeated)
    {
        var first = new Dictionary<string, FoundRow>(StringComparer.Ordinal);
        foreach (var file in found)
        {
            if (first.TryAdd(file.Name, file)) continue;
            var other = first[file.Name];
            var rows = $"rows {other.Row.Number} and {file.Row.Number}";
            if ((file.IsByBaseName || other.IsByBaseName) && file.Text != other.Text)
            {
                throw table.Error($"{rows} name {OneLine.Quote(other.Text)} and {OneLine.Quote(file.Text)}, which can only be the one file {OneLine.Quote(file.Name)}: "
                    + "write paths as they are below the folder");
            }
            if (difference(other, file) is { } what) throw table.Error($"{rows} give {OneLine.Quote(file.Name)} different {what}: leave one of them out");
        }
        repeated = found.Count - first.Count;
        return [.. first.Values.OrderBy(file => file.Index)];
    }

    private static string? Difference(TableColumns columns, TableLabels labels, FoundRow one, FoundRow other)
    {
        return !Same(labels.Values[one.Index], labels.Values[other.Index]) ? "labels"
            : Differs(columns.Split) ? "splits"
            : Differs(columns.Patient) ? "patients"
            : null;

        bool Differs(int? column) => column is { } index && !string.Equals(one.Row.Fields[index], other.Row.Fields[index], StringComparison.OrdinalIgnoreCase);

        // NaN equals NaN here
        static bool Same(float[]? one, float[]? other) => one is null || other is null ? one == other : one.AsSpan().SequenceEqual(other);
    }

    private static ListedImage Image(Table table, TableColumns columns, FolderScan scan, FoundRow file, float[] values) => new(scan.PathOf(file.Name), file.Name, values)
    {
        Patient = columns.Patient is { } patient && !TableLabels.IsMissing(file.Row.Fields[patient]) ? file.Row.Fields[patient] : null,
        Split = columns.Split is { } split ? Split(table, file.Row, split) : null,
    };

    private static SplitName Split(Table table, TableRow row, int column) => SplitNames.TryParse(row.Fields[column]) ?? throw table.Error(row.Fields[column].Length == 0
        ? $"row {row.Number} has no split in column {OneLine.Quote(table.Columns[column])}: write train, validation or test"
        : $"column {OneLine.Quote(table.Columns[column])} has {OneLine.Quote(row.Fields[column])} in row {row.Number}, which is no split: write train, validation or test, or rename the column");

    /// <param name="Index">Among the rows whose files were found.</param>
    /// <param name="Text">What the table calls it.</param>
    private sealed record FoundRow(int Index, TableRow Row, string Name, bool IsByBaseName, string Text);
}
