/// What a report opens and ends with: data, method, environment, command.
module MedTransfer.Recipes.Sections.Setting

open System
open System.IO
open MedTransfer.Data
open MedTransfer.Data.Reading
open MedTransfer.Trials
open MedTransfer.Trials.Artefacts
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private splits = [ SplitName.Train; SplitName.Validation; SplitName.Test ]

let private counts (data: Dataset) split =
    let named = [
        for name, count, known in Seq.zip3 data.Info.LabelNames (data.LabelCounts split) (data.KnownCounts split) do
            if known = 0 then $"{name}: unknown"
            elif known < data[split].Count then $"{name}: {count} of {known} known"
            else $"{name}: {count}"
    ]

    let patients =
        data[split].Groups
        |> Option.ofObj
        |> Option.map (fun groups -> $"; {groups |> Seq.distinct |> Seq.length} patients")

    let inWords = if named.IsEmpty then "no labels" else String.concat ", " named

    if data[split].Count = 0 then
        "none"
    else
        $"{data[split].Count} ({inWords}{Option.defaultValue String.Empty patients})"

/// Splits of a set with the classes of each, and what of its files did not become images.
let private flow (set: LocatedDataset) (data: Dataset) : SetFlow =
    let images = splits |> List.sumBy (fun split -> data[split].Count)

    {
        Whole = $"{set.Name}: {images} images"
        LeftOut = [
            match DatasetCard.TryRead set.File.Path with
            | null -> ()
            | card ->
                match card.LeftOut with
                | null -> ()
                | left ->
                    for reason in left do
                        $"left out: {reason.Value} files ({reason.Key.TrimEnd '.'})"
        ]
        Parts = [
            for split in splits do
                if data[split].Count > 0 then
                    {
                        Name = Maps.splitText split
                        Images =
                            match data[split].Groups with
                            | null -> $"{data[split].Count} images"
                            | groups -> $"{data[split].Count} images of {groups |> Seq.distinct |> Seq.length} patients"
                        Classes =
                            if data.Info.Task.HasValue && data.Info.Task <> Nullable LabelTask.MultiLabel then
                                List.ofSeq (Seq.zip data.Info.LabelNames (data.LabelCounts split))
                            else
                                []
                    }
        ]
    }

/// PNGs of the first training images of each class, or with each finding and with none, under the label's name.
let ofEachClass (count: int) (data: Dataset) : (string * byte[] list) list =
    let labels = data.Train.Labels
    let rows = [ 0 .. data.Train.Count - 1 ]
    let hasNone row = Seq.forall (fun column -> labels[row, column] = 0uy) [ 0 .. labels.Columns - 1 ]

    let groups =
        if data.Info.Task.HasValue |> not then
            [ "no labels", (fun _ -> true) ]
        elif data.Info.Task = Nullable LabelTask.MultiLabel then
            ("no finding", hasNone)
            :: [ for column, name in Seq.indexed data.Info.LabelNames -> name, (fun row -> labels[row, column] = 1uy) ]
        else
            [ for value, name in Seq.indexed data.Info.LabelNames -> name, (fun row -> int labels[row, 0] = value) ]

    [
        for name, belongs in groups ->
            name, rows |> Seq.filter belongs |> Seq.truncate count |> Seq.map data.Train.Png |> List.ofSeq
    ]

// classes whose pictures are seen at once
let private mostClasses = 8

/// The sets of a run by their roles: sources, then the target.
let sets (lab: Lab) : (string * LocatedDataset) list = [
    for place, (_, set) in List.indexed lab.SourceSets do
        (if lab.SourceSets.Length = 1 then "source" else $"source {place + 1}"), set
    // one set asked about has no source of its own beside those
    if lab.Backbone.IsNone && not lab.AsksOfOwnImages then
        "source", lab.Source
    "target", lab.Target
]

/// Counts of both sets, and a few training images of each class.
let data (lab: Lab) =
    let loaded = [ for role, set in sets lab -> role, set, lab.Load set.All ]
    // one set in both roles, or findings and their merger, is shown once
    let shown = loaded |> List.rev |> List.distinctBy (fun (_, set, _) -> set.File.Md5) |> List.rev

    [
        Heading "Data"
        for _, set, data in shown do
            Flow($"Where the images of {set.Name} go.", flow set data)
        Folded(
            "Every count",
            [
                WordTable(
                    "data",
                    "Images of each split, and how many of each class or with each finding.",
                    Table.ofRows [ "set"; "train"; "validation"; "test"; "file"; "MD5" ] [
                        for role, set, data in loaded ->
                            role,
                            [
                                $"{set.Name}, {data.Info.ImageSize} x {data.Info.ImageSize}"
                                for split in splits do
                                    counts data split
                                nonNull (Path.GetFileName set.File.Path)
                                set.File.Md5
                            ]
                    ]
                )
            ]
        )
        match lab.Backbone with
        | Some backbone ->
            Text $"{backbone |> Backbones.text (lab.Load lab.Target.All).Info}."
            yield! backbone.Taken |> Option.map (fun taken -> Text $"{taken}.") |> Option.toList
        | None -> ()
        for set, note in lab.Notes do
            Text $"Note: {set}: {note}"
        for _, set, data in shown do
            if lab.ShowsPictures set then
                let rows = ofEachClass 8 data
                let seen, others = rows |> List.splitAt (min mostClasses rows.Length)
                Pictures($"{set.Name}: training images, eight of each class or finding.", seen)

                if not others.IsEmpty then
                    Folded(
                        $"{others.Length} more classes or findings of {set.Name}",
                        [ Pictures($"{set.Name}: training images, eight of each class or finding.", others) ]
                    )
            else
                Text $"No image of {set.Name} is shown, as it is not a public set: --include-images shows some."
    ]

