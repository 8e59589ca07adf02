(** Does transfer help on my images, from which source, in which way, by how much, and can the difference be trusted?

    dotnet fsi scripts/transfer.fsx -- my-images/
    dotnet fsi scripts/transfer.fsx -- --help *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open MedTransfer.Recipes
open MedTransfer.Recipes.Sections

let question =
    "Does transfer help on these images, from which source and in which way, by how much, and can the difference be trusted?"

Recipe.main Experiment.transfer fsi.CommandLineArgs (fun lab ->
    let results = Transfers.sources lab |> Transfers.ways lab |> Transfers.run lab
    let tested = Transfers.tested lab results.Outcomes

    Publication.publish lab "Does transfer help?" question results [
        yield! TransferAnswer.section lab results.Outcomes tested
        yield! TransferAnswer.ways lab tested
        yield! Setting.data lab
        yield! Setting.method lab results
        yield! Setting.environment lab results
    ])
