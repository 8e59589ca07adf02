using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Comparisons;
using MedTransfer.Evaluation.Intervals;

namespace MedTransfer.Tests.Evaluation.Simulation;

/// <summary>An interval that was made of a simulated study, what it should hold, and the p value of what is true where there is one.</summary>
internal sealed record Trial(Interval? Interval, double Truth, double? PValueOfTruth = null);

/// <summary>How often a method's intervals hold the truth, and its p values of a true hypothesis lie below .05, over many studies.</summary>
/// <param name="Made">Studies in which there was an interval.</param>
/// <param name="Holds">Intervals that hold the truth.</param>
/// <param name="Tests">Studies in which there was a p value.</param>
/// <param name="Rejected">P values below .05.</param>
internal sealed record Coverage(int Studies, int Made, int Holds, int Tests, int Rejected)
{
    public double Share => (double)Holds / Made;

    public double RejectedShare => (double)Rejected / Tests;

    /// <summary>Draws studies of a design with the seeds 0, 1, ..., and applies a method to each.</summary>
    public static Coverage Of(StudyDesign design, int studies, Func<SimulatedStudy, Trial> method) => Of(studies, seed => method(new(design, seed)));

    /// <summary>The same of studies by their seeds.</summary>
    public static Coverage Of(int studies, Func<ulong, Trial> study)
    {
        var trials = new Trial[studies];
        Parallel.For(0, studies, i => trials[i] = study(1000 + (ulong)i));
        var made = trials.Where(trial => trial.Interval is not null).ToList();
        var tests = trials.Select(trial => trial.PValueOfTruth).OfType<double>().ToList();
        return new(studies, made.Count, made.Count(trial => trial.Interval!.Contains(trial.Truth)), tests.Count, tests.Count(p => p < 0.05));
    }
}

/// <summary>The methods whose coverage is measured, each as it is used.</summary>
internal static class Methods
{
    /// <summary>Seeds and patients, of a difference; below <see cref="Comparison.FewestSeeds"/> too, where it is not offered.</summary>
    public static Func<SimulatedStudy, Trial> RandomEffectsDifference(string metric) => study =>
    {
        var trainings = study.Compared(metric);
        if (trainings.Any(training => training.First is not { HasFewPatients: false })) return new(null, 0);
        var truth = study.Design.OfProcedure(metric, 0) - study.Design.OfProcedure(metric, 1);
        var effects = RandomEffects.OfDifference([.. trainings.Where(training => training is { First: not null, Second: not null }).Select(training => new RandomEffects.Pair(training.Seed, training.Draw, training.First!, training.Second!))]);
        return new(effects?.DifferenceAt(0.95), truth, effects is null ? null : (effects with { Mean = effects.Mean - truth }).PValue);
    };

    /// <summary>Seeds and patients, of one way's mean score.</summary>
    public static Func<SimulatedStudy, Trial> RandomEffectsScore(string metric) => study =>
    {
        var trainings = study.Compared(metric).Where(training => training.First is not null).Select(training => (training.Seed, training.Draw, training.First!)).ToList();
        if (trainings.Any(training => training.Item3.HasFewPatients) || RandomEffects.OfScore(trainings) is not { } effects) return new(null, 0);
        return new(ScoreInterval.Logit95(effects.Mean, effects.StandardError, effects.DegreesOfFreedom), study.Design.OfProcedure(metric, 0));
    };

    /// <summary>Seeds alone, on the images at hand: the truth is the mean of 400 further seeds there.</summary>
    public static Func<SimulatedStudy, Trial> StudentsOverSeeds(string metric) => study =>
    {
        static double Difference(ComparedTrainings training) => training.First!.Value - training.Second!.Value;
        if (!study.IsScored) return new(null, 0);
        double[] differences = [.. study.Compared(metric).Select(Difference)];
        var truth = Enumerable.Range(0, 400).Average(seed => Difference(study.Compare(metric, seed)));
        var paired = PairedDifference.Of(differences, differences.Select(_ => 0.0));
        return new(paired.Interval95, truth);
    };

    /// <summary>Seeds and patients drawn anew.</summary>
    public static Func<SimulatedStudy, Trial> Bootstrap(string metric) => study =>
    {
        var pairs = study.Compared(metric).Where(training => training is { First: not null, Second: not null }).Select(training => new RandomEffects.Pair(training.Seed, training.Draw, training.First!, training.Second!)).ToList();
        return new(CrossedBootstrap.Of(pairs, 1000, 0), study.Design.OfProcedure(metric, 0) - study.Design.OfProcedure(metric, 1));
    };

    /// <summary>Two models, on other patients: DeLong's test of AUCs.</summary>
    public static Func<SimulatedStudy, Trial> Models(string metric) => study =>
    {
        var (first, second) = study.Train();
        if (study.Score(metric, first) is not { } a || study.Score(metric, second) is not { } b) return new(null, 0);
        var truth = StudyDesign.OfModel(metric, first.Separation) - StudyDesign.OfModel(metric, second.Separation);
        var difference = ModelDifference.Of(a, b);
        return new(difference.Interval95, truth, (difference with { First = difference.First - truth }).PValue);
    };

    /// <summary>One model, on other patients.</summary>
    public static Func<SimulatedStudy, Trial> Model(string metric) => study =>
    {
        var (model, _) = study.Train();
        return new(study.Score(metric, model) is { } score ? ScoreEstimate.OfModel(score).Interval95 : null, StudyDesign.OfModel(metric, model.Separation));
    };

    /// <summary>Wilson's interval of one model's accuracy, on other images.</summary>
    public static Trial Wilson(SimulatedStudy study)
    {
        var (model, _) = study.Train();
        var right = study.Right(model);
        return new(ProportionInterval.Wilson(right.Count(each => each), right.Length), StudyDesign.OfModel(Metric.Accuracy, model.Separation));
    }

    /// <summary>Clopper and Pearson's interval of one model's sensitivity, on other images.</summary>
    public static Trial ClopperPearson(SimulatedStudy study)
    {
        var (model, _) = study.Train();
        var (right, images) = study.CountOf(1, model);
        return new(ProportionInterval.ClopperPearson(right, images), StudyDesign.OfModel(Metric.Sensitivity, model.Separation));
    }

    /// <summary>Which images two models of equal accuracy have right: there is no interval.</summary>
    public static Trial McNemarTest(SimulatedStudy study)
    {
        var (first, second) = study.TrainEqual();
        return new(null, 0, McNemar.Of(study.Right(first), study.Right(second), study.Patients).PValue);
    }
}
