using MedTransfer.Data;
using MedTransfer.Data.Import;
using MedTransfer.Evaluation.Cases;

namespace MedTransfer.Inference.TrainedModels;

/// <summary>Another hospital's labelled images as a model takes them: all splits of a set together, labels in the order of the model's outputs.</summary>
/// <param name="Images">The caller disposes of them.</param>
/// <param name="Patients">Whose they are.</param>
/// <param name="LeftOut">Images that have none of the model's classes.</param>
/// <param name="Notes">How labels were read, a sentence each.</param>
public sealed record ExternalSet(Split Images, Patients Patients, int LeftOut, IReadOnlyList<string> Notes) : IDisposable
{
    /// <summary>Knows the set's images again, whichever model they are made ready for and whatever is left out.</summary>
    public required string Digest { get; init; }

    /// <summary>Matches a set's labels to a model's by their names, in upper or lower case.</summary>
    /// <exception cref="MedTransferException">The set has no labels, or other classes or findings than the model, or fewer than two classes of it.</exception>
    public static ExternalSet Of(Dataset set, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(model);
        var info = set.Info;
        if (info.Task is not { } task)
            throw new MedTransferException($"{info.Name}: has no labels, by which a model could be scored: name a set with labels, or give its images as files to have them predicted.");
        using var all = Joined(set);
        var (labels, notes) = (model.Task == LabelTask.MultiLabel, task == LabelTask.MultiLabel) switch
        {
            (true, true) => Findings(all.Labels, info, model),
            (true, false) => throw Other(info, model, "classes, and the model finds findings"),
            (false, true) => HealthyOrNot(all.Labels, info, model),
            _ => Classes(all.Labels, info, model),
        };
        int[] kept = [.. Enumerable.Range(0, labels.Count).Where(image => !labels.AllMissing(image))];
        if (model.Task != LabelTask.MultiLabel && kept.Select(image => labels[image, 0]).Distinct().Count() < 2)
            throw new MedTransferException($"{info.Name}: has images of {(kept.Length == 0 ? "none" : "one alone")} of the model's classes ({OneLine.List([.. model.Labels])}), so that nothing can be told apart: name a set with two of them at least.");
        if (kept.Length == 0)
            throw new MedTransferException($"{info.Name}: of none of its images a finding of the model is known ({OneLine.List([.. model.Labels])}): name a set in which some are.");
        using var taken = all.Subset(kept);
        var images = ModelImages.Of(taken, model, info.Name);
        return new(images with { Labels = labels.Rows(kept), FileIndices = kept }, Patients.Of(taken.Groups, kept.Length), labels.Count - kept.Length, notes) { Digest = all.ImagesDigest() };
    }

