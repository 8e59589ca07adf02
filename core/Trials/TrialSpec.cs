using System.Text.Json;
using System.Text.Json.Serialization;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials;

/// <summary>Everything that decides a trial's result: plain data, the same bits every time.</summary>
public sealed record TrialSpec
{
    /// <summary>The images, by role.</summary>
    public required TrialData Data { get; init; }

    /// <summary>The model; default the study's CNN.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>What is minimised; default the loss of telling labels.</summary>
    public Objective Objective { get; init; } = Objective.Classification;

    /// <summary>Initial weights and which of them train; default none transferred, all trained.</summary>
    public TransferPlan Transfer { get; init; } = TransferPlan.Scratch;

    /// <summary>How it is trained.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>Whose embeddings the objective learns from; null, the default, for nobody's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Teacher? Teacher { get; init; }

    /// <summary>Names of finished trials on the same labels that are taken together instead of training anything; default none.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>How members are taken together; default the mean of their probabilities.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MemberCombination Combination { get; init; }

    /// <summary>Initial weights, order of images, every other draw.</summary>
    [Seed]
    public long Seed { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>: the same spec gives other bits on another kind of device.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Compute threads, at least 1, which is the default: another number gives other bits. Trials run in parallel instead.</summary>
    public int Threads { get; init; } = ComputeDevice.Threads;

    /// <summary>The set that it learns from and is scored on.</summary>
    [JsonIgnore]
    public DataReference Target => Data.Target;

    /// <summary>The same on another target.</summary>
    public TrialSpec On(DataReference target) => this with { Data = Data with { Target = target } };

    /// <summary>The same way, learning from all images of its set but those of the test split, its last epoch kept.</summary>
    /// <param name="epochs">Passes over the images, as where the best epoch is kept there is nothing left to tell it by; what its phases take at least.</param>
    public TrialSpec ForUse(int epochs) => this with
    {
        Data = Data with { Target = Target with { TrainImages = null, SampleSeed = 0, Folds = [], IsForUse = true } },
        Fit = Fit with
        {
            Keep = KeptEpoch.Last,
            EarlyStopping = null,
            Epochs = Math.Max(epochs, Transfer.Phases.SkipLast(1).Sum(phase => phase.Epochs ?? 0) + 1),
        },
    };

    /// <summary>Names of the trials that must be finished before this one.</summary>
    [JsonIgnore]
    public IEnumerable<string> Needs => new[] { Transfer.Parent, Teacher?.Trial }.OfType<string>().Concat(Members);

    /// <summary>Whether it averages the weights of its members.</summary>
    internal bool IsSoup => Members.Count > 0 && Combination == MemberCombination.GreedySoup;

    /// <summary>The metrics by which epochs or members are chosen on the validation split; none where nothing is chosen.</summary>
    internal IEnumerable<string> ChosenBy => IsSoup ? [Fit.KeptBy] : Fit.ChosenBy;

    /// <summary>Whether the training images pass the features once, before any epoch, and nothing but a head trains.</summary>
    internal bool EmbedsOnce => Transfer.TrainsHeadAlone
        && (Fit.Solver == Solver.LogisticRegression || Model.Architecture.LearnsFeatures && Fit.Augmentation is null && !Fit.ThroughFrozenLayers && !Objective.SeesSource);

    /// <summary>Whether its model learns embeddings, or draws them: controls have an image's pixels or less in their place, an ensemble of probabilities its members'.</summary>
    internal bool HasEmbeddings => (Members.Count == 0 || IsSoup) && Model.Architecture.LearnsFeatures;

    /// <summary>The spec, if it can be run.</summary>
    /// <exception cref="MedTransferException">An option is out of its range, or two do not go together.</exception>
    public TrialSpec Checked()
    {
        Model.Checked();
        Fit.Checked();
        Transfer.Checked(Model);
        if (Members.Count == 0 && Model.Architecture.ComesTrained && (!Transfer.TrainsHeadAlone || Transfer.Origin is not null))
            throw new MedTransferException($"The {Model.Architecture.Title} brings its features, which do not train here: train the head alone, and name no origin.") { IsUsage = true };
        if (Threads < 1)
            throw new MedTransferException($"The number of threads is {Threads}, but must be at least 1.") { IsUsage = true };
        if (Data.All.FirstOrDefault(data => data.Excerpt < 1) is { } none)
            throw new MedTransferException($"An excerpt of {none.Excerpt} images a split is none: take 1 at least.") { IsUsage = true };
        Objective.Check(Model, Transfer, Fit);
        if (Data.Source is not null && !Objective.SeesSource)
            throw new MedTransferException($"The objective {Objective} sees no source images while it trains: leave the source out.") { IsUsage = true };
        if (Data.Source is null && Objective.SeesSource)
            throw new MedTransferException($"The objective {Objective} sees images of a source while it trains: name one.") { IsUsage = true };
        if (Teacher is null == Objective.SeesTeacher)
            throw new MedTransferException(Teacher is null ? $"The objective {Objective} learns from a teacher: name one." : $"The objective {Objective} learns from no teacher: leave it out.") { IsUsage = true };
        Teacher?.Checked();
        if (Members.Count == 0 && Combination != MemberCombination.Probabilities)
            throw new MedTransferException("Weights are averaged of several trials: name them as members.") { IsUsage = true };
        if (Transfer.Phases.SkipLast(1).Sum(phase => (long)(phase.Epochs ?? 0)) >= Fit.Epochs)
            throw new MedTransferException($"The phases before the last take all of the {Fit.Epochs} epochs: train longer, or give them fewer.") { IsUsage = true };
        if (Members.Count > 0 && (Transfer.Origin is not null || Objective != Objective.Classification))
            throw new MedTransferException("An ensemble trains nothing: give it classifiers as members, and no plan.") { IsUsage = true };
        return this;
    }

    /// <summary>
    /// What it does in a few words: model, origin of the weights, solver; whether on an excerpt; and on which fold, counted from 1, an inner
    /// one after its outer one.
    /// </summary>
    public string Describe() =>
        WayOf() + (Target.Excerpt is { } most ? $", excerpt of {most} a split" : "") + (Target.Folds.Count == 0 ? "" : $", fold {string.Join('.', Target.Folds.Select(fold => fold.Index + 1))}");

    /// <summary>Reads a spec as it was written.</summary>
    /// <exception cref="MedTransferException">The file is not there or is no spec.</exception>
    public static TrialSpec Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrialSpec>(File.ReadAllText(path), TrialJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new MedTransferException($"{path} is no trial's spec: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; name a spec.json of a trial's folder.", e);
        }
    }

