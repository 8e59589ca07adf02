/// What training the transferred layers does to the maps of the latent space.
module MedTransfer.Recipes.Trainability

open MedTransfer.Data
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Reduction
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// On the test split: silhouette in the PCA and in the t-SNE map.
let private silhouettes (lab: Lab) (outcome: Outcome) =
    match Maps.ofSplit lab.Cancellation SplitName.Test outcome.Way.Name outcome.Result with
    | None -> None, None
    | Some map ->
        let silhouette (points: float32[,]) = Silhouette.Of(points, map.Embeddings.Classes) |> Option.ofNullable
        silhouette map.Pca, map.Tsne |> Option.bind silhouette

/// Change of the silhouette from frozen to fine-tuned in one seed's test maps; None where there is no map, or no silhouette.
type Change = { Seed: int; Draw: int; Pca: float option; Tsne: float option }

/// The change of every seed that has both ways.
let changes (lab: Lab) frozen tuned (outcomes: Outcome list) : Change list =
    eprintfn "Mapping the test embeddings of every seed, frozen and fine-tuned."
    let change first second = Option.map2 (fun a b -> b - a) first second

    [
        for frozen, tuned in paired (ofWay frozen outcomes) (ofWay tuned outcomes) do
            let (pca1, tsne1), (pca2, tsne2) = silhouettes lab frozen, silhouettes lab tuned

            { Seed = tuned.Way.Seed; Draw = Way.draw tuned.Way; Pca = change pca1 pca2; Tsne = change tsne1 tsne2 }
    ]

/// Whether PCA's map changes more than t-SNE's, paired over the seeds that have both.
let comparison (changes: Change list) =
    changes
    |> List.map (fun change -> {
        Seed = change.Seed
        Draw = change.Draw
        Values = Option.map2 (fun pca tsne -> abs pca, abs tsne) change.Pca change.Tsne
    })
    |> difference

let private mean (values: float option list) = if List.forall Option.isNone values then "no map" else meanText 3 values

/// Both changes in words: PCA's stands where t-SNE has no map.
let text (changes: Change list) =
    $"silhouette of the test map, fine-tuned minus frozen: PCA {changes |> List.map _.Pca |> mean}, t-SNE {changes |> List.map _.Tsne |> mean}"

/// How much more PCA's map changes, in words.
let comparisonText (changes: Change list) =
    match comparison changes with
    | { Difference = None } -> "no seed has both maps, so that they can't be compared"
    | compared -> $"size of PCA's change minus that of t-SNE's {differenceText 3 compared}"
