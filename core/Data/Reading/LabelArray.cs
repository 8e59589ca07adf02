using System.Globalization;
using MedTransfer.Data.Formats;

namespace MedTransfer.Data.Reading;

/// <summary>The labels of one split, as its array has them.</summary>
/// <param name="Values">(N, L) numbers, findings that are not known among them; of class names, places in the list of names met so far.</param>
/// <param name="AreNames">Whether the array holds names of classes.</param>
/// <param name="Uncertain">How many were -1 and were read as what was asked for.</param>
internal sealed record LabelArray(byte[,] Values, bool AreNames, int Uncertain)
{
    private const int MostFindings = 256;

    // the next number stands for a missing finding
    private const int MostClasses = Labels.Missing;

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
            var areFindings = header.Shape is [_, > 1];
            var areNames = header.Type.IsText && !areFindings;
            NpyDecoder<byte> decode = areNames ? NameOf(reader, names, missing) : NumberOf(reader, uncertain, areFindings ? null : missing, unsure);
            fixed (byte* target = labels) reader.Read(target, NpyReader.CStrides(header.Shape), decode);
            missing.Refuse(file.Where(key), areNames
                ? "without a name (empty, nan or None): leave those images out, or name that class otherwise"
                : "NaN, which stands for a missing label: findings may be missing, classes may not, so leave those images out");
            if (uncertain is null)
            {
                unsure.Refuse(file.Where(key), "-1; where that stands for an uncertain finding, a recipe's --uncertain 0 reads it as absent and --uncertain 1 as present; "
                    + "otherwise number the classes from 0, or leave those images out");
            }
            return new LabelArray(labels, areNames, unsure.Count);
        });
    }

    private static void RequireShape(NpzFile file, SplitName split, NpyHeader header, int count)
    {
        var where = file.Where(ArrayKeys.Labels(split));
        if (header.Shape is not ([_] or [_, >= 1 and <= MostFindings]))
        {
            throw new MedTransferException($"{where}: shape {header.ShapeText}; "
                + $"labels are (N), (N, 1), or (N, L) for L up to {MostFindings} findings of 0 or 1");
        }
        if (header.Shape[0] != count)
        {
            throw new MedTransferException($"{where}: {header.Shape[0]} labels for the {count} images of "
                + $"{ArrayKeys.Images(split)}; give each image its labels");
        }
    }

    /// <param name="missing">Counts labels that are not known, which are refused; null where that may be.</param>
    private static NpyDecoder<byte> NumberOf(NpyReader reader, byte? uncertain, Tally? missing, Tally unsure)
    {
        var type = reader.Header.Type;
        return (element, position) =>
        {
            var value = type.IsText ? NumberIn(type.ToText(element)) : type.ToDouble(element);
            if (value is >= 0 and < MostClasses && value % 1 == 0) return (byte)value;
            if (value is double.NaN) return missing?.Add(position, 0) ?? Labels.Missing;
            if (value == -1) return unsure.Add(position, uncertain ?? 0);
            throw reader.Refusal(position, element, type.IsText
                ? "several labels an image are findings, 0 or 1 each, empty where they are not known; put the name of each image's class into one column"
                : $"labels are whole numbers from 0 to {MostClasses - 1}; number the classes from 0");
        };
    }

    private static double? NumberIn(string text) => MissingNames.Contains(text) ? double.NaN
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static NpyDecoder<byte> NameOf(NpyReader reader, List<string> names, Tally missing)
    {
        var type = reader.Header.Type;
        var places = names.Select((name, place) => (name, place)).ToDictionary(StringComparer.Ordinal);
        return (element, position) =>
        {
            var name = type.ToText(element);
            if (MissingNames.Contains(name)) return missing.Add(position, 0);
            if (places.TryGetValue(name, out var known)) return (byte)known;
            if (names.Count == MostClasses)
            {
                throw reader.Refusal(position, element, $"one name more than {MostClasses}, the most classes there can be; "
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
