using MedTransfer.Data;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Trials;

/// <summary>What is measured of a GPU, where nothing makes sure that the same training gives the same bits; here on the CPU, which does.</summary>
[Collection(OneAtATime.Name)]
public sealed class RepeatabilityTests : IDisposable
{
    private readonly SquaresTrials data = new();
    private readonly Dataset dataset;

    public RepeatabilityTests() => dataset = data.Source.Load();

    public void Dispose()
    {
        dataset.Dispose();
        data.Dispose();
    }

    public static TheoryData<string, Func<TrialSpec, TrialSpec>> Kinds => new()
    {
        { "every option", spec => spec with { Model = new() { Latent = 8, Dropout = 0.5 }, Fit = new() { BatchSize = 4, Augmentation = new(), EarlyStopping = new(), Balance = ClassBalance.Sampling } } },
        { "head alone", spec => spec with { Transfer = TransferPlan.RandomFeatures } },
        { "logistic regression", spec => spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } } },
        { "autoencoder", spec => spec with { Model = new() { Latent = 8 }, Objective = Objective.Reconstruction } },
        { "batches of one", spec => spec with { Fit = new() { BatchSize = 1 } } },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void First_steps_are_the_same_on_the_cpu(string kind, Func<TrialSpec, TrialSpec> changed) =>
        Assert.True(Run.Repeats(changed(data.Spec), new(dataset), CPU, TestContext.Current.CancellationToken), kind);

    [Fact]
    public void First_steps_of_a_transfer_start_from_its_weights()
    {
        data.Run(data.Trial);

        Assert.True(Run.Repeats(data.Spec with { Transfer = TransferPlan.FineTuned(data.Trial.AsOrigin) }, new(dataset), CPU, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Nothing_is_measured_of_what_trains_nothing() =>
        Assert.Null(Run.Repeats(data.Spec with { Members = [data.Trial.Name] }, new(dataset), CPU, TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(new byte[] { 1, 2 }, true)]
    [InlineData(new byte[] { 1, 3 }, false)]
    [InlineData(new byte[] { 1 }, false)]
    public void One_other_bit_is_seen(byte[] second, bool equal)
    {
        var calls = 0;

        Assert.Equal(equal, TrialRun.AreEqual(() => new Dictionary<string, byte[]> { ["weight"] = calls++ == 0 ? [1, 2] : second }));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Another_name_is_another_weight()
    {
        var calls = 0;

        Assert.False(TrialRun.AreEqual(() => new Dictionary<string, byte[]> { [$"weight {calls++}"] = [1] }));
    }

    private TrialRun Run => new(data.Runs, new LoadedDatasets([data.Source]));
}
