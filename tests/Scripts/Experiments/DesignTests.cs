using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Schedules;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>What the command line's options of training become of the trainings of a recipe.</summary>
[Collection(OneAtATime.Name)]
public sealed class DesignTests
{
    [Fact]
    public void Trainings_are_plain_where_nothing_is_asked_for()
    {
        using var lab = HandMadeLab.OnPhantoms(ExperimentModule.task2);

        Assert.Equal(new FitOptions(), Epochs(lab.Lab));
        Assert.Equal(new FitOptions(), lab.Lab.Pretraining);
        Assert.Equal(new FitOptions { Solver = Solver.LogisticRegression }, lab.Lab.ToConvergence);
    }

    [Fact]
    public void Options_of_training_are_those_of_the_target_and_leave_the_pretraining_as_it_is()
    {
        using var lab = HandMadeLab.OnPhantoms(
            ExperimentModule.task2, "--weight-decay", "0.01", "--balance", "sampling", "--augment", "--schedule", "cosine", "--warm-up", "0.1");
        var asked = new FitOptions
        {
            WeightDecay = 0.01,
            Balance = ClassBalance.Sampling,
            Augmentation = new(),
            Schedule = new CosineDecay { WarmUp = 0.1 },
        };

        Assert.Equal(asked, Epochs(lab.Lab));
        Assert.Equal(asked with { Augmentation = null }, Epochs(lab.Lab, frozen: true));
        Assert.Equal(new FitOptions(), lab.Lab.Pretraining);
        // a head that goes to its optimum sees every image once, as it is
        Assert.Equal(new FitOptions { Solver = Solver.LogisticRegression, Balance = ClassBalance.Loss }, lab.Lab.ToConvergence.Checked());
    }

    [Fact]
    public void Rate_of_the_command_line_goes_before_that_of_the_recipe()
    {
        using var silent = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        using var asking = HandMadeLab.OnPhantoms(ExperimentModule.task2, "--learning-rate", "0.01");

        Assert.Equal(1e-4, Epochs(silent.Lab, rate: 1e-4).LearningRate);
        Assert.Equal(1e-2, Epochs(asking.Lab, rate: 1e-4).LearningRate);
        Assert.Equal((1e-3, 1e-2), (silent.Lab.Pretraining.LearningRate, asking.Lab.Pretraining.LearningRate));
    }

    // the study's CNN has none: said before anything trains
    [Fact]
    public void Statistics_can_be_kept_where_there_are_batch_norms()
    {
        var error = Assert.Throws<MedTransferException>(() => HandMadeLab.OnPhantoms(ExperimentModule.task2, "--keep-statistics"));

        Assert.Equal(("--keep-statistics is about batch norms, and what is transferred here has none that train: name a ResNet as --source or --weights, or leave it out.", true), (error.Message, error.IsUsage));
    }

    private static FitOptions Epochs(Lab lab, double? rate = null, bool? frozen = null) => lab.Epochs(
        20, null, null, null, null, rate is { } own ? FSharpOption<double>.Some(own) : null, null, frozen is { } whole ? FSharpOption<bool>.Some(whole) : null);
}
