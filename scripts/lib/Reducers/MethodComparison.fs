/// Points laid out by every method: maps, scores with intervals, and which differences are more than chance.
module MedTransfer.Recipes.MethodComparison

open System
open System.Collections.Generic
open System.Diagnostics
open System.Threading
open MedTransfer
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Numerics
open MedTransfer.Reduction

/// What is laid out.
type Space = {
    Name: string
    Points: float32[,]
    /// A class each, below 0 for none, and what they are called; None where nothing is known of them.
    Classes: (IReadOnlyList<int> * IReadOnlyList<string>) option
}

/// A method's map of all points.
type Mapped = {
    Method: Methods.Method
    Map: IFittedMap
    Seconds: float
    /// Most of the managed heap beyond what it was before.
    Mebibytes: float
    Remarks: string list
}

/// A score of a method: of maps of parts that share no point, or, where there are no parts, of the map of all points.
type Scored = { Method: Methods.Method; Score: string; Whole: float option; OfParts: float option list }

type Compared = {
    Space: Space
    Mapped: Mapped list
    /// Methods that can't map these points, and why.
    LeftOut: (Methods.Method * string) list
    Scores: Scored list
    /// Points of a part; None where there are too few for parts.
    PartSize: int option
}

let private mostParts = 8
let private fewestParts = 3
let private fewestOfPart = 100

/// Milliseconds between two looks at the heap.
let private pause = 2

