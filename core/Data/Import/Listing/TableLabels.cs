namespace MedTransfer.Data.Import.Listing;

/// <summary>The labels of a table's rows.</summary>
/// <param name="Task">Null where there are none.</param>
/// <param name="Names">Of classes or findings.</param>
/// <param name="Values">As in <see cref="ListedImage.Labels"/>, a row each; null where a row has none.</param>
internal sealed record TableLabels(LabelTask? Task, IReadOnlyList<string> Names, IReadOnlyList<float[]?> Values)
{
    /// <summary>Why a row without labels is left out.</summary>
    public const string NoLabel = "has no label in the table, or an uncertain one";

    /// <summary>What was understood in a way that one might not expect.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    public static TableLabels Of(Table table, IReadOnlyList<TableRow> rows, IReadOnlyList<int> columns) => columns switch
    {
        [] => new(null, [], [.. rows.Select(_ => Array.Empty<float>())]),
        [var column] => TableColumns.IsCalledLabel(table.Columns[column]) || !AreFindings(rows, column) ? Classes(table, rows, column) : OneFinding(table, rows, column),
        _ => Findings(table, rows, columns),
    };

    /// <summary>Whether a column has findings: nothing but 0, 1, -1 (uncertain) and empty (missing), and any 0 or 1.</summary>
    public static bool AreFindings(IReadOnlyList<TableRow> rows, int column) =>
        rows.All(row => IsFinding(row.Fields[column])) && rows.Any(row => Finding(row.Fields[column]) is 0 or 1);

    /// <summary>Whether a value is one of a finding.</summary>
    public static bool IsFinding(string value) => Finding(value) is not null;

    private static float? Finding(string value) => value switch
    {
        "0" or "0.0" => 0,
        "1" or "1.0" => 1,
        "-1" or "-1.0" => -1,
        _ when IsMissing(value) => float.NaN,
        _ => null,
    };

    /// <summary>Whether a cell says nothing.</summary>
    public static bool IsMissing(string value) => value.Length == 0 || value.ToUpperInvariant() is "NAN" or "NA";

    private static TableLabels Classes(Table table, IReadOnlyList<TableRow> rows, int column)
    {
        var where = $"{table.Path}: column {OneLine.Quote(table.Columns[column])}";
        string?[] names = [.. rows.Select(row => IsMissing(row.Fields[column]) ? null : Whole(row.Fields[column]))];
        var number = Array.FindIndex(names, name => name is not null && ClassNames.Number(name) is not null);
        var text = Array.FindIndex(names, name => name is not null && ClassNames.Number(name) is null);
        if (number >= 0 && text >= 0)
            throw new MedTransferException($"{where} has a number, {Cell(number)}, and a text, {Cell(text)}: give each image a class of one kind");
        var fraction = Array.FindIndex(names, name => name is not null && ClassNames.Number(name) is { } value && value != decimal.Truncate(value));
        if (fraction >= 0) throw new MedTransferException($"{where} has {Cell(fraction)}: classes are texts or whole numbers: name another column, or cut it into classes");

        string[] classes = ClassNames.Ordered(names.OfType<string>(), where, names.Any(name => name?.Contains('|', StringComparison.Ordinal) == true)
            ? "make a column of 0 and 1 of each of the texts between the bars"
            : "name another column, or join classes");
        if (classes.Length < 2)
            throw new MedTransferException($"{where} has {(classes.Length == 0 ? "no class" : $"one class alone, {OneLine.Quote(classes[0])}")}: two or more are needed, or no labels at all");
        var numbers = classes.Index().ToDictionary(pair => pair.Item, pair => new[] { (float)pair.Index }, StringComparer.Ordinal);
        return new(ClassNames.Task(classes.Length), classes, [.. names.Select(name => name is null ? null : numbers[name])])
        {
            Notes = classes.Contains("-1") ? ["The label -1 is a class of its own, not an uncertain one."] : [],
        };

        string Cell(int row) => $"{OneLine.Quote(rows[row].Fields[column])} in row {rows[row].Number}";
    }

    // 1.0 is what tables make of 1 where another row is empty.
    private static string Whole(string value) =>
        ClassNames.Number(value) is { } number && number == decimal.Truncate(number) ? decimal.Truncate(number).ToString(System.Globalization.CultureInfo.InvariantCulture) : value;

    // There is no image of which it is both; what is uncertain can't be one of two classes.
    private static TableLabels OneFinding(Table table, IReadOnlyList<TableRow> rows, int column)
    {
        var name = table.Columns[column];
        float[]?[] values = [.. rows.Select(row => Finding(row.Fields[column]) is (0 or 1) and { } value ? new[] { value } : null)];
        if (values.OfType<float[]>().Select(value => value[0]).Distinct().Count() < 2)
            throw table.Error($"column {OneLine.Quote(name)} has one class alone, {values.OfType<float[]>().First()[0]}: two are needed, or no labels at all");
        return new(LabelTask.BinaryClass, [$"no {name}", name], values) { Notes = [$"Column {OneLine.Quote(name)} has two classes: 0 is {OneLine.Quote($"no {name}")}, 1 is {OneLine.Quote(name)}."] };
    }

    private static TableLabels Findings(Table table, IReadOnlyList<TableRow> rows, IReadOnlyList<int> columns)
    {
        float[][] values = [.. rows.Select(row => columns.Select(column => Finding(row.Fields[column]) ?? throw NoFinding(row, column)).ToArray())];
        string[] names = [.. columns.Select(column => table.Columns[column])];
        if (Array.TrueForAll(values, row => row.Count(value => value == 1) == 1 && row.Count(value => value == 0) == row.Length - 1))
        {
            return new(ClassNames.Task(names.Length), names, [.. values.Select(row => new[] { (float)Array.IndexOf(row, 1f) })])
            {
                Notes = [$"Exactly one of the columns {OneLine.List(names)} is 1 in every row: they are classes, numbered in the order of the columns."],
            };
        }
        var (missing, uncertain) = (values.Sum(row => row.Count(float.IsNaN)), values.Sum(row => row.Count(value => value == -1)));
        return new(LabelTask.MultiLabel, names, values)
        {
            Notes = missing + uncertain == 0 ? [] : [$"Of {Counts.Of(values.Length * names.Length, "finding")}, {missing:N0} are missing and {uncertain:N0} uncertain (-1)."],
        };

        MedTransferException NoFinding(TableRow row, int column) => table.Error(
            $"column {OneLine.Quote(table.Columns[column])} has {OneLine.Quote(row.Fields[column])} in row {row.Number}: findings are 0, 1, -1 (uncertain) or empty (missing); name this column alone for classes");
    }
}
