/// The reducers by name: how each is made, and what is to be known of it.
module MedTransfer.Recipes.Methods

open System.Collections.Generic
open MedTransfer.Reduction
open MedTransfer.Reduction.FuzzyGraphs
open MedTransfer.Reduction.Kernels
open MedTransfer.Reduction.Linear
open MedTransfer.Reduction.Manifolds
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Reduction.Scaling

/// What a map is asked to be like; of what a method has no use for it takes no notice.
type Asked = {
    Components: int option
    Neighbours: int option
    Whiten: bool
    Kernel: KernelKind
    Gamma: float option
    Distance: PairDistance
    MinDistance: float
    Perplexity: float
    EarlyIterations: int
    Iterations: int
    Repulsion: TsneRepulsion
    /// Places to start from.
    Start: float32[,] option
    Seed: int option
    /// The class of each point, below 0 for none.
    Classes: IReadOnlyList<int> option
    Threads: int option
}

/// A method as it is typed and as it is called.
type Method = {
    Typed: string
    Name: string
    /// What it does by its defaults.
    Does: string
    IsLinear: bool
    /// What of the points it goes by: all of them, or near ones.
    Keeps: string
    /// Where it places new points.
    NewPoints: string
    /// How time and memory grow with n points of d columns and k neighbours.
    Cost: string
    /// Options it has of its own.
    Takes: string list
    Make: Asked -> IReducer
}

let private usualTsne = TsneOptions()

/// Every default.
let plain: Asked = {
    Components = None
    Neighbours = None
    Whiten = false
    Kernel = KernelKind.Rbf
    Gamma = None
    Distance = PairDistance.Euclidean
    MinDistance = UmapOptions().MinDistance
    Perplexity = usualTsne.Perplexity
    EarlyIterations = usualTsne.EarlyIterations
    Iterations = usualTsne.Iterations
    Repulsion = TsneRepulsion.Auto
    Start = None
    Seed = None
    Classes = None
    Threads = None
}

let private components (asked: Asked) = defaultArg asked.Components 2
let private threads (asked: Asked) = Option.toNullable asked.Threads
let private seed (asked: Asked) = defaultArg asked.Seed 0

let private tsne (asked: Asked) : IReducer =
    Tsne(
        TsneOptions(
            Components = components asked,
            Perplexity = asked.Perplexity,
            EarlyIterations = asked.EarlyIterations,
            Iterations = asked.Iterations,
            Repulsion = asked.Repulsion,
            Start = Option.toObj asked.Start,
            RandomSeed = Option.toNullable asked.Seed,
            MaxThreads = threads asked
        )
    )

let private scaling isOrdinal (asked: Asked) : IReducer =
    MetricMds(
        MetricMdsOptions(
            Components = components asked,
            Distance = asked.Distance,
            IsOrdinal = isOrdinal,
            Seed = seed asked,
            MaxThreads = threads asked
        )
    )

let private locally (kind: LocallyLinearMethod) (asked: Asked) : IReducer =
    LocallyLinearEmbedding(
        LocallyLinearOptions(
            Method = kind,
            Components = components asked,
            Neighbours = Option.toNullable asked.Neighbours,
            MaxThreads = threads asked
        )
    )

let private linear = "along its directions"
let private weighted = "by the weights that make it of its neighbours (Saul and Roweis 2003)"
let private ofDirections = "time n d, memory d"

let private ofNeighbours =
    "time up to n^2 d for neighbours and n^3 / 6 for a factor, little on sheets; memory n k to 4 n^2 bytes"

