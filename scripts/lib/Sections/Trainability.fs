/// What training the transferred layers does to the maps of the latent space.
module MedTransfer.Recipes.Sections.Trainability

open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes

/// On the test split: silhouette in the PCA and in the t-SNE map.
let private silhouettes (lab: Lab) (outcome: Outcome) =
    match Maps.ofSplit lab.Cancellation SplitName.Test outcome.Way.Name outcome.Result with
    | None -> None, None
    | Some map ->
        let silhouette (points: float32[,]) = Silhouette.Of(points, map.Embeddings.Classes) |> Option.ofNullable
        silhouette map.Pca, map.Tsne |> Option.bind silhouette

/// Change of the silhouette from frozen to fine-tuned, seed by seed, in the PCA map and in the t-SNE map.
let changes (lab: Lab) frozen tuned (outcomes: Outcome list) : (float * float) list =
    eprintfn "Mapping the test embeddings of every seed, frozen and fine-tuned."

    List.allPairs (ofWay frozen outcomes) (ofWay tuned outcomes)
    |> List.filter (fun (frozen, tuned) -> frozen.Way.Seed = tuned.Way.Seed)
    |> List.choose (fun (frozen, tuned) ->
        let (pca1, tsne1), (pca2, tsne2) = silhouettes lab frozen, silhouettes lab tuned
        let change first second = Option.map2 (fun a b -> b - a) first second
        Option.map2 (fun p t -> p, t) (change pca1 pca2) (change tsne1 tsne2))

/// Whether PCA's map changes more than t-SNE's, paired over seeds.
let comparison (changes: (float * float) list) = changes |> List.map (fun (pca, tsne) -> abs pca, abs tsne) |> difference

/// Both changes in words.
let text (changes: (float * float) list) =
    $"silhouette of the test map, fine-tuned less frozen: PCA {changes |> List.map fst |> spread 3}, t-SNE {changes |> List.map snd |> spread 3}"
