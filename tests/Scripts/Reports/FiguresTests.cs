using System.Text.RegularExpressions;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Reports;

public partial class FiguresTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(96)]
    public void Classes_are_told_apart_by_colour_or_symbol(int classes)
    {
        var drawn = Drawn([.. Enumerable.Range(0, 3 * classes).Select(i => i % classes)], classes);
        Assert.Equal(Enumerable.Range(0, classes).Select(c => $"class {c}"), drawn.Select(mark => mark.Name));
        Assert.Equal(classes, drawn.Select(mark => (mark.Colour, mark.Symbol)).Distinct().Count());
        // the first eight differ in colour alone
        Assert.Equal(Math.Min(classes, 8), drawn.Take(8).Select(mark => mark.Colour).Distinct().Count());
        Assert.Single(drawn.Take(8).Select(mark => mark.Symbol).Distinct());
    }

    [Fact]
    public void Of_more_classes_than_marks_the_smaller_ones_are_drawn_as_one_and_counted()
    {
        // class 7 has one point less than the others
        var classes = Enumerable.Range(0, 300).Select(i => i % 100).Where((c, i) => c != 7 || i > 100).ToArray();
        var drawn = Drawn(classes, 100);
        Assert.Equal(97, drawn.Count);
        Assert.Equal("4 smaller classes", drawn[0].Name);
        Assert.DoesNotContain("class 7", drawn.Select(mark => mark.Name));
        Assert.Equal(97, drawn.Select(mark => (mark.Colour, mark.Symbol)).Distinct().Count());
    }

    [Fact]
    public void Points_of_no_class_are_grey_and_named_so()
    {
        var drawn = Drawn([-1, 1, 1, -1], 2);
        Assert.Equal(("no cluster", "#BBBBBB"), (drawn[0].Name, drawn[0].Colour));
        Assert.Equal("class 1", drawn[1].Name);
        Assert.Equal(2, drawn.Count);
    }

    [Fact]
    public void A_long_legend_makes_the_figure_higher()
    {
        int Height(int classes) => Chart([.. Enumerable.Range(0, classes)], classes).Height;
        Assert.Equal(Height(2), Height(8));
        Assert.True(Height(60) > Height(20) && Height(20) > Height(8));
    }

    [Fact]
    public void Forest_has_a_row_a_way_with_the_bounds_of_its_interval()
    {
        static Tuple<string, string, double, FSharpOption<Tuple<double, double>>?> Row(string family, string way, double difference, double? low, double high) =>
            new(family, way, difference, low is { } least ? FSharpOption<Tuple<double, double>>.Some(new(least, high)) : null);

        var figure = Figures.forest("AUC minus none", ListModule.OfSeq([Row("a", "first", 0.5, 0.25, 0.625), Row("b", "second", -0.125, null, 0), Row("a", "third", 0.25, 0.125, 0.5)]));

        Assert.Equal("AUC minus none, with 95 % intervals: first +0.500, from +0.250 to +0.625; second -0.125, without an interval; third +0.250, from +0.125 to +0.500.", figure.Says);
        var script = figure.Chart.GetInlineJS();
        Assert.Contains("\"x\":[0.5,0.25],\"y\":[0,2]", script, StringComparison.Ordinal);
        Assert.Contains("\"array\":[0.125,0.25]", script, StringComparison.Ordinal);
        Assert.Contains("\"arrayminus\":[0.25,0.125]", script, StringComparison.Ordinal);
        Assert.Contains("\"array\":[0.0]", script, StringComparison.Ordinal);
    }

    private static XPlot.Plotly.PlotlyChart Chart(int[] classes, int names) =>
        Figures.map("", [.. Enumerable.Range(0, names).Select(c => $"class {c}")], new float[classes.Length, 2], classes).Chart;

    private static List<(string Name, string Colour, string Symbol)> Drawn(int[] classes, int names)
    {
        var script = Chart(classes, names).GetInlineJS();
        var found = Names().Matches(script).Select(match => match.Groups[1].Value).ToList();
        var marks = Markers().Matches(script).Select(match => match.Value).ToList();
        Assert.Equal(found.Count, marks.Count);
        return [.. found.Zip(marks, (name, mark) => (name, Colours().Match(mark).Groups[1].Value, Symbols().Match(mark).Groups[1].Value))];
    }

    [GeneratedRegex("\"name\":\"([^\"]*)\"")]
    private static partial Regex Names();

    [GeneratedRegex("\"marker\":\\{[^}]*\\}")]
    private static partial Regex Markers();

    [GeneratedRegex("\"color\":\"([^\"]*)\"")]
    private static partial Regex Colours();

    [GeneratedRegex("\"symbol\":\"([^\"]*)\"")]
    private static partial Regex Symbols();
}
