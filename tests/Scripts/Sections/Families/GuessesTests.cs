using MedTransfer.Data;
using MedTransfer.Recipes.Sections;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections.Families;

/// <summary>Estimates beside what came of them, from embeddings made by hand: classes 0, 1, 0, 1, ... along one column, the farther apart the better the origin.</summary>
[Collection(OneAtATime.Name)]
public sealed class GuessesTests : IDisposable
{
    private const int Images = 40;

    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.methods, "--target-size", "all");

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private static float[,] Embeddings(double apart, int seed)
    {
        var random = new Random(seed);
        var points = new float[Images, 3];
        for (var image = 0; image < Images; image++)
        {
            for (var column = 0; column < 3; column++) points[image, column] = (float)(random.NextDouble() + (column == 0 ? apart * (image % 2) : 0));
        }

        return points;
    }

    private static HandMadeSplit Split(double auc) => HandMadeSplit.Of([.. Enumerable.Range(0, Images).Select(image => ((byte)(image % 2), image % 2 == 0 ? 0.2f : (float)(0.2 + auc / 2)))]);

    private IEnumerable<Outcome> Way(string name, double apart, double accuracy, float[,]? embeddings = null) =>
        made.Way(name, [new HandMade { Train = Split(0.9), Test = HandMadeSplit.Of(0.7, accuracy), TrainEmbeddings = embeddings ?? Embeddings(apart, seed: 1), TestEmbeddings = Embeddings(apart, seed: 2) }]);

    private FSharpList<Report.Section> Section(IEnumerable<Outcome> outcomes, params IEnumerable<TrialResult> pretraining) =>
        Guesses.section(files.Lab, ListModule.Empty<Sources.Source>(), new(ListModule.OfSeq(outcomes), ListModule.Empty<LeftOut>(), ListModule.OfSeq(pretraining)));

    [Fact]
    public void Better_separated_origins_are_guessed_higher_and_ranks_agree_with_the_scores()
    {
        var sections = Section(
        [
            .. Way("random features, logistic regression", 0, 0.60), .. Way("frozen, logistic regression", 1, 0.80), .. Way("autoencoder, frozen", 0.5, 0.70),
            .. Way("fine-tuned", 1, 0.90), .. Way("autoencoder, fine-tuned", 0.5, 0.95),
        ]);

        var guesses = sections.TableOf("guesses");
        double[] logMe = [.. new[] { "random features", "autoencoder", "labels of the source" }.Select(origin => double.Parse(guesses.Cell(origin, "LogME"), System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(logMe.Order(), logMe);
        Assert.True(logMe[2] > logMe[0]);
        Assert.Equal(("0.800", "0.900", ""), (guesses.Cell("labels of the source", "test ROC AUC, frozen"), guesses.Cell("labels of the source", "test ROC AUC, fine-tuned"), guesses.Cell("random features", "test ROC AUC, fine-tuned")));
        // three in one order: of 3! orders that and its reverse are as far from none, 2 / 6
        Assert.Equal("+1.00, p = 0.333 (3 origins)", sections.TableOf("guesses-agreement").Cell("LogME", "Kendall's tau with test ROC AUC, frozen"));
        Assert.Equal("too few", sections.TableOf("guesses-agreement").Cell("LogME", "Kendall's tau with test ROC AUC, fine-tuned"));   // two are left
        Assert.Equal("1.00", sections.TableOf("guesses-alike").Cell("autoencoder", "autoencoder"));
    }

    [Fact]
    public void What_is_the_same_of_all_ranks_nothing_and_embeddings_that_are_alike_guess_nothing()
    {
        var sections = Section(
        [
            .. Way("random features, logistic regression", 0, 0.6), .. Way("frozen, logistic regression", 1, 0.6), .. Way("VICReg, frozen", 0.7, 0.6), .. Way("autoencoder, frozen", 0.5, 0.6, new float[Images, 3]),
        ]);

        Assert.Equal("undefined", sections.TableOf("guesses").Cell("autoencoder", "LogME"));
        Assert.Equal("undefined", sections.TableOf("guesses-agreement").Cell("H-score", "Kendall's tau with test ROC AUC, frozen"));
    }

    [Fact]
    public void Two_origins_are_not_ranked() =>
        Assert.Empty(Section([.. Way("random features, logistic regression", 0, 0.6), .. Way("frozen, logistic regression", 1, 0.8)]));

    // a head that is sure and right says 0; one that says the same of all, minus the entropy of labels of two halves, ln 2; of findings there are no classes
    [Fact]
    public void Heads_with_classes_are_asked_what_they_see()
    {
        var sure = made.Result("pretraining", 0, new() { Head = (new float[,] { { 0, 0, 0 }, { 40, 0, 0 } }, [0, -2000]) });
        var blank = made.Result("blank", 0, new() { Head = (new float[2, 3], [0, 0]) });
        var findings = made.Result("findings", 0, new() { Head = (new float[2, 3], [0, 0]), Task = LabelTask.MultiLabel });
        IEnumerable<Outcome> From(string name, TrialResult parent) =>
            made.Way(name, [new HandMade { Train = Split(0.9), TrainEmbeddings = Embeddings(apart: 100, seed: 1), TestEmbeddings = Embeddings(1, 2), FrozenFrom = parent.Trial.Name }]);

        var sections = Section([.. From("frozen, logistic regression", sure), .. From("VICReg, frozen", blank), .. From("SimCLR, frozen", findings), .. Way("autoencoder, frozen", 1, 0.7)], sure, blank, findings);
        var guesses = sections.TableOf("guesses");

        Assert.Contains(" of the embeddings of all training images, and LEEP (Nguyen et al. 2020) of what the heads of sources with classes say of them; more is better.", sections.CaptionOf("guesses"), StringComparison.Ordinal);
        Assert.Equal(["0.000", "-0.693", "", ""], new[] { "labels of the source", "VICReg", "SimCLR", "autoencoder" }.Select(origin => guesses.Cell(origin, "LEEP")));
    }

    [Fact]
    public void Estimate_that_no_origin_has_is_no_column()
    {
        var sections = Section([.. Way("random features, logistic regression", 0, 0.6), .. Way("frozen, logistic regression", 1, 0.8), .. Way("VICReg, frozen", 0.5, 0.7)]);

        Assert.DoesNotContain("LEEP", sections.TableOf("guesses").ColumnKeys);
        Assert.Contains("No LEEP, as no source's head tells classes apart (findings are none)", sections.CaptionOf("guesses"), StringComparison.Ordinal);
    }

    // six in one order but for the last two: 14 pairs agree and 1 does not, 13 / 15
    [Fact]
    public void Other_sources_are_origins_too()
    {
        using var folder = new TemporaryFolder();
        SyntheticSets.Write(folder["other.npz"], labels: 1, counts: [60, 20, 20], seed: 9);
        SyntheticSets.Write(folder["target.npz"], labels: 1, counts: [120, 40, 40], seed: 8);
        SyntheticSets.Write(folder["first.npz"], labels: 1, counts: [60, 20, 20], seed: 10);
        using var lab = HandMadeLab.Of(ExperimentModule.methods, "--source", folder["first.npz"], "--source", folder["other.npz"], "--source", "imagenet-resnet18", "--target", folder["target.npz"], "--target-size", "all");
        var others = Sources.others(lab.Lab);

        var sections = Guesses.section(lab.Lab, others, new(ListModule.OfSeq<Outcome>(
        [
            .. Way("random features, logistic regression", 0.5, 0.60), .. Way("VICReg, frozen", 0.8, 0.65), .. Way("frozen, logistic regression", 1.1, 0.70),
            .. Way("other, frozen", 1.4, 0.75), .. Way("imagenet-resnet18, random features", 1.7, 0.85), .. Way("imagenet-resnet18, frozen", 2.0, 0.80),
        ]), ListModule.Empty<LeftOut>(), ListModule.Empty<TrialResult>()));

        Assert.Equal(["random features", "labels of the source", "VICReg", "other", "imagenet-resnet18", "imagenet-resnet18, random features"], sections.TableOf("guesses").RowKeys);
        Assert.StartsWith("+0.87 [", sections.TableOf("guesses-agreement").Cell("LogME", "Kendall's tau with test ROC AUC, frozen"), StringComparison.Ordinal);
    }
}
