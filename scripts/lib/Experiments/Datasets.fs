namespace MedTransfer.Recipes

open System
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Download
open MedTransfer.Data.Import
open MedTransfer.Data.Import.Pixels
open MedTransfer.Trials
open MedTransfer.Recipes.Values

/// A dataset that was found, and the parts of it a trial may name: `all` is what there is of it to trials.
type LocatedDataset(source: DatasetSource, all: DataReference) =

    new(source: DatasetSource, excerpt: int option) =
        LocatedDataset(source, DataReference(Path = source.Path, Digest = source.Md5, Excerpt = Option.toNullable excerpt))

    /// MedMNIST's name, or the file's.
    member _.Name = source.Name

    /// Where its file is, and its digest.
    member _.File = source

    /// Whether anybody may see its images: MedMNIST's, or drawn.
    member _.IsPublic = source.IsPhantom || not (isNull source.Entry)

    /// Whether it is MedMNIST's set of that name, in any size, or the phantoms that stand in for it.
    member _.Is(name: string, phantom: string) =
        let flag (full: string) = full.Split('_')[0]

        match Option.ofObj source.Entry with
        | Some entry -> flag entry.Info.Name = name
        | None -> source.IsPhantom && flag source.Name = phantom

    /// Images of each split that there are at most; None: all.
    member _.Excerpt = Option.ofNullable all.Excerpt

    /// Whether findings are merged.
    member _.IsBinarised = all.Binarised

    /// All of it.
    member _.All = all

    /// The same, whatever excerpt a run takes.
    member _.Whole =
        DataReference(
            Path = all.Path,
            Digest = all.Digest,
            Binarised = all.Binarised,
            UncertainAs = all.UncertainAs,
            PositiveClass = all.PositiveClass
        )

    /// The same images, findings merged into healthy and disease.
    member _.Binarised = LocatedDataset(source, all.AsBinary())

    /// The same images, labels of -1 read as that.
    member _.WithUncertain uncertainAs = LocatedDataset(source, all.WithUncertainAs(Option.toNullable uncertainAs))

    /// The same images, another of the two classes being positive.
    member _.WithPositive(label: int) = LocatedDataset(source, all.WithPositiveClass label)

    /// A stratified sample of its training split, drawn with the seed; validation and test stay whole.
    member _.Sample(size, seed: int) =
        match size with
        | AllImages -> all
        | Images n -> all.Sample(n, int64 seed)