    /// <summary>The same without the images that the model learned from, or was pretrained on, and how many those are; this is disposed of.</summary>
    /// <exception cref="MedTransferException">What is left has no two classes of the model, or no finding that is known.</exception>
    public (ExternalSet Unseen, int Seen) Without(TrainingImages known, string name)
    {
        ArgumentNullException.ThrowIfNull(known);
        var levels = ImageLevels.Of(Images);
        int[] unseen = [.. Enumerable.Range(0, Images.Count).Where(image => levels[image].Digest is not { } digest || !known.Pixels.Contains(digest))];
        if (unseen.Length == Images.Count)
            return (this, 0);
        using var all = this;
        if (unseen.Length == 0 || (Images.Labels.Columns == 1 && unseen.Select(image => Images.Labels[image, 0]).Distinct().Count() < 2))
            throw new MedTransferException($"{name}: the model learned from {Images.Count - unseen.Length} of its {Images.Count} images, or was pretrained on them, and the others tell nothing apart: name images that it has not seen.");
        return (new(Images.Subset(unseen), Patients.Subset(unseen), LeftOut, Notes) { Digest = Digest }, Images.Count - unseen.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();

    private static Split Joined(Dataset set)
    {
        using var learning = Split.Joined(set.Train, set.Validation);
        return Split.Joined(learning, set.Test);
    }

    private static (Labels Labels, IReadOnlyList<string> Notes) Classes(Labels labels, DatasetInfo info, ModelDescription model)
    {
        var places = PlacesOf(info, model);
        var used = Enumerable.Range(0, labels.Count).Select(image => (int)labels[image, 0]).Distinct().ToList();
        if (used.Where(label => places[label] < 0).Select(label => info.LabelNames[label]).ToList() is { Count: > 0 } strange)
            throw Other(info, model, $"images of {OneLine.List(strange)}");
        var own = new byte[labels.Count, 1];
        for (var image = 0; image < labels.Count; image++)
            own[image, 0] = (byte)places[labels[image, 0]];
        return (Labels.Of(own), []);
    }

    private static (Labels Labels, IReadOnlyList<string> Notes) Findings(Labels labels, DatasetInfo info, ModelDescription model)
    {
        var places = PlacesOf(info, model);
        if (places.All(place => place < 0))
            throw Other(info, model, $"findings {OneLine.List([.. info.LabelNames])}");
        var own = new byte[labels.Count, model.Labels.Count];
        for (var image = 0; image < labels.Count; image++)
        {
            for (var finding = 0; finding < model.Labels.Count; finding++)
                own[image, finding] = Array.IndexOf(places, finding) is >= 0 and var column ? labels[image, column] : Labels.Missing;
        }

        bool IsTold(int finding) => Enumerable.Range(0, labels.Count).Select(image => own[image, finding]).Where(value => value != Labels.Missing).Distinct().Skip(1).Any();
        var untold = model.Labels.Where((_, finding) => !IsTold(finding)).ToList();
        return (Labels.Of(own), untold.Count == 0 ? [] : [$"{info.Name} has no images with and without {OneLine.List(untold)}: these have no part in scores."]);
    }

    // one finding against no finding at all: images with others alone belong to neither class
    private static (Labels Labels, IReadOnlyList<string> Notes) HealthyOrNot(Labels labels, DatasetInfo info, ModelDescription model)
    {
        if (model.PositiveClass is not { } positive || PlaceOf(model.Labels[positive], info.LabelNames) is not (>= 0 and var finding))
            throw Other(info, model, $"findings ({OneLine.List([.. info.LabelNames])}), none of which is a class of the model");
        // a column that says that there is none is no finding
        int[] findings = [.. Enumerable.Range(0, labels.Columns).Where(column => !ImportedImages.MeansHealthy(info.LabelNames[column]))];
        var own = new byte[labels.Count, 1];
        for (var image = 0; image < labels.Count; image++)
        {
            own[image, 0] = labels[image, finding] == 1 ? (byte)positive
                : findings.All(column => labels[image, column] == 0) ? (byte)(1 - positive)
                : Labels.Missing;
        }

        return (Labels.Of(own), [$"{info.Name} has findings: images with {info.LabelNames[finding]} count as {model.Labels[positive]}, those without any finding as {model.Labels[1 - positive]}, and others are left out."]);
    }

    // where each label of the set is among the model's; -1 where it is not
    private static int[] PlacesOf(DatasetInfo info, ModelDescription model) =>
        [.. info.LabelNames.Select(name => PlaceOf(name, model.Labels))];

    private static int PlaceOf(string name, IReadOnlyList<string> labels) =>
        labels.ToList().FindIndex(label => string.Equals(label.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase));

    private static MedTransferException Other(DatasetInfo info, ModelDescription model, string has) =>
        new($"{info.Name}: has {has}, and the model has {OneLine.List([.. model.Labels])}: name a set with the same labels, or write {info.Name}.json beside its .npz that names its labels in their order, as {{\"labels\": [{string.Join(", ", model.Labels.Select(label => $"\"{label}\""))}]}}.");
}