/// Every method there is, the default first.
let all: Method list = [
    {
        Typed = "tsne"
        Name = "t-SNE"
        Does =
            $"keeps soft neighbourhoods: perplexity {usualTsne.Perplexity}, {usualTsne.EarlyIterations + usualTsne.Iterations} steps"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = "where its own divergence is least, the map at rest (Policar et al. 2023)"
        Cost = "time n log n (n^2 up to 6,000), memory n k"
        Takes = [ "--perplexity"; "--iterations"; "--early-iterations"; "--repulsion"; "--start"; "--seed" ]
        Make = tsne
    }
    {
        Typed = "umap"
        Name = "UMAP"
        Does = "keeps who belongs with whom: 15 neighbours, least distance 0.1"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = "pulled by its neighbours, the map at rest (McInnes et al. 2018)"
        Cost = "time up to n^2 d for neighbours, then n k; memory n k"
        Takes = [ "--neighbours"; "--min-distance"; "--seed" ]
        Make =
            fun asked ->
                Umap(
                    UmapOptions(
                        Components = components asked,
                        Neighbours = Option.toNullable asked.Neighbours,
                        MinDistance = asked.MinDistance,
                        Seed = seed asked,
                        MaxThreads = threads asked
                    )
                )
    }
    {
        Typed = "pca"
        Name = "PCA"
        Does = "directions of largest variance"
        IsLinear = true
        Keeps = "all"
        NewPoints = linear
        Cost = ofDirections
        Takes = [ "--whiten" ]
        Make = fun asked -> Pca(PcaOptions(Components = components asked, Whiten = asked.Whiten, MaxThreads = threads asked))
    }
    {
        Typed = "svd"
        Name = "truncated SVD"
        Does = "directions of largest sum of squares: PCA round 0"
        IsLinear = true
        Keeps = "all"
        NewPoints = linear
        Cost = ofDirections
        Takes = []
        Make = fun asked -> TruncatedSvd(TruncatedSvdOptions(Components = components asked, MaxThreads = threads asked))
    }
    {
        Typed = "kernel-pca"
        Name = "kernel PCA"
        Does = "directions of largest variance in a kernel's space: RBF, its scale the median distance"
        IsLinear = false
        Keeps = "all"
        NewPoints = "along its directions, by its kernel with every fitted point"
        Cost = "time n^2 d, memory 2 n^2 bytes"
        Takes = [ "--kernel"; "--gamma" ]
        Make =
            fun asked ->
                KernelPca(
                    KernelPcaOptions(
                        Components = components asked,
                        Kernel = asked.Kernel,
                        Gamma = Option.toNullable asked.Gamma,
                        MaxThreads = threads asked
                    )
                )
    }
    {
        Typed = "ica"
        Name = "FastICA"
        Does = "directions along which points are least Gaussian"
        IsLinear = true
        Keeps = "all"
        NewPoints = linear
        Cost = ofDirections
        Takes = [ "--seed" ]
        Make = fun asked -> FastIca(FastIcaOptions(Components = components asked, Seed = seed asked, MaxThreads = threads asked))
    }
    {
        Typed = "lda"
        Name = "LDA"
        Does = "directions that part the classes, which it is told"
        IsLinear = true
        Keeps = "classes"
        NewPoints = linear
        Cost = "time n d min(n, d), memory the square of the smaller"
        Takes = []
        Make =
            fun asked ->
                LinearDiscriminants(
                    LinearDiscriminantsOptions(
                        Labels = defaultArg asked.Classes [||],
                        Components = Option.toNullable asked.Components,
                        MaxThreads = threads asked
                    )
                )
    }
    {
        Typed = "mds"
        Name = "classical MDS"
        Does = "keeps inner products; of Euclidean distances PCA"
        IsLinear = true
        Keeps = "all"
        NewPoints = "by its distances from every fitted point (Gower 1968)"
        Cost = "time n d, memory d; of other distances time n^2 d, memory 2 n^2 bytes"
        Takes = [ "--distance" ]
        Make =
            fun asked ->
                ClassicalMds(
                    ClassicalMdsOptions(Components = components asked, Distance = asked.Distance, MaxThreads = threads asked)
                )
    }
    {
        Typed = "metric-mds"
        Name = "metric MDS"
        Does = "keeps distances: least stress, the best of 4 starts"
        IsLinear = false
        Keeps = "all"
        NewPoints = "where its own stress is least, the map at rest"
        Cost = "time n^2 a step, memory 4 n^2 bytes"
        Takes = [ "--distance"; "--seed" ]
        Make = scaling false
    }
    {
        Typed = "ordinal-mds"
        Name = "ordinal MDS"
        Does = "keeps the order of distances alone"
        IsLinear = false
        Keeps = "all"
        NewPoints = "where its own stress is least, the map at rest"
        Cost = "time n^2 a step, memory 12 n^2 bytes"
        Takes = [ "--distance"; "--seed" ]
        Make = scaling true
    }
    {
        Typed = "isomap"
        Name = "Isomap"
        Does = "keeps lengths of paths from neighbour to neighbour, 5 each"
        IsLinear = false
        Keeps = "all, by way of near ones"
        NewPoints = "by its paths through its neighbours (Bengio et al. 2003)"
        Cost = "time n^2 log n, memory 2 n^2 bytes"
        Takes = [ "--neighbours" ]
        Make =
            fun asked ->
                Isomap(
                    IsomapOptions(
                        Components = components asked,
                        Neighbours = defaultArg asked.Neighbours (IsomapOptions().Neighbours),
                        MaxThreads = threads asked
                    )
                )
    }
    {
        Typed = "lle"
        Name = "LLE"
        Does = "keeps the weights that make each point of its neighbours, 5 each"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = weighted
        Cost = ofNeighbours
        Takes = [ "--neighbours" ]
        Make = locally LocallyLinearMethod.Standard
    }
    {
        Typed = "modified-lle"
        Name = "modified LLE"
        Does = "keeps several such sets of weights a point"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = weighted
        Cost = ofNeighbours
        Takes = [ "--neighbours" ]
        Make = locally LocallyLinearMethod.Modified
    }
    {
        Typed = "hessian-lle"
        Name = "Hessian LLE"
        Does = "no second derivatives along each neighbourhood, 6 neighbours each"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = weighted
        Cost = ofNeighbours
        Takes = [ "--neighbours" ]
        Make = locally LocallyLinearMethod.Hessian
    }
    {
        Typed = "ltsa"
        Name = "LTSA"
        Does = "aligns the neighbourhoods' own coordinates, 5 neighbours each"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = weighted
        Cost = ofNeighbours
        Takes = [ "--neighbours" ]
        Make = locally LocallyLinearMethod.TangentSpace
    }
    {
        Typed = "laplacian"
        Name = "Laplacian eigenmaps"
        Does = "functions that change least from neighbour to neighbour, a tenth of the points each"
        IsLinear = false
        Keeps = "near ones"
        NewPoints = "at its neighbours' mean, carried on (Nyström: Bengio et al. 2003)"
        Cost = "time up to n^2 d for neighbours; memory n k, of the default k some 3 n^2 bytes"
        Takes = [ "--neighbours" ]
        Make =
            fun asked ->
                LaplacianEigenmaps(
                    LaplacianEigenmapsOptions(
                        Components = components asked,
                        Neighbours = Option.toNullable asked.Neighbours,
                        MaxThreads = threads asked
                    )
                )
    }
]

/// Whether its map depends on where 0 is, not on differences alone.
let goesByZero (method: Method) (asked: Asked) =
    match method.Typed with
    | "svd" -> true
    | "kernel-pca" -> asked.Kernel <> KernelKind.Rbf && asked.Kernel <> KernelKind.Linear
    | _ -> List.contains "--distance" method.Takes && asked.Distance = PairDistance.Cosine

/// The one that learns from classes.
let takesClasses (method: Method) = method.Typed = "lda"
