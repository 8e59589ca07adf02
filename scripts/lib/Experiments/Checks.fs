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

    /// Fails where a set has no images to choose on, or to measure on.
    let requireSplits (load: DataReference -> Dataset) (sets: LocatedDataset list) =
        for set in sets do
            let data = load set.All

            match [ SplitName.Validation; SplitName.Test ] |> List.filter (fun split -> data[split].Count = 0) with
            | [] -> ()
            | empty ->
                let named = empty |> List.map _.Text() |> String.concat " and "

                raise (
                    MedTransferException
                        $"{data.Info.Name} has no images of {named}, on which choices are made and what was learnt is measured: name a folder of images with --split 70/10/20, or import it so (dotnet fsi scripts/import.fsx)."
                )

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
