/// Table 3, the differences between its ways, and the curves behind it.
module MedTransfer.Recipes.Sections.Scores

open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// Scores of one target size with its controls, and the paired differences to the reference. Those of the largest size are Table 3, which the
/// study has of all its images: its figures stand there alone, as does what is said of the columns.
let tables (lab: Lab) (study: Map<string, Table.Study>) times reference size (outcomes: Outcome list) =
    let isTable3 = size = List.last lab.Sizes
    let study = if isTable3 then study else Map.empty

    let number, columns =
        if isTable3 then
            "Table 3. ",
            $"""{Wording.study study "from one seed on ChestMNIST and PneumoniaMNIST"}{Times.note times} {Wording.scored lab} {Wording.intervals outcomes}"""
        else
            "", " The columns are those of Table 3."

    [
        Table(
            $"table3-{size}",
            $"{number}{lab.SourceName} to {lab.Target.Name}, {Wording.images size outcomes}; test scores over {Wording.seeds outcomes}.{columns}",
            Table.byWay study times "fine-tuned" outcomes
        )
        Table(
            $"differences-{size}",
            $"Differences paired over seeds, each with {Wording.sample lab.Backbone.IsSome size outcomes}: {Wording.comparedWithBeats outcomes}",
            Table.differences
                lab
                [ Table.OnTest aucScore; Table.OnTest accuracyScore ]
                reference
                (outcomes |> Outcomes.transfers |> Outcomes.ways |> List.map fst)
                outcomes
        )
        yield! Wording.oneClass outcomes |> Option.map Text |> Option.toList
        yield! TrainedModels.table lab reference size outcomes
        yield! NotTransferred.note outcomes
    ]

/// Every size; those folded that are neither the primary comparison's nor Table 3's.
let bySize (lab: Lab) (tables: TargetSize -> Section list) = [
    for size in lab.Sizes do
        let title = $"{lab.Target.Name}, {Wording.size size}"

        if size = lab.Primary.Size || size = List.last lab.Sizes then
            Heading title
            yield! tables size
        else
            Folded(title, tables size)
]

/// What the weights of a backbone are worth: ways that transfer them less the same network, trained the same way, without them.
let sameNetwork (lab: Lab) (backbone: Backbone) size (outcomes: Outcome list) = [
    let ways = outcomes |> Outcomes.transfers |> Outcomes.ways |> List.map fst

    let against = [
        for way in ways do
            match BackboneWays.withoutWeights backbone outcomes way with
            | Some reference -> reference, way
            | None -> ()
    ]

    for index, (reference, pairs) in against |> List.groupBy fst |> List.indexed do
        Table(
            $"same-network-{size}-{index + 1}",
            $"The same network with and without the weights of {backbone.Name}, {Wording.images size outcomes}: minus {reference}. {Wording.comparedWithBeats outcomes} Each p by itself.",
            Table.differences lab [ Table.OnTest aucScore; Table.OnTest accuracyScore ] reference (List.map snd pairs) outcomes
        )
]

/// Training loss and validation AUC over epochs.
let curves (outcomes: Outcome list) = [
    Heading "Training curves"
    Charts(
        "Training curves, mean over the seeds.",
        [
            Figures.curves "training loss" (fun epoch -> Some epoch.TrainLoss) outcomes
            Figures.curves "validation ROC AUC" (fun epoch -> Option.ofNullable epoch.Validation[Metric.RocAuc]) outcomes
        ]
    )
]
