using MedTransfer.Data;
using MedTransfer.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedTransfer.Models;

/// <summary>Several trained classifiers side by side, whose answer is the mean of theirs; its weights are theirs, each under its member's number.</summary>
public sealed class Ensemble : nn.Module
{
    private readonly ModuleList<Classifier> members;

    private Ensemble(IEnumerable<Classifier> trained) : base(nameof(Ensemble))
    {
        members = nn.ModuleList([.. trained]);
        RegisterComponents();
    }

    /// <summary>The classifiers, in the order given.</summary>
    public IReadOnlyList<Classifier> Members => [.. members];

    /// <summary>Classifiers of one kind with these weights, which train no further.</summary>
    /// <param name="weights">The weights of each member by name, head and features.</param>
    /// <exception cref="MedTransferException">Weights of a member do not fit.</exception>
    public static Ensemble Of(ModelOptions options, DatasetInfo data, IEnumerable<IReadOnlyDictionary<string, SafeTensor>> weights) =>
        new(weights.Select(own => Classifier.Trained(options, data, own)));
}
