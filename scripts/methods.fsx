(** Which kind of transfer helps where images are few: weights, embeddings made alike, chosen images, relations, or weights learned without labels?

    dotnet fsi scripts/methods.fsx
    dotnet fsi scripts/methods.fsx -- --help *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open MedTransfer.Recipes
open MedTransfer.Recipes.Sections

let question =
    "Which kind of transfer from another set helps where images are few, by how much over none and over plain fine-tuning, and does any do harm?"

Recipe.main Experiment.methods fsi.CommandLineArgs (fun lab ->
    let pretrained = FamilyWays.pretrained lab
    let others = Sources.others lab
    let transferred = OtherSources.ofSeeds lab others

    let results =
        lab.Run(
            FamilyWays.trials pretrained @ OtherSources.trials transferred,
            [
                for size in lab.Sizes do
                    for repetition in lab.Repetitions size do
                        yield! FamilyWays.ofSize lab pretrained size repetition
                        yield! OtherSources.ofSize lab transferred size repetition
            ],
            FamilyWays.leftOut lab
        )

    let largest = List.last lab.Sizes

    let times =
        FamilyTables.pretrainings pretrained transferred largest
        |> Times.measure lab results.Pretraining (results.Outcomes |> Outcomes.ofSize largest)

    let opening = PrimaryOpening.ofOutcomes lab question results.Outcomes

    let shown = [
        for size in lab.Sizes do
            yield! FamilyTables.sentences lab size (results.Outcomes |> Outcomes.ofSize size)
    ]

    let opening = { opening with Besides = shown @ opening.Besides }

    Publication.publish lab "Kinds of transfer" opening results [
        yield! PrimaryComparison.section lab results.Outcomes
        yield! FamilyTables.section lab (OtherSources.described lab others) times results.Outcomes
        yield! Guesses.section lab others results
        yield! ImageSets.section lab
        yield! Gain.bySize lab Families.none lab.Sizes results.Outcomes
        yield! Decision.section lab lab.Primary.Way (results.Outcomes |> Outcomes.ofSize largest)
        yield! Setting.method lab results
        yield! Setting.environment lab results
    ])
