namespace MedTransfer.Recipes

open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Tasks
open MedTransfer.Trials

/// What was found of all sets before anything trains.
type Checks = {
    /// What is to be known of a set, each with the set's name.
    Notes: (string * string) list
    /// What voids scores on the target's test split and was allowed by name, each with the set's name.
    Allowed: (string * Leak) list
}

module Checks =

    /// Fails where a source, as an option names it, is the set whose labels are tested, by its digest.
    let requireOther (target: LocatedDataset) (option: string) (digest: string) name =
        if digest = target.File.Md5 then
            raise (
                Values.usage
                    $"{option} is {name}, the set that is asked about: its labels can't both be pretrained on and tested. Name another set."
            )

    /// Fails where a set has no labels to learn, or no images to choose on, or to measure on. `unlabelled` says whether a set may be without labels.
    let requireUsable (load: DataReference -> Dataset) (unlabelled: LocatedDataset -> bool) (sets: LocatedDataset list) =
        for set in sets do
            let data = load set.All

            if not (unlabelled set) then
                LearningTask.Of data.Info |> ignore

            match [ SplitName.Validation; SplitName.Test ] |> List.filter (fun split -> data[split].Count = 0) with
            | [] -> ()
            | empty ->
                let named = empty |> List.map _.Text() |> String.concat " and "

                raise (
                    MedTransferException
                        $"{data.Info.Name} has no images of {named}, on which choices are made and what was learnt is measured: name a folder of images with --split 70/10/20, or import it so (dotnet fsi scripts/import.fsx)."
                )

    // leaks are looked for in all images, also where a run takes a few
    let internal whole (load: DataReference -> Dataset) (set: LocatedDataset) =
        load (if set.File.IsPhantom then set.All else set.Whole)

    /// Looks at sources and target, whose ways are compared on such images; a leak into the target's test split that is not allowed is an error.
    let find
        (allowed: LeakKind list)
        (load: DataReference -> Dataset)
        (sources: LocatedDataset list)
        (target: LocatedDataset)
        (scheme: TestScheme)
        (cancellation: CancellationToken)
        =
        let statistics (set: LocatedDataset) = DatasetStatistics.Of(whole load set, cancellation = cancellation)

        let ofTarget = DatasetStatistics.Of(whole load target, scheme, cancellation)
        let onTarget = DatasetChecks.OfTarget ofTarget

        // one file in both roles is told of as the target
        let others =
            sources |> List.filter (fun source -> source.File.Md5 <> target.File.Md5) |> List.distinctBy _.File.Md5

        let ofSources = [
            for source in others ->
                let ofSource = statistics source
                let result = DatasetChecks.Of ofSource
                cancellation.ThrowIfCancellationRequested()

                // what leaks within a source voids nothing that is measured on the target
                let notes = [ yield! (load source.All).Notes; yield! result.Notes; for leak in result.Leaks -> $"{leak.Text}." ]

                source.Name, notes, DatasetChecks.Between(ofSource, ofTarget)
        ]

        let onTarget = onTarget :: [ for _, _, between in ofSources -> between ]

        let leaks = [
            for result in onTarget do
                yield! result.Leaks
        ]

        match leaks |> List.filter (fun leak -> not (List.contains leak.Kind allowed)) with
        | [] -> ()
        | refused ->
            let said = [ for leak in refused -> $"{target.Name}: {leak.Text}: {leak.Remedy}" ] |> String.concat "; "
            let names = refused |> List.map (_.Kind >> LeakNames.ofKind) |> List.distinct |> String.concat ","
            raise (MedTransferException $"{said}. Or go on with --allow {names}, which the page then says.")

        {
            Notes = [
                for source, notes, _ in ofSources do
                    for note in notes -> source, note
                for note in (load target.All).Notes -> target.Name, note
                for result in onTarget do
                    for note in result.Notes -> target.Name, note
            ]
            Allowed = [ for leak in leaks -> target.Name, leak ]
        }
