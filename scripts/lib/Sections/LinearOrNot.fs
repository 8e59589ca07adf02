/// When PCA and when t-SNE: on a plane and on a Swiss roll, where the right answer is known.
module MedTransfer.Recipes.Sections.LinearOrNot

open MedTransfer.Evaluation.Embeddings
open MedTransfer.Reduction
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Recipes
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Surfaces

let private neighbours = 12

type private Mapped = { Method: string; Of: Surface; Map: float32[,]; Trustworthiness: float; Distances: float }

let private mapped (lab: Lab) : Mapped list = [
    for surface in [ plane; swissRoll ] do
        let maps = [
            "PCA", Pca().Fit(surface.Points, cancellation = lab.Cancellation).Embedding
            "t-SNE", Tsne(TsneOptions()).Fit(surface.Points, cancellation = lab.Cancellation).Embedding
        ]

        for name, map in maps ->
            {
                Method = name
                Of = surface
                Map = map
                Trustworthiness = Trustworthiness.Of(surface.Unrolled, map, neighbours)
                Distances = DistanceCorrelation.Of(surface.Unrolled, map).GetValueOrDefault()
            }
]

let private better (pick: Mapped -> float) (maps: Mapped list) = (maps |> List.maxBy pick).Method

/// Table and maps of both surfaces, with what follows from them.
let section (lab: Lab) =
    let all = mapped lab
    let ofSurface surface = all |> List.filter (fun map -> map.Of.Name = surface.Name)
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
            $"On the plane, distances are kept best by {distances (ofSurface plane)}; on the roll, neighbourhoods by {neighbourhoods (ofSurface swissRoll)}. PCA is a projection: it shows what is flat as it is and lays a roll's layers over each other; t-SNE keeps neighbours together and bends or tears what lies between, so that its distances and its gaps mean little."
    ]
