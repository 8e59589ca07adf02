using MedTransfer.Recipes;

namespace MedTransfer.Tests.Scripts.Reports;

public sealed class GlossaryTests
{
    [Theory]
    [InlineData("test ACC", "ACC, accuracy: ")]
    [InlineData("train ACC", "train ACC: ")]
    [InlineData("5-NN ACC, t-SNE", "5-NN ACC: ")]
    [InlineData("P(better by ROC AUC)", "P(better): ")]
    [InlineData("ROC AUC minus no transfer", "minus: ")]
    [InlineData("by ROC AUC", "by: ")]
    [InlineData("study train ACC", "study: ")]
    public void A_column_is_explained_by_what_is_most_its_own(string column, string line) => Assert.StartsWith(line, Glossary.explain(column)?.Value, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_says_it_all_has_no_line() => Assert.Null(Glossary.explain("reason"));

    [Fact]
    public void Every_line_stands_once() => Assert.Equal(2, Glossary.ofColumns(["test ACC", "balanced ACC", "silhouette"]).Length);

    [Theory]
    [InlineData("Is accuracy the right score?", "is-accuracy-the-right-score")]
    [InlineData("pneumoniamnist, 50 training images", "pneumoniamnist-50-training-images")]
    public void A_heading_has_a_place_on_its_page(string heading, string anchor) => Assert.Equal(anchor, Report.anchor(heading));
}
