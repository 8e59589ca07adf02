using MedTransfer.Data.Formats;

namespace MedTransfer.Data;

/// <summary>The labels of one split, as its array has them.</summary>
/// <param name="Values">(N, L) numbers; of class names, places in the list of names met so far.</param>
/// <param name="AreNames">Whether the array holds text.</param>
/// <param name="Uncertain">How many were -1 and were read as what was asked for.</param>
internal sealed record LabelArray(byte[,] Values, bool AreNames, int Uncertain)
{
    public const int MostLabels = 256;

    // what numpy and pandas make of a missing text
    private static readonly string[] MissingNames = ["", "nan", "NaN", "None", "<NA>"];

    /// <param name="count">Images of the split.</param>
    /// <param name="uncertain">What -1 is read as; null where it is refused.</param>
    /// <param name="names">Class names met so far, in any split; new ones are added.</param>
    public static unsafe LabelArray Read(NpzFile file, SplitName split, int count, byte? uncertain, List<string> names)
    {
        var key = ArrayKeys.Labels(split);
        var header = file.Header(key);
        RequireShape(file, split, header, count);
        var labels = new byte[count, header.Shape.Count == 1 ? 1 : header.Shape[1]];
        return file.Read(key, reader =>
        {
            var (missing, unsure) = (new Tally(reader), new Tally(reader));
            NpyDecoder<byte> decode = header.Type.IsText ? NameOf(reader, names, missing) : NumberOf(reader, uncertain, missing, unsure);
            fixed (byte* target = labels) reader.Read(target, NpyReader.CStrides(header.Shape), decode);
            missing.Refuse(file.Where(key), header.Type.IsText
                ? "without a name (empty, nan or None): leave those images out, or name that class otherwise"
                : "NaN, which stands for a missing label; labels that only some images have are not supported yet: leave those images out, or those findings");
            if (uncertain is null)
            {
                unsure.Refuse(file.Where(key), "-1; where that stands for an uncertain finding, a recipe's --uncertain 0 reads it as absent and --uncertain 1 as present; "
                    + "otherwise number the classes from 0, or leave those images out");
            }
            return new LabelArray(labels, header.Type.IsText, unsure.Count);
        });
    }

    private static void RequireShape(NpzFile file, SplitName split, NpyHeader header, int count)
    {
        var where = file.Where(ArrayKeys.Labels(split));
        if (header.Shape is not ([_] or [_, >= 1 and <= MostLabels]))
        {
            throw new MedTransferException($"{where}: shape {header.ShapeText}; "
                + $"labels are (N), (N, 1), or (N, L) for L up to {MostLabels} findings of 0 or 1");
        }
        if (header.Type.IsText && header.Shape is [_, > 1])
            throw new MedTransferException($"{where}: {header.Shape[1]} columns of text; put the name of each image's class into one column");
        if (header.Shape[0] != count)
        {
            throw new MedTransferException($"{where}: {header.Shape[0]} labels for the {count} images of "
                + $"{ArrayKeys.Images(split)}; give each image its labels");
        }
    }

    private static NpyDecoder<byte> NumberOf(NpyReader reader, byte? uncertain, Tally missing, Tally unsure)
    {
        var type = reader.Header.Type;
        return (element, position) =>
        {
            var value = type.ToDouble(element);
            if (value is >= 0 and <= byte.MaxValue && value == Math.Floor(value)) return (byte)value;
            if (double.IsNaN(value)) return missing.Add(position, 0);
            if (value == -1) return unsure.Add(position, uncertain ?? 0);
            throw reader.Refusal(position, element, "labels are whole numbers from 0 to 255; number the classes from 0");
        };
    }

    private static NpyDecoder<byte> NameOf(NpyReader reader, List<string> names, Tally missing)
    {
        var type = reader.Header.Type;
        var places = names.Select((name, place) => (name, place)).ToDictionary(StringComparer.Ordinal);
        return (element, position) =>
        {
            var name = type.ToText(element);
            if (MissingNames.Contains(name)) return missing.Add(position, 0);
            if (places.TryGetValue(name, out var known)) return (byte)known;
            if (names.Count == MostLabels)
            {
                throw reader.Refusal(position, element, $"one name more than {MostLabels}, the most classes there can be; "
                    + "labels are classes, not names of images or patients");
            }
            places[name] = names.Count;
            names.Add(name);
            return (byte)(names.Count - 1);
        };
    }

    /// <summary>Elements of one kind: how many, and where the first is.</summary>
    private sealed class Tally(NpyReader reader)
    {
        private string first = "";

        public int Count { get; private set; }

        public byte Add(long position, byte readAs)
        {
            if (Count++ == 0) first = reader.IndexOf(position);
            return readAs;
        }

        public void Refuse(string where, string what)
        {
            if (Count > 0)
                throw new MedTransferException($"{where}{first} is the first of {Count} labels, of {reader.Header.Count}, that are {what}");
        }
    }
}