/// Runs the work, with the most that the managed heap held meanwhile beyond what it held before, in MiB.
let private measured (work: unit -> 'T) : 'T * float * float =
    let before = GC.GetTotalMemory true
    let mutable most = before
    use timer = new Timer((fun _ -> most <- max most (GC.GetTotalMemory false)), null, 0, pause)
    let clock = Stopwatch.StartNew()
    let result = work ()
    result, clock.Elapsed.TotalSeconds, float (max 0L (most - before)) / 1048576.0

let private asked (classes: IReadOnlyList<int> option) = { Methods.plain with Classes = classes }

let private rowsOf (space: Space) (rows: int[]) = {
    space with
        Points = Array2D.init rows.Length (Array2D.length2 space.Points) (fun i j -> space.Points[rows[i], j])
        Classes =
            space.Classes
            |> Option.map (fun (classes, names) -> [| for row in rows -> classes[row] |] :> IReadOnlyList<int>, names)
}

/// Draws which points are of which part, and which are taken of too many.
let private drawn (count: int) (most: int) =
    let rows = Array.init count id
    SplitMix64(0UL).Shuffle(rows, most)
    rows[.. most - 1]

/// So many points, drawn at random, in their order: files are often in the order of their classes.
let atMost most (space: Space) : Space =
    let count = Array2D.length1 space.Points
    if count <= most then space else rowsOf space (Array.sort (drawn count most))

/// Disjoint parts of the points, drawn at random.
let private parts (space: Space) : Space list =
    let count = Array2D.length1 space.Points
    let number = min mostParts (count / fewestOfPart)

    if number < fewestParts then
        []
    else
        [
            for part in 0 .. number - 1 -> rowsOf space [| for row in part..number .. number * (count / number) - 1 -> row |]
        ]

let private canMap (space: Space) (method: Methods.Method) =
    if Methods.takesClasses method && space.Classes.IsNone then
        Error "it is told classes, and none are known"
    else
        Ok()

let private mapOf (space: Space) (method: Methods.Method) (cancellation: CancellationToken) =
    let reducer = method.Make(asked (space.Classes |> Option.map fst))
    reducer.Fit(space.Points, cancellation = cancellation)

let private scores (space: Space) (map: float32[,]) =
    MapScores.all |> List.map (fun score -> score.Of space.Points map (space.Classes |> Option.map fst))

/// Lays the points out by every method; `remarks` says what a map is no good for.
let compare (remarks: IFittedMap -> string list) (cancellation: CancellationToken) (space: Space) : Compared =
    let parts = parts space

    let outcomes = [
        for i, method in List.indexed Methods.all do
            eprintfn "Mapping %s by %s (%d of %d)." space.Name method.Name (i + 1) Methods.all.Length

            match canMap space method with
            | Error reason -> Choice2Of2(method, reason)
            | Ok() ->
                try
                    let map, seconds, mebibytes = measured (fun () -> mapOf space method cancellation)
                    let undefined = MapScores.all |> List.map (fun _ -> None)
                    let whole = if parts.IsEmpty then scores space map.Embedding else undefined

                    let ofParts = [
                        for part in parts ->
                            try
                                scores part (mapOf part method cancellation).Embedding
                            with :? MedTransferException ->
                                undefined
                    ]

                    // of classes that it was told a map says what it was told
                    let scored = [
                        for j, score in List.indexed MapScores.all do
                            if not (score.IsOfClasses && Methods.takesClasses method) then
                                {
                                    Method = method
                                    Score = score.Name
                                    Whole = whole[j]
                                    OfParts = [ for part in ofParts -> part[j] ]
                                }
                    ]

                    Choice1Of2(
                        { Method = method; Map = map; Seconds = seconds; Mebibytes = mebibytes; Remarks = remarks map },
                        scored
                    )
                with :? MedTransferException as e ->
                    Choice2Of2(method, e.Message)
    ]

    let done' =
        outcomes
        |> List.choose (function
            | Choice1Of2 pair -> Some pair
            | Choice2Of2 _ -> None)

    {
        Space = space
        Mapped = List.map fst done'
        LeftOut =
            outcomes
            |> List.choose (function
                | Choice2Of2 pair -> Some pair
                | Choice1Of2 _ -> None)
        Scores = List.collect snd done'
        PartSize = parts |> List.tryHead |> Option.map (fun part -> Array2D.length1 part.Points)
    }

/// What the parts say of a score: the best method by their mean, those it is better than by more than chance, and those it can't be told from.
type Told = {
    Score: string
    Best: Methods.Method
    Mean: float
    Better: (Methods.Method * PairedDifference) list
    NotTold: (Methods.Method * PairedDifference) list
}

let private level = 0.05

/// Differences of the best method by the parts' mean from every other, paired by part, Holm's correction over all pairs of methods; None where parts are missing.
let told (compared: Compared) (score: string) : Told option =
    let complete =
        compared.Scores
        |> List.filter (fun scored ->
            scored.Score = score && not scored.OfParts.IsEmpty && scored.OfParts |> List.forall Option.isSome)
        |> List.map (fun scored -> scored.Method, List.choose id scored.OfParts)

    if complete.Length < 2 then
        None
    else
        let best, values = complete |> List.maxBy (snd >> List.average)

        // of all pairs, as any of them might have been the best
        let pairs = [
            for i, (first, own) in List.indexed complete do
                for second, other in List.skip (i + 1) complete do
                    first.Typed, second.Typed, PairedDifference.Of(own, other).PValue
        ]

        let adjusted = Holm.Adjusted [| for _, _, p in pairs -> p |]

        let isTold (method: Methods.Method) =
            Seq.zip pairs adjusted
            |> Seq.exists (fun ((first, second, _), p) ->
                set [ first; second ] = set [ best.Typed; method.Typed ] && p.HasValue && p.Value < level)

        let better, rest =
            [
                for method, own in complete do
                    if method.Typed <> best.Typed then
                        method, PairedDifference.Of(values, own)
            ]
            |> List.partition (fst >> isTold)

        Some { Score = score; Best = best; Mean = List.average values; Better = better; NotTold = rest }

/// Mean of the parts and its 95 % interval by Student; the whole map's alone where there are no parts.
let text (scored: Scored) =
    match List.choose id scored.OfParts with
    | values when values.Length >= fewestParts && values.Length = scored.OfParts.Length ->
        let difference = PairedDifference.Of(values, List.replicate values.Length 0.0)

        match difference.Interval95 with
        | null -> $"{difference.Mean:F3}"
        // no score is above 1; -0.000 is 0
        | interval ->
            $"{difference.Mean:F3} ({Math.Round(interval.Low, 3) + 0.0:F3} to {Math.Round(min 1.0 interval.High, 3) + 0.0:F3})"
    | values when not scored.OfParts.IsEmpty ->
        if values.Length = scored.OfParts.Length then
            $"{List.average values:F3}"
        else
            $"undefined in {scored.OfParts.Length - values.Length} of {scored.OfParts.Length} parts"
    | _ ->
        match scored.Whole with
        | Some value -> $"{value:F3}"
        | None -> "undefined"
