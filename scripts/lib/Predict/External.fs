/// A finished model on labelled images that it has never seen, of another hospital for one.
module MedTransfer.Recipes.External

open System
open System.IO
open System.Threading
open MathNet.Numerics.Statistics
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Import
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Cases
open MedTransfer.Evaluation.Classification
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Evaluation.Intervals
open MedTransfer.Inference.TrainedModels
open MedTransfer.Models.Weights
open MedTransfer.Runtime
open MedTransfer.Trials
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.PredictOptions
open MedTransfer.Recipes.Report
open MedTransfer.Recipes.Sections

/// What is known of the images as the model takes them.
type private Scored = { Set: ExternalSet; Answers: ModelAnswers; Likeness: ImageLikeness list; Levels: ImageLevels list }

// a folder is made so as the images that the model learned from were
let private locate (options: Options) (model: ModelDescription) (named: string) (stop: CancellationToken) =
    let reference =
        if Directory.Exists named then
            let kept = Path.Combine(options.Out, "imports")
            Folder.assertWritable kept
            let line = ImportDisplay.ProgressLine()

            let import =
                Importer(ImportOptions(Pixels = model.Pixels, KeepsGivenSplits = true, Frame = Option.toNullable options.Frame))

            import.RunOnce(named, kept, Action<ImportProgress>(line.Report), Action<ImportedSet>(ImportDisplay.told), stop)
        else
            named

    DatasetSource.Find(reference, DataFolders.InOrder(Option.toObj options.DataFolder, Path.Combine(Folder.project, "data")))

let private estimate (model: TrainedModel) (scored: Scored) metric =
    let score = model.Task.Score(metric, scored.Answers.Probabilities, scored.Set.Images.Labels, scored.Set.Patients)

    match score with
    | null -> "undefined"
    | score ->
        match ScoreEstimate.OfModel(score).Interval95 with
        | null -> $"{number 3 score.Value} (no interval)"
        | interval -> $"{number 3 score.Value} {rangeText 3 interval}"

// of what is called: at the threshold that came with the model, which scores by the likelier class are not
let private asCalled (model: TrainedModel) (scored: Scored) (positive: int) : (string * string) list =
    let labels = scored.Set.Images.Labels

    let called = [|
        for image in 0 .. labels.Count - 1 -> (model.Called(ReadOnlySpan scored.Answers.Probabilities[image, *])).[0] = positive
    |]

    let truth = [| for image in 0 .. labels.Count - 1 -> int labels[image, 0] = positive |]

    let share pick =
        let right =
            Array.zip truth called |> Array.filter (fst >> pick) |> Array.map (fun (truth, called) -> truth = called)

        let count = right |> Array.filter id |> Array.length
        let value = number 3 (float count / float right.Length)

        if scored.Set.Patients.HaveOneImageEach then
            $"{value} {rangeText 3 (ProportionInterval.ClopperPearson(count, right.Length))}"
        else
            $"{value} (no interval: patients have several images)"

    [ "ACC", share (fun _ -> true); "sensitivity", share id; "specificity", share not ]

let private scores (model: TrainedModel) (scored: Scored) =
    let description = model.Description

    let procedure name =
        match description.Procedure.TryGetValue name with
        | true, text -> text
        | _ -> ""

    let cases = if scored.Set.Patients.AreKnown then "patients" else "images"

    let rows, called =
        match Option.ofNullable description.PositiveClass with
        | Some positive ->
            let threshold = Option.ofNullable description.Thresholds[0] |> Option.defaultValue 0.5
            let name = description.Labels[positive]

            [
                "ROC AUC", [ estimate model scored Metric.RocAuc; procedure "ROC AUC" ]
                for row, text in asCalled model scored positive do
                    row, [ text; procedure row ]
            ],
            $" {name} is called from a probability of {number 3 threshold} on; sensitivity is of it."
        | None ->
            [
                for name, metric in [ "ROC AUC", Metric.RocAuc; "ACC", Metric.Accuracy ] ->
                    name, [ estimate model scored metric; procedure name ]
            ],
            ""

    Table(
        "scores",
        $"The model on these {scored.Set.Images.Count} images, with 95 %% intervals over {cases}; beside them what its procedure scored on images of {description.LearnedFrom.Name}.{called}",
        Table.ofRows [ "here"; $"procedure, {description.LearnedFrom.Name}" ] rows
    )