/// Finds source and target: in the folders, else by download; where the default sets can't be had, both are phantoms.
module Datasets =

    let private say (progress: DownloadProgress) =
        let megabytes (bytes: int64) = float bytes / 1e6

        match progress.Stage with
        | DownloadStage.Starting -> eprintfn "Downloading %O into %s." progress.File.Url progress.Folder
        | DownloadStage.WaitingForOther -> eprintfn "Another process downloads %s; waiting for it." progress.File.FileName
        | DownloadStage.Retrying ->
            eprintfn "%s; trying again in %.1f s." (nonNull progress.Reason) progress.Wait.Value.TotalSeconds
        | DownloadStage.Receiving when not Console.IsErrorRedirected ->
            let total = if progress.Of.HasValue then $" of {megabytes progress.Of.Value:F1}" else ""

            let left =
                if progress.Left.HasValue then
                    $", {progress.Left.Value.TotalSeconds:F0} s left"
                else
                    ""

            eprintf "\r%s: %.1f%s MB%s   " progress.File.FileName (megabytes progress.Bytes) total left
        | DownloadStage.Done -> eprintfn "%s is here, its MD5 as published." progress.File.FileName
        | _ -> ()

    /// The dataset with the class that --positive names, of the two it has; as it is where that is its own.
    let withPositive (info: DatasetInfo) (text: string) (dataset: LocatedDataset) =
        if not info.HasTwoClasses then
            raise (usage $"--positive is '{text}', but {info.Name} does not have two classes, of which one could be positive.")

        match Option.ofNullable (info.TryFindLabel text) with
        | Some label when label = info.PositiveClass -> dataset
        | Some label -> dataset.WithPositive label
        | None ->
            let classes = info.LabelNames |> Seq.mapi (fun i name -> $"{i} ('{name}')") |> String.concat " or "
            raise (usage $"--positive is '{text}', but must be a class of {info.Name}: {classes}.")

    /// Fetches a published file into the folder; its path, or why it can't be had.
    let internal download (entry: CatalogueEntry) (folder: string) (cancellation: CancellationToken) =
        let result = DatasetDownload(DownloadOptions()).TryFetch(RemoteFile.Of entry, folder, say, cancellation)

        match result.Path with
        | null -> Error(nonNull result.Unreachable)
        | path -> Ok path

    /// A folder of images as an .npz below `kept`, where it stays: imported once, and found again by its content. None: pixels as many as its files have, and no splits but those that it gives.
    let imported
        (imageSize: int option)
        (shares: SplitShares option)
        (folder: string)
        (kept: string)
        (cancellation: CancellationToken)
        : string =
        let size = imageSize |> Option.defaultValue (PixelOptions().ImageSize)

        let import =
            Importer(
                MedTransfer.Data.Import.ImportOptions(
                    Pixels = PixelOptions(ImageSize = size),
                    Enlarges = imageSize.IsSome,
                    Shares = Option.toObj shares,
                    KeepsGivenSplits = true
                )
            )

        let line = ImportDisplay.ProgressLine()

        let told (set: ImportedSet) =
            eprintfn "Imported %s into %s (%s)." folder set.Path (nonNull set.Card.Pixels)
            ImportDisplay.told set

        import.RunOnce(folder, kept, Action<ImportProgress>(line.Report), Action<ImportedSet>(told), cancellation)

    // a smoke run has a few images of every split, but as many as it is asked to learn from
    let private excerptOf (options: Options) =
        let asked = [
            for size in Option.defaultValue [] options.TargetSizes do
                match size with
                | Images n -> n
                | AllImages -> ()
        ]

        if options.Smoke then
            Some(List.max (Experiment.smokeExcerpt :: asked))
        else
            None

    /// The two sets a recipe asks for: source and target, the target in both roles where a backbone takes the source's place.
    let find
        (experiment: Experiment)
        (options: Options)
        (isBackbone: bool)
        (cancellation: CancellationToken)
        : LocatedDataset * LocatedDataset =
        let own = Path.Combine(Folder.project, "data")
        let excerpt = excerptOf options
        let folders = DataFolders.InOrder(Option.toObj options.DataFolder, own)

        let importedAsAsked (folder: string) =
            let kept = Path.Combine(options.Out, "imports")
            Folder.assertWritable kept
            imported options.ImageSize options.Shares folder kept cancellation

        // here, or published; a reference that is neither is an error at once
        let locate (named: string) =
            let reference = if Directory.Exists named then importedAsAsked named else named

            match Option.ofObj (DatasetSource.TryFind(reference, folders)), Option.ofObj (MedMnist.TryFind reference) with
            | Some found, _ -> Choice1Of2 found
            | None, Some entry -> Choice2Of2 entry
            | None, None -> Choice1Of2(DatasetSource.Find(reference, folders))

        let fetch located =
            match located with
            | Choice1Of2 found -> Ok(LocatedDataset(found, excerpt))
            | Choice2Of2(entry: CatalogueEntry) when options.Offline ->
                Error $"{entry.FileName} is in none of the folders, and --offline forbids to download it from {entry.Url}"
            | Choice2Of2 entry ->
                download entry own cancellation
                |> Result.map (fun path -> LocatedDataset(DatasetSource.Find(path, folders), excerpt))

        // both are looked for before either is fetched
        let targetName = Option.defaultValue experiment.Target options.Target

        let sourceName =
            // what others have trained stands in place of a source set
            if isBackbone then
                targetName
            else
                options.Source |> Option.orElse experiment.Source |> Option.defaultValue targetName

        let source = locate sourceName
        let target = if targetName = sourceName then source else locate targetName

        let phantom name =
            match locate name with
            | Choice1Of2 drawn -> LocatedDataset(drawn, excerpt)
            | Choice2Of2 entry -> invalidOp $"{entry.FileName} is no phantom"

        // what else there is in place of a set that can't be had
        let instead option phantom result =
            result
            |> Result.mapError (fun (reason: string) ->
                reason,
                $"Another set can be named with {option}: the path of an .npz, or {phantom}, which is drawn and needs no file")

        let fetched =
            fetch source
            |> instead (if sourceName = targetName then "--target" else "--source") (fst experiment.Phantoms)
            |> Result.bind (fun source ->
                fetch target |> instead "--target" (snd experiment.Phantoms) |> Result.map (fun target -> source, target))

        match fetched with
        | Ok(source, target) -> source.WithUncertain options.UncertainAs, target.WithUncertain options.UncertainAs
        | Error(reason, _) when (isBackbone || options.Source.IsNone) && options.Target.IsNone ->
            eprintfn "%s." (reason.TrimEnd '.')

            eprintfn
                "So both sets are phantoms: drawn images that show how everything runs. Their numbers say nothing about patients."

            phantom (fst experiment.Phantoms), phantom (snd experiment.Phantoms)
        | Error(reason, instead) ->
            raise (
                MedTransferException
                    $"{reason.TrimEnd '.'}. {instead}; with neither --source nor --target, phantoms stand in for both."
            )

    /// The target as its labels are to be learned: findings merged where the experiment is about two classes, the positive one as asked for.
    let asTarget (experiment: Experiment) (options: Options) (load: DataReference -> Dataset) (found: LocatedDataset) =
        let target =
            if experiment.IsBinary && (load found.All).Info.Task = Nullable LabelTask.MultiLabel then
                found.Binarised
            else
                found

        let own = (load target.All).Card |> Option.ofObj |> Option.bind (_.Positive >> Option.ofObj)

        match options.Positive |> Option.orElse own with
        | None -> target
        | Some name -> target |> withPositive (load target.All).Info name
