/// Which labels to look at again: images most at odds with theirs, and those that lie apart from all others.
module MedTransfer.Recipes.Sections.LabelReview

open System
open System.IO
open System.Globalization
open System.Collections.Generic
open MedTransfer.Data
open MedTransfer.Data.Import
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.FinalModels
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Report

/// A label that models which did not learn from it doubt.
type private Doubt = {
    /// Place among the images that are not test.
    Image: int
    Given: string
    Suggested: string
    Confidence: float
    Margin: float
    IsSuspected: bool
}

/// What is known of all labels: the most doubtful first.
type private Review = { Doubts: Doubt list; Labels: int }

// of images in the order of the out-of-fold predictions
let private ofClasses (info: DatasetInfo) (folds: OutOfFold) : Review =
    let found = ConfidentLearning.Of(folds.Probabilities, folds.Labels.Values)

    {
        Labels = folds.Labels.Count
        Doubts = [
            for doubt in found.Ranked ->
                {
                    Image = folds.FileIndices[doubt.Image]
                    Given = info.LabelNames[doubt.Given]
                    Suggested = info.LabelNames[doubt.Suggested]
                    Confidence = doubt.Confidence
                    Margin = doubt.Margin
                    IsSuspected = doubt.IsSuspected
                }
        ]
    }

// each finding by itself, there against not there, where it is known
let private ofFindings (info: DatasetInfo) (folds: OutOfFold) : Review =
    let each = [
        for finding, name in Seq.indexed info.LabelNames do
            let known = folds.Labels.KnownImages finding

            let labels = Array2D.init known.Count 1 (fun row _ -> folds.Labels[known[row], finding])

            let probabilities =
                Array2D.init known.Count 2 (fun row column ->
                    let p = folds.Probabilities[known[row], finding]
                    if column = 1 then p else 1.0f - p)

            if known.Count > 0 then
                let found = ConfidentLearning.Of(probabilities, labels)
                let text label = if label = 1 then name else $"no {name}"

                found,
                [
                    for doubt in found.Ranked ->
                        {
                            Image = folds.FileIndices[known[doubt.Image]]
                            Given = text doubt.Given
                            Suggested = text doubt.Suggested
                            Confidence = doubt.Confidence
                            Margin = doubt.Margin
                            IsSuspected = doubt.IsSuspected
                        }
                ]
    ]

    {
        Labels = each |> List.sumBy (fun (found, _) -> found.Ranked.Count)
        Doubts = each |> List.collect snd |> List.sortBy (fun doubt -> not doubt.IsSuspected, doubt.Margin)
    }

/// Images that the page shows at most.
let private mostShown = 200

/// Images that lie apart from all others which are shown.
let private outliers = 20

// which image it is, for the person who has it
type private Names(lab: Lab, data: Dataset) =
    let listed split =
        if lab.ShowsPictures lab.Target then
            NameLists.TryRead(lab.Target.File.Path, split) |> Option.ofObj
        else
            None

    let train, validation = listed SplitName.Train, listed SplitName.Validation

    // validation's are numbered on from those of train
    let first =
        match data.Train.FileIndices with
        | null -> data.Train.Count
        | indices -> Seq.max indices + 1

    /// Split and place in it, as the file has them, of an image that is not test.
    member _.Place(image: int) =
        if image < first then
            SplitName.Train, image
        else
            SplitName.Validation, image - first

    /// The name of its file, where names may be told; else its split and place.
    member names.Of(image: int) =
        let split, place = names.Place image
        let known: IReadOnlyList<string> option = if split = SplitName.Train then train else validation

        match known with
        | Some all when place < all.Count -> all[place]
        | _ -> $"{Maps.splitText split} {place}"

