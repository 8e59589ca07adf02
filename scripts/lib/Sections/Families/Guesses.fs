/// What embeddings let one guess before anything trains on the target, beside what came of it.
module MedTransfer.Recipes.Sections.Guesses

open System
open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Transferability
open MedTransfer.Inference
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Families
open MedTransfer.Recipes.OtherSources
open MedTransfer.Recipes.Sources
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// Where features come from.
let private origins (others: Source list) : Features list = [
    { Name = "random features"; Frozen = "random features, logistic regression"; FineTuned = Some none }
    { Name = "labels of the source"; Frozen = "frozen, logistic regression"; FineTuned = Some fineTuned }
    for kind in [ "autoencoder"; "VICReg"; "SimCLR" ] do
        { Name = kind; Frozen = $"{kind}, frozen"; FineTuned = Some $"{kind}, fine-tuned" }
    yield! features others
]

type private Origin = {
    Name: string
    Frozen: Outcome list
    /// The training images' embeddings of each, by trial.
    Shown: Map<string, LabelledEmbeddings>
    Tuned: Outcome list
}

let private originsOf (others: Source list) (outcomes: Outcome list) : Origin list = [
    for features in origins others do
        match ofWay features.Frozen outcomes with
        | [] -> ()
        | shown -> {
            Name = features.Name
            Frozen = shown
            Shown = Map [ for outcome in shown -> outcome.Result.Trial.Name, outcome.Result.Embeddings SplitName.Train ]
            Tuned = features.FineTuned |> Option.map (fun way -> ofWay way outcomes) |> Option.defaultValue []
          }
]

// of embeddings that are all the same nothing can be said
let private ifDefined (figure: unit -> float) : float option =
    try
        Some(figure ())
    with :? MedTransferException ->
        None

// of a head that tells classes apart; one of findings has no probabilities that add up to 1
let private leep (pretraining: TrialResult list) (outcome: Outcome) (shown: LabelledEmbeddings) : float option =
    match outcome.Result.Trial.Spec.Transfer.Origin with
    | :? TrialOrigin as origin ->
        pretraining
        |> List.tryFind (fun result -> result.Trial.Name = origin.Trial)
        |> Option.filter (fun result ->
            let task = result.Metrics.Task
            task.HasValue && task <> Nullable LabelTask.MultiLabel)
        |> Option.bind (fun result ->
            ifDefined (fun () -> Leep.Of(TrainedHead.Probabilities(result.Folder.ReadWeights(), shown.Points), shown.Classes)))
    | _ -> None

let private leepTitle = "LEEP"

type private Estimate = {
    Title: string
    /// What stands for it where there is none.
    Absent: string
    Of: Outcome -> LabelledEmbeddings -> float option
}

let private estimates (pretraining: TrialResult list) = [
    {
        Title = "LogME"
        Absent = "undefined"
        Of = fun _ shown -> ifDefined (fun () -> LogMe.OfClasses(shown.Points, shown.Classes).Value)
    }
    {
        Title = "H-score"
        Absent = "undefined"
        Of = fun _ shown -> ifDefined (fun () -> HScore.Of(shown.Points, shown.Classes).Value)
    }
    { Title = leepTitle; Absent = ""; Of = leep pretraining }
]

let private means (values: float option list) : float option = summary values |> Option.map _.Mean

let private shownBy (origin: Origin) (outcome: Outcome) = origin.Shown[outcome.Result.Trial.Name]

/// Every estimate that some origin has, of every origin a value a seed.
let private guessed (pretraining: TrialResult list) (all: Origin list) : (Estimate * float option list list) list =
    [
        for estimate in estimates pretraining ->
            estimate, [ for origin in all -> [ for outcome in origin.Frozen -> estimate.Of outcome (shownBy origin outcome) ] ]
    ]
    |> List.filter (fun (_, values) -> List.exists (List.exists Option.isSome) values)

let private table (all: Origin list) (guesses: (Estimate * float option list list) list) =
    Table.ofRows [
        for estimate, _ in guesses do
            estimate.Title
        "test ROC AUC, frozen"
        "test ROC AUC, fine-tuned"
    ] [
        for place, origin in List.indexed all ->
            origin.Name,
            [
                for estimate, values in guesses do
                    if List.exists Option.isSome values[place] then
                        meanText 3 values[place]
                    else
                        estimate.Absent
                meanOf 3 testAuc origin.Frozen
                if origin.Tuned.IsEmpty then "" else meanOf 3 testAuc origin.Tuned
            ]
    ]

