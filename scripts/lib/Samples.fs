/// A few images of a dataset, as pictures.
module MedTransfer.Recipes.Samples

open System
open MedTransfer.Data

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
