/// The page and the table of what a model says of images.
module MedTransfer.Recipes.PredictPage

open System
open MedTransfer.Data.Import
open MedTransfer.Data.Import.Listing
open MedTransfer.Inference.TrainedModels
open MedTransfer.Recipes.ImageAnswers
open MedTransfer.Recipes.PredictOptions
open MedTransfer.Recipes.Report

/// Images that the page shows at most, as a browser takes long for more; the table has them all.
let mostShown = 300

/// A row an image, all of them.
let table (model: ModelDescription) (said: Said list) =
    Table.ofRows [
        for label in model.Labels do
            $"p {label}"
        "called"
        "warnings"
    ] [
        for one in said ->
            one.Name,
            [
                for p in one.Probabilities do
                    p.ToString("R", Globalization.CultureInfo.InvariantCulture)
                calledText model one.Called
                String.concat " " one.Warnings
            ]
    ]

let private case (model: ModelDescription) (one: Said) : Case = {
    Title = one.Name
    Pictures = one.Pictures
    Lines = [
        $"Called: {calledText model one.Called}."
        Seq.zip model.Labels one.Probabilities
        |> Seq.sortByDescending snd
        |> Seq.truncate 5
        |> Seq.map (fun (label, p) -> $"{label} {Outcomes.number 3 (float p)}")
        |> String.concat ", "
    ]
    Warnings = one.Warnings
}

/// The first images one by one, and what their answers are worth.
let page (options: Options) (model: ModelDescription) (said: Said list) (left: LeftOut list) = [
    Warning ModelRemarks.forResearch
    for remark in ModelRemarks.ofModel model do
        Warning remark
    Text
        $"{model.LearnedFrom.Way}, which learned from {model.LearnedFrom.Images} images of {model.LearnedFrom.Name}; what its procedure is worth stands in the README.md of its folder. This page holds pictures and names of files."
    let far = said |> List.filter (fun one -> not one.Warnings.IsEmpty) |> List.length

    if far > 0 then
        Text $"{far} of {said.Length} images have a warning; that an image has none does not show that it is of the right kind."

    for one in left do
        Text $"Left out: {one.Name}: {one.Reason}."

    let mapped =
        if options.HasMaps then
            ", beside it where the model looks for what it calls (of findings, for the likeliest)"
        else
            ""

    match Option.ofNullable model.PositiveClass with
    | Some positive ->
        match Option.ofNullable model.Thresholds[0] with
        | Some threshold ->
            Text
                $"{model.Labels[positive]} is called from a probability of {Outcomes.number 3 threshold} on, chosen for a sensitivity of {model.WantedSensitivity}."
        | None -> ()
    | None -> ()

    let calibrated =
        if model.Temperature.HasValue then
            "probabilities are calibrated for images like those that it learned from, where classes are as frequent"
        else
            "probabilities are as the network gives them, not calibrated"

    if not model.IsPreparationKnown then
        Text $"How the images that it learned from were made square is not known: these are {model.Pixels.Describe()}."

    Cases($"Each image as the model sees it{mapped}; {calibrated}.", said |> List.truncate mostShown |> List.map (case model))

    if said.Length > mostShown then
        Text $"The first {mostShown} of {said.Length} are shown; predictions.csv has all."
]
