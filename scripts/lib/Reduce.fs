/// Points from a file, laid out in few columns, to a file: the reducers without a recipe.
module MedTransfer.Recipes.Reduce

open System
open System.Diagnostics
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Reduction
open MedTransfer.Recipes.ReduceOptions

/// Points a page shows at most: a browser draws more too slowly to be of use.
let private mostShown = 10000

/// Says on standard error how far the map is, a line that is written over on a terminal.
type private Shown() =
    let isTerminal = not Console.IsErrorRedirected

    interface IProgress<ReductionProgress> with
        member _.Report progress =
            if progress.KlDivergence.HasValue then
                let text = $"iteration {progress.Iteration} of {progress.Of}, KL divergence {progress.KlDivergence.Value:F4}"
                let isLast = progress.Iteration = progress.Of

                if not isTerminal then eprintfn "%s" text
                elif isLast then eprintfn "\r%s" text
                else eprintf "\r%s" text

let private places options (points: float32[,]) (cancellation: CancellationToken) =
    match options.Method with
    | Pca ->
        let pca =
            PcaOptions(Components = options.Components, Whiten = options.Whiten, MaxThreads = Option.toNullable options.Threads)

        let map = MedTransfer.Reduction.Pca(pca).Fit(points, cancellation = cancellation)
        let share = Seq.sum map.ExplainedVarianceRatio
        map.Embedding, $"explained variance {share:P1}"
    | Tsne ->
        let tsne = MedTransfer.Reduction.Tsne(options.Tsne(Option.map NpyFile.ReadMatrix options.Start))
        let map = tsne.Fit(points, Shown(), cancellation)
        map.Embedding, $"KL divergence {map.KlDivergence:F4}"

let private labelsOf options (points: float32[,]) =
    options.Labels
    |> Option.map (fun path ->
        let labels = NpyLabels.Read path
        let count = Array2D.length1 points

        if labels.Length <> count then
            raise (MedTransferException $"{path}: {labels.Length} labels for {count} points: give one a point.")

        labels)

let private quality options points map labels =
    let quality = EmbeddingQuality.Of(points, map, Option.toObj labels, perplexity = options.Perplexity)
    let ranks = quality.Ranks
    let text (value: Nullable<float>) = if value.HasValue then value.Value.ToString "F4" else "undefined"

    let rows = [
        $"trustworthiness, {ranks.Neighbours} neighbours", [ ranks.Trustworthiness.ToString "F4" ]
        $"continuity, {ranks.Neighbours} neighbours", [ ranks.Continuity.ToString "F4" ]
        $"recall of {ranks.Neighbours} neighbours", [ ranks.NeighbourRecall.ToString "F4" ]
        $"KL divergence at perplexity {options.Perplexity}", [ text quality.KlDivergence ]
        if labels.IsSome then
            "silhouette", [ text quality.Silhouette ]
            "accuracy of 5 nearest neighbours", [ text quality.KnnAccuracy ]
    ]

    let seen =
        if ranks.Queries < ranks.Points then
            $"ranks and silhouette seen from {ranks.Queries} of {ranks.Points} points"
        else
            $"seen from all {ranks.Points} points"

    Report.WordTable("quality", $"How good the map is, {seen}", Table.ofRows [ "score" ] rows)

let private figure (map: float32[,]) labels =
    let count = Array2D.length1 map
    let shown = min count mostShown
    let rows = Array.init shown (fun i -> int (int64 i * int64 count / int64 shown))
    let points = Array2D.init shown (Array2D.length2 map) (fun i j -> map[rows[i], j])
    let classes = [| for row in rows -> labels |> Option.map (fun all -> Array.get all row) |> Option.defaultValue 0 |]

    let names =
        if labels.IsSome then
            [| for c in 0 .. Array.max classes -> string c |]
        else
            [| "points" |]

    let some = if shown < count then $", {shown} of {count} points" else ""
    Report.Charts($"The first two columns{some}", [ Figures.map "" names points classes ])

let private work options (cancellation: CancellationToken) =
    let points = NpyFile.ReadMatrix options.Input
    let labels = labelsOf options points
    let clock = Stopwatch.StartNew()
    let map, how = places options points cancellation
    let seconds = clock.Elapsed.TotalSeconds
    NpyWriter.Write(options.Output, map)
    printfn "%s: %d x %d, %.2f s, %s" options.Output (Array2D.length1 map) (Array2D.length2 map) seconds how

    match options.Report with
    | Some path when Array2D.length2 map < 2 -> raise (MedTransferException $"{path}: a page shows two columns, the map has one.")
    | Some path ->
        let name = (string options.Method).ToUpperInvariant().Replace("TSNE", "t-SNE")
        let title = $"{name} of {IO.Path.GetFileName options.Input}"
        Report.write path title [ figure map labels; quality options points map labels ]
        printfn "%s" path
    | None -> ()

/// Does what the words of the command line ask; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    Recipe.guarded "Stopped; nothing was written." (List.contains "--verbose" words) (fun () -> work (parse words) stop)

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