let private counted n (word: string) = if n = 1 then $"1 {word}" else $"{n} {word}s"

/// Design and comparison, from the specs that were run.
let private paragraphs (lab: Lab) (results: Results) =
    let outcomes = results.Outcomes
    let info = (lab.Load lab.Target.All).Info
    let controls, ways = outcomes |> Outcomes.ways |> List.partition (snd >> List.forall _.Way.IsControl)
    let number (pick: Outcome -> 'T) = outcomes |> List.map pick |> List.distinct |> List.length
    let names all = all |> List.map fst |> String.concat "; "
    let sizes = outcomes |> List.map Outcomes.trainImages |> List.distinct |> List.sort |> List.map string
    let colour = if info.Channels = 1 then "grey" else "colour"

    [
        $"""{counted ways.Length "way"} ({names ways}) and {counted controls.Length "control"} ({names controls}) learned from {String.concat ", " sizes} training images of {lab.Target.Name} ({info.ImageSize} x {info.ImageSize} pixels, {colour}), with {counted (number _.Way.Seed) "seed"}: {counted (number _.Way.Trial.Name) "training"}. A seed decides initial weights, order of images and the stratified sample; a way without randomness is trained once."""
        $"All are scored on images that they did not learn from, by the area under the ROC curve first. Differences are paired over seeds; their intervals count in seeds and test images (patients, where they are known) by two-way random effects, and a difference below {lab.Options.Margin} is taken not to matter (--margin)."
    ]

/// What each way does, generated from the specs that were run.
let method (lab: Lab) (results: Results) =
    let first = results.Outcomes |> List.distinctBy _.Way.Name

    let row name (spec: TrialSpec) = name, SpecWording.ofSpec spec

    [
        Heading "Method"
        yield! paragraphs lab results |> List.map Text
        Folded(
            "Every way in detail",
            [
                WordTable(
                    "method",
                    "Every way, from the specs that were run. Pixels are scaled to [-1, 1] but where another scale is named; a classifier's losses are softmax cross-entropy over classes and sigmoid cross-entropy over findings; a seed decides initial weights, order of images and the stratified sample. What is tested, the test split or a fold in its place, is read once, after training.",
                    Table.ofRows [ "model"; "weights"; "training" ] [
                        // one row stands for the pretrainings of all seeds
                        for pretraining in results.Pretraining |> List.distinctBy _.Trial.Label do
                            row pretraining.Trial.Label pretraining.Trial.Spec
                        for outcome in first do
                            row outcome.Way.Name outcome.Way.Trial.Spec
                            // the folds' trainings hide behind their mean
                            match outcome.Way.Parts with
                            | [] -> ()
                            | part :: _ -> row $"{outcome.Way.Name}: each fold" part.Spec
                    ]
                )
            ]
        )
        yield! Penalties.table results.Outcomes
        yield! TestUse.section lab results
    ]

/// What was measured of trainings on a GPU: whether the same one gives the same bits.
let repeatability (where: TrialEnvironment list) =
    match
        [
            for environment in where do
                if environment.Repeats.HasValue then
                    environment.Repeats.Value
        ]
    with
    | [] -> None
    | measured ->
        let others = measured |> List.filter not |> List.length
        let asked = $"The first steps of each of {measured.Length} trainings were done twice"

        Some(
            if others = 0 then
                $"{asked} and gave the same bits."
            else
                $"{asked}; those of {others} gave other bits: on this device the same training does not give the same numbers to the last digit."
        )

/// Versions, system, processor and device of trials that ran together.
let machine (all: TrialEnvironment list) =
    let where = all.Head
    let torch = Option.ofObj where.Libtorch |> Option.map (sprintf " on libtorch %s")
    let onnx = all |> List.tryPick (_.OnnxRuntime >> Option.ofObj) |> Option.map (sprintf ", ONNX Runtime %s")
    let processor = Option.ofObj where.Processor |> Option.map (sprintf ", %O")

    $"MedTransfer {where.MedTransfer}, TorchSharp {where.TorchSharp}{Option.defaultValue String.Empty torch}{Option.defaultValue String.Empty onnx}, {where.Runtime} on {where.System}{Option.defaultValue String.Empty processor}; {where.Device}, compute threads: {where.Threads}."

/// Where and when each trial of a run ran.
let environments (results: Results) : TrialEnvironment list =
    (results.Outcomes |> List.collect (fun outcome -> outcome.Result :: outcome.Parts @ outcome.Inner))
    @ results.Pretraining
    |> List.distinctBy _.Trial.Name
    |> List.map _.Environment

/// Where it ran, and the commands that run it again and that repeat its trainings.
let environment (lab: Lab) (results: Results) =
    let all = environments results

    [
        Heading "Environment"
        match repeatability all with
        | Some text -> Text text
        | None -> ()
        Text
            $"{machine all} The times of trials.csv are wall times of the optimisation beside whatever else ran: they say what was waited for, and compare nothing."
        Command lab.Command
        Text
            "Every training of this report is a folder, from which it can be done again and compared, bit by bit. (Folders from the root are left out of commands here; OUT is the one of --out.)"
        Command lab.RepeatCommand
    ]
