using System.Globalization;

namespace MedTransfer.Data.Formats;

/// <summary>What class each row of a file of labels is of.</summary>
/// <param name="Names">The classes that occur, once each: by size where all are whole numbers, else in the order of their characters.</param>
/// <param name="Classes">One a row: a place among <paramref name="Names"/>, or <see cref="None"/>.</param>
public sealed record NpyLabels(IReadOnlyList<string> Names, IReadOnlyList<int> Classes)
{
    /// <summary>Of no class: the file has -1 there, as clustering (HDBSCAN, DBSCAN) writes it for noise.</summary>
    public const int None = -1;

    private const string NoneInFile = "-1";

    /// <summary>Labels that are names, not places: whole numbers of any type or size, true and false, or text; a vector or a single column.</summary>
    public static NpyLabels Read(string path)
    {
        using var file = FileErrors.Open(path);
        return FileErrors.Reading(path, () =>
        {
            var reader = new NpyReader(file, file.Length, path, ArrayRole.PointLabels);
            var shape = reader.Header.Shape;
            if (shape.Count is not (1 or 2) || (shape.Count == 2 && shape[1] != 1))
            {
                throw new MedTransferException($"{path}: an array of shape {reader.Header.ShapeText}, one label a row is needed: "
                    + "of rows with a 1 for the class save y.argmax(axis=1)");
            }
            var found = new Dictionary<string, int>(StringComparer.Ordinal);
            var numbers = reader.Read((element, position) =>
            {
                var name = Name(reader, element, position);
                if (name == NoneInFile) return None;
                if (!found.TryGetValue(name, out var number)) found.Add(name, number = found.Count);
                return number;
            });
            return Sorted([.. found.OrderBy(pair => pair.Value).Select(pair => pair.Key)], numbers);
        });
    }

    private static string Name(NpyReader reader, ReadOnlySpan<byte> element, long position)
    {
        var type = reader.Header.Type;
        switch (type.Kind)
        {
            case NpyKind.Boolean: return element[0] == 0 ? "False" : "True"; // as Python shows them
            case NpyKind.Text or NpyKind.ByteText: return type.ToText(element);
            case NpyKind.FloatingPoint: break;
            default: return type.Show(element);
        }

        var value = type.ToDouble(element);
        if (double.IsNaN(value))
            throw reader.Refusal(position, element, "a label is missing: write -1 for no class, or leave such rows out of labels and points");
        // Beyond 2^53 whole numbers have been rounded already, and classes may have become one.
        if (value != Math.Floor(value) || Math.Abs(value) > 1L << 53)
            throw reader.Refusal(position, element, "labels are whole numbers or text: save classes, not measurements");
        return ((long)value).ToString(CultureInfo.InvariantCulture);
    }

    private static NpyLabels Sorted(string[] found, int[] numbers)
    {
        var order = Enumerable.Range(0, found.Length).ToArray();
        Array.Sort(order, found.All(IsWhole)
            ? (a, b) => Int128.Parse(found[a], CultureInfo.InvariantCulture).CompareTo(Int128.Parse(found[b], CultureInfo.InvariantCulture))
            : (a, b) => string.CompareOrdinal(found[a], found[b]));
        var places = new int[found.Length];
        for (var place = 0; place < order.Length; place++) places[order[place]] = place;
        return new([.. order.Select(number => found[number])], Array.ConvertAll(numbers, number => number == None ? None : places[number]));
    }

    private static bool IsWhole(string name) => Int128.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
