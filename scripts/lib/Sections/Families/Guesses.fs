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

type private Origin = { Name: string; Frozen: Outcome list; Tuned: Outcome list }

let private originsOf (outcomes: Outcome list) : Origin list = [
    for name, frozen, tuned in origins do
        match ofWay frozen outcomes with
        | [] -> ()
        | shown -> {
            Name = name
            Frozen = shown
            Tuned = tuned |> Option.map (fun way -> ofWay way outcomes) |> Option.defaultValue []
          }
]

// of embeddings that are all the same nothing can be guessed
let private guess (estimate: LabelledEmbeddings -> float) (outcome: Outcome) : float option =
    let shown = outcome.Result.Embeddings SplitName.Train

    try
        Some(estimate shown)
    with :? MedTransferException ->
        None

let private estimates: (string * (LabelledEmbeddings -> float)) list = [
    "LogME", (fun shown -> LogMe.OfClasses(shown.Points, shown.Classes).Value)
    "H-score", (fun shown -> HScore.Of(shown.Points, shown.Classes).Value)
]

let private means (values: float option list) : float option = summary values |> Option.map _.Mean

let private table (all: Origin list) =
    Table.ofRows [ yield! List.map fst estimates; "test ROC AUC, frozen"; "test ROC AUC, fine-tuned" ] [
        for origin in all ->
            origin.Name,
            [
                for _, estimate in estimates do
                    origin.Frozen |> List.map (guess estimate) |> meanText 3
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
let private agreement (all: Origin list) =
    let columns = [ "frozen", (fun origin -> origin.Frozen); "fine-tuned", (fun origin -> origin.Tuned) ]

    Table.ofRows [ for name, _ in columns -> $"Kendall's tau with test ROC AUC, {name}" ] [
        for name, estimate in estimates ->
            name,
            [
                for _, pick in columns ->
                    let pairs = [
                        for origin in all do
                            match
                                origin.Frozen |> List.map (guess estimate) |> means, pick origin |> List.map testAuc |> means
                            with
                            | Some guessed, Some score -> guessed, score
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
                            let points (outcome: Outcome) = (outcome.Result.Embeddings SplitName.Train).Points
                            let first, second = points a, points b

                            try
                                Some(CentredKernelAlignment.Of(first, second))
                            with :? MedTransferException ->
                                None
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
                table all
            )
            Table(
                "guesses-agreement",
                $"How the estimates' ranks of {all.Length} origins agree with the ranks of their mean test scores: Kendall's tau, 1 the same order and -1 the reverse, p by exact permutation.",
                agreement all
            )
            Table(
                "guesses-alike",
                "How alike two origins see the same training images: linear centred kernel alignment without bias (Kornblith et al. 2019, Nguyen et al. 2021), 1 the same but for rotation and size, about 0 nothing in common; mean over seeds.",
                alike all
            )
        ]
