/// What is said wherever a model's answers are.
module MedTransfer.Recipes.ModelRemarks

open MedTransfer.Inference.TrainedModels

/// Said on every sheet.
let forResearch = "For research only: this is no medical device, and nothing here is a diagnosis."

/// What was drawn, or only to see that everything works, is no model of patients.
let ofModel (model: ModelDescription) = [
    if model.LearnedFrom.IsPhantom then
        "The model learned from phantoms, images drawn by a program: what it says of patients' images means nothing."
    if model.LearnedFrom.IsSmoke then
        "The model is from a smoke run, which only shows that everything works: what it says means nothing."
]
