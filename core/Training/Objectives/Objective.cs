using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// What a training minimises, apart from the network that it trains. Each is an entry of <see cref="All"/>; the training loop knows none of
/// them, and sees a learner.
/// </summary>
[JsonConverter(typeof(ObjectiveJson))]
public abstract record Objective
{
    private protected Objective(string name) => Name = name;

    /// <summary>To tell the labels of images: the loss of their task.</summary>
    public static Objective Classification { get; } = new Classification();

    /// <summary>To draw images again from their embeddings, without labels: with the network's decoder an autoencoder.</summary>
    public static Objective Reconstruction { get; } = new Reconstruction();

    /// <summary>Every objective that a trial can have, each with its default options.</summary>
    public static IReadOnlyList<Objective> All { get; } =
    [
        Classification, Reconstruction, new PooledTraining(), new CorrelationAlignment(), new DiscrepancyAlignment(), new AdversarialAlignment(), new ImportanceWeighting(), new TransferBoosting(), new RelationalDistillation(),
        new VicRegularisation(), new ContrastiveLearning(),
    ];

    /// <summary>As specs name it: <c>classification</c>.</summary>
    [JsonIgnore]
    public string Name { get; }

    /// <summary>Whether it sees images of the source while it trains on the target's.</summary>
    [JsonIgnore]
    public virtual bool SeesSource => false;

    /// <summary>Whether it learns from what a teacher makes of the images.</summary>
    [JsonIgnore]
    public virtual bool SeesTeacher => false;

    /// <summary>Images that pass the network in an epoch, for each training image.</summary>
    [JsonIgnore]
    public virtual int Passes => 1;

    /// <summary>Pixels a side that images need at least, whatever the network.</summary>
    [JsonIgnore]
    public virtual int LeastImageSize => 1;

    /// <summary>What people call a network that is trained so: <c>CNN</c>, <c>autoencoder</c>.</summary>
    public abstract string TitleOf(Architecture architecture);

    /// <summary>Names of the metrics that it reports after each epoch on such data, beside the loss.</summary>
    /// <exception cref="MedTransferException">The data lacks what it learns from.</exception>
    public abstract IReadOnlyList<string> MetricsOn(DatasetInfo data);

    /// <summary>What it learns of the labels of such data; null where it learns without them.</summary>
    public virtual LabelTask? TaskOf(DatasetInfo data) => null;

    /// <summary>The plan in the names of the parts that its models have.</summary>
    internal virtual TransferPlan PlanOf(TransferPlan plan) => plan;

    /// <summary>Fails where a network, options or plan do not go with it.</summary>
    /// <exception cref="MedTransferException">What does not, and what would.</exception>
    public abstract void Check(ModelOptions model, TransferPlan plan, FitOptions fit);

    /// <summary>Fails where a split lacks what it learns from, or is scored by.</summary>
    /// <param name="drawn">The images of a training.</param>
    /// <param name="path">Where they are from.</param>
    internal virtual void RequireLearnable(Dataset drawn, string path)
    {
    }

    /// <summary>Fails where images of the source can't take part in a training of such a network on the target's.</summary>
    /// <exception cref="MedTransferException">What does not go together.</exception>
    internal virtual void RequireSource(ModelInput seen, DatasetInfo target, DatasetInfo source)
    {
    }

    /// <summary>The model, initialised from the seed, on the CPU.</summary>
    public abstract nn.Module Create(ModelOptions model, DatasetInfo data, long seed);

    /// <summary>Trains the model, which is on its device, on the target's train split; looks at its validation split besides.</summary>
    public abstract FitResult Fit(nn.Module model, Fitting fitting);

    /// <summary>What the model makes of a split, once all is trained.</summary>
    public abstract SplitOutput Measure(nn.Module model, Split split, Measuring measuring);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    private protected static MedTransferException Wrong(string message) => new($"{message}.") { IsUsage = true };
}

/// <summary>Data of a training by the role that it has.</summary>
/// <param name="Target">What is learned from, chosen on and scored on.</param>
/// <param name="Source">What an objective may see besides; null for nothing.</param>
public sealed record DataByRole(Dataset Target, Dataset? Source = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Target.Dispose();
        Source?.Dispose();
    }
}

/// <summary>All that a training of a given model depends on, and what it reports to.</summary>
public sealed record Fitting(DataByRole Data, ModelOptions Model, TransferPlan Plan, FitOptions Options, long Seed, Device Device)
{
    /// <summary>Names of the layers that were taken over from the plan's origin.</summary>
    public IReadOnlyList<string> Transferred { get; init; } = [];

    /// <summary>Whose embeddings an objective may learn from, on the device; null for nobody's.</summary>
    public Classifier? Teacher { get; init; }

    /// <summary>Keeps what comes out of layers that stay; null to pass them in every epoch.</summary>
    public Embedder? Embedder { get; init; }

    /// <summary>Where a training that was stopped goes on; null where none is kept.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Told of every epoch as it ends.</summary>
    public Action<EpochRecord>? OnEpoch { get; init; }

    /// <summary>Asked between batches.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The one training loop, set to this.</summary>
    internal Trainer Trainer => new(Options, Seed) { Plan = Plan, Transferred = Transferred, Checkpoint = Checkpoint };
}

/// <summary>How a trained model is measured.</summary>
/// <param name="Data">What the labels mean.</param>
/// <param name="Plan">As it was trained.</param>
public sealed record Measuring(DatasetInfo Data, ModelOptions Model, TransferPlan Plan, Device Device)
{
    /// <summary>How it was trained.</summary>
    public FitOptions Options { get; init; } = new();

    /// <summary>Knows what came out of layers that stayed; null to pass all.</summary>
    public Embedder? Embedder { get; init; }

    /// <summary>Threads that compare images; their number changes no result.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Embeddings of so many images, the first ones, at most; default none.</summary>
    public int MostEmbeddings { get; init; }

    /// <summary>Reconstructions of so many images, the first ones, at most; default none.</summary>
    public int MostReconstructions { get; init; }
}
