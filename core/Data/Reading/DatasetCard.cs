using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Runtime;

namespace MedTransfer.Data.Reading;

/// <summary>What is known of a set beside its arrays: <c>my.json</c> beside <c>my.npz</c>, as an import writes it or a person; any set may have one.</summary>
public sealed record DatasetCard
{
    /// <summary>Names of the classes in the order of their numbers, or of the findings.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Of two classes the name of the one that sensitivity is of; null for the second.</summary>
    public string? Positive { get; init; }

    /// <summary>What was done to pixels, a clause.</summary>
    public string? Pixels { get; init; }

    /// <summary>The same as options, by which other images are made alike; null where they are not known.</summary>
    public PixelOptions? PixelOptions { get; init; }

    /// <summary>SHA-256 of the names and bytes of the files that it was made of, lower-case hexadecimal digits.</summary>
    public string? Source { get; init; }

    /// <summary>Images of each split, by the name of their class or finding.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? Counts { get; init; }

    /// <summary>Files that did not become images, by reason; their names stay where they were.</summary>
    public IReadOnlyDictionary<string, int>? LeftOut { get; init; }

    /// <summary>What one might not expect, a sentence each.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Tells sets whose patients were numbered by the same secret, so that equal numbers are one patient; null where they were not numbered so.</summary>
    public string? PatientKey { get; init; }

    /// <summary>What only a person knows.</summary>
    public Provenance? About { get; init; }

    /// <summary>What is to be known wherever the set is used, a sentence each: what was left out, and <see cref="Notes"/>.</summary>
    internal IEnumerable<string> Sentences =>
    [
        .. from left in LeftOut ?? new Dictionary<string, int>()
           select $"{Data.Counts.Of(left.Value, "file was left out that", "files were left out, each of which")} {left.Key.TrimEnd('.')}.",
        .. (Notes ?? []).Where(note => !string.IsNullOrWhiteSpace(note)),
    ];

    private static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Where the card of an <c>.npz</c> is.</summary>
    public static string PathOf(string npz) => Path.ChangeExtension(npz, ".json");

    /// <summary>The card beside an <c>.npz</c>; null where there is none.</summary>
    /// <exception cref="MedTransferException">It can't be read, or is something else; the message says what to do.</exception>
    public static DatasetCard? TryRead(string npz)
    {
        var path = PathOf(npz);
        if (!File.Exists(path))
            return null;
        try
        {
            return FileErrors.Reading(path, () => JsonSerializer.Deserialize<DatasetCard>(File.ReadAllText(path), Json))
                ?? throw new MedTransferException($"{path}: does not describe {Path.GetFileName(npz)}, as it says nothing: correct it, or give it another name.");
        }
        catch (JsonException e)
        {
            throw new MedTransferException($"{path}: does not describe {Path.GetFileName(npz)}{(e.Path is null ? "" : $", wrong at {e.Path}")}{(e.LineNumber is { } line ? $", line {line + 1}" : "")}: correct it, or give one or the other another name.", e);
        }
    }

    /// <summary>Writes the card of an <c>.npz</c>; the file appears whole or not at all.</summary>
    public void Write(string npz) => WholeFile.WriteText(PathOf(npz), JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>What the set is, told by the card too: names of its labels.</summary>
    /// <exception cref="MedTransferException">The card has names for other labels.</exception>
    internal DatasetInfo Applied(DatasetInfo info, string npz)
    {
        if (Labels is null)
            return info;
        if (Labels.Count != info.Outputs)
            throw new MedTransferException($"{PathOf(npz)}: names {Labels.Count} labels ({OneLine.List([.. Labels.Select(label => label ?? "")])}), but {Path.GetFileName(npz)} has {info.Outputs}: name each of them once.");
        if (Labels.Any(string.IsNullOrWhiteSpace) || Labels.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Labels.Count)
            throw new MedTransferException($"{PathOf(npz)}: its labels ({OneLine.List([.. Labels.Select(label => label ?? "")])}) have no name, or one twice: name each of them once.");
        var named = info with { LabelNames = Labels };
        return Positive is null || named.TryFindLabel(Positive) is not null ? named
            : throw new MedTransferException($"{PathOf(npz)}: its positive class is {OneLine.Quote(Positive)}, which is none of its labels ({OneLine.List([.. Labels])}): name one of them.");
    }
}
