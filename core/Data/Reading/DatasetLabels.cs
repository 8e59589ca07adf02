using System.Globalization;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Reading;

/// <summary>The labels of all splits and what they ask for.</summary>
/// <param name="Task">Null where the file has no labels.</param>
/// <param name="Values">Labels of train, validation and test, as in <see cref="Split.Labels"/>.</param>
internal sealed record DatasetLabels(LabelTask? Task, IReadOnlyList<string> Names, IReadOnlyList<Labels> Values)
{
    private const string AdviceForNames = "have each class in train, or leave its images out";
    private const string AdviceForOneHot = "have each class in train, or leave its column and its images out";

    /// <summary>What was read, but otherwise than it stands in the file: a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    private string AdviceForAbsent { get; init; } = "number the classes from 0 without gaps, and have each of them in train";

    /// <param name="entry">What the labels must be; null where the task is to be inferred from them.</param>
    /// <param name="uncertain">What -1 is read as; null where it is refused.</param>
    public static DatasetLabels Read(NpzFile file, ImageLayout layout, DatasetInfo? entry, byte? uncertain)
    {
        var filled = SplitNames.All.Where(split => layout[split] > 0).ToArray();
        var missing = filled.Select(ArrayKeys.Labels).Where(key => !file.Contains(key)).ToList();
        if (missing.Count == filled.Length && entry is null)
            return new(null, [], Array.ConvertAll(SplitNames.All, split => Labels.Empty(layout[split])));
        if (missing.Count > 0)
        {
            throw new MedTransferException($"{file.Path}: has no {OneLine.List(missing)} (it has {OneLine.List(file.Keys)}); "
                + "give labels to all splits, or to none");
        }

        var names = new List<string>();
        var train = LabelArray.Read(file, SplitName.Train, layout[SplitName.Train], uncertain, names);
        var arrays = Array.ConvertAll(SplitNames.All, split => split == SplitName.Train ? train
            : layout[split] > 0 ? LabelArray.Read(file, split, layout[split], uncertain, names)
            : new LabelArray(new byte[0, train.Values.GetLength(1)], train.AreNames, 0));
        RequireAlike(file, arrays);
        var labels = arrays[0].AreNames ? Named(arrays, names) : Infer(Array.ConvertAll(arrays, array => array.Values));
        if (entry is not null) labels = new(entry.Task, entry.LabelNames, Array.ConvertAll(arrays, array => Labels.Of(array.Values)));
        labels.Check(file);
        return uncertain is { } value ? labels with { Notes = [.. labels.Notes, UncertainNote(file, arrays, labels, value)] } : labels;
    }

    private static void RequireAlike(NpzFile file, LabelArray[] arrays)
    {
        var columns = arrays[0].Values.GetLength(1);
        foreach (var split in SplitNames.All)
        {
            var other = arrays[(int)split];
            var where = file.Where(ArrayKeys.Labels(split));
            if (other.Values.GetLength(1) != columns)
            {
                throw new MedTransferException($"{where}: {other.Values.GetLength(1)} labels an image, train_labels has {columns}; "
                    + "give all splits the same labels");
            }
            if (other.AreNames == arrays[0].AreNames) continue;
            throw new MedTransferException($"{where}: {Kind(other)} where train_labels has {Kind(arrays[0])}; name the classes in all splits, or number them in all");
        }

        static string Kind(LabelArray array) => array.AreNames ? "names" : "numbers";
    }

    // Class names are numbered in ordinal order, the same in all splits.
    private static DatasetLabels Named(LabelArray[] arrays, List<string> met)
    {
        string[] names = [.. met.Order(StringComparer.Ordinal)];
        var numbers = met.ConvertAll(name => (byte)Array.IndexOf(names, name));
        foreach (var values in arrays.Select(array => array.Values))
        {
            for (var row = 0; row < values.GetLength(0); row++) values[row, 0] = numbers[values[row, 0]];
        }
        var numbered = names.Select((name, number) => $"{number} is {OneLine.Quote(name)}").Take(12);
        var positive = names.Length == 2 ? $" {OneLine.Quote(names[1])} is the positive class, unless --positive names the other." : "";
        var more = names.Length > 12 ? $" and so on up to {names.Length - 1}" : "";
        return new(ClassTask(names.Length), names, Array.ConvertAll(arrays, array => Labels.Of(array.Values)))
        {
            AdviceForAbsent = AdviceForNames,
            Notes = [$"Classes have names in the file and are numbered in the order of their letters: {string.Join(", ", numbered)}{more}.{positive}"],
        };
    }

