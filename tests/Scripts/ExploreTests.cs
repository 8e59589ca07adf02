using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

/// <summary>The verbs of the REPL, without one.</summary>
[Collection(OneAtATime.Name)]
public sealed class ExploreTests : IDisposable
{
    private readonly SyntheticSets _sets = new();

    public ExploreTests() => Explore.results(_sets.Folder);

    public void Dispose()
    {
        Explore.results(MedTransfer.Recipes.Project.folder);
        _sets.Dispose();
    }

    [Fact]
    public void Without_trials_it_says_what_to_run_and_suggests_none()
    {
        Assert.Contains("scripts/task2.fsx -- --smoke", Error(() => Explore.trials()).Message, StringComparison.Ordinal);
        Assert.Contains("scripts/task2.fsx -- --smoke", Error(() => Explore.trial("1a2b")).Message, StringComparison.Ordinal);
        Assert.Single(Explore.greeting(), line => line.StartsWith("  ", StringComparison.Ordinal));
        Assert.Contains(Explore.greeting(), line => line.Contains("scripts/task2.fsx -- --smoke", StringComparison.Ordinal));
    }

    [Fact]
    public void With_trials_the_greeting_leads_to_a_page_with_maps()
    {
        Train(Architecture.ConvNet, Architecture.MajorityClass);
        var typed = Explore.greeting().Single(line => line.Contains("let best = trial", StringComparison.Ordinal));
        var best = Explore.trial(typed.Split('"')[1]);
        Assert.Equal(Architecture.ConvNet, best.Trial.Spec.Model.Architecture);
        Assert.Equal(2, Explore.trials().RowCount);
        Explore.show(Explore.maps(best));
        var page = File.ReadAllText(Path.Combine(_sets.Folder, "reports", "explore.html"));
        Assert.All(["PCA: no transfer, train", "t-SNE: no transfer, test"], title => Assert.Contains(title, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Architecture.MajorityClass, "sees nothing of an image")]
    [InlineData(Architecture.MeanBrightness, "its brightness")]
    public void A_control_without_embeddings_says_so(Architecture architecture, string reason)
    {
        Train(architecture);
        var control = Explore.trial("");
        Assert.Contains(reason, Error(() => Explore.maps(control)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_fits_no_trial_or_several_is_said_with_their_number()
    {
        Train(Architecture.MajorityClass, Architecture.MeanBrightness);
        Assert.StartsWith("none of 2 ", Error(() => Explore.trial("zz")).Message, StringComparison.Ordinal);
        Assert.StartsWith("2 of 2 ", Error(() => Explore.trial("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_one_line_as_fsi_shows_it_and_advises_no_option()
    {
        File.WriteAllText(Path.Combine(_sets.Folder, "reports"), "in the way");
        Exception[] errors = [Error(() => Explore.load("nonsense")), Error(() => Explore.load("none.npz")), Error(() => Explore.results("nowhere")),
            Error(() => Explore.show(ListModule.Empty<XPlot.Plotly.PlotlyChart>()))];
        Assert.All(errors, error => Assert.Equal($"error: {error.Message}", error.ToString()));
        Assert.All(errors, error => Assert.DoesNotContain('\n', error.ToString()));
        Assert.All(errors, error => Assert.DoesNotContain("another folder with --out", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_phantom_is_loaded_by_its_name()
    {
        using var drawn = Explore.load("phantom-pneumonia");
        Assert.Equal(1600, drawn.Train.Count);
    }

    private void Train(params Architecture[] architectures)
    {
        string[] words = ["--smoke", "--source", _sets.Source, "--target", _sets.Target, "--out", _sets.Folder];
        var code = Recipe.run(ExperimentModule.task2, ListModule.OfSeq(words), TestContext.Current.CancellationToken, FuncConvert.FromAction<Lab>(lab =>
            lab.Finish(ListModule.OfSeq(architectures.Select(architecture => lab.Trial("trained", lab.Target.All,
                architecture == Architecture.ConvNet ? TransferPlan.Scratch : TransferPlan.RandomFeatures,
                architecture == Architecture.ConvNet ? lab.Epochs(1, null, null, null, null) : new FitOptions { Solver = Solver.Convex },
                0, FSharpOption<Architecture>.Some(architecture), null))))));
        Assert.Equal(0, code);
    }

    private static MedTransferException Error(Func<object?> verb) => Assert.Throws<MedTransferException>(verb);

    private static MedTransferException Error(Action verb) => Assert.Throws<MedTransferException>(verb);
}