let private calibration (model: TrainedModel) (scored: Scored) =
    match Option.ofNullable model.Description.PositiveClass with
    | None -> []
    | Some positive ->
        let predicted = Calibration.ofColumns positive scored.Answers.Probabilities scored.Set.Images.Labels.Values
        let calibrated: Calibration.Calibrated = { AsTrained = predicted; Scaled = None }
        let rows, _ = Calibration.rows "" [ calibrated ]

        [
            Table(
                "calibration",
                $"Whether its probabilities of {model.Description.Labels[positive]} are to be believed here. Expected calibration error (ten bins, 0 is best); slope (1) and intercept (0) of a logistic recalibration; calibration in the large (0; below 0 where probabilities are too high).",
                Table.ofRows [ "ECE"; "slope"; "intercept"; "in the large" ] [ "with its temperature", snd rows.Head ]
            )
            Charts(
                "The same in bins, and whether acting on them is worth it.",
                Calibration.curvesOf "these images" "with its temperature" calibrated
            )
        ]

let private changes (model: TrainedModel) (info: DatasetInfo) (scored: Scored) =
    let median (values: seq<float32>) = values |> Seq.map float |> Statistics.Median |> number 1
    let known = model.Known
    let usual = $"{Tail.Unusual:P0} at most"
    let all = float scored.Likeness.Length
    let share pick = (scored.Likeness |> List.filter pick |> List.length |> float) / all |> fun value -> value.ToString "P1"
    let side = model.Description.Pixels.ImageSize

    WordTable(
        "images",
        "What differs in the images; beside how many are called unlike those that the model learned from, how many of images like them would be.",
        Table.ofRows [ "here"; model.Description.LearnedFrom.Name ] [
            "pixels a side, of the set", [ string info.ImageSize; string side ]
            "brightness, median", [ median (scored.Levels |> Seq.map _.Brightness); median known.Brightness ]
            "contrast, median", [ median (scored.Levels |> Seq.map _.Contrast); median known.Contrast ]
            "unlike by brightness", [ share _.Brightness.IsUnusual; usual ]
            "unlike by contrast", [ share _.Contrast.IsUnusual; usual ]
            "unlike for the network", [ (if isNull known.Embeddings then "not known" else share _.IsFar); usual ]
        ]
    )

// counted before anything is shown: whoever looks has looked; who scores all images has scored the test images among them
let private count (options: Options) (model: TrainedModel) (set: ExternalSet) (test: Split) (stop: CancellationToken) : TestUse =
    let runs = Path.Combine(options.Out, "runs")
    Folder.assertWritable runs
    let ledger = TestLedger runs
    let weights = model.Description.Files[ModelFolder.WeightsFile]
    let now = DateTimeOffset.UtcNow

    let digests =
        List.distinct [
            set.Digest
            if test.Count > 0 then
                test.ImagesDigest()
        ]

    for place, digest in List.indexed digests do
        // a row is known by its trial and time
        let time = now.AddMilliseconds(float place)

        ledger.Add(
            [| TestScoring(time, "predict", digest, weights.Substring(0, 16), model.Description.LearnedFrom.Trial) |],
            stop
        )

    ledger.Of set.Digest

let private answer (model: TrainedModel) (info: DatasetInfo) (scored: Scored) =
    let own =
        match model.Description.Procedure.TryGetValue "ROC AUC" with
        | true, text -> text
        | _ -> "not known"

    [
        $"On {scored.Set.Images.Count} images of {info.Name} the model's ROC AUC is {estimate model scored Metric.RocAuc}; on images of {model.Description.LearnedFrom.Name} its procedure's was {own}."
        let unlike = scored.Likeness |> List.filter _.IsUnlike |> List.length

        // three measures, each of which calls so many of like images unlike
        if float unlike > 3.0 * 3.0 * Tail.Unusual * float scored.Likeness.Length then
            $"{unlike} of {scored.Likeness.Length} images are unlike those that it learned from."
    ]