    private string WayOf()
    {
        if (Members.Count > 0)
            return $"{(IsSoup ? "greedy soup" : "ensemble")} of {Members.Count}";
        if (Model.Architecture.IsControl)
            return Model.Architecture.Title;
        if (Objective == Objective.Reconstruction)
            return Tuned("autoencoder");
        if (Objective is TwoViewLearning views)
            return Tuned(views.Title);
        var origin = Transfer.Origin is null && !Model.Architecture.ComesTrained ? (Whole: "random features", Trained: "no transfer") : (Whole: "frozen", Trained: "fine-tuned");
        var layers = Model.FeatureLayerNames;
        var frozen = Transfer.FrozenLayers(Model);
        var depth = frozen.Count == 0 ? origin.Trained
            : frozen.Count == layers.Count ? origin.Whole
            : frozen.SequenceEqual(layers.Take(frozen.Count)) ? $"{origin.Whole} to {StageName(frozen[^1])}"
            : $"{origin.Whole}: {string.Join(", ", frozen.Select(LayerName))}";
        var phases = Transfer.Phases.Count == 1 ? "" : $" in {Transfer.Phases.Count} phases";
        var named = Transfer.Origin is null ? null : NamedPlan.TitleOf(Transfer, Model);
        var kept = Transfer.KeepsStatistics ? ", statistics kept" : "";
        var held = Transfer.Regulariser is { } regulariser ? $", {regulariser.Title}" : "";
        var head = Fit.Solver == Solver.LogisticRegression ? ", logistic regression" : Transfer.TrainsHeadAlone && Fit.ThroughFrozenLayers ? ", through all layers" : "";
        return (named ?? depth + phases) + held + kept + (Objective switch { SourceObjective adapted => $", {adapted.Title}", RelationalDistillation => ", relations of a teacher", _ => head });
    }

    private string Tuned(string title) => Transfer.Origin is null ? title : $"{title}, fine-tuned";

    // a stage of which all layers stay goes by its own name
    private string StageName(string layer) => Model.Stages.FirstOrDefault(stage => stage.Layers[^1] == LayerName(layer))?.Name ?? LayerName(layer);

    private static string LayerName(string layer) => layer[(Classifier.FeaturesPart.Length + 1)..];
}

/// <summary>How several trained models become one.</summary>
public enum MemberCombination
{
    /// <summary>The mean of their probabilities.</summary>
    Probabilities,

    /// <summary>The mean of the weights of those that do no harm on validation, see <see cref="GreedySoup"/>; by the metric that <see cref="FitOptions.KeptBy"/> names.</summary>
    GreedySoup,
}
