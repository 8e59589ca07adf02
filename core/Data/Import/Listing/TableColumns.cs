namespace MedTransfer.Data.Import.Listing;

/// <summary>Which column of a table is what, by index.</summary>
/// <param name="Labels">One of classes, or several of findings; none where there are no labels.</param>
internal sealed record TableColumns(int File, IReadOnlyList<int> Labels, int? Patient, int? Split)
{
    private static readonly string[] _files = ["file", "filename", "image", "path", "imageid", "id", "name"];
    private static readonly string[] _labels = ["label", "class", "target", "diagnosis"];
    private static readonly string[] _patients = ["patient", "patientid", "patientno", "patientnumber", "subject", "subjectid", "mrn", "pid", "case", "caseid", "participant", "participantid"];
    private static readonly string[] _splits = ["split", "set", "subset", "partition"];

    /// <summary>Whether a column's name says no more than that labels are in it.</summary>
    public static bool IsCalledLabel(string column) => _labels.Contains(Plain(column));

    /// <summary>Whether a column's name says that files are in it.</summary>
    public static bool HasColumnOfFiles(Table table) => FirstCalled(table, _files).Any();

    /// <summary>The columns of a table, by name or by what is in them.</summary>
    /// <exception cref="MedTransferException">A column that the options name is not there, none names files, or none has labels.</exception>
    public static TableColumns Of(Table table, FileIndex files, ListingOptions options)
    {
        var patient = Named(table, options.PatientColumn) ?? FirstCalled(table, _patients).Cast<int?>().FirstOrDefault();
        var split = Named(table, options.SplitColumn) ?? FirstCalled(table, _splits).Cast<int?>().FirstOrDefault();
        int[] named = [.. options.LabelColumns.Select(column => Named(table, column)!.Value).Distinct()];
        var file = Named(table, options.FileColumn)
            ?? WithFiles(table, files)
            ?? FirstCalled(table, _files).Cast<int?>().FirstOrDefault()
            ?? throw (table.Columns.Any(NamesFile) ? NoHeader() : table.Error($"no column names files that are there: name a column file, or say which it is of {table.ColumnList}"));
        if (options.FileColumn is null && !_files.Contains(Plain(table.Columns[file])) && NamesFile(table.Columns[file])) throw NoHeader();
        if (options.IsUnlabelled) return new(file, [], patient, split);
        if (named.Length > 0) return new(file, named, patient, split);

        int?[] taken = [file, patient, split];
        int[] rest = [.. Enumerable.Range(0, table.Columns.Count).Where(column => !taken.Contains(column))];
        if (FirstCalled(table, _labels).Where(rest.Contains).Cast<int?>().FirstOrDefault() is { } label) return new(file, [label], patient, split);
        if (Findings(table, rest) is { Length: > 0 } findings) return new(file, findings, patient, split);
        if (rest.Length == 0) return new(file, [], patient, split);
        throw table.Error($"no column has labels: name a column label, or say which it is of {OneLine.List([.. rest.Select(column => table.Columns[column])])}");

        bool NamesFile(string text) => files.Find(text).Names.Count > 0;

        MedTransferException NoHeader() => table.Error("has no header: give it a first row such as file,label");
    }

    /// <summary>Whether a table says of its files what is asked for: labels, or, where none are wanted, patients or splits.</summary>
    public static bool SayMoreThanFiles(Table table, FileIndex files, ListingOptions options)
    {
        var known = Of(table, files, options with { IsUnlabelled = true });
        if (options.IsUnlabelled) return known.Patient is not null || known.Split is not null;
        return options.LabelColumns.Count > 0
            || FirstCalled(table, _labels).Any()
            || Findings(table, [.. Enumerable.Range(0, table.Columns.Count).Except([known.File, known.Patient ?? -1, known.Split ?? -1])]).Length > 0;
    }

    /// <summary>The column whose values name files that are there: by its name, else the first that has most; null where there is none.</summary>
    public static int? WithFiles(Table table, FileIndex files)
    {
        var all = Enumerable.Range(0, table.Columns.Count);
        int[] called = [.. FirstCalled(table, _files)];
        int[] other = [.. all.Except(called).Except(FirstCalled(table, [.. _labels, .. _patients, .. _splits]))];
        return called.Where(column => Share(column) >= 0.5).Cast<int?>().FirstOrDefault()
            ?? called.Where(column => Share(column) > 0).Cast<int?>().FirstOrDefault()
            ?? other.Concat(FirstCalled(table, _patients)).Where(column => Share(column) >= 0.5).Cast<int?>().FirstOrDefault();

        // of the values of the first rows, those that name files
        double Share(int column)
        {
            var values = table.Rows.Take(200).Select(row => row.Fields[column]).Where(value => value.Length > 0).Distinct().ToList();
            return values.Count == 0 ? 0 : (double)values.Count(value => files.Find(value).Names.Count > 0) / values.Count;
        }
    }

    /// <summary>Names of columns that say nothing of an image here.</summary>
    public IEnumerable<string> PassedOver(Table table) =>
        from column in Enumerable.Range(0, table.Columns.Count)
        where column != File && column != Patient && column != Split && !Labels.Contains(column)
        select OneLine.Quote(table.Columns[column]);

    private static int[] Findings(Table table, int[] columns) =>
        [.. columns.Where(column => table.Columns[column].Length > 0 && TableLabels.AreFindings(table.Rows, column))];

    private static int? Named(Table table, string? column)
    {
        if (column is null) return null;
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            for (var i = 0; i < table.Columns.Count; i++)
            {
                if (string.Equals(table.Columns[i], column.Trim(), comparison)) return i;
            }
        }
        throw new MedTransferException($"{table.Path}: has no column {OneLine.Quote(column)}: name one of {table.ColumnList}") { IsUsage = true };
    }

    // in the order of the names that are known
    private static IEnumerable<int> FirstCalled(Table table, string[] known) =>
        from name in known
        from column in Enumerable.Range(0, table.Columns.Count)
        where Plain(table.Columns[column]) == name
        select column;

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
