/// What a checklist has to know of a run.
module MedTransfer.Recipes.Sections.ChecklistFacts

open System
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Reading
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Training
open MedTransfer.Recipes
open MedTransfer.Recipes.ChecklistItem

let private choice (lab: Lab) (trained: Outcome list) =
    if not lab.AsksOfOwnImages then
        NamedBefore
    elif trained |> List.forall (fun outcome -> outcome.Way.Name = Transfers.none) then
        NothingToChoose
    elif lab.TestScheme = TestScheme.Folds then
        ByOtherFolds
    elif Transfers.choosesByInnerFolds lab then
        ByInnerFolds
    else
        ByValidation

// of one training, or of those of one seed's folds: which images are tested is the same for all
let private firstScore (lab: Lab) (trained: Outcome list) : CaseScore option =
    match trained with
    | [] -> None
    | first :: _ when lab.AsksOfOwnImages ->
        trained
        |> List.filter (fun one -> (one.Way.Name, one.Way.Size, one.Way.Seed) = (first.Way.Name, first.Way.Size, first.Way.Seed))
        |> Transfers.tested lab
        |> List.tryPick (fun one -> one.Tested.Score Metric.RocAuc |> Option.ofObj)
    | _ -> trained |> List.tryPick (Outcomes.caseScore Metric.RocAuc)

let private noInterval (lab: Lab) (trained: Outcome list) (seeds: int) : string option =
    if seeds < Comparison.FewestSeeds then
        Some $"{Comparison.FewestSeeds} seeds are the least (--seeds {Comparison.FewestSeeds})"
    elif firstScore lab trained |> Option.exists _.HasFewPatients then
        Some $"{CaseScore.FewestPatients} test images or patients of each class are the least"
    else
        None

/// Of a run on that set.
let ofRun (lab: Lab) (data: Dataset) (results: Results) : Facts =
    let trained = Outcomes.transfers results.Outcomes

    let seeds =
        match [ for _, all in Outcomes.ways trained -> all |> List.distinctBy _.Way.Seed |> List.length ] with
        | [] -> [ lab.Seeds.Length ]
        | counts -> counts

    {
        Scheme = lab.TestScheme
        Choice = choice lab trained
        KnowsPatients = not (isNull data.Train.Groups)
        LacksLabels =
            SplitNames.All
            |> Seq.exists (fun split -> data.KnownCounts split |> Seq.exists (fun known -> known < data[split].Count))
        UncertainAs = lab.Options.UncertainAs
        Pixels = data.Card |> Option.ofObj |> Option.bind (_.Pixels >> Option.ofObj)
        CountsLeftOut = data.Card |> Option.ofObj |> Option.exists (fun card -> not (isNull card.LeftOut))
        HasTwoClasses = data.Info.HasTwoClasses
        IsMultiLabel = (data.Info.Task = Nullable LabelTask.MultiLabel)
        HasSamples = results.Outcomes |> List.exists (fun outcome -> outcome.Way.Size <> AllImages)
        Seeds = List.min seeds, List.max seeds
        NoInterval = noInterval lab trained (List.max seeds)
        HasEnsembles = results.Outcomes |> List.exists (fun outcome -> not outcome.Parts.IsEmpty)
        Balances = results.Outcomes |> List.exists (fun outcome -> outcome.Way.Trial.Spec.Fit.Balance <> ClassBalance.None)
        Software =
            match Setting.environments results with
            | [] -> "Nothing was trained."
            | all -> Setting.machine all
    }
