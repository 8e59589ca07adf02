namespace MedTransfer.Recipes

open System
open System.IO
open MedTransfer
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Models.Onnx
open MedTransfer.Models.Weights
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes.Values

/// A network that others have trained: what is transferred in place of a pretraining on a source set.
type Backbone = {
    /// Its name in the catalogue, or its file's.
    Name: string
    /// What it is and where it comes from, a clause.
    Provenance: string
    /// What of its file is taken, and what is not; None where all of it is known to be.
    Taken: string option
    /// Where its weights are taken from; None: it brings its features, which never train here.
    Origin: Origin option
    /// The network, with what it is given of the target's images.
    Model: ModelOptions
}

/// The backbone that a command line names, in the place of a source set.
module Backbones =

    /// Pixels a side that a pretrained network is given at least, and at most where nothing is asked for.
    let leastImageSize, mostImageSize = 64, 224

    type private Named =
        | Published of PublishedBackbone
        | Weights of path: string
        | Encoder of path: string

    let private endsWith (extensions: string list) (path: string) =
        extensions |> List.contains ((nonNull (Path.GetExtension path)).ToLowerInvariant())

    let private specOfTrial, private weightsOfTrial = "spec.json", "weights.safetensors"

    let private isTrial (folder: string) =
        [ specOfTrial; weightsOfTrial ] |> List.forall (fun file -> File.Exists(Path.Combine(folder, file)))

    /// The spec that a file of weights was trained by, where a trial of ours left it.
    let specBeside (path: string) : TrialSpec option =
        let folder = nonNull (Path.GetDirectoryName(Path.GetFullPath path))

        if Path.GetFileName path = weightsOfTrial && isTrial folder then
            Some(TrialSpec.Read(Path.Combine(folder, specOfTrial)))
        else
            None

    /// The weights of another trial in the folder that has this one's.
    let weightsOfParent (path: string) (parent: string) =
        let runs = nonNull (Path.GetDirectoryName(nonNull (Path.GetDirectoryName(Path.GetFullPath path))))
        Path.Combine(runs, parent, weightsOfTrial)

    let private named (options: Options) =
        match options.Source, options.Weights, options.Encoder with
        | None, None, None -> None
        | None, Some path, None -> Some(Weights path)
        | None, None, Some path -> Some(Encoder path)
        | Some source, None, None ->
            match Option.ofObj (PublishedBackbone.TryFind source) with
            | Some backbone -> Some(Published backbone)
            | None when source |> endsWith [ ".safetensors"; ".pt"; ".pth" ] -> Some(Weights source)
            | None when source |> endsWith [ ".onnx" ] -> Some(Encoder source)
            | None when isTrial source -> Some(Weights(Path.Combine(source, weightsOfTrial)))
            | None when source.StartsWith("imagenet", StringComparison.OrdinalIgnoreCase) && not (File.Exists source) ->
                let known = PublishedBackbone.All |> Seq.map _.Name |> String.concat " or "

                raise (
                    usage
                        $"--source is '{source}', but of ImageNet's networks there is {known}: name that, or another's weights with --weights."
                )
            | None -> None
        | _ -> raise (usage "--source, --weights and --backbone all say what is transferred: name one of them.")

    /// Whether that is the name of one, or a file of one.
    let isOne (options: Options) (source: string) = (named { options with Source = Some source }).IsSome

    /// Whether the command line names one; not every experiment transfers one.
    let isNamed (experiment: Experiment) options =
        match named options with
        | Some _ when List.contains "--weights" experiment.Refused ->
            let instead =
                if experiment.TakesSeveralSources then
                    "takes beside a set alone: name a set first"
                else
                    "has no use for: name a set"

            raise (usage $"--source names a backbone that others have trained, which {experiment.Name} {instead}, or use task2.")
        | found -> found.IsSome

    // a network that has seen large images is given none that are very small
    let private sizeOf (options: Options) (target: DatasetInfo) =
        options.ImageSize |> Option.defaultValue (Math.Clamp(target.ImageSize, leastImageSize, mostImageSize))

    let private seenAs (options: Options) (target: DatasetInfo) pixels (model: ModelOptions) =
        let size = sizeOf options target
        let size = if size = target.ImageSize then Nullable() else Nullable size
        model.Seeing(ModelInput(ImageSize = size, Pixels = (options.Normalisation |> Option.defaultValue pixels)))

    // what of a file is taken is known before anything trains: nothing is an error
    let private taken (target: DatasetInfo) name (model: ModelOptions) (origin: WeightsOrigin) =
        let forecast = FeatureTransfer.Forecast(origin, model, target)

        match Option.ofObj ((TransferPlan.FineTuned origin).Obstacle forecast) with
        | Some obstacle -> raise (MedTransferException $"{Char.ToUpperInvariant obstacle[0]}{obstacle.Substring 1}")
        | None -> forecast.Describe name

    let private ofWeights (options: Options) (target: DatasetInfo) (path: string) =
        let origin = WeightsOrigin.Of path
        let model = StateDict.ArchitectureOf path
        StateDict.RequireSound path

        let pixels = StateDict.PixelsOf path

        let given =
            if model.Architecture = Architecture.ConvNet then
                // the study's CNN ends in a layer as wide as its images were large
                let pixels = options.Normalisation |> Option.defaultValue pixels
                model.Seeing(ModelInput(ImageSize = Option.toNullable options.ImageSize, Pixels = pixels))
            else
                seenAs options target pixels model

        let name =
            match specBeside path with
            | Some _ -> $"trial {Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath path))}"
            | None -> nonNull (Path.GetFileName path)

        {
            Name = name
            Provenance = $"weights of a {model.Architecture.Title} from {name}"
            Taken = Some(taken target name given origin)
            Origin = Some origin
            Model = given
        }

    let private ofEncoder (options: Options) (target: DatasetInfo) (path: string) =
        let pixels = Option.toObj options.Normalisation
        let output = Option.toObj options.Output
        let fixedSize = OnnxOptions.Model(path, pixels, options.ImageSize |> Option.toNullable, output, options.Tokens)

        let model =
            if fixedSize.SeenAs.ImageSize.HasValue then
                fixedSize
            else
                OnnxOptions.Model(path, pixels, Nullable(sizeOf options target), output, options.Tokens)

        {
            Name = nonNull (Path.GetFileName path)
            Provenance = $"an encoder, run frozen by ONNX Runtime"
            Taken = None
            Origin = None
            Model = model
        }

    /// What a network is given of pixels, a clause.
    let scaleText (pixels: PixelScale) =
        let numbers (values: float seq) = values |> Seq.map (fun value -> $"{value:G4}") |> String.concat ", "
        let whole = 255.0

        if pixels = PixelScale.Unit then
            "pixels of [0, 1] as they are"
        elif pixels.Deviation |> Seq.forall (fun deviation -> abs (deviation * whole - 1.0) < 1e-9) then
            $"pixels of [0, 255] minus {numbers (pixels.Mean |> Seq.map ((*) whole))}"
        else
            $"pixels of [0, 1] minus {numbers pixels.Mean}, over {numbers pixels.Deviation}"

    let private scaleOf (backbone: Backbone) =
        backbone.Model.SeenAs.Pixels |> Option.ofObj |> Option.defaultValue PixelScale.Symmetric

    /// Its name, and in brackets how it sees the images of such a target.
    let caption (target: DatasetInfo) (backbone: Backbone) =
        let size = backbone.Model.SeenAs.SizeOn target
        $"{backbone.Name} (images of {size} x {size}, {scaleText (scaleOf backbone)})"

    /// What it is, and what it is given of such a target's images: a sentence without its full stop.
    let text (target: DatasetInfo) (backbone: Backbone) =
        let input = backbone.Model.SeenAs
        let size = input.SizeOn target

        let sized =
            if size = target.ImageSize then
                $"in their {size} x {size} pixels"
            elif size > target.ImageSize then
                $"enlarged from {target.ImageSize} to {size} pixels a side"
            else
                $"shrunk from {target.ImageSize} to {size} pixels a side"

        let grey =
            if target.Channels = 1 && input.ChannelsOn target = 3 then
                ", grey as red, green and blue"
            else
                ""

        let control =
            if backbone.Origin.IsNone then
                ". The same network with random weights, the control of what its own are worth, can't be had of such a file"
            else
                ""

        $"Transferred: {backbone.Name}, {backbone.Provenance}; it is given the images of {target.Name} {sized}{grey}, {scaleText (scaleOf backbone)}{control}"

    // batch norms that could learn the target's statistics
    let private hasStatistics (backbone: Backbone) = backbone.Origin.IsSome && backbone.Model.Architecture.HasBatchNorm

    /// What is named, for a target like that; None where a set is.
    let find (options: Options) (target: DatasetInfo) : Backbone option =
        let found =
            named options
            |> Option.map (function
                | Published backbone -> {
                    Name = backbone.Name
                    Provenance = $"{backbone.Title}: {backbone.Provenance}"
                    Taken = None
                    Origin = Some(PublishedOrigin.Of backbone)
                    Model = seenAs options target (nonNull backbone.Model.SeenAs.Pixels) backbone.Model
                  }
                | Weights path -> ofWeights options target path
                | Encoder path -> ofEncoder options target path)

        if found.IsNone && options.Normalisation.IsSome then
            raise (usage "--normalisation is about a backbone that others have trained, and none is named: leave it out.")

        let isEncoder = found |> Option.exists _.Origin.IsNone

        if not isEncoder && (options.Output.IsSome || options.Tokens <> TokenPooling.Mean) then
            raise (
                usage "--output and --tokens are about an encoder of an ONNX file: name one with --backbone, or leave them out."
            )

        let allStay = options.Ways |> Option.exists (List.forall (fun way -> string way = "frozen"))

        if options.KeepStatistics && (allStay || not (Option.exists hasStatistics found)) then
            raise (
                usage
                    "--keep-statistics is about batch norms, and what is transferred here has none that train: name a ResNet as --source or --weights, or leave it out."
            )

        found

    // a plan whose layers all stay trains the head alone, which is what frozen does
    let private distinct epochs (backbone: Backbone) (plans: NamedPlan list) =
        let trainsHeadAlone (plan: NamedPlan) = (plan.On(Option.toObj backbone.Origin, backbone.Model, epochs)).TrainsHeadAlone

        match plans |> List.filter trainsHeadAlone with
        | first :: second :: _ ->
            raise (
                usage
                    $"--plans names {first} and {second}, which are the same here: both train the head alone. Leave one of them out."
            )
        | _ -> plans

    /// Plans of transfer, as asked for or as a backbone usually has them.
    let plans (options: Options) (backbone: Backbone) : NamedPlan list =
        match options.Plans, backbone.Origin with
        | None, Some _ -> [ NamedPlan.Parse "frozen"; NamedPlan.Parse "fine-tuned" ]
        | None, None -> [ NamedPlan.Parse "frozen" ]
        | Some asked, Some _ -> distinct options.Epochs backbone asked
        | Some asked, None ->
            match asked |> List.tryFind (fun plan -> plan.Name <> "frozen") with
            | Some other ->
                raise (usage $"--plans names {other}, but an ONNX encoder never trains here: its only plan is frozen.")
            | None -> asked

    /// The way that is compared before all else, and what with: tuned as a whole where that is among the plans.
    let primary (options: Options) (backbone: Backbone) =
        let titles = plans options backbone |> List.map _.Title
        (if List.contains "fine-tuned" titles then "fine-tuned" else titles.Head), "no transfer"
