(** Does pretraining on chest X-rays help to tell pneumonia in children, and should the transferred layers be frozen?

    dotnet fsi scripts/task2.fsx
    dotnet fsi scripts/task2.fsx -- --help

    The study reports, for one seed, test accuracies of .86 without transfer, .811 frozen and .857 fine-tuned. *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Recipes

let study =
    Map [
        "no transfer", { Table.Train = 1.00; Table.Test = 0.86 }
        "frozen", { Table.Train = 0.958; Table.Test = 0.811 }
        "fine-tuned", { Table.Train = 0.9998; Table.Test = 0.857 }
    ]

Recipe.main "task2" fsi.CommandLineArgs (fun lab ->
    let epochs = lab.Epochs lab.Options.Epochs
    let toConvergence = FitOptions(Solver = Solver.Convex)

    let pretraining = [
        for seed in lab.Seeds ->
            lab.Trial("pretraining", lab.Source.All, TransferPlan.Scratch, lab.Epochs lab.Options.PretrainingEpochs, seed)
    ]

    let ways size seed =
        let images = lab.Target.Sample(size, seed)
        let pretrained = pretraining[seed]
        let way isControl name trial = { Name = name; IsControl = isControl; Size = size; Seed = seed; Trial = trial name }
        let convNet plan fit name = lab.Trial(name, images, plan, fit, seed)
        // their result does not depend on a seed: one trial serves all
        let linear architecture name = lab.Trial(name, images, TransferPlan.RandomFeatures, toConvergence, 0, architecture)

        [
            way true "majority class" (linear Architecture.MajorityClass)
            way true "pixel regression" (linear Architecture.PixelRegression)
            way true "random features, converged head" (convNet TransferPlan.RandomFeatures toConvergence)
            way false "no transfer" (convNet TransferPlan.Scratch epochs)
            way false "frozen" (convNet (TransferPlan.Frozen pretrained) epochs)
            way false "frozen, converged head" (convNet (TransferPlan.Frozen pretrained) toConvergence)
            way false "fine-tuned" (convNet (TransferPlan.FineTuned pretrained) epochs)
        ]

    let outcomes =
        lab.Run(
            pretraining,
            [
                for size in lab.Sizes do
                    for seed in lab.Seeds do
                        yield! ways size seed
            ]
        )

    let embeddings = [
        "pixel regression", "raw pixels"
        "random features, converged head", "random features"
        "no transfer", "no transfer"
        "frozen", "transferred and frozen"
        "fine-tuned", "fine-tuned"
    ]

    Sections.publish lab "Task 2: transfer from one set to another" outcomes [
        for size in lab.Sizes do
            let ofSize = outcomes |> List.filter (fun outcome -> outcome.Way.Size = size)
            yield! Sections.tables lab study size ofSize
            yield! Sections.curves ofSize
            yield! Sections.maps lab size embeddings ofSize
    ])
