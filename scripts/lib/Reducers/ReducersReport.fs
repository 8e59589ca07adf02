/// The page that compares reducers: maps, scores, what is told and what is chance, and what each method is.
module MedTransfer.Recipes.ReducersReport

open System
open System.Threading
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Recipes.MethodComparison
open MedTransfer.Recipes.Report

let private scoreTable file (compared: Compared) =
    let caption =
        match compared.PartSize with
        | Some size ->
            let parts = compared.Scores.Head.OfParts.Length

            let few =
                if parts < 5 then
                    " So few parts make wide intervals: more points tell more."
                else
                    ""

            $"Scores on {compared.Space.Name}, higher is better: mean over {parts} parts of {size} points that share none, and its 95 %% interval by Student's t, which covers other points drawn alike, not other sets; cut at 1. Each method is fitted anew to each part, so that scores are not those of one map of all points.{few} Seconds and memory (most of the managed heap beyond what it was before) are of one map of all {Array2D.length1 compared.Space.Points} points; the first kind of points pays for compilation."
        | None ->
            $"Scores on {compared.Space.Name}, higher is better, of one map of all {Array2D.length1 compared.Space.Points} points: too few for parts, so that nothing says how far chance goes."

    let hasClasses = compared.Space.Classes.IsSome
    let shown = MapScores.all |> List.filter (fun score -> hasClasses || not score.IsOfClasses)

    let textOf (mapped: Mapped) (score: MapScores.Score) =
        compared.Scores
        |> List.tryFind (fun scored -> scored.Method.Typed = mapped.Method.Typed && scored.Score = score.Name)
        |> Option.map text
        |> Option.defaultValue "told the classes"

    let rows = [
        for mapped in compared.Mapped ->
            mapped.Method.Name,
            [ for score in shown -> textOf mapped score ] @ [ $"{mapped.Seconds:F2}"; $"{mapped.Mebibytes:F0}" ]
    ]

    WordTable(file, caption, Table.ofRows ([ for score in shown -> score.Name ] @ [ "seconds"; "MiB" ]) rows)

let private sentence (told: Told) =
    let least (_: Methods.Method, by: PairedDifference) = by.Mean
    let difference (method: Methods.Method, by: PairedDifference) = $"{method.Name} ({by.Mean:F3})"

    let listed all = all |> List.map difference |> String.concat ", "
    let best = $"{told.Score}: {told.Best.Name} has the highest mean, {told.Mean:F3}"

    match told.Better, told.NotTold with
    | better, [] ->
        $"{best}, by more than chance above every other, from {listed [ List.minBy least better ]} to {listed [ List.maxBy least better ]}."
    | [], notTold -> $"{best}, not told from any other: {listed notTold}."
    | better, notTold -> $"{best}; not told from {listed notTold}; by more than chance above {listed better}."

let private tellings (compared: Compared) = [
    match MapScores.all |> List.choose (fun score -> told compared score.Name) with
    | [] -> ()
    | all ->
        Text
            $"Which differences {compared.Space.Name} tell, and which may be chance: paired t tests over the parts, Holm's correction over all pairs of methods (5 %%, for each score); in brackets by how much the best is above. The best was picked by these parts, which flatters it a little."

        for told in all do
            Text(sentence told)
]

let private maps (compared: Compared) =
    let count = Array2D.length1 compared.Space.Points

    let classes, names =
        match compared.Space.Classes with
        | Some(classes, names) -> classes, names
        | None -> Array.zeroCreate<int> count, [| "points" |]

    Charts(
        $"Maps of {compared.Space.Name}, a point each; colours are classes, which LDA alone was told",
        [ for mapped in compared.Mapped -> Figures.map mapped.Method.Name names mapped.Map.Embedding classes ]
    )

/// A space's maps, scores and tellings.
let ofSpace (place: int) (compared: Compared) : Section list = [
    Heading compared.Space.Name
    maps compared
    scoreTable $"reducers-{place + 1}" compared
    yield! tellings compared

    for method, reason in compared.LeftOut do
        Absent $"{method.Name}: {reason}"

    for mapped in compared.Mapped do
        for remark in mapped.Remarks do
            Text $"{mapped.Method.Name}: {remark}"
]

let private yesNo holds = if holds then "yes" else "no"

/// What each method is, from the papers, not from any points.
let concepts: Section =
    WordTable(
        "methods",
        "What each method is: n points of d columns, k neighbours.",
        Table.ofRows [ "by its defaults"; "linear"; "told classes"; "goes by"; "a new point is placed"; "cost" ] [
            for method in Methods.all ->
                method.Name,
                [
                    method.Does
                    yesNo method.IsLinear
                    yesNo (Methods.takesClasses method)
                    method.Keeps
                    method.NewPoints
                    method.Cost
                ]
        ]
    )

let private draws = 8

/// How well a map shows where on their sheet points lie, whose places in space it was given.
let private recallOfSheet (method: Methods.Method) (shape: KnownShapes.Shape) seed (cancellation: CancellationToken) =
    let points, sheet = shape.Draw seed
    let map = (method.Make Methods.plain).Fit(points, cancellation = cancellation).Embedding
    RankComparison.Of(sheet, map, 15).NeighbourRecall

/// Whether PCA does better on linear data and t-SNE on other, on sets that are linear and not by construction.
let claim (cancellation: CancellationToken) : Section list =
    let unsupervised = Methods.all |> List.filter (Methods.takesClasses >> not)

    let rows = [
        for shape in KnownShapes.all do
            eprintfn "Mapping the %s, %d draws." shape.Name draws

            shape,
            [
                for method in unsupervised -> method, [ for seed in 1..draws -> recallOfSheet method shape seed cancellation ]
            ]
    ]

    let of' typed (all: (Methods.Method * float list) list) = all |> List.find (fun (method, _) -> method.Typed = typed) |> snd

    let verdict (shape: KnownShapes.Shape, all) =
        let difference = PairedDifference.Of(of' "tsne" all, of' "pca" all)
        let kind = if shape.IsLinear then "linear" else "not linear"

        let interval =
            match difference.Interval95 with
            | null -> ""
            | interval -> $" ({interval.Low:F3} to {interval.High:F3})"

        let says =
            match difference.Interval95 with
            | null -> "not told"
            | interval when interval.Low > 0.0 -> "t-SNE is better"
            | interval when interval.High < 0.0 -> "PCA is better"
            | _ -> "not told"

        Text $"{shape.Name} ({kind}): t-SNE less PCA {difference.Mean:F3}{interval}: {says}."

    [
        Heading "Linear data and other"
        Text
            $"\"PCA performs better on linear data, t-SNE on non-linear data\": tested on sheets whose points' own places are known, flat in space or rolled up. Recall of the 15 neighbours on the sheet among the 15 on the map, {draws} draws of 400 points each, defaults everywhere; differences paired by draw, 95 %% intervals by Student's t, which cover other draws of the same sheet."
        WordTable(
            "sheets",
            "Recall of neighbours on the sheet, mean over draws.",
            Table.ofRows [ for shape in KnownShapes.all -> shape.Name ] [
                for method in unsupervised ->
                    method.Name, [ for _, all in rows -> (of' method.Typed all |> List.average).ToString "F3" ]
            ]
        )
        for row in rows do
            verdict row
    ]
