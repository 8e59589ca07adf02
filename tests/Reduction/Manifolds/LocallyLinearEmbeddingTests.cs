using MedTransfer.Reduction;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Tests.Reduction.Manifolds;

public sealed class StandardLocallyLinearEmbeddingTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new LocallyLinearEmbedding(new LocallyLinearOptions { Neighbours = 10, MaxThreads = maxThreads });
}

public sealed class ModifiedLocallyLinearEmbeddingTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) =>
        new LocallyLinearEmbedding(new LocallyLinearOptions { Method = LocallyLinearMethod.Modified, Neighbours = 10, MaxThreads = maxThreads });
}

public sealed class HessianLocallyLinearEmbeddingTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) =>
        new LocallyLinearEmbedding(new LocallyLinearOptions { Method = LocallyLinearMethod.Hessian, Neighbours = 10, MaxThreads = maxThreads });
}

public sealed class TangentSpaceLocallyLinearEmbeddingTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) =>
        new LocallyLinearEmbedding(new LocallyLinearOptions { Method = LocallyLinearMethod.TangentSpace, Neighbours = 10, MaxThreads = maxThreads });
}
