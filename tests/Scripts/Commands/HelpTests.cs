using MedTransfer.Data.Catalogue;
using MedTransfer.Recipes;
using MedTransfer.Transfer;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Commands;

/// <summary>What --help shows, of both recipes, of reduce, of repeat and of site.</summary>
public class HelpTests
{
    private static readonly Dictionary<string, string> _pages = new()
    {
        ["task1"] = Recipe(ExperimentModule.task1, "--help"),
        ["task2"] = Recipe(ExperimentModule.task2, "--help"),
        ["transfer"] = Recipe(ExperimentModule.transfer, "--help"),
        ["reduce"] = Asked(() => ReduceOptions.parse(ListModule.OfSeq(["--help"]))),
        ["repeat"] = Asked(() => RepeatOptions.parse(ListModule.OfSeq(["--help"]))),
        ["site"] = Asked(() => SiteOptions.parse(ListModule.OfSeq(["--help"]))),
    };

    public static TheoryData<string> Commands => ["task1", "task2", "transfer", "reduce", "repeat", "site"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_begins_with_two_lines_to_type_and_says_what_comes_of_them(string command)
    {
        var lines = _pages[command].Split('\n');
        Assert.All(lines[..2], line => Assert.StartsWith($"    dotnet fsi scripts/{command}.fsx", line, StringComparison.Ordinal));
        Assert.Contains(".html", _pages[command], StringComparison.Ordinal);
        Assert.Contains("Time: on two cores", _pages[command], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_fits_a_terminal_names_no_type_of_a_program_and_has_a_place_for_every_option(string command)
    {
        var page = _pages[command];
        Assert.All(page.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.DoesNotContain("<string>", page, StringComparison.Ordinal);
        // an option that HelpPages does not know stands there, without its value
        Assert.DoesNotContain("Further options", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("/?")]
    [InlineData("help")]
    [InlineData("--smoke", "--help")]
    [InlineData("--nonsense", "--help")]
    public void Help_is_asked_for_in_many_ways(params string[] words) => Assert.Equal(_pages["task2"], Recipe(ExperimentModule.task2, words));

    [Fact]
    public void Defaults_are_those_of_the_recipe_asked_for()
    {
        var (task1, task2) = (Unwrapped("task1"), Unwrapped("task2"));
        Assert.All(["--batch N images a step (default 16)", "--learning-rate X Adam's step size (default 0.001; the autoencoder has its own)", "--pretraining-epochs N epochs on the source (default 10)",
            "(default chestmnist, healthy against disease)", "(default the target)", "(default 50,100,300,1000,all)", "(default 10, on phantoms 5)"],
            text => Assert.Contains(text, task1, StringComparison.Ordinal));
        Assert.All(["--batch N images a step (default 64, of a backbone 32)", "--learning-rate X Adam's step size (default 0.001, of a backbone 0.0001)", "--pretraining-epochs N epochs on the source (default 20)",
            "(default pneumoniamnist)", "(default chestmnist)", "(default 300,all, of a backbone 300)", "and there is no verdict (default 5)"],
            text => Assert.Contains(text, task2, StringComparison.Ordinal));
        Assert.All(["--batch N images a step (default 64, of a backbone 32)", "--learning-rate X Adam's step size (default 0.001, of a backbone 0.0001)", "--ways NAMES ways of transfer,", "(default frozen,last-stage,lp-ft,fine-tuned)",
            "--sizes SIZES numbers of images", "(default 5, of what takes seconds 10, on phantoms 5)", "(default imagenet-resnet18)"],
            text => Assert.Contains(text, Unwrapped("transfer"), StringComparison.Ordinal));
        Assert.All(["--plans", "--target", "--weights", "--folds", "--tune", "Cross-validation and tuning"], text => Assert.DoesNotContain($"\n  {text} ", _pages["transfer"], StringComparison.Ordinal));
    }

    [Fact]
    public void An_option_of_the_other_task_is_not_listed()
    {
        Assert.Contains("--patience N", _pages["task1"], StringComparison.Ordinal);
        Assert.DoesNotContain("--patience", _pages["task2"], StringComparison.Ordinal);
        Assert.All(["--augment", "--plans", "--keep-statistics", "lp-ft"], option =>
        {
            Assert.Contains(option, _pages["task2"], StringComparison.Ordinal);
            Assert.DoesNotContain(option, _pages["task1"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_value_that_is_listed_is_taken_and_no_other()
    {
        var choices = _pages["task2"].Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0].StartsWith("--", StringComparison.Ordinal) && words[1].Contains('|', StringComparison.Ordinal)).ToList();
        Assert.Equal(["--uncertain", "--tokens", "--schedule", "--balance", "--keep", "--tune", "--resampling", "--device", "--engine"], choices.Select(words => words[0]));
        Assert.All(choices, words => Assert.All(words[1].Split('|'), value => Parse(words[0], value == "N" ? "3" : value)));
        Assert.All(choices, words => Assert.ThrowsAny<MedTransferException>(() => Parse(words[0], "nonsense")));
    }

    [Fact]
    public void Every_plan_is_explained() => Assert.All(
        NamedPlan.All, plan => Assert.Contains($"{plan.Usage} {plan.Description}", Unwrapped("task2"), StringComparison.Ordinal));

    [Fact]
    public void Sets_phantoms_and_terms_are_explained()
    {
        var page = Unwrapped("task2");
        Assert.All(MedMnist.Entries.Where(entry => entry.Info.ImageSize == 28), entry => Assert.Contains(entry.Info.Name, page, StringComparison.Ordinal));
        Assert.All(["phantom-chest, phantom-pneumonia", "way a treatment", "control a way", "logistic regression the last layer", "frozen depth how many", "phantom drawn"],
            term => Assert.Contains(term, page, StringComparison.Ordinal));
    }

    private static void Parse(string option, string value) => CommandLine.parse(ExperimentModule.task2, "project",
        ListModule.OfSeq(option == "--resampling" ? [option, value, "--tune", "2"] : new[] { option, value }));

    private static string Unwrapped(string command) => string.Join(' ', _pages[command].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string Recipe(Experiment experiment, params string[] words) =>
        Asked(() => CommandLine.parse(experiment, "project", ListModule.OfSeq(words)));

    private static string Asked(Func<object> parse) => Assert.Throws<Values.HelpAsked>(parse).Data0;
}
