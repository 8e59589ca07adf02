using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class SettingTests
{
    private static readonly TrialEnvironment Here = new()
    {
        MedTransfer = "1.0.0",
        TorchSharp = "0.107.0",
        Libtorch = "2.10.0",
        Runtime = ".NET 10",
        System = "Linux X64",
        Processor = new("AuthenticAMD", "AMD EPYC", "avx2"),
        Device = "cuda",
        Threads = 1,
        DataPath = "a.npz",
        DataDigest = "0",
        Finished = DateTimeOffset.UnixEpoch,
        TrainingSeconds = 1,
        TotalSeconds = 2,
    };

    [Fact]
    public void Machine_is_named_by_what_decides_the_bits()
    {
        Assert.Equal(
            "MedTransfer 1.0.0, TorchSharp 0.107.0 on libtorch 2.10.0, .NET 10 on Linux X64, AMD EPYC (AuthenticAMD avx2); cuda, compute threads: 1.",
            Setting.machine(Here));
        Assert.Equal(
            "MedTransfer 1.0.0, TorchSharp 0.107.0, .NET 10 on Linux X64; cuda, compute threads: 1.",
            Setting.machine(Here with { Libtorch = null, Processor = null }));
    }

    [Fact]
    public void Repeatability_is_said_where_it_was_measured()
    {
        Assert.Null(Said(null, null));
        Assert.Equal("The first steps of each of 2 trainings were done twice and gave the same bits.", Said(true, null, true));
        Assert.Equal(
            "The first steps of each of 3 trainings were done twice; those of 2 gave other bits: on this device the same training does not give the same numbers to the last digit.",
            Said(false, true, false, null));
    }

    [Fact]
    public void Method_has_a_row_a_way_and_one_for_all_pretrainings_where_there_are_any()
    {
        using var trials = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var ways = ListModule.OfSeq(trials.Way("no transfer", (0.8, 0.9), (0.7, 0.8)));
        Results Of(params IEnumerable<TrialResult> pretraining) => new(ways, FSharpList<LeftOut>.Empty, ListModule.OfSeq(pretraining));

        var with = Setting.method(lab.Lab, Of(trials.Result("pretraining", 0, new()), trials.Result("pretraining", 1, new()))).TableOf("method");

        Assert.Equal(["pretraining", "no transfer"], with.RowKeys);
        Assert.Equal("initial weights at random; features and head trained", with.Cell("no transfer", "weights"));
        Assert.Equal(["no transfer"], Setting.method(lab.Lab, Of()).TableOf("method").RowKeys);
    }

    private static string? Said(params IEnumerable<bool?> repeats) =>
        Setting.repeatability(ListModule.OfSeq(repeats.Select(one => Here with { Repeats = one }))) is { } text && FSharpOption<string>.get_IsSome(text) ? text.Value : null;
}
