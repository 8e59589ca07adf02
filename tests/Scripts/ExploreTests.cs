using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts;

/// <summary>A CNN and two controls, trained once for all tests of the REPL's verbs.</summary>
public sealed class ThreeTrials : IDisposable
{
    private readonly SyntheticSets _sets = new();

    public ThreeTrials()
    {
        string[] words = ["--smoke", "--source", _sets.Source, "--target", _sets.Target, "--out", _sets.Folder];
        Assert.Equal(0, Recipe.run(ExperimentModule.task2, ListModule.OfSeq(words), TestContext.Current.CancellationToken, FuncConvert.FromAction<Lab>(Train)));
    }

    public string Folder => _sets.Folder;

    private static void Train(Lab lab) => lab.Finish(ListModule.OfSeq([
        lab.Trial("no transfer", lab.Target.All, TransferPlan.Scratch, lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, null),
        Control(lab, lab.Target.All, Architecture.MajorityClass),
        Control(lab, lab.Target.Sample(TargetSize.NewImages(40), 1), Architecture.MeanBrightness),
    ]));

    private static Trial Control(Lab lab, DataReference data, Architecture architecture) => lab.Trial("control", data, TransferPlan.RandomFeatures,
        new FitOptions { Solver = Solver.LogisticRegression }, 0, FSharpOption<Architecture>.Some(architecture), null, null);

    public void Dispose() => _sets.Dispose();
}

/// <summary>The verbs of the REPL, without one.</summary>
[Collection(OneAtATime.Name)]
public sealed class ExploreTests(ThreeTrials trained) : IClassFixture<ThreeTrials>, IDisposable
{
    private readonly TemporaryFolder _empty = new();

    public void Dispose()
    {
        Explore.results(Folder.project);
        _empty.Dispose();
    }

    [Fact]
    public void Without_trials_it_says_what_to_run_and_suggests_none()
    {
        Explore.results(_empty.Path);
        Assert.Contains("scripts/task2.fsx -- --smoke", Error(() => Explore.trials()).Message, StringComparison.Ordinal);
        Assert.Contains("scripts/task2.fsx -- --smoke", Error(() => Explore.trial("1a2b")).Message, StringComparison.Ordinal);
        Assert.Single(Explore.greeting(), line => line.StartsWith("  ", StringComparison.Ordinal));
        Assert.Contains(Explore.greeting(), line => line.Contains("scripts/task2.fsx -- --smoke", StringComparison.Ordinal));
    }

    [Fact]
    public void With_trials_the_greeting_leads_to_a_page_with_maps()
    {
        Explore.results(trained.Folder);
        var typed = Explore.greeting().Single(line => line.Contains("let best = trial", StringComparison.Ordinal));
        var best = Explore.trial(typed.Split('"')[1]);
        Assert.Equal(Architecture.ConvNet, best.Trial.Spec.Model.Architecture);
        Assert.Equal(3, Explore.trials().RowCount);
        Assert.Equal([1], Explore.trials().GetColumn<long>("sample").Values);
        Explore.show(Explore.maps(best));
        var page = File.ReadAllText(Path.Combine(trained.Folder, "reports", "explore.html"));
        Assert.All(["PCA: no transfer, excerpt of 64 a split on target, train", "t-SNE: no transfer, excerpt of 64 a split on target, test"], title => Assert.Contains(title, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("majorityClass", "sees nothing of the image")]
    [InlineData("meanBrightness", "its brightness")]
    public void A_control_without_embeddings_says_so(string architecture, string reason)
    {
        Explore.results(trained.Folder);
        var control = TrialFolder.Finished(Path.Combine(trained.Folder, "runs")).Select(folder => folder.Read()).Single(trial => trial.Trial.Spec.Model.Architecture.Name == architecture);
        Assert.Contains(reason, Error(() => Explore.maps(control)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_fits_no_trial_or_several_is_said_with_their_number()
    {
        Explore.results(trained.Folder);
        Assert.StartsWith("none of 3 ", Error(() => Explore.trial("zz")).Message, StringComparison.Ordinal);
        Assert.StartsWith("3 of 3 ", Error(() => Explore.trial("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_one_line_as_fsi_shows_it_and_advises_no_option()
    {
        Explore.results(_empty.Path);
        File.WriteAllText(_empty["reports"], "in the way");
        Exception[] errors = [Error(() => Explore.load("nonsense")), Error(() => Explore.load("none.npz")), Error(() => Explore.results("nowhere")),
            Error(() => Explore.show(ListModule.Empty<Figures.Figure>()))];
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

    private static MedTransferException Error(Func<object?> verb) => Assert.Throws<MedTransferException>(verb);

    private static MedTransferException Error(Action verb) => Assert.Throws<MedTransferException>(verb);
}
