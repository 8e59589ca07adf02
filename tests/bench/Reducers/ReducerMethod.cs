using MedTransfer.Reduction;
using MedTransfer.Reduction.FuzzyGraphs;
using MedTransfer.Reduction.Kernels;
using MedTransfer.Reduction.Linear;
using MedTransfer.Reduction.Manifolds;
using MedTransfer.Reduction.NeighbourEmbedding;
using MedTransfer.Reduction.Scaling;

namespace MedTransfer.Bench;

/// <summary>How a reducer is asked for by name, with the options that its peer has.</summary>
/// <param name="Neighbours">Null for its default.</param>
/// <param name="Labels">Of classes; null where there are none.</param>
internal sealed record ReducerAsked(int Threads, int? Neighbours = null, int[]? Labels = null);

/// <summary>A reducer by the name that the peers' script knows it by.</summary>
/// <param name="Values">What a map says of itself, as the peer's does; none where neither says anything.</param>
internal sealed record ReducerMethod(string Name, Func<ReducerAsked, IReducer> Make, Func<IFittedMap, IReadOnlyList<double>>? Values = null)
{
    /// <summary>Every one there is.</summary>
    internal static IReadOnlyList<ReducerMethod> All { get; } =
    [
        new("tsne", asked => new Tsne(new TsneOptions { MaxThreads = asked.Threads }), map => [((TsneMap)map).KlDivergence]),
        new("tsne-exact", asked => new Tsne(new TsneOptions { MaxThreads = asked.Threads, Repulsion = TsneRepulsion.Exact })),
        new("pca", asked => new Pca(new PcaOptions { MaxThreads = asked.Threads }), map => ((PcaMap)map).ExplainedVariance),
        new("pca-randomised", asked => new Pca(new PcaOptions { MaxThreads = asked.Threads }), map => ((PcaMap)map).ExplainedVariance),
        new("svd", asked => new TruncatedSvd(new TruncatedSvdOptions { MaxThreads = asked.Threads }), map => ((TruncatedSvdMap)map).SingularValues),
        new("svd-randomised", asked => new TruncatedSvd(new TruncatedSvdOptions { MaxThreads = asked.Threads }), map => ((TruncatedSvdMap)map).SingularValues),
        new("ica", asked => new FastIca(new FastIcaOptions { MaxThreads = asked.Threads })),
        new("ica-exact", asked => new FastIca(new FastIcaOptions { MaxThreads = asked.Threads, Tolerance = 1e-12, MostIterations = 5000 })),
        new("lda", asked => new LinearDiscriminants(new LinearDiscriminantsOptions { Labels = asked.Labels!, MaxThreads = asked.Threads }), map => ((LinearDiscriminantsMap)map).ExplainedRatio),
        new("kernel-pca", asked => Kernel(asked, KernelKind.Rbf), KernelValues),
        new("kernel-pca-rbf", asked => Kernel(asked, KernelKind.Rbf), KernelValues),
        new("kernel-pca-poly", asked => Kernel(asked, KernelKind.Polynomial), KernelValues),
        new("kernel-pca-sigmoid", asked => Kernel(asked, KernelKind.Sigmoid), KernelValues),
        new("kernel-pca-cosine", asked => Kernel(asked, KernelKind.Cosine), KernelValues),
        new("kernel-pca-linear", asked => Kernel(asked, KernelKind.Linear), KernelValues),
        new("metric-mds", asked => new MetricMds(new MetricMdsOptions { MaxThreads = asked.Threads }), map => [((MetricMdsMap)map).Stress]),
        new("ordinal-mds", asked => new MetricMds(new MetricMdsOptions { IsOrdinal = true, MaxThreads = asked.Threads }), map => [((MetricMdsMap)map).NormalisedStress]),
        new("lle", asked => LocallyLinear(asked, LocallyLinearMethod.Standard), LocallyLinearValues),
        new("modified-lle", asked => LocallyLinear(asked, LocallyLinearMethod.Modified), LocallyLinearValues),
        new("hessian-lle", asked => LocallyLinear(asked, LocallyLinearMethod.Hessian), LocallyLinearValues),
        new("ltsa", asked => LocallyLinear(asked, LocallyLinearMethod.TangentSpace), LocallyLinearValues),
        new("isomap", asked => new Isomap(new IsomapOptions { Neighbours = asked.Neighbours ?? 5, MaxThreads = asked.Threads }), map => ((IsomapMap)map).Eigenvalues),
        new("laplacian", asked => new LaplacianEigenmaps(new LaplacianEigenmapsOptions { Neighbours = asked.Neighbours, MaxThreads = asked.Threads })),
        new("umap", asked => new Umap(new UmapOptions { Neighbours = asked.Neighbours, MaxThreads = asked.Threads })),
    ];

    internal static ReducerMethod Named(string name) =>
        All.FirstOrDefault(method => method.Name == name)
        ?? throw new MedTransferException($"method is '{name}', but must be one of {string.Join(", ", All.Select(method => method.Name))}") { IsUsage = true };

    // the scale is that of the peers' script: their own default is another
    private static KernelPca Kernel(ReducerAsked asked, KernelKind kind) =>
        new(new KernelPcaOptions { Kernel = kind, Gamma = kind is KernelKind.Linear or KernelKind.Cosine ? null : 1e-3, MaxThreads = asked.Threads });

    private static IReadOnlyList<double> KernelValues(IFittedMap map) => ((KernelPcaMap)map).Eigenvalues;

    private static LocallyLinearEmbedding LocallyLinear(ReducerAsked asked, LocallyLinearMethod method) =>
        new(new LocallyLinearOptions { Method = method, Neighbours = asked.Neighbours, MaxThreads = asked.Threads });

    private static IReadOnlyList<double> LocallyLinearValues(IFittedMap map) => [((LocallyLinearMap)map).Eigenvalues.Sum()];
}
