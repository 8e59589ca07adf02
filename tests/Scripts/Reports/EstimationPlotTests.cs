using System.Net;
using MedTransfer.Evaluation.Intervals;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Reports;

public sealed class EstimationPlotTests
{
    [Theory]
    [InlineData(0.9, 0.96, new[] { 0.9, 0.92, 0.94, 0.96 })]
    [InlineData(-0.013, 0.21, new[] { 0, 0.1, 0.2 })]
    [InlineData(0.5, 0.5, new[] { 0.5 })]
    public void Ticks_are_round_and_within(double least, double most, double[] ticks) => Assert.Equal(ticks, EstimationPlot.ticks(least, most));

    [Fact]
    public void Names_are_cut_between_words_alone()
    {
        Assert.Equal(["random features,", "logistic regression"], EstimationPlot.wrapped(20, "random features, logistic regression"));
        Assert.Equal(["imagenet-resnet18,", "frozen"], EstimationPlot.wrapped(12, "imagenet-resnet18, frozen"));
    }

    [Fact]
    public void What_is_drawn_is_said_and_stands_where_it_should()
    {
        var plot = new Report.Estimation("test ROC AUC",
            ListModule.OfSeq([Way("no transfer", 0.6, 0.7), Way("frozen", 0.8, 0.9)]),
            ListModule.OfSeq([Tuple.Create("frozen minus no transfer", 0.2, (FSharpOption<Interval>?)FSharpOption<Interval>.Some(new Interval(0.1, 0.3)))]),
            0.05);
        var html = WebUtility.HtmlDecode(Giraffe.ViewEngine.RenderView.AsString.htmlNode(EstimationPlot.ofEstimation(plot)));
        Assert.Contains("aria-label=\"test ROC AUC of each training, mean and standard deviation: no transfer 0.650 ± 0.071; frozen 0.850 ± 0.071.\"", html);
        Assert.Contains("aria-label=\"Differences in test ROC AUC with 95 % intervals: frozen minus no transfer +0.200 [+0.100, +0.300].\"", html);
        // .6 to .9 and 8 % of that above and below: 168 px of .348, from the top at 26 px
        Assert.Contains($"cy=\"{26 + 168 * (0.924 - 0.9) / 0.348:0.#}\"", html);
        // -.05, the margin's end, to .3 likewise: 428 px of .406, the mean at (.2 + .078) of them, from 16 px on
        Assert.Contains($"<circle class=\"mean\" cx=\"{16 + 428 * 0.278 / 0.406:0.#}\"", html);
        Assert.Contains($"<rect class=\"margin\" x=\"{16 + 428 * 0.028 / 0.406:0.#}\" y=\"26\" width=\"{428 * 0.1 / 0.406:0.#}\" height=\"66\"", html);
        Assert.Contains("Shaded: a difference below 0.05, taken not to matter.", html);
        Assert.Equal(2, html.Split("class=\"pair\"").Length - 1);
    }

    private static Tuple<string, FSharpList<Tuple<int, double>>> Way(string name, params double[] scores) =>
        Tuple.Create(name, ListModule.OfSeq(scores.Select((score, seed) => Tuple.Create(seed, score))));
}
