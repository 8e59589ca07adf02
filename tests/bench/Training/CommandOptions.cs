using System.Globalization;

namespace MedTransfer.Bench;

/// <summary>The words of a command: <c>--name value</c>, each name at most once, and what follows a bare <c>--</c> as it is, for the peer.</summary>
internal sealed record CommandOptions(string Usage, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> ForPeer)
{
    internal static CommandOptions Read(string[] words, string usage, params string[] names)
    {
        var end = Array.IndexOf(words, "--") is >= 0 and var bare ? bare : words.Length;
        var values = new Dictionary<string, string>();
        for (var i = 0; i < end; i += 2)
        {
            if (!names.Contains(words[i])) throw new MedTransferException($"unknown option {words[i]}; {usage}") { IsUsage = true };
            if (i + 1 >= end || !values.TryAdd(words[i], words[i + 1]))
                throw new MedTransferException($"{words[i]} needs one value; {usage}") { IsUsage = true };
        }
        return new CommandOptions(usage, values, [.. words.Skip(end + 1)]);
    }

    internal string? Text(string name) => Values.GetValueOrDefault(name);

    internal string Required(string name) => Text(name) ?? throw new MedTransferException($"{name} is missing; {Usage}") { IsUsage = true };

    /// <summary>A whole number of 1 or more.</summary>
    internal int Whole(string name, int otherwise) =>
        Text(name) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new MedTransferException($"{name} needs a whole number of 1 or more; {Usage}") { IsUsage = true };
}