    // Several columns: findings, unless exactly one is 1 in every row. One column: classes, of which there are as many as the largest says.
    private static DatasetLabels Infer(byte[][,] values)
    {
        var columns = values[0].GetLength(1);
        if (columns > 1 && Array.TrueForAll(values, IsOneHot))
        {
            return new(ClassTask(columns), Numbers(columns), Array.ConvertAll(values, oneHot => Labels.Of(ClassOfRow(oneHot))))
            {
                AdviceForAbsent = AdviceForOneHot,
                Notes = [$"Labels have {columns} columns of which exactly one is 1 in every row of every split (one-hot rows): they were read as the classes 0 to {columns - 1}, not as findings."],
            };
        }
        var outputs = columns > 1 ? columns : values.Max(labels => labels.Cast<byte>().DefaultIfEmpty().Max()) + 1;
        return new(columns > 1 ? LabelTask.MultiLabel : ClassTask(outputs), Numbers(outputs), Array.ConvertAll(values, Labels.Of));
    }

    private static LabelTask ClassTask(int classes) => classes <= 2 ? LabelTask.BinaryClass : LabelTask.MultiClass;

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(label => label.ToString(CultureInfo.InvariantCulture))];

    private static bool IsOneHot(byte[,] labels)
    {
        for (var row = 0; row < labels.GetLength(0); row++)
        {
            var sum = 0;
            for (var column = 0; column < labels.GetLength(1); column++) sum += labels[row, column];
            if (sum != 1) return false;
        }
        return true;
    }

    private static byte[,] ClassOfRow(byte[,] oneHot)
    {
        var classes = new byte[oneHot.GetLength(0), 1];
        for (var row = 0; row < classes.Length; row++)
        {
            for (var column = 0; column < oneHot.GetLength(1); column++) classes[row, 0] += (byte)(column * oneHot[row, column]);
        }
        return classes;
    }

    private static string UncertainNote(NpzFile file, LabelArray[] arrays, DatasetLabels labels, byte readAs)
    {
        if (arrays.All(array => array.Uncertain == 0)) return "No label is -1: --uncertain changes nothing here.";
        if (labels.Task == LabelTask.MultiClass)
            throw new MedTransferException($"{file.Path}: --uncertain is about findings of 0 and 1, but the labels are {labels.Names.Count} classes, and some are -1; leave those images out");
        var counts = SplitNames.All.Select(split => $"{arrays[(int)split].Uncertain} in {split.Text()}");
        return $"Uncertain labels (-1) were read as {readAs}: {string.Join(", ", counts)}.";
    }

    private void Check(NpzFile file)
    {
        var columns = Values[0].Columns;
        var expected = Task == LabelTask.MultiLabel ? Names.Count : 1;
        if (columns != expected)
        {
            throw new MedTransferException($"{file.Path}: {columns} labels an image where its task, {Task}, has {expected}; "
                + "give other data another name");
        }
        foreach (var split in SplitNames.All.Where(split => Values[(int)split].Count > 0))
        {
            var key = file.Where(ArrayKeys.Labels(split));
            if (Task == LabelTask.MultiLabel) CheckFindings(key, Values[(int)split]);
            else CheckClasses(key, Values[(int)split], everyClass: split == SplitName.Train);
        }
    }

    private static void CheckFindings(string key, Labels labels)
    {
        for (var row = 0; row < labels.Count; row++)
        {
            for (var column = 0; column < labels.Columns; column++)
            {
                if (labels[row, column] is 0 or 1 or Labels.Missing) continue;
                throw new MedTransferException($"{key}[{row}, {column}] is {labels[row, column]}: several labels an image are findings, "
                    + "0 or 1 each; put classes into one column");
            }
        }
    }

    private void CheckClasses(string key, Labels labels, bool everyClass)
    {
        var counts = new int[byte.MaxValue + 1];
        for (var row = 0; row < labels.Count; row++)
        {
            var value = labels[row, 0];
            if (value >= Names.Count)
                throw new MedTransferException($"{key}[{row}] is {value}: the classes are 0 to {Names.Count - 1}");
            counts[value]++;
        }
        if (counts.Count(count => count > 0) < 2)
        {
            throw new MedTransferException($"{key}: all images are of {OneLine.Class(Names[labels[0, 0]])}, so that nothing can be told apart; "
                + "each split needs at least two classes");
        }
        if (everyClass && counts.AsSpan(0, Names.Count).IndexOf(0) is >= 0 and var absent)
        {
            throw new MedTransferException($"{key}: no image of {OneLine.Class(Names[absent])}, of {Names.Count}; "
                + AdviceForAbsent);
        }
    }
}
