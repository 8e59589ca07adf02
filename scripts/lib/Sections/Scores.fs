/// Table 3, the differences between its ways, and the curves behind it.
module MedTransfer.Recipes.Sections.Scores

open MedTransfer.Recipes
open MedTransfer.Recipes.Report

/// Table 3 of one target size with its controls, and the paired differences to training without transfer.
let tables (lab: Lab) (study: Map<string, Table.Study>) size (outcomes: Outcome list) = [
    Heading $"{lab.Target.Name}, {Wording.size size}"
    Table(
        $"table3-{size}",
        $"Table 3. {lab.Source.Name} to {lab.Target.Name}, {Wording.size size}; test scores over {Wording.seeds outcomes}. The last two columns are the study's, from one seed on ChestMNIST and PneumoniaMNIST. {Wording.scored lab}",
        Table.byWay study "fine-tuned" outcomes
    )
    Table(
        $"differences-{size}",
        "Differences paired over seeds, each with a draw of the sample and a pretraining of its own: mean, 95 % interval, paired t test. They cover what seeds and draws vary, not which test images there are.",
        Table.differences "no transfer" outcomes
    )
    match outcomes |> List.collect (fun outcome -> List.ofSeq outcome.Result.Metrics.NotTransferred) |> List.distinct with
    | [] -> ()
    | left ->
        let names = String.concat "; " left
        Text $"These transferred layers did not fit the target and kept their initial weights: {names}."
]

/// Training loss and validation AUC over epochs.
let curves (outcomes: Outcome list) = [
    Charts(
        "Training curves, mean over the seeds.",
        [
            Figures.curves "training loss" (fun epoch -> Some epoch.TrainLoss) outcomes
            Figures.curves "validation ROC AUC" (fun epoch -> Option.ofNullable epoch.ValidationAuc) outcomes
        ]
    )
]
