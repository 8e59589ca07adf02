using System.Globalization;
using MedTransfer.Evaluation;
using MedTransfer.Tests.Evaluation.Simulation;

namespace MedTransfer.Bench;

/// <summary>Whether intervals hold what they say: in simulation with known truth, and by comparing a way with itself on real images.</summary>
internal static class ValidityCommand
{
    private const string Usage = "usage: validity [--studies 2000]";

    internal static void Run(string[] words)
    {
        var options = CommandOptions.Read(words, Usage, "--studies");
        var studies = options.Whole("--studies", 2000);
        foreach (var (name, method, lead) in new (string, Func<SimulatedStudy, Trial>, double)[]
        {
            ("random effects, AUC difference 0", Methods.RandomEffectsDifference(Metric.RocAuc), 0),
            ("random effects, AUC difference", Methods.RandomEffectsDifference(Metric.RocAuc), 0.3),
            ("random effects, ACC difference 0", Methods.RandomEffectsDifference(Metric.Accuracy), 0),
            ("random effects, AUC", Methods.RandomEffectsScore(Metric.RocAuc), 0),
            ("random effects, ACC", Methods.RandomEffectsScore(Metric.Accuracy), 0),
        })
            Table(name, studies, method, lead, [2, 3, 4, 5, 10, 24]);
        Table("crossed bootstrap, AUC difference 0", studies / 4, Methods.Bootstrap(Metric.RocAuc), 0, [2, 5, 10, 24]);
        foreach (var (name, method) in new (string, Func<SimulatedStudy, Trial>)[]
        {
            ("DeLong, AUC of two models", Methods.Models(Metric.RocAuc)),
            ("ACC of two models", Methods.Models(Metric.Accuracy)),
            ("McNemar", Methods.McNemarTest),
            ("DeLong, logit, AUC of a model", Methods.Model(Metric.RocAuc)),
            ("logit, ACC of a model", Methods.Model(Metric.Accuracy)),
            ("logit, sensitivity of a model", Methods.Model(Metric.Sensitivity)),
            ("Wilson, ACC of a model", Methods.Wilson),
            ("Clopper-Pearson, sensitivity of a model", Methods.ClopperPearson),
        })
            Table(name, studies, method, 0, [1]);
    }

    private static void Table(string name, int studies, Func<SimulatedStudy, Trial> method, double lead, int[] seeds)
    {
        Console.WriteLine(name);
        foreach (var perPatient in new[] { 1, 3 })
        {
            foreach (var images in new[] { 50, 150, 624 })
            {
                var line = string.Create(CultureInfo.InvariantCulture, $"  {images,4} images, {perPatient} a patient:");
                foreach (var count in seeds)
                {
                    var coverage = Coverage.Of(new(count, images, perPatient, lead), studies, method);
                    var share = coverage.Made == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {100 * coverage.Share:F1} %");
                    var made = coverage.Made is > 0 && coverage.Made < studies ? $" of {coverage.Made}" : "";
                    var rejected = coverage.Tests == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (p < .05: {100 * coverage.RejectedShare:F1} %)");
                    line += string.Create(CultureInfo.InvariantCulture, $" | {count}:{share}{made}{rejected}");
                }

                Console.WriteLine(line);
            }
        }
    }
}
