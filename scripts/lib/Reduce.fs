/// Points from a file, laid out in few columns, to a file: the reducers without a recipe.
module MedTransfer.Recipes.Reduce

open System
open System.Diagnostics
open System.Threading
open MedTransfer
open MedTransfer.Data.Formats
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Reduction
open MedTransfer.Reduction.FuzzyGraphs
open MedTransfer.Reduction.Kernels
open MedTransfer.Reduction.Linear
open MedTransfer.Reduction.Manifolds
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Reduction.Scaling
open MedTransfer.Recipes.ReduceOptions

/// Points a page shows at most: a browser draws more too slowly to be of use.
let private mostShown = 10000

/// Seconds between two lines of progress.
let private between = 1.0

/// Says on standard error how far the map is, a line that is written over on a terminal.
type private ProgressLine() =
    let isTerminal = not Console.IsErrorRedirected
    let clock = Stopwatch.StartNew()
    let mutable last = 0.0

    interface IProgress<ReductionProgress> with
        member _.Report progress =
            lock clock (fun () ->
                let now = clock.Elapsed.TotalSeconds
                let isLast = progress.Iteration = progress.Of

                let text =
                    if progress.KlDivergence.HasValue then
                        $"iteration {progress.Iteration} of {progress.Of}, KL divergence {progress.KlDivergence.Value:F4}"
                    else
                        let left = now / float progress.Iteration * float (progress.Of - progress.Iteration)
                        $"{100 * progress.Iteration / progress.Of} %%, {left:F0} s left"

                // an objective is worth a line each time, a share of the way is not
                if progress.KlDivergence.HasValue || (now - last > between && not isLast) then
                    last <- now

                    if not isTerminal then eprintfn "%s" text
                    elif isLast then eprintfn "\r%s" text
                    else eprintf "\r%s" text)

let private start path =
    let places = NpyPoints.Read path

    if places.AreAllTheSame then
        raise (
            MedTransferException
                $"{path}: all places are the same, and points at one place never part: give others, or leave --start out."
        )

    places.Values

/// What lays points out as the options say, by the classes that it is told where it asks for them.
let private reducer (options: Options) (labels: NpyLabels option) : IReducer =
    options.Method.Make { options.Asked with Start = Option.map start options.Start; Classes = labels |> Option.map _.Classes }

let private summary (map: IFittedMap) =
    match map with
    | :? PcaMap as pca -> [ $"explained variance {Seq.sum pca.ExplainedVarianceRatio:P1}" ]
    | :? TruncatedSvdMap as svd -> [ $"explained variance {Seq.sum svd.ExplainedVarianceRatio:P1}" ]
    | :? TsneMap as tsne -> [ $"KL divergence {tsne.KlDivergence:F4}" ]
    | :? MetricMdsMap as scaled -> [ $"stress-1 {scaled.NormalisedStress:F4}" ]
    | :? KernelPcaMap as kernel when kernel.HasGamma -> [ $"gamma {kernel.Gamma:G4}" ]
    | :? LinearDiscriminantsMap as lda -> [ $"shrinkage {lda.Shrinkage:G3}" ]
    | _ -> []

/// Columns of a map that are the same for all points, from 1.
let private emptyColumns (map: float32[,]) = [
    for column in 0 .. Array2D.length2 map - 1 do
        if seq { for row in 1 .. Array2D.length1 map - 1 -> map[row, column] } |> Seq.forall ((=) map[0, column]) then
            column + 1
]

/// What a map is no good for.
let internal remarks (map: IFittedMap) = [
    match emptyColumns map.Embedding with
    | [] -> ()
    | columns ->
        let named = columns |> List.map string |> String.concat ", "

        $"Nothing is in column {named} of the map: the points have no more directions, or what they vary by is too little beside an outlier or a column of another scale for the method to tell."

    match map with
    | :? LinearDiscriminantsMap ->
        "LDA was told the classes: it shows the points it learned from farther apart than new ones come to lie."
    | :? FastIcaMap as ica when not ica.Converged ->
        $"FastICA had not come to rest after {ica.Iterations} iterations: its directions may not be there."
    | :? UmapMap as umap when umap.Parts > 1 ->
        $"The graph of neighbours has {umap.Parts} parts that no path joins: how they lie to each other says little. More --neighbours may join them."
    | :? INeighbourGraphMap as joined when joined.Parts > 1 ->
        $"The graph of neighbours has {joined.Parts} parts that no path joins; they were joined by the shortest edges between them: how they lie to each other is by these alone. More --neighbours may join them."
    | _ -> ()
]

let private labelsOf options count =
    options.Labels
    |> Option.map (fun path ->
        let labels = NpyLabels.Read path

        if labels.Classes.Count <> count then
            raise (MedTransferException $"{path}: {labels.Classes.Count} labels for {count} points: give one a point.")

        labels)

/// What the file has that single precision has not; raises where nothing is left to lay out.
let private notes options (points: NpyPoints) = [
    let count = Array2D.length1 points.Values

    if points.AreAllTheSame then
        raise (
            MedTransferException
                $"{options.Input}: all {count} points are the same, there is nothing to lay out: look at how the file was made."
        )

    if points.Merged > 0 then
        $"{points.Merged} of {count} points differ from others only beyond single precision, and are laid out as if they were the same."
]

