using Deedle;
using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;
using Spectre.Console;
using Table = MedTransfer.Recipes.Table;

namespace MedTransfer.Tests.Scripts.Terminal;

public class TerminalTableTests
{
    private static readonly Frame<string, string> Words = Table.ofRows(
        ListModule.OfSeq(["test ACC", "reading [1]"]),
        ListModule.OfSeq(
        [
            Tuple.Create("no transfer", ListModule.OfSeq(["0.625 ± 0.177", "better"])),
            Tuple.Create("frozen", ListModule.OfSeq(["undefined", ""])),
        ]));

    [Fact]
    public void Columns_stand_below_each_other_without_borders_or_blanks_at_the_end() => Assert.Equal(
        [
            "",
            "                  test ACC  reading [1]",
            "no transfer  0.625 ± 0.177       better",
            "frozen           undefined",
        ],
        TerminalTable.lines(TableBorder.None, 39, Words));

    [Fact]
    public void Columns_that_do_not_fit_stand_in_a_block_of_their_own() => Assert.Equal(
        [
            "",
            "                  test ACC",
            "no transfer  0.625 ± 0.177",
            "frozen           undefined",
            "",
            "             reading [1]",
            "no transfer       better",
            "frozen",
        ],
        TerminalTable.lines(TableBorder.None, 38, Words));

    [Fact]
    public void One_column_too_wide_for_the_terminal_is_wrapped() =>
        Assert.All(TerminalTable.lines(TableBorder.Simple, 20, Words), line => Assert.True(line.Length <= 20, line));

    [Fact]
    public void Numbers_have_three_digits_and_what_is_missing_is_blank()
    {
        var x = new SeriesBuilder<string, double> { { "a", 0.12345 }, { "b", 0.5 } };
        var y = new SeriesBuilder<string, double> { { "b", 2.25 } };
        var frame = Deedle.Frame.FromColumns(new SeriesBuilder<string, Series<string, double>> { { "x", x.Series }, { "y", y.Series } }.Series);
        Assert.Equal(["", "       x      y", "a  0.123", "b  0.500  2.250"], TerminalTable.lines(TableBorder.None, 80, frame));
    }
}
