/// Figures 3 and 4: embeddings laid out in the plane by PCA and by t-SNE, and how far apart the classes lie.
module MedTransfer.Recipes.Maps

open System
open System.Threading
open Deedle
open MedTransfer.Data
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Models
open MedTransfer.Reduction
open MedTransfer.Reduction.Linear
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Trials

/// One representation of one split: its points, and the points in the plane.
type Representation = {
    Of: string
    Split: SplitName
    Embeddings: LabelledEmbeddings
    Pca: float32[,]
    /// None where there are too few points for the perplexity.
    Tsne: float32[,] option
}

/// What the classes of embeddings mean: the labels' own, or whether there is any finding.
let classNames (info: DatasetInfo) : Collections.Generic.IReadOnlyList<string> =
    if info.Task = Nullable LabelTask.MultiLabel then
        [| "no finding"; "any finding" |]
    else
        info.LabelNames

let splitText (split: SplitName) = split.Text()

/// Images it takes for a map by t-SNE: its perplexity is at least 5, and a third of the others at most.
let fewestForTsne = 16

let private tsne (points: float32[,]) (principal: PcaMap) (cancellation: CancellationToken) =
    let count = Array2D.length1 points
    let perplexity = min 30.0 (float (count - 1) / 3.0)

    if count < fewestForTsne then
        None
    else
        let options = TsneOptions(Perplexity = perplexity, Start = TsneOptions.StartOf principal)
        Some(Tsne(options).Fit(points, cancellation = cancellation).Embedding)

/// Images it takes to tell how far classes lie apart: each needs five others.
let fewest = 6

/// Lays out one split's points; None where there are too few images for a map.
let ofPoints (cancellation: CancellationToken) split name (embeddings: LabelledEmbeddings) : Representation option =
    if Array2D.length1 embeddings.Points < fewest then
        eprintfn "No map of %s, %s: it takes %d images." name (splitText split) fewest
        None
    else
        let principal = Pca().Fit(embeddings.Points, cancellation = cancellation)

        Some {
            Of = name
            Split = split
            Embeddings = embeddings
            Pca = principal.Embedding
            Tsne = tsne embeddings.Points principal cancellation
        }

/// Lays out one split's embeddings of a result; None where there are too few images for a map.
let ofSplit cancellation split name (result: TrialResult) = result.Embeddings split |> ofPoints cancellation split name

/// Whether a result's maps show the pixels themselves: a regression on them learns no embedding.
let private showsPixels (result: TrialResult) =
    result.Trial.Spec.Model.Architecture = Architecture.PixelRegression && result.Trial.Spec.Members.Count = 0

/// Lays out train and test embeddings of each result, or the pixels where those are its point; `load` gives the dataset then.
let represent
    (cancellation: CancellationToken)
    (load: DataReference -> Dataset)
    (results: (string * TrialResult) list)
    : Representation list = [
    for name, result in results do
        let pixels = showsPixels result
        let size = if pixels then (load result.Trial.Spec.Target).Info.ImageSize else 0
        let side = if pixels then RawPixels.SideOf size else 0
        let name = if side < size then $"{name} (averaged to {side} x {side})" else name

        for split in [ SplitName.Train; SplitName.Test ] do
            eprintfn "Mapping %s, %s." name (splitText split)

            let points =
                if pixels then
                    RawPixels.Of(load result.Trial.Spec.Target, result.Trial.Spec.Target, split)
                else
                    result.Embeddings split

            yield! Option.toList (ofPoints cancellation split name points)
]

let private text (value: Nullable<float>) = if value.HasValue then value.Value.ToString "F3" else "undefined"

/// How far the classes lie apart in embeddings, in words.
let separationText (embeddings: LabelledEmbeddings) =
    if embeddings.Classes.Count < fewest then
        "too few images"
    else
        let separation = Separation.Of(embeddings.Points, embeddings.Classes, [||])[0]
        $"silhouette {text separation.Silhouette}, {Separation.Voters}-NN ACC {text separation.KnnAccuracy}"

/// The share of the largest class, which always answering it has right.
let private largestClass (classes: Collections.Generic.IReadOnlyList<int>) =
    if classes.Count = 0 then
        "undefined"
    else
        let largest = classes |> Seq.countBy id |> Seq.map snd |> Seq.max
        (float largest / float classes.Count).ToString "F3"

/// How well the classes separate in the embeddings themselves and in both maps: silhouette (-1 to 1) and the accuracy of
/// the five nearest other images (0 to 1), beside the share of the largest class; and how far neighbours in each map are neighbours in the
/// embeddings (0 to 1).
let separability (representations: Representation list) : Frame<string, string> =
    Table.ofRows [
        "images"
        "largest class"
        "silhouette"
        "silhouette, PCA"
        "silhouette, t-SNE"
        "5-NN ACC"
        "5-NN ACC, PCA"
        "5-NN ACC, t-SNE"
        "trustworthiness, PCA"
        "trustworthiness, t-SNE"
    ] [
        for r in representations ->
            let separations =
                Separation.Of(r.Embeddings.Points, r.Embeddings.Classes, [| r.Pca; yield! Option.toList r.Tsne |])

            // points, PCA, t-SNE
            let texts (figure: Separation -> Nullable<float>) = [
                for place in 0..2 ->
                    if place < separations.Count then
                        text (figure separations[place])
                    else
                        "too few"
            ]

            $"{r.Of}, {splitText r.Split}",
            [ r.Embeddings.Classes.Count.ToString "N0"; largestClass r.Embeddings.Classes ]
            @ texts _.Silhouette
            @ texts _.KnnAccuracy
            @ List.tail (texts _.Trustworthiness)
    ]
