using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Trials;

/// <summary>Finds out without training what trials would take over from their parents: from the weights of a file or of a parent that is done, else from the model that the parent would train.</summary>
/// <param name="runs">The folder that holds the trials' folders.</param>
internal sealed class TransferForecast(string runs)
{
    private readonly Dictionary<(Objective, ModelOptions, int Channels, int ImageSize, int Outputs), IReadOnlyDictionary<string, WeightShape>> models = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, WeightShape>> finished = [];

    /// <summary>What the trial would take, and what would be left.</summary>
    /// <param name="asked">The parent is among them where it is not done.</param>
    /// <param name="info">What a trial's data is.</param>
    public TransferOutcome Of(Trial trial, IEnumerable<Trial> asked, Func<DataReference, DatasetInfo> info) => trial.Spec.Transfer.Origin switch
    {
        TrialOrigin(var parent) => FeatureTransfer.Compare(OfModel(trial.Spec, info), OfParent(parent, trial, asked, info)),
        WeightsOrigin file => FeatureTransfer.Compare(OfModel(trial.Spec, info), OfFile(file.Digest, () => ShapesOf(file))),
        PublishedOrigin published => FeatureTransfer.Compare(OfModel(trial.Spec, info), OfFile(published.Digest, () => WeightShape.Of(published.Find().Read()))),
        _ => TransferOutcome.None,
    };

    private IReadOnlyDictionary<string, WeightShape> OfFile(string digest, Func<IReadOnlyDictionary<string, WeightShape>> read) =>
        finished.TryGetValue(digest, out var known) ? known : finished[digest] = read();

    private static IReadOnlyDictionary<string, WeightShape> ShapesOf(WeightsOrigin file)
    {
        file.RequireUnchanged();
        return WeightFile.Shapes(file.Path);
    }

    private IReadOnlyDictionary<string, WeightShape> OfParent(string parent, Trial child, IEnumerable<Trial> asked, Func<DataReference, DatasetInfo> info)
    {
        if (asked.FirstOrDefault(trial => trial.Name == parent) is { } planned)
            return OfModel(planned.Spec, info);
        if (finished.TryGetValue(parent, out var known))
            return known;
        var folder = new TrialFolder(runs, parent);
        return folder.IsDone
            ? finished[parent] = WeightShape.Of(folder.ReadWeights())
            : throw child.Lacks(parent);
    }

    private IReadOnlyDictionary<string, WeightShape> OfModel(TrialSpec spec, Func<DataReference, DatasetInfo> info)
    {
        var (model, data) = (spec.Model, info(spec.Target));
        var key = (spec.Objective, model, data.Channels, data.ImageSize, data.Outputs);
        if (models.TryGetValue(key, out var known))
            return known;
        using var made = spec.Objective.Create(model, data, seed: 0);
        return models[key] = WeightShape.Of(made.state_dict());
    }
}
