using MedTransfer.Reduction;
using MedTransfer.Reduction.Manifolds;

namespace MedTransfer.Tests.Reduction.Manifolds;

public sealed class LaplacianEigenmapsTests : ReducerContract
{
    protected override IReducer Reducer(int? maxThreads = null) => new LaplacianEigenmaps(new LaplacianEigenmapsOptions { MaxThreads = maxThreads });
}
