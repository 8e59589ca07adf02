using MedTransfer.Data;

namespace MedTransfer.Tests.Data;

public sealed class LabelsTests
{
    private static readonly Labels Findings = Labels.Of(new byte[,] { { 0, 1, Labels.Missing }, { 1, 0, 0 }, { Labels.Missing, Labels.Missing, 1 } });

    [Fact]
    public void Values_stand_where_the_matrix_has_them()
    {
        Assert.Equal((3, 3), (Findings.Count, Findings.Columns));
        Assert.Equal((1, 0, 1), (Findings[0, 1], Findings[1, 2], Findings[2, 2]));
        Assert.Equal([0, 1, 255, 1, 0, 0, 255, 255, 1], Findings.Flat.ToArray());
        Assert.Equal(new byte[,] { { 0, 1, 255 }, { 1, 0, 0 }, { 255, 255, 1 } }, Findings.Values);
    }

    [Fact]
    public void Later_changes_of_a_matrix_change_no_labels()
    {
        var matrix = new byte[,] { { 1 }, { 0 } };
        var labels = Labels.Of(matrix);

        matrix[0, 0] = 7;
        labels.Values[1, 0] = 7;

        Assert.Equal([1, 0], labels.Flat.ToArray());
    }

    [Fact]
    public void Findings_that_are_not_known_are_told_and_counted()
    {
        Assert.Equal((true, false), (Findings.IsMissing(2, 1), Findings.IsMissing(2, 2)));
        Assert.Equal((3, true), (Findings.MissingCount, Findings.HasMissing));
        Assert.Equal((0, false), (Findings.Rows([1]).MissingCount, Findings.Rows([1]).HasMissing));
    }

    [Fact]
    public void Images_are_asked_for_what_is_present_and_what_is_missing()
    {
        var labels = Labels.Of(new byte[,] { { 0, 0 }, { Labels.Missing, 1 }, { 0, Labels.Missing }, { Labels.Missing, Labels.Missing } });

        Assert.Equal([1], Enumerable.Range(0, 4).Where(labels.AnyPresent));
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 4).Where(labels.AnyMissing));
        Assert.Equal([3], Enumerable.Range(0, 4).Where(labels.AllMissing));
        Assert.False(Labels.Empty(1).AllMissing(0));
    }

    [Fact]
    public void Rows_are_taken_in_the_order_given_as_often_as_given() =>
        Assert.Equal(new byte[,] { { 255, 255, 1 }, { 0, 1, 255 }, { 255, 255, 1 } }, Findings.Rows([2, 0, 2]).Values);

    [Fact]
    public void Images_without_labels_have_no_columns()
    {
        var none = Labels.Empty(4);

        Assert.Equal((4, 0, 0), (none.Count, none.Columns, none.MissingCount));
        Assert.Equal((2, 0), (none.Rows([3, 0]).Count, none.Rows([3, 0]).Columns));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0, -1)]
    public void Column_that_is_not_there_is_no_other_images(int image, int column) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Findings[image, column]);
}