let private agreementText (guesses: float list) (scores: float list) =
    let kendall = RankAgreement.Of(ResizeArray guesses, ResizeArray scores).Kendall

    let interval =
        match kendall.Interval95 with
        | null -> ""
        | interval -> $" {intervalText 2 interval}"

    $"{signed 2 kendall.Value}{interval}, {chance kendall.PValue} ({guesses.Length} origins)"

/// How each estimate ranks the origins, against how they then rank by a test score.
let private agreement (all: Origin list) (guesses: (Estimate * float option list list) list) =
    let columns = [ "frozen", (fun origin -> origin.Frozen); "fine-tuned", (fun origin -> origin.Tuned) ]

    Table.ofRows [ for name, _ in columns -> $"Kendall's tau with test ROC AUC, {name}" ] [
        for estimate, values in guesses ->
            estimate.Title,
            [
                for _, pick in columns ->
                    let pairs = [
                        for origin, ofSeeds in List.zip all values do
                            match means ofSeeds, pick origin |> List.map testAuc |> means with
                            | Some guess, Some score -> guess, score
                            | _ -> ()
                    ]

                    let guesses, scores = List.unzip pairs

                    // what is the same of all ranks nothing
                    if pairs.Length < 3 then
                        "too few"
                    elif [ guesses; scores ] |> List.exists (fun all -> List.length (List.distinct all) < 2) then
                        "undefined"
                    else
                        agreementText guesses scores
            ]
    ]

/// How alike two origins see the target's training images, mean over seeds.
let private alike (all: Origin list) =
    Table.ofRows [ for origin in all -> origin.Name ] [
        for row in all ->
            row.Name,
            [
                for column in all ->
                    [
                        for a, b in paired row.Frozen column.Frozen ->
                            ifDefined (fun () -> CentredKernelAlignment.Of((shownBy row a).Points, (shownBy column b).Points))
                    ]
                    |> means
                    |> Option.map (number 2)
                    |> Option.defaultValue "undefined"
            ]
    ]

let private leepNote (guesses: (Estimate * float option list list) list) =
    if guesses |> List.exists (fun (estimate, _) -> estimate.Title = leepTitle) then
        ", and LEEP (Nguyen et al. 2020) of what the heads of sources with classes say of them"
    else
        ". No LEEP, as no source's head tells classes apart (findings are none)"

/// Estimates, what came of each origin, how far the ranks agree, and how alike origins see the images; of the size that tables are about. `others` are sources whose weights alone are
/// transferred.
let section (lab: Lab) (others: Source list) (results: Results) : Section list =
    let ofSize = results.Outcomes |> ofSize lab.Primary.Size
    let all = originsOf others ofSize
    let guesses = guessed results.Pretraining all

    if all.Length < 3 then
        []
    else
        [
            Heading "Guessed before training"
            Text
                "Estimates of transferability see the training images' embeddings and labels alone. None of them recommends anything here: what each is worth stands beside it, and a handful of origins on one set says little of others."
            Table(
                "guesses",
                $"LogME (You et al. 2021) and H-score with shrunk covariance (Bao et al. 2019, Ibrahim et al. 2021) of the embeddings of {Wording.size lab.Primary.Size}{leepNote guesses}; more is better. Beside them what frozen heads and fine-tuning then scored; means over {Wording.seeds ofSize}. Random features are fine-tuned as {none}.",
                table all guesses
            )
            Table(
                "guesses-agreement",
                $"How the estimates' ranks of the origins that have both agree with the ranks of their mean test scores: Kendall's tau, 1 the same order and -1 the reverse; p by permutation, of up to {RankAgreement.MostForAllOrders} origins of all orders, of more of {RankAgreement.Draws} drawn ones.",
                agreement all guesses
            )
            Table(
                "guesses-alike",
                "How alike two origins see the same training images: linear centred kernel alignment without bias (Kornblith et al. 2019, Nguyen et al. 2021), 1 the same but for rotation and size, about 0 nothing in common; mean over seeds.",
                alike all
            )
        ]
