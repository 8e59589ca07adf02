using System.Text.Json.Serialization;
using MedTransfer.Models;

namespace MedTransfer.Transfer;

/// <summary>A part of a training in which the same layers train, each at its own rate. A new phase starts with fresh moments of Adam.</summary>
public sealed record Phase
{
    /// <summary>
    /// The parts, or layers of a part (<c>features.conv3</c>), that train; the others keep their weights and buffers to the bit. Default all.
    /// An autoencoder's decoder takes the head's place, and so does the projector of what learns from two views.
    /// </summary>
    public IReadOnlyList<string> Trained { get; init => field = [.. value.Distinct().Order(StringComparer.Ordinal)]; } = [Classifier.FeaturesPart, Classifier.HeadPart];

    /// <summary>Epochs, at least 1; null, as the last phase must have and no other may, for those that are left.</summary>
    public int? Epochs { get; init; }

    /// <summary>
    /// What the step size of a part or layer is multiplied by, above 0; that of the longest name counts; default 1. Layers near the image
    /// are often given less (Howard and Ruder 2018).
    /// </summary>
    public IReadOnlyDictionary<string, double> RateFactors
    {
        get;
        init => field = new SortedDictionary<string, double>(value.Where(factor => factor.Value != 1 || value.Keys.Any(part => IsWithin(factor.Key, part) && part != factor.Key)).ToDictionary(), StringComparer.Ordinal);
    } = new Dictionary<string, double>();

    /// <summary>
    /// Whether the head, alone and before any epoch, is brought to its optimum: that of logistic regression on embeddings of the images as they
    /// are, whose penalty is chosen on the training images. The first phase alone may do so, without a number of epochs; default no.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ToConvergence { get; init; }

    /// <summary>The same phase of other parts, which keep their rates.</summary>
    internal Phase Training(IReadOnlyList<string> parts) => this with
    {
        Trained = parts,
        RateFactors = RateFactors.Where(factor => parts.Any(part => IsWithin(factor.Key, part) || IsWithin(part, factor.Key))).ToDictionary(),
    };

    /// <summary>Whether a weight or a layer of that name trains.</summary>
    internal bool Trains(string name) => Trained.Any(part => IsWithin(name, part));

    /// <summary>What the step size of a weight of that name is multiplied by.</summary>
    internal double RateFactor(string name) =>
        RateFactors.Where(factor => IsWithin(name, factor.Key)).OrderByDescending(factor => factor.Key.Length).Select(factor => factor.Value).FirstOrDefault(1);

    /// <summary>The phase, if it trains at least one part and names none that such a model does not have.</summary>
    internal Phase Checked(ModelOptions model, bool isFirst, bool isLast)
    {
        string[] parts = [Classifier.FeaturesPart, Classifier.HeadPart, .. model.Stages.SelectMany(NamesIn)];
        if (Trained.Count == 0)
            throw Wrong($"The plan trains nothing: name some of {string.Join(", ", parts)}.");
        foreach (var unknown in Trained.Where(part => !parts.Contains(part)))
            throw Wrong($"The model has no part '{unknown}' to train: name some of {string.Join(", ", parts)}.");
        if (RateFactors.Keys.FirstOrDefault(part => !parts.Contains(part)) is { } unrated)
            throw Wrong($"The model has no part '{unrated}' to give a rate: name some of {string.Join(", ", parts)}.");
        foreach (var (part, factor) in RateFactors)
        {
            if (factor is not (> 0 and <= float.MaxValue))
                throw Wrong(FormattableString.Invariant($"The rate factor of {part} is {factor}, but must be above 0: leave out of the phase what is not to train."));
            if (!Trained.Any(trained => IsWithin(part, trained) || IsWithin(trained, part)))
                throw Wrong($"The plan gives {part} a rate in a phase that does not train it: name it among what trains, or leave the rate out.");
        }

        if (ToConvergence)
        {
            return !isFirst || isLast ? throw Wrong("The head is brought to its optimum before others train: do so in the first phase of several, or train it alone by logistic regression.")
                : Trained.Any(part => part != Classifier.HeadPart) || RateFactors.Count > 0 || Epochs is not null
                    ? throw Wrong("A phase that goes to the optimum is of the head alone, and has no epochs and no rates: leave these out.")
                : this;
        }

        if (isLast && Epochs is not null)
            throw Wrong("The last phase has the epochs that are left: give it no number.");
        return isLast || Epochs >= 1 ? this : throw Wrong($"A phase that is not the last has {Epochs?.ToString() ?? "no number of"} epochs, but must have at least 1.");
    }

    /// <summary>Whether the same trains in another phase, at the same rates, for however many epochs.</summary>
    internal bool TrainsAs(Phase other) =>
        ToConvergence == other.ToConvergence && Trained.SequenceEqual(other.Trained) && RateFactors.SequenceEqual(other.RateFactors);

    /// <summary>Names that make up a stage: its own, where its layers lie within a module of that name, else those of its layers.</summary>
    internal static IEnumerable<string> PartsOf(Stage stage) =>
        (IsModule(stage) ? [stage.Name] : stage.Layers).Select(PartOf);

    // a stage that is a module can be named as a whole, or layer by layer
    private static IEnumerable<string> NamesIn(Stage stage) => PartsOf(stage).Union(stage.Layers.Select(PartOf));

    private static bool IsModule(Stage stage) => stage.Layers.All(layer => IsWithin(layer, stage.Name));

    private static string PartOf(string layer) => $"{Classifier.FeaturesPart}.{layer}";

    private static bool IsWithin(string name, string part) => name == part || name.StartsWith($"{part}.", StringComparison.Ordinal);

    private static MedTransferException Wrong(string message) => new(message) { IsUsage = true };
}
