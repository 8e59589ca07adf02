/// How good a map is, by all scores that methods are compared by.
module MedTransfer.Recipes.MapScores

open System
open System.Collections.Generic
open MedTransfer.Evaluation.Embeddings

/// A score of a map; higher is better.
type Score = {
    Name: string
    /// What 1 would be.
    Says: string
    /// Whether it is about classes, so that it says nothing of a map that was told them.
    IsOfClasses: bool
    /// None where it is not defined.
    Of: float32[,] -> float32[,] -> IReadOnlyList<int> option -> float option
}

let private neighbours = 15

let private ranks (points: float32[,]) (map: float32[,]) =
    RankComparison.Of(points, map, min neighbours (max 1 ((Array2D.length1 points - 1) / 2)))

let private byClass (pick: EmbeddingQuality -> Nullable<float>) points map (classes: IReadOnlyList<int> option) =
    classes
    |> Option.bind (fun classes -> EmbeddingQuality.Of(points, map, classes, perplexity = infinity) |> pick |> Option.ofNullable)

/// Pairs of distances are as many as the square of the points: of more points than these, evenly spread ones.
let private mostPairs = 1000

let private spread (points: float32[,]) =
    let count = Array2D.length1 points
    let taken = min count mostPairs

    Array2D.init taken (Array2D.length2 points) (fun i j -> points[int (int64 i * int64 count / int64 taken), j])

/// Every score, the first of neighbours near and far, then of distances, then of classes.
let all: Score list = [
    {
        Name = "trustworthiness"
        IsOfClasses = false
        Says = $"no strangers among the {neighbours} nearest on the map"
        Of = fun points map _ -> Some (ranks points map).Trustworthiness
    }
    {
        Name = "continuity"
        IsOfClasses = false
        Says = $"none of the {neighbours} nearest points far on the map"
        Of = fun points map _ -> Some (ranks points map).Continuity
    }
    {
        Name = $"recall of {neighbours} neighbours"
        IsOfClasses = false
        Says = $"the {neighbours} nearest the same"
        Of = fun points map _ -> Some (ranks points map).NeighbourRecall
    }
    {
        Name = "Shepard correlation"
        IsOfClasses = false
        Says = "distances of all pairs in proportion"
        Of = fun points map _ -> DistanceCorrelation.Of(spread points, spread map) |> Option.ofNullable
    }
    {
        Name = "silhouette"
        IsOfClasses = true
        Says = "classes far apart for how wide they are"
        Of = byClass _.Silhouette
    }
    {
        Name = "5-NN accuracy"
        IsOfClasses = true
        Says = "every point among five of its class"
        Of = byClass _.KnnAccuracy
    }
]
