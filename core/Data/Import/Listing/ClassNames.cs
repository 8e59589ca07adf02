using System.Globalization;

namespace MedTransfer.Data.Import.Listing;

/// <summary>Names of classes, in the order of their numbers.</summary>
internal static class ClassNames
{
    /// <summary>Labels are bytes, the largest of which says that one is missing.</summary>
    private const int Most = 254;

    /// <summary>By number where all are numbers, else by name, ordinal.</summary>
    /// <param name="where">What has them, for messages: a folder's path, or a table's and the name of its column.</param>
    /// <param name="advice">What to do where there are too many.</param>
    /// <exception cref="MedTransferException">There are too many, or two that differ in case alone.</exception>
    public static string[] Ordered(IEnumerable<string> names, string where, string advice)
    {
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (distinct.Length > Most) throw new MedTransferException(FormattableString.Invariant($"{where}: has {distinct.Length:N0} classes, {Most} at most: {advice}"));
        if (distinct.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(alike => alike.Count() > 1) is { } pair)
            throw new MedTransferException($"{where}: classes {string.Join(" and ", pair.Select(OneLine.Quote))} differ in case alone: give them one name");

        var numbers = Array.ConvertAll(distinct, Number);
        return Array.TrueForAll(numbers, number => number is not null) ? [.. distinct.Zip(numbers).OrderBy(pair => pair.Second).Select(pair => pair.First)] : distinct;
    }

    /// <summary>What so many classes ask for.</summary>
    public static LabelTask Task(int classes) => classes == 2 ? LabelTask.BinaryClass : LabelTask.MultiClass;

    /// <summary>The number that a text is, with a point before its decimals; null where it is none.</summary>
    public static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
