/// Specs as one list of keys with a value of every trial each, which tells what two of them differ in.
module MedTransfer.Recipes.SpecValues

open System
open System.Text.Json
open MedTransfer.Trials

/// A key that not all trials have the same value of.
type SpecKey = {
    Key: string
    /// Each once.
    Values: string list
    /// Of every trial the place of its value.
    Of: int list
}

// where something is on a machine is nobody's business
let private lastName (value: string) = value.Split('/', '\\') |> Array.last

// what specs call it
let private whereabouts = JsonNamingPolicy.CamelCase.ConvertName(nameof Unchecked.defaultof<DataReference>.Path)

let rec private leaves (path: string) (element: JsonElement) : (string * string) list = [
    let below name = if path = "" then name else $"{path}.{name}"
    let isWhereabouts = path = whereabouts || path.EndsWith($".{whereabouts}", StringComparison.Ordinal)

    match element.ValueKind with
    | JsonValueKind.Object ->
        for property in element.EnumerateObject() do
            yield! leaves (below property.Name) property.Value
    | JsonValueKind.Array when element.EnumerateArray() |> Seq.exists (fun item -> item.ValueKind = JsonValueKind.Object) ->
        for place, item in Seq.indexed (element.EnumerateArray()) do
            yield! leaves $"{path}[{place}]" item
    | JsonValueKind.Array -> path, element.EnumerateArray() |> Seq.map string |> String.concat ", "
    | JsonValueKind.String ->
        let text = nonNull (element.GetString())
        path, (if isWhereabouts then lastName text else text)
    | JsonValueKind.Null -> ()
    | _ -> path, element.GetRawText()
]

/// The values of a spec by their path in it (fit.epochs), but for what is null; of a file the last name alone.
let flattened (spec: string) : (string * string) list =
    use document = JsonDocument.Parse spec
    leaves "" document.RootElement

/// Keys that differ among specs, in their order; one that a spec has not is empty there.
let differing (specs: (string * string) list list) : SpecKey list =
    let all = specs |> List.map dict

    [
        for key in specs |> Seq.collect (List.map fst) |> Seq.distinct |> List.ofSeq do
            let values = [
                for spec in all ->
                    match spec.TryGetValue key with
                    | true, value -> value
                    | _ -> ""
            ]

            match List.distinct values with
            | []
            | [ _ ] -> ()
            | distinct ->
                let places = dict [ for place, value in List.indexed distinct -> value, place ]
                { Key = key; Values = distinct; Of = [ for value in values -> places[value] ] }
    ]
