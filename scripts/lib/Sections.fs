/// The parts of a transfer report: each takes the outcomes of one target size.
module MedTransfer.Recipes.Sections

open System
open System.IO
open System.Text
open MedTransfer.Data
open MedTransfer.Runtime
open MedTransfer.Recipes.Report

let private sizeText size =
    match size with
    | AllImages -> "all training images"
    | Images n -> $"{n} training images"

let private seedsText (outcomes: Outcome list) =
    match outcomes |> List.distinctBy _.Way.Seed |> List.length with
    | 1 -> "one seed"
    | n -> $"{n} seeds, mean ± standard deviation"

/// Table 3 with its controls, and the paired differences to training without transfer.
let tables (lab: Lab) (study: Map<string, Table.Study>) size (outcomes: Outcome list) = [
    Heading $"{lab.Target.Name}, {sizeText size}"
    Table(
        $"table3-{size}",
        $"Table 3. {lab.Source.Name} to {lab.Target.Name}, {sizeText size}; test scores over {seedsText outcomes}. The last two columns are the study's, from one seed on ChestMNIST and PneumoniaMNIST.",
        Table.byWay study "fine-tuned" outcomes
    )
    Table(
        $"differences-{size}",
        "Differences paired over seeds, with 95 % interval and paired t test. They cover what seeds vary, not which test images were drawn.",
        Table.differences "no transfer" outcomes
    )
    match outcomes |> List.collect (fun outcome -> List.ofSeq outcome.Result.Metrics.NotTransferred) |> List.distinct with
    | [] -> ()
    | left ->
        let names = String.concat "; " left
        Text $"These transferred layers did not fit the target and kept their initial weights: {names}."
]

/// Training loss and validation AUC over epochs.
let curves (outcomes: Outcome list) = [
    Charts(
        $"Training curves, mean over {seedsText outcomes}.",
        [
            Figures.curves "training loss" (fun epoch -> Some epoch.TrainLoss) outcomes
            Figures.curves "validation ROC AUC" (fun epoch -> Option.ofNullable epoch.ValidationAuc) outcomes
        ]
    )
]

let private coordinates (representations: Maps.Representation list) =
    let text = StringBuilder "representation,split,method,image,class,x,y\n"

    for r in representations do
        for name, points in [ Some("pca", r.Pca); r.Tsne |> Option.map (fun p -> "tsne", p) ] |> List.choose id do
            for i in 0 .. Array2D.length1 points - 1 do
                let row =
                    FormattableString.Invariant
                        $"{r.Of},{Maps.splitText r.Split},{name},{i},{r.Embeddings.Classes[i]},{points[i, 0]},{points[i, 1]}\n"

                text.Append row |> ignore

    text.ToString()

/// Figures 3 and 4 for the first seed of the named ways; the name beside each says what its embeddings are.
let maps (lab: Lab) size (ways: (string * string) list) (outcomes: Outcome list) =
    let results =
        ways
        |> List.map (fun (way, represents) -> represents, (outcomes |> List.find (fun outcome -> outcome.Way.Name = way)).Result)

    let representations = Maps.represent lab.Cancellation results
    WholeFile.WriteText(lab.ReportPath $"maps-{size}.csv", coordinates representations)
    let info = lab.Load(lab.Target.All).Info

    let names =
        if info.Task.HasValue && info.Task.Value = LabelTask.MultiLabel then
            ResizeArray [ "no finding"; "any finding" ] :> Collections.Generic.IReadOnlyList<string>
        else
            info.LabelNames

    [
        Table(
            $"separability-{size}",
            "Separability of the classes in the embeddings and in their maps, first seed: silhouette, and accuracy of the five nearest other images.",
            Maps.separability representations
        )
        Charts(
            "Figures 3 and 4. Embeddings of the first seed by PCA and t-SNE; each title says whose and which split.",
            representations |> List.collect (Figures.maps names)
        )
    ]

/// Prints the tables, and writes them, the page and one row a trial to the recipe's report folder.
let publish (lab: Lab) (title: string) (outcomes: Outcome list) (sections: Section list) =
    for part in sections do
        match part with
        | Table(name, caption, frame) ->
            Screen.print caption frame
            WholeFile.WriteText(lab.ReportPath $"{name}.csv", Csv.text "way" frame)
        | _ -> ()

    WholeFile.WriteText(lab.ReportPath "trials.csv", Csv.text "row" (Table.trials outcomes))
    let page = lab.ReportPath "report.html"
    Report.write page title sections
    printfn "\nReport: %s" (Path.GetFullPath page)
