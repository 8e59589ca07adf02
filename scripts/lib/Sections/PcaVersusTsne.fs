/// When PCA and when t-SNE: on a plane and on a Swiss roll, where the right answer is known.
module MedTransfer.Recipes.Sections.PcaVersusTsne

open System
open MedTransfer.Numerics
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Reduction
open MedTransfer.Reduction.Linear
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

/// Points of a two-dimensional manifold in space, and where each lies on the manifold itself.
type private Manifold = {
    Name: string
    /// (n, 3)
    Points: float32[,]
    /// (n, 2): coordinates along it, in the same unit of length.
    Unrolled: float32[,]
}

let private count = 800

let private manifold name (place: float -> float -> float * float * float) (along: float -> float -> float * float) =
    let random = SplitMix64 1UL
    let coordinates = [| for _ in 1..count -> random.Fraction(), random.Fraction() |]
    let points = Array2D.zeroCreate count 3
    let unrolled = Array2D.zeroCreate count 2

    coordinates
    |> Array.iteri (fun i (u, v) ->
        let x, y, z = place u v
        let s, t = along u v
        points[i, 0] <- float32 x
        points[i, 1] <- float32 y
        points[i, 2] <- float32 z
        unrolled[i, 0] <- float32 s
        unrolled[i, 1] <- float32 t)

    { Name = name; Points = points; Unrolled = unrolled }

let private length, private width = 90.0, 21.0

/// A rectangle that lies askew in space.
let private plane =
    manifold "plane" (fun u v -> 0.6 * length * u, width * v, 0.8 * length * u) (fun u v -> length * u, width * v)

/// The Swiss roll of Tenenbaum et al. (2000): (t cos t, width v, t sin t), t from 1.5 pi to 4.5 pi.
let private swissRoll =
    let angle u = 1.5 * Math.PI * (1.0 + 2.0 * u)
    // length of the spiral r = t
    let arc t = 0.5 * (t * sqrt (1.0 + t * t) + Math.Asinh t)

    manifold "Swiss roll" (fun u v -> angle u * cos (angle u), width * v, angle u * sin (angle u)) (fun u v ->
        arc (angle u) - arc (angle 0.0), width * v)

let private neighbours = 12

type private Mapped = { Method: string; Of: Manifold; Map: float32[,]; Trustworthiness: float; Distances: float }

let private mapped (lab: Lab) : Mapped list = [
    for manifold in [ plane; swissRoll ] do
        let maps = [
            "PCA", Pca().Fit(manifold.Points, cancellation = lab.Cancellation).Embedding
            "t-SNE", Tsne(TsneOptions()).Fit(manifold.Points, cancellation = lab.Cancellation).Embedding
        ]

        for name, map in maps ->
            {
                Method = name
                Of = manifold
                Map = map
                Trustworthiness = Trustworthiness.Of(manifold.Unrolled, map, neighbours)
                Distances = DistanceCorrelation.Of(manifold.Unrolled, map).GetValueOrDefault()
            }
]

let private better (pick: Mapped -> float) (maps: Mapped list) = (maps |> List.maxBy pick).Method

/// Table and maps of both manifolds, with what follows from them.
let section (lab: Lab) =
    let all = mapped lab
    let ofManifold manifold = all |> List.filter (fun map -> map.Of.Name = manifold.Name)
    let distances, neighbourhoods = better _.Distances, better _.Trustworthiness

    [
        Heading "PCA or t-SNE"
        Table(
            "surfaces",
            $"A plane and a Swiss roll mapped to two dimensions, measured against their own two coordinates: trustworthiness of the {neighbours} nearest neighbours (1: no strangers among them) and the correlation of all distances (1: every distance kept).",
            Table.ofRows [ "trustworthiness"; "correlation of distances" ] [
                for map in all ->
                    $"{map.Of.Name}, {map.Method}", [ map.Trustworthiness.ToString "F3"; map.Distances.ToString "F3" ]
            ]
        )
        Charts(
            "The two surfaces; colour runs along the length of each.",
            [
                for map in all ->
                    Figures.gradient $"{map.Method}: {map.Of.Name}" map.Map [
                        for i in 0 .. Array2D.length1 map.Map - 1 -> float map.Of.Unrolled[i, 0]
                    ]
            ]
        )
        Text
            $"On the plane, distances are kept best by {distances (ofManifold plane)}; on the roll, neighbourhoods by {neighbourhoods (ofManifold swissRoll)}. PCA is a projection: it shows what is flat as it is and lays a roll's layers over each other; t-SNE keeps neighbours together and bends or tears what lies between, so that its distances and its gaps mean little."
    ]
