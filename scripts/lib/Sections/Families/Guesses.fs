/// What embeddings let one guess before anything trains on the target, beside what came of it.
module MedTransfer.Recipes.Sections.Guesses

open MedTransfer
open MedTransfer.Data
open MedTransfer.Evaluation.Intervals
open MedTransfer.Evaluation.Transferability
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Families
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// Where features come from, by the way whose embeddings show them as they are; and the way that fine-tunes them, where there is one.
let private origins = [
    "random features", "random features, logistic regression", Some none
    "labels of the source", "frozen, logistic regression", Some fineTuned
    for kind in [ "autoencoder"; "VICReg"; "SimCLR" ] do
        kind, $"{kind}, frozen", Some $"{kind}, fine-tuned"
]

type private Origin = {
    Name: string
    Frozen: Outcome list
    /// The training images' embeddings of each, by trial.
    Shown: Map<string, LabelledEmbeddings>
    Tuned: Outcome list
}

let private originsOf (outcomes: Outcome list) : Origin list = [
    for name, frozen, tuned in origins do
        match ofWay frozen outcomes with
        | [] -> ()
        | shown -> {
            Name = name
            Frozen = shown
            Shown = Map [ for outcome in shown -> outcome.Result.Trial.Name, outcome.Result.Embeddings SplitName.Train ]
            Tuned = tuned |> Option.map (fun way -> ofWay way outcomes) |> Option.defaultValue []
          }
]

// of embeddings that are all the same nothing can be said
let private ifDefined (figure: unit -> float) : float option =
    try
        Some(figure ())
    with :? MedTransferException ->
        None

let private estimates: (string * (LabelledEmbeddings -> float)) list = [
    "LogME", (fun shown -> LogMe.OfClasses(shown.Points, shown.Classes).Value)
    "H-score", (fun shown -> HScore.Of(shown.Points, shown.Classes).Value)
]

let private means (values: float option list) : float option = summary values |> Option.map _.Mean

let private shownBy (origin: Origin) (outcome: Outcome) = origin.Shown[outcome.Result.Trial.Name]

/// Every estimate of every origin, a value a seed.
let private guessed (all: Origin list) : (string * float option list list) list = [
    for name, estimate in estimates ->
        name,
        [
            for origin in all -> [ for outcome in origin.Frozen -> ifDefined (fun () -> estimate (shownBy origin outcome)) ]
        ]
]

let private table (all: Origin list) (guesses: (string * float option list list) list) =
    Table.ofRows [ yield! List.map fst guesses; "test ROC AUC, frozen"; "test ROC AUC, fine-tuned" ] [
        for place, origin in List.indexed all ->
            origin.Name,
            [
                for _, values in guesses do
                    meanText 3 values[place]
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

    $"{signed 2 kendall.Value}{interval}, {chance kendall.PValue}"

/// How each estimate ranks the origins, against how they then rank by a test score.
let private agreement (all: Origin list) (guesses: (string * float option list list) list) =
    let columns = [ "frozen", (fun origin -> origin.Frozen); "fine-tuned", (fun origin -> origin.Tuned) ]

    Table.ofRows [ for name, _ in columns -> $"Kendall's tau with test ROC AUC, {name}" ] [
        for name, values in guesses ->
            name,
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

/// Estimates, what came of each origin, how far the ranks agree, and how alike origins see the images; of the size that tables are about.
let section (lab: Lab) (outcomes: Outcome list) : Section list =
    let ofSize = outcomes |> ofSize lab.Primary.Size
    let all = originsOf ofSize
    let guesses = guessed all

    if all.Length < 3 then
        []
    else
        [
            Heading "Guessed before training"
            Text
                "Estimates of transferability see the training images' embeddings and labels alone. None of them recommends anything here: what each is worth stands beside it, and a handful of origins on one set says little of others."
            Table(
                "guesses",
                $"LogME (You et al. 2021) and H-score with shrunk covariance (Bao et al. 2019, Ibrahim et al. 2021) of the embeddings of {Wording.images lab.Primary.Size ofSize}, more is better, and what frozen heads and fine-tuning then scored; means over {Wording.seeds ofSize}. Random features are fine-tuned as {none}.",
                table all guesses
            )
            Table(
                "guesses-agreement",
                $"How the estimates' ranks of {all.Length} origins agree with the ranks of their mean test scores: Kendall's tau, 1 the same order and -1 the reverse, p by exact permutation.",
                agreement all guesses
            )
            Table(
                "guesses-alike",
                "How alike two origins see the same training images: linear centred kernel alignment without bias (Kornblith et al. 2019, Nguyen et al. 2021), 1 the same but for rotation and size, about 0 nothing in common; mean over seeds.",
                alike all
            )
        ]
