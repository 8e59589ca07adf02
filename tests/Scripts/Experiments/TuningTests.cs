using MedTransfer.Recipes;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

public sealed class TuningTests
{
    // what would be tuned would be trained, which takes a while and is then in the list
    [Fact]
    public void A_way_whose_trainings_choose_their_penalty_is_not_tuned()
    {
        using var files = HandMadeLab.OnFiles(ExperimentModule.task2, "--tune", "grid");
        var fit = new FitOptions { Solver = Solver.LogisticRegression, PenaltyChoice = new() };
        var trial = files.Lab.Trial("random features", files.Lab.Target.All, TransferPlan.RandomFeatures, fit, 0, null, null, null);

        Assert.Empty(Tuning.choose(files.Lab, FSharpList<Trial>.Empty, ListModule.OfSeq([WayModule.trained("random features", TargetSize.AllImages, 0, trial)])));
    }

    [Fact]
    public void A_fixed_penalty_can_be_tuned()
    {
        using var files = HandMadeLab.OnFiles(ExperimentModule.task2);
        var trial = files.Lab.Trial("random features", files.Lab.Target.All, TransferPlan.RandomFeatures, new() { Solver = Solver.LogisticRegression }, 0, null, null, null);

        var candidates = Tuning.candidates(files.Lab, FSharpList<Trial>.Empty, Search.Grid, trial.Spec);

        Assert.Equal(["inverse penalty 0.01", "inverse penalty 0.1", "inverse penalty 1", "inverse penalty 10"], candidates.Select(candidate => candidate.Label));
    }
}
