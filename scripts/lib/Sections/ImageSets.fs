/// The sets that figures are of: their splits and classes, and what their images look like.
module MedTransfer.Recipes.Sections.ImageSets

open System
open System.IO
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Reading
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
let ofRun (lab: Lab) : (string * LocatedDataset) list = [
    // one set asked about has no source of its own
    let sources = [
        if lab.Backbone.IsNone && not lab.AsksOfOwnImages then
            lab.Source
        yield! List.map snd lab.SourceSets
    ]

    for place, set in List.indexed sources do
        (if sources.Length = 1 then "source" else $"source {place + 1}"), set

    "target", lab.Target
]

/// Where their images go, every count, and a few training images of each class.
let section (lab: Lab) =
    let loaded = [ for role, set in ofRun lab -> role, set, lab.Load set.All ]
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
            // what limits the figures is said on the first screen
            if not (set = lab.Target.Name && DatasetChecks.IsCaveat note) then
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
