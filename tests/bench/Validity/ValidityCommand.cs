using System.Globalization;
using MedTransfer.Evaluation;
using MedTransfer.Tests.Evaluation.Simulation;

namespace MedTransfer.Bench;

/// <summary>Whether intervals and verdicts keep what they promise: in simulation with known truth, and on real images.</summary>
internal static class ValidityCommand
{
    private const string Usage = "usage: validity simulation [--studies 2000] | validity data --source SET --target SET [--pool 60]";

    internal static void Run(string[] words)
    {
        if (words is ["simulation", .. var rest])
            Simulate(CommandOptions.Read(rest, Usage, "--studies").Whole("--studies", 2000));
        else if (words is ["data", .. var sets])
            RealStudies.Run(CommandOptions.Read(sets, Usage, "--source", "--target", "--pool"));
        else
            throw new MedTransferException(Usage) { IsUsage = true };
    }

    private static void Simulate(int studies)
    {
        Console.WriteLine($"95 % intervals that hold the truth, of {studies} studies, and p values of what is true below .05; by trainings of each way.");
        foreach (var (name, method, lead) in new (string, Func<SimulatedStudy, Trial>, double)[]
        {
            ("Seeds and patients: AUC difference of 0", Methods.RandomEffectsDifference(Metric.RocAuc), 0),
            ("Seeds and patients: AUC difference of .026", Methods.RandomEffectsDifference(Metric.RocAuc), 0.3),
            ("Seeds and patients: ACC difference of 0", Methods.RandomEffectsDifference(Metric.Accuracy), 0),
            ("Seeds and patients: AUC of a way, logit", Methods.RandomEffectsScore(Metric.RocAuc), 0),
            ("Seeds and patients: ACC of a way, logit", Methods.RandomEffectsScore(Metric.Accuracy), 0),
            ("Student's t over seeds, on the images at hand: AUC difference", Methods.StudentsOverSeeds(Metric.RocAuc), 0),
            ("Crossed bootstrap: AUC difference of 0", Methods.Bootstrap(Metric.RocAuc), 0),
        })
        {
            // what draws anew a thousand times, or trains hundreds of seeds, is measured on fewer studies
            var isSlow = name.StartsWith("Crossed", StringComparison.Ordinal) || name.StartsWith("Student", StringComparison.Ordinal);
            Table(name, isSlow ? studies / 5 : studies, method, lead, [2, 5, 10, 24]);
        }

        foreach (var (name, method) in new (string, Func<SimulatedStudy, Trial>)[]
        {
            ("DeLong (clustered: Obuchowski): AUC of two models", Methods.Models(Metric.RocAuc)),
            ("ACC of two models", Methods.Models(Metric.Accuracy)),
            ("McNemar (clustered: Obuchowski)", Methods.McNemarTest),
            ("DeLong, logit: AUC of a model", Methods.Model(Metric.RocAuc)),
            ("Logit: ACC of a model", Methods.Model(Metric.Accuracy)),
            ("Logit: sensitivity of a model", Methods.Model(Metric.Sensitivity)),
            ("Wilson: ACC of a model", Methods.Wilson),
            ("Clopper-Pearson: sensitivity of a model", Methods.ClopperPearson),
        })
            Table(name, studies, method, 0, [1]);

        Console.WriteLine("Five folds, two ways that are equally good; by repeats");
        foreach (var (signal, shift) in new[] { ("labels that mean nothing", 0), ("a weak signal", 0.2), ("a strong one", 0.6) })
        {
            foreach (var images in new[] { 50, 150, 624 })
            {
                Console.WriteLine($"  {images,4} images, {signal}: Nadeau and Bengio {Line(repeats => Coverage.Of(studies / 2, seed => new FoldStudy(images, seed, shift).Resampled(repeats)), [1, 5, 10])}");
                Console.WriteLine($"  {images,4} images, {signal}: seeds and patients, folds averaged {Line(repeats => Coverage.Of(studies / 2, seed => new FoldStudy(images, seed, shift).FoldAveraged(repeats)), [5, 10])}");
            }
        }
    }

    private static void Table(string name, int studies, Func<SimulatedStudy, Trial> method, double lead, int[] trainings)
    {
        Console.WriteLine(name);
        foreach (var perPatient in new[] { 1, 3 })
        {
            foreach (var images in new[] { 50, 150, 624 })
                Console.WriteLine($"  {images,4} images, {perPatient} a patient{Line(count => Coverage.Of(new(count, images, perPatient, lead), studies, method), trainings)}");
        }
    }

    private static string Line(Func<int, Coverage> coverage, int[] trainings) => string.Concat(trainings.Select(count =>
    {
        var of = coverage(count);
        var share = of.Made == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {100 * of.Share:F1} %");
        var made = of.Made == of.Studies || of.Tests > 0 && of.Made == 0 ? "" : $" of {of.Made}";
        var rejected = of.Tests == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (p: {100 * of.RejectedShare:F1} %)");
        return $" | {count}:{share}{made}{rejected}";
    }));
}
