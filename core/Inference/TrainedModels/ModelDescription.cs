using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Import.Pixels;
using MedTransfer.Models;
using MedTransfer.Runtime;

namespace MedTransfer.Inference.TrainedModels;

/// <summary>What a model's folder says of it in <c>model.json</c>: all that it takes to use it but its weights.</summary>
public sealed record ModelDescription
{
    /// <summary>What the file calls itself.</summary>
    public const string FormatName = "MedTransfer model";

    /// <summary>Raised where a folder of an earlier version is read otherwise.</summary>
    public const int FormatVersion = 1;

    /// <summary><see cref="FormatName"/>, or it is something else.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Of the format of the folder.</summary>
    public int Version { get; init; } = FormatVersion;

    /// <summary>The network; of an ONNX encoder the file's path is relative to the folder.</summary>
    public required ModelOptions Network { get; init; }

    /// <summary>What its labels asked for.</summary>
    public required LabelTask Task { get; init; }

    /// <summary>Names of the classes or findings, in the order of its outputs.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Of two classes the number of the one that sensitivity is of; null otherwise.</summary>
    public required int? PositiveClass { get; init; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public required int Channels { get; init; }

    /// <summary>How an image becomes one of those that it learned from: its size, and what becomes of shape and depth.</summary>
    public required PixelOptions Pixels { get; init; }

    /// <summary>Whether it is known that its images were made so; else only their size is, and the rest is how others are made ready.</summary>
    public required bool IsPreparationKnown { get; init; }

    /// <summary>What logits are divided by before they become probabilities, fitted on images that the models which predicted them had not learned from; null where none fits: 1 is taken.</summary>
    public required double? Temperature { get; init; }

    /// <summary>
    /// Of two classes one probability of the positive one, of findings one each, from which on it is called, for the wanted sensitivity on such images; null where it had no
    /// positive image to be chosen on, and of several classes, whose likeliest is called.
    /// </summary>
    public required IReadOnlyList<double?> Thresholds { get; init; }

    /// <summary>The sensitivity that thresholds were chosen for, above 0 to 1.</summary>
    public required double WantedSensitivity { get; init; }

    /// <summary>Scores of the procedure that made it, by models that had not seen the images which they were tested on: a metric's name, and the figure as text.</summary>
    public required IReadOnlyDictionary<string, string> Procedure { get; init; }

    /// <summary>What it learned from.</summary>
    public required ModelOrigin LearnedFrom { get; init; }

    /// <summary>What <c>model.onnx</c> is; null where there is none.</summary>
    public ExportedGraph? Onnx { get; init; }

    /// <summary>Why there is no ONNX file; null where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OnnxObstacle { get; init; }

    /// <summary>SHA-256 of the folder's other files by name, lower-case hexadecimal digits.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The data as a network is made for it.</summary>
    [JsonIgnore]
    public DatasetInfo Info => new(LearnedFrom.Name, Task, Channels, Pixels.ImageSize, Labels) { IsPhantom = LearnedFrom.IsPhantom, PositiveClass = PositiveClass ?? 1 };

    private static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes it; the same description gives the same bytes.</summary>
    internal void Write(string path) => WholeFile.WriteText(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Reads it.</summary>
    /// <exception cref="MedTransferException">The file is no such description, or of another version.</exception>
    internal static ModelDescription Read(string path)
    {
        var text = FileErrors.Reading(path, () => File.ReadAllText(path));
        try
        {
            // before anything that another version may have otherwise
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("format", out var format) || format.ToString() != FormatName)
                throw new MedTransferException($"{path}: does not describe a model: name a folder that transfer.fsx left, reports/transfer/model for one.");
            if (!document.RootElement.TryGetProperty("version", out var version) || version.ToString() != $"{FormatVersion}")
                throw new MedTransferException($"{path}: is of version {(version.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "none" : version)}, and {FormatVersion} is read here: use the version of the software that made it, or make it anew with transfer.fsx.");
            return (JsonSerializer.Deserialize<ModelDescription>(text, Json) ?? throw new JsonException("it is empty")).Checked(path);
        }
        catch (JsonException e)
        {
            throw new MedTransferException($"{path}: can't be read ({OneLine.Quote(e.Message.Split(" Path:")[0].TrimEnd('.'))}): it was changed or is damaged, so copy it again, or make it anew with transfer.fsx.", e);
        }
    }

    private ModelDescription Checked(string path)
    {
        MedTransferException Wrong(string what) => new($"{path}: {what}: it was changed or is damaged, so copy it again, or make it anew with transfer.fsx.");
        if (Labels.Any(string.IsNullOrWhiteSpace) || Labels.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Labels.Count || LearnedFrom.Trial.Length != 16 || !LearnedFrom.Trial.All(char.IsAsciiHexDigitLower))
            throw Wrong("a label has no name, or that of another, or its trial's name is none");
        if (Labels.Count == 0 || Channels is not (1 or 3) || PositiveClass is not (null or 0 or 1))
            throw Wrong("its labels, channels or positive class can't be");
        if (Temperature is { } temperature && !(temperature > 0 && double.IsFinite(temperature)))
            throw Wrong("its temperature is not above 0");
        if (Procedure.Count == 0 || Labels.Any(label => !LearnedFrom.Counts.ContainsKey(label)))
            throw Wrong("its procedure's scores or its images' counts are missing");
        if (Thresholds.Any(threshold => threshold is not (null or (>= 0 and <= 1))))
            throw Wrong("a threshold is no probability");
        if (Thresholds.Count != (Task == LabelTask.MultiLabel ? Labels.Count : PositiveClass is null ? 0 : 1))
            throw Wrong("its thresholds are not those of its labels");
        try
        {
            Pixels.Checked();
            Network.Checked();
        }
        catch (MedTransferException e)
        {
            throw Wrong(e.Message.TrimEnd('.'));
        }

        return this;
    }
}

/// <summary>What a model learned from, and how.</summary>
/// <param name="Name">Of the set.</param>
/// <param name="Digest">MD5 of its file.</param>
/// <param name="Images">How many were learned from.</param>
/// <param name="IsPhantom">Whether they are drawn: it then has seen no patient.</param>
/// <param name="Way">What was transferred and how, or not: <c>imagenet-resnet18, frozen</c>.</param>
/// <param name="Trial">Name of its training.</param>
public sealed record ModelOrigin(string Name, string Digest, int Images, bool IsPhantom, string Way, string Trial)
{
    /// <summary>Names of the sets that it was pretrained on here; none where weights come from elsewhere, or from nothing.</summary>
    public required IReadOnlyList<string> PretrainedOn { get; init; }

    /// <summary>Names of the sets whose images took part in its training; null where there were its own alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LearnedBeside { get; init; }

    /// <summary>Names of the sets that its teacher was pretrained on here; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TaughtBy { get; init; }

    /// <summary>Images of each class, or known to have each finding, by name.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Whether its run was one to see that everything works, on excerpts and a few epochs.</summary>
    public required bool IsSmoke { get; init; }
}

/// <summary>What the ONNX file is.</summary>
/// <param name="Opset">Version of the operators.</param>
/// <param name="LargestDifference">Of a probability to the network's own, over images that were tried.</param>
/// <param name="TriedImages">How many those were.</param>
public sealed record ExportedGraph(int Opset, double LargestDifference, int TriedImages);
