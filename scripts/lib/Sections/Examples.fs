/// Which test images a model is surest of, rightly and wrongly: what they look like often says more than a score.
module MedTransfer.Recipes.Sections.Examples

open System
open MedTransfer.Data
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// Images of each kind.
let private most = 6

/// An image of test: its place there, its class, the class it is called, and with what probability.
type Example = { Image: int; Class: int; Called: int; Probability: float }

/// The images that are called with the highest probability, those called right and those called wrong apart.
let surest (probabilities: float32[,]) (labels: byte[,]) : Example list * Example list =
    [
        for image in 0 .. Array2D.length1 probabilities - 1 ->
            let row = probabilities[image, *]
            let called = Array.IndexOf(row, Array.max row)
            { Image = image; Class = int labels[image, 0]; Called = called; Probability = float row[called] }
    ]
    |> List.sortByDescending _.Probability
    |> List.partition (fun example -> example.Called = example.Class)

/// Of the first seed of a way; nothing where labels are findings, of which several may be right.
let section (lab: Lab) way (outcomes: Outcome list) =
    let data = lab.Load lab.Target.All

    match outcomes |> ofWay way with
    | first :: _ when data.Info.Task <> Nullable LabelTask.MultiLabel ->
        let predictions = first.Result.Predictions SplitName.Test
        let right, wrong = surest predictions.Probabilities predictions.Labels.Values
        let isShown = lab.ShowsPictures lab.Target
        // of an excerpt, images go by their places in the file
        let places =
            match data.Test.FileIndices, predictions.FileIndices with
            | NonNull here, NonNull predicted ->
                let rows = dict [ for row, place in Seq.indexed here -> place, row ]
                fun image -> rows[predicted[image]]
            | _ -> id

        let cases (examples: Example list) = [
            for example in examples |> List.truncate most ->
                {
                    Title = $"called {data.Info.LabelNames[example.Called]}, {number 3 example.Probability}"
                    Pictures = (if isShown then [ data.Test.Png(places example.Image) ] else [])
                    Lines = [ $"labelled {data.Info.LabelNames[example.Class]}; test image {example.Image}" ]
                    Warnings = []
                }
        ]

        [
            Heading "Examples"
            Text
                $"""{Wording.capital way}, first seed: the test images of whose class it is surest, with its probability{if isShown then
                                                                                                                             ""
                                                                                                                         else
                                                                                                                             "; their pictures are not shown, as the set is not a public one (--include-images shows them)"}. Sure and wrong may be a wrong label, or something in the image that goes with a class and is no disease."""
            Cases($"Surest and wrong, {min most wrong.Length} of {wrong.Length} that are called wrong.", cases wrong)
            Cases($"Surest and right, {min most right.Length} of {right.Length}.", cases right)
        ]
    | _ -> []
