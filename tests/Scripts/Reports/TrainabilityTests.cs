using MedTransfer.Evaluation.Embeddings;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Reports;

public sealed class TrainabilityTests : IDisposable
{
    // of two columns, so that PCA's map is their rotation and has their silhouette
    private static readonly float[,] Mixed = { { 0, 0 }, { 1, 0 }, { 0, 1.5f }, { 1, 1 }, { 0.5f, 0 }, { 1, 2 }, { 0, 0.5f }, { 2, 1 } };
    private static readonly float[,] Apart = { { 0, 0 }, { 9, 9 }, { 0, 1 }, { 9, 8 }, { 1, 0 }, { 8, 9 }, { 1, 1 }, { 8, 8.5f } };
    private static readonly int[] Classes = [0, 1, 0, 1, 0, 1, 0, 1];

    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private Outcome Way(string name, int seed, float[,] embeddings) => made.Outcome(name, seed, new HandMade
    {
        Test = HandMadeSplit.Of([.. Classes.Select(label => ((byte)label, 0.5f))]),
        TestEmbeddings = embeddings,
    });

    private FSharpList<Trainability.Change> Changes(params Outcome[] outcomes) =>
        Trainability.changes(files.Lab, "frozen", "fine-tuned", ListModule.OfSeq(outcomes));

    [Fact]
    public void Change_is_fine_tuned_less_frozen_by_seed_and_stands_where_tsne_has_too_few_points()
    {
        var expected = Silhouette.Of(Apart, Classes)!.Value - Silhouette.Of(Mixed, Classes)!.Value;

        var changes = Changes(Way("fine-tuned", 1, Mixed), Way("frozen", 1, Apart), Way("frozen", 0, Mixed), Way("fine-tuned", 0, Apart));

        Assert.True(expected > 0.5);
        Assert.Equal([-expected, expected], changes.Select(change => change.Pca!.Value), (x, y) => Math.Abs(x - y) < 1e-5);
        Assert.All(changes, change => Assert.True(FSharpOption<double>.get_IsNone(change.Tsne)));
    }

    [Fact]
    public void Seeds_or_ways_that_are_missing_have_no_change()
    {
        Assert.Empty(Changes(Way("frozen", 0, Mixed), Way("fine-tuned", 1, Apart)));
        Assert.Empty(Changes(Way("frozen", 0, Mixed)));
    }

    [Fact]
    public void Pca_is_averaged_over_all_seeds_and_compared_over_those_with_both()
    {
        var (some, none) = (FSharpOption<double>.Some(0.1), FSharpOption<double>.None);
        var changes = ListModule.OfSeq<Trainability.Change>([new(0, 0, FSharpOption<double>.Some(0.3), none), new(1, 1, FSharpOption<double>.Some(-0.2), some)]);
        Assert.Equal("silhouette of the test map, fine-tuned minus frozen: PCA 0.050 ± 0.354, t-SNE 0.100 (1 of 2 seeds)", Trainability.text(changes));
        Assert.Equal("size of PCA's change minus that of t-SNE's +0.100 (one seed: no interval) (1 of 2 seeds)", Trainability.comparisonText(changes));
    }
}
