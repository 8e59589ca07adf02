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
    let sources = Sources.all lab
    // what is asked for can be had: known before anything trains
    Transfers.sizes lab |> ignore
    let ran, steps = Budget.orAll lab (Transfers.ways lab sources)
    let tested = Transfers.tested lab ran.Outcomes
    let recommendation = Recommendations.ofWays lab ran.Outcomes tested
    let model = FinalModels.train lab ran.Outcomes (FinalModels.way lab recommendation)
    let results, curve, step = Curves.run lab sources ran recommendation
    let described = TransferModel.write lab model tested recommendation

    let opening = TransferOpening.ofRecommendation lab question tested recommendation curve

    Publication.publish lab "Does transfer help?" opening results [
        yield! TransferAnswer.section lab tested recommendation curve results.LeftOut
        yield! TransferTables.ways lab tested
        yield! TransferCurve.section curve
        yield! TransferDecision.section lab ran.Outcomes tested recommendation
        yield! TransferModel.section lab model described recommendation
        yield! LabelReview.section lab model
        yield! TransferTables.budget lab (steps @ Option.toList step)
        yield! TransferTables.sources lab sources [ for one in tested -> one.Way ]
        yield! ImageSets.section lab
        yield! Setting.method lab results
        yield! Setting.environment lab results
    ])
