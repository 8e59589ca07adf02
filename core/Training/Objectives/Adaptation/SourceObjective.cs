using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Transfer;

namespace MedTransfer.Training.Objectives.Adaptation;

/// <summary>Tells the labels of the target's images while images of a source, another domain, take part in the training.</summary>
public abstract record SourceObjective : LabelObjective
{
    private protected SourceObjective(string name, string title) : base(name) => Title = title;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool SeesSource => true;

    /// <summary>What the field calls it.</summary>
    [JsonIgnore]
    public string Title { get; }

    /// <summary>Whether it learns from the source's labels, which then have to be the target's.</summary>
    private protected abstract bool LearnsFromSourceLabels { get; }

    /// <summary>Whether it tells two classes apart, and no more; default no.</summary>
    [JsonIgnore]
    public virtual bool IsOfTwoClasses => false;

    /// <summary>
    /// Why labels of the source can't be learned from as if they were the target's, a clause; null where they can: two classes, the same one positive, whatever their
    /// names; or more classes, or findings, of the same names in the same order.
    /// </summary>
    public static string? WhyLabelsDiffer(DatasetInfo target, DatasetInfo source)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        return source.Task is null ? $"{source.Name} has no labels"
            : (target.Task == LabelTask.MultiLabel) != (source.Task == LabelTask.MultiLabel) ? $"one of {target.Name} and {source.Name} has findings, the other classes"
            : target.Outputs != source.Outputs ? $"{target.Name} has {target.Outputs} of them, {source.Name} {source.Outputs}"
            : !target.HasTwoClasses && !target.LabelNames.SequenceEqual(source.LabelNames, StringComparer.OrdinalIgnoreCase) ? $"those of {target.Name} and {source.Name} have other names"
            : target.HasTwoClasses && target.PositiveClass != source.PositiveClass ? $"of {target.Name} class {target.PositiveClass} is positive, of {source.Name} class {source.PositiveClass}"
            : null;
    }

    internal sealed override void RequireSource(ModelInput seen, DatasetInfo target, DatasetInfo source)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if ((target.Channels, seen.SizeOn(target)) != (source.Channels, seen.SizeOn(source)))
        {
            throw new MedTransferException($"Images of {source.Name} ({source.ImageSize} pixels, {source.Channels} channels) can't take part in a training on {target.Name} ({target.ImageSize} pixels, {target.Channels} channels): "
                + "bring both to one size and one number of channels.");
        }

        if (IsOfTwoClasses && !target.HasTwoClasses)
            throw new MedTransferException($"{Title} tells two classes apart, and {target.Name} has others: take another way, or merge its labels into two classes.");
        if (LearnsFromSourceLabels && WhyLabelsDiffer(target, source) is { } difference)
            throw new MedTransferException($"{Title} can't learn from the labels of {source.Name} ({difference}): name a source with the same labels, or a way that needs none.");
    }

    /// <inheritdoc/>
    public override void Check(ModelOptions model, TransferPlan plan, FitOptions fit)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Phases[0].ToConvergence)
            throw Wrong($"{Title} sees the source from the first step on: use a plan whose head does not begin at its optimum");
    }
}
