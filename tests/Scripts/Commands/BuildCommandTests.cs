using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Commands;

/// <summary>What is typed after build.fsx.</summary>
public class BuildCommandTests
{
    private static readonly FSharpList<BuildCommand.Target> _targets = ListModule.OfSeq<BuildCommand.Target>(
        [new("Test", "all tests", false), new("Task1", "the first recipe", true), new("Reports", "both recipes", true)]);

    [Theory]
    [InlineData("Reports")]
    [InlineData("Reports", "--")]
    [InlineData("Test", "Test")]
    [InlineData("Test", "test")]
    [InlineData("Test", "-t", "TEST")]
    [InlineData("Test", "-t=Test")]
    [InlineData("Test", "--target", "Test")]
    [InlineData("Test", "--target=test")]
    public void A_target_is_run_however_it_is_named(string target, params string[] words) => Assert.Equal(Run(target), Parse(words));

    [Fact]
    public void Words_after_a_target_go_to_the_recipes()
    {
        // fsi takes the first "--" away
        Assert.Equal(Run("Reports", "--data", "D"), Parse("--data", "D"));
        Assert.Equal(Run("Reports", "--data", "D"), Parse("-t", "Reports", "--data", "D"));
        Assert.Equal(Run("Task1", "--target", "my.npz"), Parse("Task1", "--", "--target", "my.npz"));
        Assert.Equal(Run("Task1", "--help"), Parse("-t", "Task1", "--help"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--", "--help")]
    [InlineData("-t", "List")]
    [InlineData("--list")]
    [InlineData("Test", "--help")]
    public void Help_is_shown_and_nothing_run(params string[] words) => Assert.Equal(BuildCommand.Asked.Help, Parse(words));

    [Theory]
    [InlineData("'Tset'", "Tset")]
    [InlineData("'Tset'", "-t", "Tset")]
    [InlineData("'my.npz' (a recipe's own --target comes later: -t Reports -- --target my.npz)", "--target", "my.npz")]
    [InlineData("-t needs the name", "-t")]
    [InlineData("--target needs the name", "--target")]
    [InlineData("'-s'", "-s", "Test")]
    [InlineData("'--verbose' follows it", "Test", "--verbose")]
    [InlineData("'Task1' follows it", "Test", "Task1")]
    [InlineData("'D' after Task1", "Task1", "D")]
    [InlineData("-t TARGET comes before", "--data", "D", "-t", "Task1")]
    public void What_makes_no_sense_is_one_line_that_lists_the_targets(string named, params string[] words)
    {
        var line = Assert.IsType<BuildCommand.Asked.Refused>(Parse(words)).Item;
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Contains("targets are Test, Task1, Reports", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Help_says_of_each_target_what_it_does_and_which_take_options()
    {
        var help = BuildCommand.help(_targets, "Reports");
        Assert.StartsWith("    dotnet fsi build.fsx Test", help, StringComparison.Ordinal);
        Assert.All(["  Test     all tests\n", "  Task1    the first recipe\n", "Options follow Task1, Reports:", "without a target Reports"],
            part => Assert.Contains(part, help, StringComparison.Ordinal));
    }

    [Fact]
    public void A_chain_has_what_a_target_needs_before_it_each_once()
    {
        FSharpList<string> Chain(string target) => BuildCommand.chain(
            ListModule.OfSeq([Tuple.Create("Restore", "Build"), Tuple.Create("Build", "Test"), Tuple.Create("Task1", "Reports"), Tuple.Create("Build", "Reports"), Tuple.Create("Restore", "Reports")]), target);
        Assert.Equal(["Restore", "Build", "Test"], Chain("Test"));
        Assert.Equal(["Task1", "Restore", "Build", "Reports"], Chain("Reports"));
        Assert.Equal(["Clean"], Chain("Clean"));
    }

    [Fact]
    public void Of_the_words_for_recipes_the_site_gets_where_things_are()
    {
        FSharpList<string> Of(params string[] words) => BuildCommand.forSite(ListModule.OfSeq(words));
        Assert.Equal(["--out", "O", "--data", "D"], Of("--seeds", "10", "--out", "O", "--smoke", "--data", "D"));
        Assert.Equal(["--help"], Of("--seeds", "10", "--help"));
        Assert.Equal(["--verbose", "--out", "O"], Of("--smoke", "--verbose", "--out", "O"));
        Assert.Empty(Of("--seeds", "10", "--out"));
    }

    private static BuildCommand.Asked Parse(params string[] words) => BuildCommand.parse(_targets, "Reports", ListModule.OfSeq(words));

    private static BuildCommand.Asked Run(string target, params string[] words) => BuildCommand.Asked.NewRun(target, ListModule.OfSeq(words));
}
