using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedTransfer.Evaluation;

/// <summary>Names of the metrics that tasks report, as specs, histories and files of results write them; a task may report others.</summary>
public static class Metric
{
    /// <summary>The mean loss, which every objective has: lower is better. Not among a task's scores, but epochs can be told apart by it.</summary>
    public const string Loss = "loss";

    /// <summary>See <see cref="Classification.Scores"/> for what each of these is.</summary>
    public const string Accuracy = "accuracy", BalancedAccuracy = "balancedAccuracy", Sensitivity = "sensitivity", Specificity = "specificity",
        Precision = "precision", F1 = "f1", RocAuc = "rocAuc", RocAucTerms = "rocAucTerms", AveragePrecision = "averagePrecision", Mcc = "mcc",
        BrierScore = "brierScore";

    /// <summary>See <see cref="Images.ImageFidelity"/> for what each of these is.</summary>
    public const string Mse = "mse", Psnr = "psnr", PsnrOfMeanMse = "psnrOfMeanMse", Ssim = "ssim";

    /// <summary>How far embeddings that were learnt without labels have collapsed, and what a linear model makes of them: reported, never chosen by.</summary>
    public const string EffectiveRank = "effectiveRank", EmbeddingDeviation = "embeddingDeviation", ProbeRocAuc = "probeRocAuc";

    /// <summary>
    /// Of training with a term beside the loss of labels: what that term adds, as of alignment or relations; and the balanced accuracy with which a domain classifier tells batches of two sets
    /// apart, .5 by chance. Reported, never chosen by.
    /// </summary>
    public const string TermLoss = "termLoss", DomainAccuracy = "domainAccuracy";

    private static readonly string[] Acronyms = ["roc", "auc", "f1", "mcc", "mse", "psnr", "ssim"];

    /// <summary>Whether less of it is better.</summary>
    public static bool IsError(string name) => name is Loss or Mse or BrierScore;

    /// <summary>A name in words: <c>balanced accuracy</c>, <c>ROC AUC</c>.</summary>
    public static string InWords(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = JsonNamingPolicy.SnakeCaseLower.ConvertName(name).Split('_');
        return string.Join(' ', words.Select(word => Acronyms.Contains(word) ? word.ToUpperInvariant() : word == "brier" ? "Brier" : word));
    }
}

/// <summary>
/// Metrics by name, in the order in which they were reported; one that is undefined, such as a ROC AUC without positives, is null. Equal
/// where names, order and values are.
/// </summary>
[JsonConverter(typeof(AsObject))]
public sealed class MetricValues : IEquatable<MetricValues>
{
    private readonly OrderedDictionary<string, double?> values = [];

    /// <summary>Of an objective that reports nothing but its loss.</summary>
    public static MetricValues None { get; } = new([]);

    /// <param name="values">Every name once.</param>
    public MetricValues(IEnumerable<KeyValuePair<string, double?>> values)
    {
        foreach (var (name, value) in values)
            this.values.Add(name, value);
    }

    /// <summary>The value of that name; null where it is undefined, or not reported.</summary>
    public double? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Names in their order.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>Names with their values, in their order.</summary>
    public IEnumerable<KeyValuePair<string, double?>> Pairs => values;

    /// <summary>How many there are.</summary>
    public int Count => values.Count;

    /// <summary>Whether there is such a metric, defined or not.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <inheritdoc/>
    public bool Equals(MetricValues? other) => other is not null && values.SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricValues);

    /// <inheritdoc/>
    public override int GetHashCode() => values.Aggregate(values.Count, (hash, value) => HashCode.Combine(hash, value.Key, value.Value));

    private sealed class AsObject : JsonConverter<MetricValues>
    {
        public override MetricValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var read = new List<KeyValuePair<string, double?>>();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("metrics are an object of names and numbers");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (read.Exists(metric => metric.Key == name))
                    throw new JsonException($"the metric '{name}' is there twice");
                read.Add(new(name, reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.Number => reader.GetDouble(),
                    _ => throw new JsonException($"the metric '{name}' is no number"),
                }));
            }

            return new(read);
        }

        public override void Write(Utf8JsonWriter writer, MetricValues value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (name, number) in value.Pairs)
            {
                if (number is { } defined)
                    writer.WriteNumber(name, defined);
                else
                    writer.WriteNull(name);
            }

            writer.WriteEndObject();
        }
    }
}
