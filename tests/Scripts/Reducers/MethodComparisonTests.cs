using MedTransfer.Recipes;
using MedTransfer.Tests.Reduction;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Reducers;

// takes every core for seconds
[Collection(OneAtATime.Name)]
public sealed class MethodComparisonTests
{
    private static Methods.Method Method(string typed) => Methods.all.First(method => method.Typed == typed);

    private static MethodComparison.Scored Scored(string method, params double[] parts) =>
        new(Method(method), "recall", FSharpOption<double>.Some(parts.Average()), ListModule.OfSeq(parts.Select(FSharpOption<double>.Some)));

    private static MethodComparison.Compared Compared(params MethodComparison.Scored[] scores) =>
        new(new MethodComparison.Space("points", new float[0, 0], null), FSharpList<MethodComparison.Mapped>.Empty, FSharpList<Tuple<Methods.Method, string>>.Empty, ListModule.OfSeq(scores), null);

    // by hand: t-SNE less PCA .1, .09, .11: t = .1 / (.01 / sqrt 3) = 17.3 of 2 degrees of freedom, p = .0033, three times that by Holm over three pairs; less UMAP -.05, .1, 0: t = .38
    [Fact]
    public void The_best_by_its_mean_is_told_from_those_it_is_steadily_above()
    {
        var told = MethodComparison.told(Compared(Scored("pca", 0.80, 0.71, 0.59), Scored("umap", 0.95, 0.70, 0.70), Scored("tsne", 0.9, 0.8, 0.7)), "recall")!.Value;
        Assert.Equal("tsne", told.Best.Typed);
        Assert.Equal(0.8, told.Mean, 1e-12);
        var (better, by) = Assert.Single(told.Better);
        Assert.Equal("pca", better.Typed);
        Assert.Equal(0.1, by.Mean, 1e-12);
        Assert.Equal(0.00332, by.PValue!.Value, 1e-5);
        Assert.Equal("umap", Assert.Single(told.NotTold).Item1.Typed);
    }

    [Fact]
    public void Nothing_is_told_of_methods_with_a_part_missing_or_of_one_alone()
    {
        var broken = new MethodComparison.Scored(Method("lle"), "recall", null, ListModule.OfSeq(new FSharpOption<double>?[] { FSharpOption<double>.Some(0.99), null, FSharpOption<double>.Some(0.99) }));
        Assert.Null(MethodComparison.told(Compared(broken, Scored("pca", 0.1, 0.2, 0.3)), "recall"));
    }

    // mean .7, deviation .1: t(.975) of 2 degrees of freedom, 4.303, times .1 / sqrt 3
    [Fact]
    public void A_score_is_its_mean_over_parts_with_its_interval()
    {
        Assert.Equal("0.700 (0.452 to 0.948)", MethodComparison.text(Scored("pca", 0.6, 0.7, 0.8)));
        Assert.Equal("0.650", MethodComparison.text(Scored("pca", 0.6, 0.7)));
        var broken = new MethodComparison.Scored(Method("lle"), "recall", FSharpOption<double>.Some(0.5), ListModule.OfSeq(new FSharpOption<double>?[] { FSharpOption<double>.Some(0.9), null, FSharpOption<double>.Some(0.9) }));
        Assert.Equal("undefined in 1 of 3 parts", MethodComparison.text(broken));
    }

    [Fact]
    public void Parts_share_no_point_and_lda_is_not_judged_by_the_classes_it_was_told()
    {
        var (points, labels) = Inputs.Blobs(classes: 2, size: 170, width: 4);
        var space = new MethodComparison.Space("blobs", points, FSharpOption<Tuple<IReadOnlyList<int>, IReadOnlyList<string>>>.Some(Tuple.Create<IReadOnlyList<int>, IReadOnlyList<string>>(labels, ["a", "b"])));
        var compared = MethodComparison.compare(FuncConvert.FromFunc<MedTransfer.Reduction.IFittedMap, FSharpList<string>>(_ => FSharpList<string>.Empty), TestContext.Current.CancellationToken, space);

        Assert.Equal(113, compared.PartSize!.Value);   // 340 in three parts
        Assert.Equal(Methods.all.Length, compared.Mapped.Length);
        Assert.All(compared.Scores, scored => Assert.Equal(3, scored.OfParts.Length));
        Assert.DoesNotContain(compared.Scores, scored => scored.Method.Typed == "lda" && scored.Score == "silhouette");
        Assert.Contains(compared.Scores, scored => scored.Method.Typed == "pca" && scored.Score == "silhouette");
    }

    // chords of short ways are little shorter than the ways, noise makes them longer
    [Theory]
    [InlineData("plane in 20 dimensions")]
    [InlineData("Swiss roll")]
    [InlineData("S-curve")]
    [InlineData("three quarters of a cylinder")]
    public void Sheets_are_rolled_up_without_stretching(string name)
    {
        var (points, sheet) = KnownShapes.all.First(shape => shape.Name == name).Draw.Invoke(3);
        var ratios = new List<double>();
        for (var i = 0; i < points.GetLength(0); i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Distance(sheet, i, j) is > 0.6 and < 1 and var way) ratios.Add(Distance(points, i, j) / way);
            }
        }

        Assert.InRange(ratios.Average(), 0.95, 1.08);
    }

    private static double Distance(float[,] points, int i, int j) =>
        Math.Sqrt(Enumerable.Range(0, points.GetLength(1)).Sum(k => Math.Pow(points[i, k] - points[j, k], 2)));
}
