using MedTransfer.Runtime;
using MedTransfer.Tests.Scripts;
using MedTransfer.Tests.Training;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace MedTransfer.Tests.Training;

/// <summary>
/// Everything that draws from libtorch's one random generator, sets its threads, or takes the console: one test after the other, beside tests that do none of that.
/// It takes longest and begins first.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OneAtATime : ICollectionFixture<LoadedTorch>
{
    public const string Name = "torch";
}

/// <summary>libtorch, loaded, with the threads that trainings use.</summary>
public sealed class LoadedTorch
{
    public LoadedTorch() => ComputeDevice.Open("cpu");
}

/// <summary>Starts what takes longest first, so that nothing is waited for at the end: what comes one at a time, then what starts scripts.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName switch
        {
            OneAtATime.Name => 0,
            var name when name.Contains(nameof(FsiTests), StringComparison.Ordinal) => 1,
            _ => 2,
        })];
}
