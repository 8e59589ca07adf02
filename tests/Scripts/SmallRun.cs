using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

/// <summary>A recipe's run, small: a pretraining, a way frozen on it and a cross-validated one, with their report.</summary>
public sealed class SmallRun : IDisposable
{
    private readonly SyntheticSets sets = new();

    public SmallRun() => Assert.Equal(0, Recipe.run(
        ExperimentModule.task2,
        ListModule.OfSeq<string>(["--smoke", "--workers", "1", "--source", sets.Source, "--target", sets.Target, "--out", sets.Folder]),
        CancellationToken.None,
        FuncConvert.FromAction<Lab>(Train)));

    /// <summary>Names of the trials.</summary>
    public string Pretraining { get; private set; } = "";

    public string Frozen { get; private set; } = "";

    public string Fold { get; private set; } = "";

    public string Ensemble { get; private set; } = "";

    /// <summary>What the run left, and the data it used; nobody writes here.</summary>
    public string Folder => sets.Folder;

    public string Target => sets.Target;

    public string Runs => Path.Combine(Folder, "runs");

    public string Report => Path.Combine(Folder, "reports", "task2");

    public void Dispose() => sets.Dispose();

    private void Train(Lab lab)
    {
        var fit = lab.Epochs(1, null, null, null, null, null, null, null);
        var size = lab.Sizes.Head;
        var images = lab.Target.Sample(size, 0);
        Trial Of(string label, DataReference data, TransferPlan plan) => lab.Trial(label, data, plan, fit, 0, null, null, null);
        var pretraining = Of("pretraining", lab.Source.All, TransferPlan.Scratch);
        var frozen = WayModule.trained("frozen", size, 0, Of("frozen", images, TransferPlan.Frozen(pretraining.AsOrigin)));
        var folds = lab.CrossValidated("folds", images, 0, FuncConvert.FromFunc<DataReference, Trial>(fold => Of("fold", fold, TransferPlan.Scratch)));
        var ensemble = WayModule.ensemble("cross-validation", size, 0, folds.Item1, folds.Item2);
        (Pretraining, Frozen, Fold, Ensemble) = (pretraining.Name, frozen.Trial.Name, folds.Item1.Head.Name, ensemble.Trial.Name);
        var results = lab.Run(ListModule.OfSeq([pretraining]), ListModule.OfSeq([frozen, ensemble]));
        Publication.publish(lab, "title", HandMadeOpening.Of("question"), results, Setting.environment(lab, results));
    }
}
