using System.Globalization;

namespace MedTransfer.Data;

/// <summary>The labels of all splits and what they ask for.</summary>
/// <param name="Task">Null where the file has no labels.</param>
/// <param name="Values">Labels of train, validation and test, as in <see cref="Split.Labels"/>.</param>
internal sealed record DatasetLabels(LabelTask? Task, IReadOnlyList<string> Names, IReadOnlyList<byte[,]> Values)
{
    private const int MostLabels = 256;

    /// <param name="entry">What the labels must be; null where the task is to be inferred from them.</param>
    public static DatasetLabels Read(NpzFile file, ImageLayout layout, DatasetInfo? entry)
    {
        var missing = ArrayKeys.Splits.Select(ArrayKeys.Labels).Where(key => !file.Contains(key)).ToList();
        if (missing.Count == ArrayKeys.Splits.Length && entry is null)
            return new(null, [], Array.ConvertAll(ArrayKeys.Splits, split => new byte[layout[split], 0]));
        if (missing.Count > 0)
        {
            throw new MedTransferException($"{file.Path}: has no {OneLine.List(missing)} (it has {OneLine.List(file.Keys)}); "
                + "give labels to all three splits, or to none");
        }

        var values = Array.ConvertAll(ArrayKeys.Splits, split => Read(file, split, layout[split]));
        var columns = values[0].GetLength(1);
        foreach (var split in ArrayKeys.Splits)
        {
            var other = values[(int)split].GetLength(1);
            if (other == columns) continue;
            throw new MedTransferException($"{file.Where(ArrayKeys.Labels(split))}: {other} labels an image, train_labels has {columns}; "
                + "give all splits the same labels");
        }

        var labels = entry is null ? Infer(values) : new(entry.Task, entry.LabelNames, values);
        labels.Check(file, columns);
        return labels;
    }

    private static unsafe byte[,] Read(NpzFile file, SplitName split, int count)
    {
        var key = ArrayKeys.Labels(split);
        var header = file.Header(key);
        if (header.Shape is not ([_] or [_, >= 1 and <= MostLabels]))
        {
            throw new MedTransferException($"{file.Where(key)}: shape {header.ShapeText}; "
                + $"labels are (N), (N, 1), or (N, L) for L up to {MostLabels} findings of 0 or 1");
        }
        if (header.Shape[0] != count)
        {
            throw new MedTransferException($"{file.Where(key)}: {header.Shape[0]} labels for the {count} images of "
                + $"{ArrayKeys.Images(split)}; give each image its labels");
        }
        var labels = new byte[count, header.Shape.Count == 1 ? 1 : header.Shape[1]];
        return file.Read(key, reader =>
        {
            var type = reader.Header.Type;
            fixed (byte* target = labels)
            {
                reader.Read(target, NpyReader.CStrides(header.Shape), (element, position) =>
                    type.ToDouble(element) is >= 0 and <= byte.MaxValue and var value && value == Math.Floor(value)
                        ? (byte)value
                        : throw reader.Refusal(position, element, "labels are whole numbers from 0 to 255; number the classes from 0"));
            }
            return labels;
        });
    }

    // Several columns: findings. One column: classes, of which there are as many as the largest says.
    private static DatasetLabels Infer(byte[][,] values)
    {
        var columns = values[0].GetLength(1);
        var outputs = columns > 1 ? columns : values.Max(labels => labels.Cast<byte>().Max()) + 1;
        var task = columns > 1 ? LabelTask.MultiLabel : outputs <= 2 ? LabelTask.BinaryClass : LabelTask.MultiClass;
        return new(task, [.. Enumerable.Range(0, outputs).Select(label => label.ToString(CultureInfo.InvariantCulture))], values);
    }

    private void Check(NpzFile file, int columns)
    {
        var expected = Task == LabelTask.MultiLabel ? Names.Count : 1;
        if (columns != expected)
        {
            throw new MedTransferException($"{file.Path}: {columns} labels an image where its task, {Task}, has {expected}; "
                + "give other data another name");
        }
        foreach (var split in ArrayKeys.Splits)
        {
            var key = file.Where(ArrayKeys.Labels(split));
            if (Task == LabelTask.MultiLabel) CheckFindings(key, Values[(int)split]);
            else CheckClasses(key, Values[(int)split], everyClass: split == SplitName.Train);
        }
    }

    private static void CheckFindings(string key, byte[,] labels)
    {
        for (var row = 0; row < labels.GetLength(0); row++)
        {
            for (var column = 0; column < labels.GetLength(1); column++)
            {
                if (labels[row, column] <= 1) continue;
                throw new MedTransferException($"{key}[{row}, {column}] is {labels[row, column]}: several labels an image are findings, "
                    + "0 or 1 each; put classes into one column");
            }
        }
    }

    private void CheckClasses(string key, byte[,] labels, bool everyClass)
    {
        var counts = new int[byte.MaxValue + 1];
        for (var row = 0; row < labels.GetLength(0); row++)
        {
            var value = labels[row, 0];
            if (value >= Names.Count)
                throw new MedTransferException($"{key}[{row}] is {value}: the classes are 0 to {Names.Count - 1}");
            counts[value]++;
        }
        if (counts.Count(count => count > 0) < 2)
        {
            throw new MedTransferException($"{key}: all images are of class {labels[0, 0]}, so that nothing can be told apart; "
                + "each split needs at least two classes");
        }
        if (everyClass && counts.AsSpan(0, Names.Count).IndexOf(0) is >= 0 and var absent)
        {
            throw new MedTransferException($"{key}: no image of class {absent}, of {Names.Count}; "
                + "number the classes from 0 without gaps, and have each of them in train");
        }
    }
}