let private csv (names: Names) (review: Review) (apart: (int * float) list) =
    let row (cells: string list) =
        cells
        |> List.map (fun cell ->
            if cell.IndexOfAny [| ','; '"'; '\n'; '\r' |] >= 0 then
                "\"" + cell.Replace("\"", "\"\"") + "\""
            else
                cell)
        |> String.concat ","

    let place image =
        let split, place = names.Place image
        [ names.Of image; Maps.splitText split; string place ]

    let text (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    String.concat "\n" [
        "why,image,split,index,label,suggested,probability of the label,margin,suspected,distance"
        for doubt in review.Doubts do
            row (
                [ "label" ]
                @ place doubt.Image
                @ [
                    doubt.Given
                    doubt.Suggested
                    text doubt.Confidence
                    text doubt.Margin
                    (if doubt.IsSuspected then "yes" else "no")
                    ""
                ]
            )
        for image, distance in apart do
            row ([ "lies apart" ] @ place image @ [ ""; ""; ""; ""; ""; text distance ])
        ""
    ]

// of the embeddings that the model for use has of its own images, those farthest from the others; of very many images some have none, and none are listed
let private lyingApart (model: FinalModel) (learned: Split) : (int * float) list =
    let points = model.Result.Folder.ReadEmbeddings SplitName.Train

    if Array2D.length1 points < learned.Count then
        []
    else
        match CloudDistances.OfEach(points, learned.Groups) with
        | null -> []
        | distances ->
            [ for image, distance in Array.indexed distances -> image, float distance ]
            |> List.sortByDescending snd
            |> List.truncate outliers

// where whoever ran it finds the files' names; no part of a path that says anything
let private listedIn (lab: Lab) =
    match NameLists.TryRead(lab.Target.File.Path, SplitName.Train) with
    | null -> ""
    | _ ->
        let kept = Path.GetFileName(Path.GetDirectoryName lab.Target.File.Path)
        $" Their order is that of imports/{kept}/files.json."

/// Part of the page, with the list as a page and a table of their own beside it.
let section (lab: Lab) (model: FinalModel) =
    let data = lab.Load lab.Target.All
    let info = data.Info
    let folds = OutOfFold.Of(ResizeArray model.OutOfFold)

    let review =
        if info.Task = Nullable LabelTask.MultiLabel then
            ofFindings info folds
        else
            ofClasses info folds

    use learned = model.Result.Trial.Spec.Target.Draw data

    let inFile =
        match learned.Train.FileIndices with
        | null -> id
        | indices -> fun row -> indices[row]

    let places = dict [ for row in 0 .. learned.Train.Count - 1 -> inFile row, row ]
    let apart = [ for row, distance in lyingApart model learned.Train -> inFile row, distance ]
    let names = Names(lab, data)
    let suspected = review.Doubts |> List.filter _.IsSuspected
    let shown = suspected |> List.truncate mostShown

    let pictures image = if lab.ShowsPictures lab.Target then [ learned.Train.Png places[image] ] else []

    let summary =
        $"Of {review.Labels} labels {suspected.Length} are suspected: models that did not learn from them find another class likelier, and are as sure of it as they are on average of images that are labelled so (confident learning, Northcutt et al. 2021). A suspicion is no finding: look at the image."

    let page = [
        for _, sentence in lab.Evidence.Remarks do
            Warning sentence
        Text summary
        if not (lab.ShowsPictures lab.Target) then
            Text
                $"Images go by their split and place in it, from 0, as {lab.Target.Name} is not a public set: --include-images shows them, and names their files where a folder was imported.{listedIn lab}"
        Cases(
            (if shown.Length < suspected.Length then
                 $"The {shown.Length} most doubtful of {suspected.Length} suspected labels, the most doubtful first; review.csv has all."
             else
                 "Suspected labels, the most doubtful first."),
            [
                for doubt in shown ->
                    {
                        Title = names.Of doubt.Image
                        Pictures = pictures doubt.Image
                        Lines = [
                            $"Labelled {doubt.Given}: {number 3 doubt.Confidence}."
                            $"Likelier {doubt.Suggested}: {number 3 (doubt.Confidence - doubt.Margin)}."
                        ]
                        Warnings = []
                    }
            ]
        )
        if not apart.IsEmpty then
            Cases(
                $"The {apart.Length} images that lie farthest from all others for the network, whatever their label: another kind of image, a wrong file, or a rare case.",
                [
                    for image, distance in apart ->
                        {
                            Title = names.Of image
                            Pictures = pictures image
                            Lines = [ $"Distance {number 1 distance}." ]
                            Warnings = []
                        }
                ]
            )
        Link("Back to the report", "report.html")
    ]

    [
        Heading "Labels to look at again"
        Text summary
        Attachment(
            "review.html",
            "Each of them, and the images that lie apart from all others:",
            Page.text "Labels to look at again" page
        )
        Attachment("review.csv", "All labels in that order:", csv names review apart)
    ]
