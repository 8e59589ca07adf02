(** Does pretraining on chest X-rays help to tell pneumonia in children, and should the transferred layers be frozen?

    dotnet fsi scripts/task2.fsx
    dotnet fsi scripts/task2.fsx -- --help

    The study reports, for one seed, test accuracies of .86 without transfer, .811 frozen and .857 fine-tuned. *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open MedTransfer.Evaluation.Classification
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Transfer
open MedTransfer.Recipes
open MedTransfer.Recipes.Sections

let question =
    "Does pretraining on another set help where images are few, should the transferred layers be frozen or fine-tuned, by how much, and is the difference more than chance?"

let study: Map<string, Table.Study> =
    Map [
        "no transfer", { Train = 1.00; Test = 0.86 }
        "frozen", { Train = 0.958; Test = 0.811 }
        "fine-tuned", { Train = 0.9998; Test = 0.857 }
    ]

// whose embeddings are mapped, and what they show
let embeddings = [
    "pixel regression", "raw pixels"
    "random features, logistic regression", "random features"
    "no transfer", "no transfer"
    "frozen", "transferred and frozen"
    "fine-tuned", "fine-tuned"
]

/// A pretraining on the source, transferred.
let ofSource (lab: Lab) =
    // beside the study's own set alone, and what stands in for it
    let study = if lab.ShowsStudy then study else Map.empty
    let epochs = lab.Epochs lab.Options.Epochs
    let frozenEpochs = lab.Epochs(lab.Options.Epochs, frozen = true)

    let pretraining = [
        for seed in lab.Seeds -> lab.Trial("pretraining", lab.Source.All, TransferPlan.Scratch, lab.Pretraining, seed)
    ]

    let ways size (draw, seed) =
        let images = lab.Target.Sample(size, draw)
        let pretrained = pretraining[seed]

        let trained name trial = Way.trained name size seed (trial name)
        let control name trial = Way.control name size seed (trial name)
        let convNet plan fit name = lab.Trial(name, images, plan, fit, seed)
        // their result does not depend on a seed: one trial serves all
        let linear architecture name = lab.Trial(name, images, TransferPlan.RandomFeatures, lab.Plainly, 0, architecture)

        [
            control "majority class" (linear Architecture.MajorityClass)
            control "pixel regression" (linear Architecture.PixelRegression)
            control "random features, logistic regression" (convNet TransferPlan.RandomFeatures lab.ToConvergence)
            trained "no transfer" (convNet TransferPlan.Scratch epochs)
            trained "frozen" (convNet (TransferPlan.Frozen pretrained.AsOrigin) frozenEpochs)
            trained "frozen, logistic regression" (convNet (TransferPlan.Frozen pretrained.AsOrigin) lab.ToConvergence)
            trained "fine-tuned" (convNet (TransferPlan.FineTuned pretrained.AsOrigin) epochs)
            for plan in defaultArg lab.Options.Plans [] do
                if not (List.contains plan.Name [ "frozen"; "fine-tuned" ]) then
                    let plan' = plan.On(pretrained.AsOrigin, ModelOptions(), lab.Options.Epochs)
                    trained plan.Title (convNet plan' epochs)
        ]

    // what freezing takes where nothing is computed once: timed and not run, as its weights are those of "frozen" but for rounding
    let throughAllLayers size =
        let fit = lab.Epochs(lab.Options.Epochs, throughFrozenLayers = true, frozen = true)

        let trial =
            lab.Trial(
                "frozen, through all layers",
                lab.Target.Sample(size, 0),
                TransferPlan.Frozen pretraining[0].AsOrigin,
                fit,
                0
            )

        Way.control "frozen, through all layers" size 0 trial

    let largest = List.last lab.Sizes
    let tuned = Tuning.choose lab pretraining (ways lab.Sizes.Head (0, 0))

    let results =
        lab.Run(
            pretraining,
            [
                for size in lab.Sizes do
                    for repetition in lab.Repetitions size do
                        yield! ways size repetition |> List.map (Tuning.apply tuned)
            ]
        )

    let ofLargest = results.Outcomes |> Outcomes.ofSize largest

    let times =
        Times.measure lab results.Pretraining results.Outcomes [
            for size in lab.Sizes do
                if results.Outcomes |> Outcomes.ofSize size |> Outcomes.ofWay "frozen" |> List.isEmpty |> not then
                    throughAllLayers size
        ]

    let changes = Trainability.changes lab "frozen" "fine-tuned" ofLargest

    let opening = PrimaryOpening.ofOutcomes lab question results.Outcomes

    Publication.publish lab "Task 2: transfer from one set to another" opening results [
        yield! PrimaryComparison.section lab results.Outcomes
        yield! ImageSets.section lab
        yield! Setting.method lab results
        yield! Gain.bySize lab "no transfer" lab.Sizes results.Outcomes
        yield!
            Scores.bySize lab (fun size ->
                Scores.tables lab study times "no transfer" size (results.Outcomes |> Outcomes.ofSize size))
        yield! TuningResults.section lab lab.Sizes.Head tuned
        yield! Decision.section lab lab.Primary.Way ofLargest
        yield! Embeddings.maps lab "Figures 3 and 4" largest embeddings ofLargest
        yield! Scores.curves (Outcomes.transfers ofLargest)
        yield! Examples.section lab lab.Primary.Way ofLargest
        yield! Claims.table lab times results largest changes ofLargest
        yield!
            Answers.section lab [
                Answers.transfer lab "no transfer" "frozen" "fine-tuned" ofLargest
                Answers.freezing lab times "frozen" "frozen, logistic regression" "fine-tuned" largest ofLargest
                Answers.latentSpace "no transfer" "fine-tuned" changes ofLargest
            ]
        yield! Setting.environment lab results
    ]

/// A network that others have trained, transferred.
let ofBackbone (lab: Lab) backbone =
    let ways = BackboneWays.ofSize lab backbone
    let tuned = Tuning.choose lab [] (ways lab.Sizes.Head (0, 0))

    let results =
        lab.Run(
            [],
            [
                for size in lab.Sizes do
                    for repetition in lab.Repetitions size do
                        yield! ways size repetition |> List.map (Tuning.apply tuned)
            ]
        )

    let largest = List.last lab.Sizes
    let ofLargest = results.Outcomes |> Outcomes.ofSize largest

    let opening = PrimaryOpening.ofOutcomes lab question results.Outcomes

    Publication.publish lab "Task 2: transfer of a backbone" opening results [
        yield! PrimaryComparison.section lab results.Outcomes
        yield! ImageSets.section lab
        yield! Setting.method lab results
        yield! Gain.bySize lab "no transfer" lab.Sizes results.Outcomes
        yield!
            Scores.bySize lab (fun size ->
                let ofSize = results.Outcomes |> Outcomes.ofSize size

                Scores.tables lab Map.empty Times.none "no transfer" size ofSize @ Scores.sameNetwork lab backbone size ofSize)
        yield! TuningResults.section lab lab.Sizes.Head tuned
        yield! Decision.section lab lab.Primary.Way ofLargest
        yield! Embeddings.maps lab "Figures 3 and 4" largest embeddings ofLargest
        yield! Scores.curves (Outcomes.transfers ofLargest)
        yield! Examples.section lab lab.Primary.Way ofLargest
        yield! Setting.environment lab results
    ]

Recipe.main Experiment.task2 fsi.CommandLineArgs (fun lab ->
    match lab.Backbone with
    | Some backbone -> ofBackbone lab backbone
    | None -> ofSource lab)
