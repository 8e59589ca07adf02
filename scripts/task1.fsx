(** What does a small CNN make of 300 images, what does smart training change, and is an autoencoder's encoder worth transferring?

    dotnet fsi scripts/task1.fsx
    dotnet fsi scripts/task1.fsx -- --help

    The study reports, for one seed, train and test accuracies of .997 and .58 without transfer, .784 and .594 with the encoder. *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Sections

let question =
    "What does a small CNN make of few images, which kind of training keeps it from learning them by heart, and does an encoder that was trained without labels help?"

let study: Map<string, Table.Study> = Map [ "no transfer", { Train = 0.997; Test = 0.58 } ]

Recipe.main Experiment.task1 fsi.CommandLineArgs (fun lab ->
    let epochs = lab.Epochs lab.Options.Epochs
    let toConvergence = FitOptions(Solver = Solver.Convex)

    let ways size seed =
        let images = lab.Target.Sample(size, seed)
        let way isControl name trial = { Name = name; IsControl = isControl; Size = size; Seed = seed; Trial = trial name; Parts = [] }
        let convNet plan fit name = lab.Trial(name, images, plan, fit, seed)
        // their result does not depend on a seed: one trial serves all
        let linear architecture name = lab.Trial(name, images, TransferPlan.RandomFeatures, toConvergence, 0, architecture)

        [
            way true "majority class" (linear Architecture.MajorityClass)
            way true "pixel regression" (linear Architecture.PixelRegression)
            way false "no transfer" (convNet TransferPlan.Scratch epochs)
        ]

    let results =
        lab.Run(
            [],
            [
                for size in lab.Sizes do
                    for seed in lab.Seeds do
                        yield! ways size seed
            ]
        )

    let size = lab.Sizes.Head
    let here = results.Outcomes |> Outcomes.ofSize size

    Publication.publish lab "Task 1: few images" question results [
        yield! Setting.data lab
        yield! LowData.tables study "no transfer" size here here here
        yield! LowData.learningCurve "no transfer" lab.Sizes results.Outcomes
        yield! LinearOrNot.section lab
        yield! Setting.environment lab results
    ])
