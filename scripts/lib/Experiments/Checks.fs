namespace MedTransfer.Recipes

open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Trials

/// What a look at both sets found, before anything trains.
type Checks = {
    /// What is to be known of a set, each with the set's name.
    Notes: (string * string) list
    /// What voids scores on a set's test split and was allowed by name, each with the set's name.
    Allowed: (string * Leak) list
}

module Checks =

    /// Looks at source and target; a leak that is not allowed by name is an error.
    let find (allowed: string list) (load: DataReference -> Dataset) (source: LocatedDataset) (target: LocatedDataset) =
        let look (set: LocatedDataset) = set, DatasetLook.At(load set.All)
        let target = look target

        // one file in both roles is told of as the target
        let sources = [
            if source.File.Md5 <> (fst target).File.Md5 then
                look source
        ]

        let found = [
            for set, look in sources @ [ target ] do
                set.Name, DatasetChecks.Of look
            for _, source in sources do
                (fst target).Name, DatasetChecks.Between(source, snd target)
        ]

        let leaks = [
            for set, result in found do
                for leak in result.Leaks -> set, leak
        ]

        match leaks |> List.filter (fun (_, leak) -> not (List.contains leak.Name allowed)) with
        | [] -> ()
        | refused ->
            let said = [ for set, leak in refused -> $"{set}: {leak.Text}: {leak.Remedy}" ] |> String.concat "; "
            let names = refused |> List.map (fun (_, leak) -> leak.Name) |> List.distinct |> String.concat ","
            raise (MedTransferException $"{said}. Or go on with --allow {names}, which the page then says.")

        {
            Notes = [
                for set, result in found do
                    for note in result.Notes -> set, note
            ]
            Allowed = leaks
        }
