using MedTransfer.Runtime;

namespace MedTransfer.Tests.Training;

/// <summary>
/// Everything that draws from libtorch's one random generator or sets its threads: one test after the other, while nothing else runs.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime : ICollectionFixture<LoadedTorch>
{
    public const string Name = "torch";
}

/// <summary>libtorch, loaded, with the threads that trainings use.</summary>
public sealed class LoadedTorch
{
    public LoadedTorch() => ComputeDevice.Open("cpu");
}
