namespace MedTransfer.Data;

/// <summary>Text from files, made fit for an error message of one line.</summary>
internal static class OneLine
{
    /// <summary>The text in quotes, without control characters, at most 60 characters long.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > 60 ? text[..57] + "..." : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }

    /// <summary><c>class 2</c>, or <c>class 'benign'</c> where it has a name.</summary>
    public static string Class(string name) => name.Length > 0 && name.All(char.IsAsciiDigit) ? $"class {name}" : $"class {Quote(name)}";

    /// <summary>All of a few texts, of many the first four and how many more there are, without control characters.</summary>
    public static string FirstFew(IReadOnlyCollection<string> texts, string separator = ", ")
    {
        // the one that is left would be as long as the word that there is one
        var shown = texts.Count <= 5 ? texts : [.. texts.Take(4)];
        var few = string.Join(separator, shown.Select(text => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c))));
        return shown.Count == texts.Count ? few : $"{few} and {texts.Count - shown.Count} more";
    }

    /// <summary>Up to twelve quoted texts with commas between.</summary>
    public static string List(IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0) return "nothing";
        var shown = string.Join(", ", texts.Take(12).Select(Quote));
        return texts.Count > 12 ? $"{shown} and {texts.Count - 12} more" : shown;
    }
}