// a row an image, by its place among all images of the set
let private predictions (model: TrainedModel) (scored: Scored) =
    let labels = scored.Set.Images.Labels
    let names = List.ofSeq model.Description.Labels
    let places = nonNull scored.Set.Images.FileIndices

    Table.ofRows [
        if labels.Columns = 1 then
            "label"
        else
            for name in names do
                $"label {name}"
        for name in names do
            $"p {name}"
        "called"
        "unlike"
    ] [
        for image in 0 .. labels.Count - 1 ->
            string places[image],
            [
                for column in 0 .. labels.Columns - 1 do
                    if labels.IsMissing(image, column) then ""
                    elif labels.Columns = 1 then names[int labels[image, 0]]
                    else string labels[image, column]
                for label in 0 .. names.Length - 1 do
                    scored.Answers.Probabilities[image, label].ToString("R", Globalization.CultureInfo.InvariantCulture)
                [ for label in model.Called(ReadOnlySpan scored.Answers.Probabilities[image, *]) -> names[label] ]
                |> String.concat ", "
                if scored.Likeness[image].IsUnlike then "yes" else ""
            ]
    ]

/// Scores the model once, counts that, and writes the page.
let score (options: Options) (named: string) (stop: CancellationToken) =
    ComputeDevice.Open("cpu", Environment.ProcessorCount) |> ignore
    use model = ModelFolder.Open options.Model
    let reports = Path.Combine(options.Out, "reports", "external")
    Folder.assertWritable reports
    let source = locate options model.Description named stop
    use data = source.Load(Option.toNullable options.UncertainAs, shared = UnpackingDisplay.images options.Out stop)
    let struct (unseen, seen) = (ExternalSet.Of(data, model.Description)).Without(model.Known, data.Info.Name)
    use set = unseen
    let answers = model.Answer(set.Images, stop)
    let levels = ImageLevels.Of set.Images |> List.ofSeq

    let likeness = [ for image, level in List.indexed levels -> model.Known.Compare(level, answers.Embeddings[image, *]) ]

    let scored = { Set = set; Answers = answers; Likeness = likeness; Levels = levels }
    let used = count options model set data.Test stop
    let conclusion = answer model data.Info scored

    let remarks = [
        yield! ModelRemarks.ofModel model.Description
        if data.Info.IsPhantom then
            "These images are phantoms, drawn by a program: the figures say nothing about patients."
    ]

    let parts = [
        Warning ModelRemarks.forResearch
        for remark in remarks do
            Warning remark
        Conclusion("answer.txt", String.concat "\n" conclusion)
        Text $"All splits of {data.Info.Name} are taken together."
        // which class is positive, the model says
        for note in Seq.append set.Notes (data.Notes |> Seq.filter (fun note -> not (note.Contains "--positive"))) do
            Text note
        if seen > 0 then
            Text $"{seen} images are left out, as the model learned from them, or was pretrained on them."
        if set.LeftOut > 0 then
            Text $"{set.LeftOut} images are left out, as they are of none of the model's classes."
        scores model scored
        yield! calibration model scored
        changes model data.Info scored
        Text(TestUse.ofImages $"The images of {data.Info.Name}" used [])
    ]

    let others =
        Folder.renew reports (fun folder ->
            Publication.writeFiles folder parts
            WholeFile.WriteText(Path.Combine(folder, "predictions.csv"), Table.csv "image" (predictions model scored))
            Page.write (Path.Combine(folder, "report.html")) $"The model on {data.Info.Name}" parts)

    for part in parts do
        match part with
        | Table(_, caption, frame)
        | WordTable(_, caption, frame) -> TerminalTable.print caption frame
        | Warning text
        | Text text -> printfn "\n%s" text
        | _ -> ()

    printfn "\n%s" (String.concat "\n" conclusion)
    printfn "\nReport: %s" (Path.GetFullPath(Path.Combine(reports, "report.html")))

    if not others.IsEmpty then
        eprintfn "In the same folder, but not of this report: %s." (String.concat ", " others)
