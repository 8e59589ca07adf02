/// Table 3, the differences between its ways, and the curves behind it.
module MedTransfer.Recipes.Sections.Scores

open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

/// Scores of one target size with its controls, and the paired differences to training without transfer. Those of the largest size are
/// Table 3, which the study has of all its images: its figures stand there alone, as does what is said of the columns.
let tables (lab: Lab) (study: Map<string, Table.Study>) times size (outcomes: Outcome list) =
    let isTable3 = size = List.last lab.Sizes
    let study = if isTable3 then study else Map.empty

    let number, columns =
        if isTable3 then
            "Table 3. ",
            $"""{Wording.study study "from one seed on ChestMNIST and PneumoniaMNIST"}{Times.note times} {Wording.scored lab}"""
        else
            "", " The columns are those of Table 3."

    [
        Heading $"{lab.Target.Name}, {Wording.size size}"
        Table(
            $"table3-{size}",
            $"{number}{lab.Source.Name} to {lab.Target.Name}, {Wording.images size outcomes}; test scores over {Wording.seeds outcomes}.{columns}",
            Table.byWay study times "fine-tuned" outcomes
        )
        Table(
            $"differences-{size}",
            (if size = AllImages then
                 "Differences paired over seeds, each with a pretraining of its own, all on the same images: mean, 95 % interval, paired t test. They cover what seeds vary, not which images there are."
             else
                 "Differences paired over seeds, each with a draw of the sample and a pretraining of its own: mean, 95 % interval, paired t test. They cover what seeds and draws vary, not which test images there are."),
            Table.differences "no transfer" outcomes
        )
        yield! NotTransferred.note outcomes
    ]

/// Training loss and validation AUC over epochs.
let curves (outcomes: Outcome list) = [
    Charts(
        "Training curves, mean over the seeds.",
        [
            Figures.curves "training loss" (fun epoch -> Some epoch.TrainLoss) outcomes
            Figures.curves "validation ROC AUC" (fun epoch -> Option.ofNullable epoch.Validation[Metric.RocAuc]) outcomes
        ]
    )
]