let private quality options points map (labels: NpyLabels option) =
    let classes = labels |> Option.map _.Classes
    let quality = EmbeddingQuality.Of(points, map, Option.toObj classes, perplexity = options.Asked.Perplexity)
    let ranks = quality.Ranks
    let text (value: Nullable<float>) = if value.HasValue then value.Value.ToString "F4" else "undefined"

    let rows = [
        $"trustworthiness, {ranks.Neighbours} neighbours", [ ranks.Trustworthiness.ToString "F4" ]
        $"continuity, {ranks.Neighbours} neighbours", [ ranks.Continuity.ToString "F4" ]
        $"recall of {ranks.Neighbours} neighbours", [ ranks.NeighbourRecall.ToString "F4" ]
        // of another method it would be about its map's scale
        if options.Method.Typed = "tsne" then
            $"KL divergence at perplexity {options.Asked.Perplexity}", [ text quality.KlDivergence ]
        if labels.IsSome && not (Methods.takesClasses options.Method) then
            "silhouette", [ text quality.Silhouette ]
            $"accuracy of {quality.Voters} nearest neighbours", [ text quality.KnnAccuracy ]
    ]

    let seen =
        if ranks.Queries < ranks.Points then
            $"ranks and silhouette seen from {ranks.Queries} of {ranks.Points} points"
        else
            $"seen from all {ranks.Points} points"

    let without =
        if Methods.takesClasses options.Method then
            "; not by the classes, which it was told"
        elif labels.IsSome && quality.Labelled < ranks.Points then
            $"; silhouette and accuracy leave out {ranks.Points - quality.Labelled} points of no cluster"
        else
            ""

    Report.WordTable(
        "quality",
        $"How good the map is, all its {Array2D.length2 map} columns, {seen}{without}",
        Table.ofRows [ "score" ] rows
    )

let private figure (map: float32[,]) (labels: NpyLabels option) =
    let count = Array2D.length1 map
    let shown = min count mostShown
    let rows = Array.init shown (fun i -> int (int64 i * int64 count / int64 shown))
    let points = Array2D.init shown (Array2D.length2 map) (fun i j -> map[rows[i], j])

    let names: Collections.Generic.IReadOnlyList<string> =
        labels |> Option.map _.Names |> Option.defaultValue [| "points" |]

    let classes = [| for row in rows -> labels |> Option.map (fun all -> all.Classes[row]) |> Option.defaultValue 0 |]
    let some = if shown < count then $", {shown} of {count} points" else ""
    let which = if Array2D.length2 map = 1 then "The one column" else "The first two columns"
    Report.Charts($"{which}{some}", [ Figures.map "" names points classes ])

/// What the points rule out, said of their file and of options as they are typed.
let private asTyped options check =
    try
        check ()
    with :? MedTransferException as e ->
        let typed = [ "Components", "--components"; "Neighbours", "--neighbours"; "Perplexity", "--perplexity" ]

        let said =
            typed
            |> List.fold (fun (text: string) (name, option) -> text.Replace($"set {name}", $"set {option}")) e.Message

        raise (MedTransferException $"{options.Input}: {said}")

/// How the map was asked for, without files, which may say more than a page should.
let private howMade (words: string list) =
    let rec kept =
        function
        | ("--input" | "--output" | "--labels" | "--report" | "--start") :: _ :: rest -> kept rest
        | word :: rest -> word :: kept rest
        | [] -> []

    match kept words with
    | [] -> "every default"
    | some -> String.concat " " some

let private work (words: string list) options (cancellation: CancellationToken) =
    // what rules a map out is said before the points are read, and long before they are laid out
    let struct (count, columns) = NpyPoints.ShapeOf options.Input
    let labels = labelsOf options count
    let reducer = reducer options labels
    asTyped options (fun () -> reducer.RequireShape(count, columns))
    Folder.assertWritableFile "--output" options.Output
    options.Report |> Option.iter (Folder.assertWritableFile "--report")
    let points = NpyPoints.Read options.Input
    let notes = notes options points
    notes |> List.iter (eprintfn "note: %s")

    if options.Labels.IsSome && options.Report.IsNone && not (Methods.takesClasses options.Method) then
        eprintfn "note: --labels colour and judge the map on a page: name one by --report map.html."

    let clock = Stopwatch.StartNew()
    // columns far from 0 were moved there, where their digits are: to some methods it matters where 0 is
    let values =
        if Methods.goesByZero options.Method options.Asked then
            NpyFile.ReadMatrix options.Input
        else
            points.Values

    let fitted = asTyped options (fun () -> reducer.Fit(values, ProgressLine(), cancellation))
    let map = fitted.Embedding

    if map |> Seq.cast<float32> |> Seq.forall Single.IsFinite |> not then
        raise (
            MedTransferException
                $"{options.Input}: {options.Method.Name} gave places that are no numbers: divide the columns by their deviations, or take another method."
        )

    let seconds = clock.Elapsed.TotalSeconds
    NpyWriter.Write(options.Output, map)
    let size = $"{options.Output}: {Array2D.length1 map} x {Array2D.length2 map}"
    printfn "%s" (String.concat ", " (size :: $"{seconds:F2} s" :: summary fitted))
    let remarks = remarks fitted
    remarks |> List.iter (eprintfn "note: %s")

    match options.Report with
    | Some path ->
        let title = $"{options.Method.Name} of {IO.Path.GetFileName options.Input}"

        Page.write path title [
            yield! List.map Report.Warning (notes @ remarks)
            figure map labels
            Report.Text(String.concat ", " ($"{options.Method.Name}: {howMade words}" :: summary fitted) + ".")
            quality options values map labels
        ]

        printfn "%s" path
    | None -> ()

/// Does what the words of the command line ask; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    Recipe.guarded "Stopped; nothing was written." (List.contains "--verbose" words) (fun () -> work words (parse words) stop)

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
