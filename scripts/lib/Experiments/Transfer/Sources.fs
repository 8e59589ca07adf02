/// What is transferred, and the trainings that it takes first.
module MedTransfer.Recipes.Sources

open System
open MedTransfer.Data
open MedTransfer.Data.Resampling
open MedTransfer.Models
open MedTransfer.Models.Onnx
open MedTransfer.Transfer
open MedTransfer.Trials

/// What can be transferred.
type Source =
    /// Weights or an encoder that others have trained, or a trial of ours.
    | Trained of Backbone
    /// A set to pretrain on.
    | Pretrained of LocatedDataset

/// Where nothing is asked for.
let private usual = [ "imagenet-resnet18" ]

let private nameOf source =
    match source with
    | Trained backbone -> backbone.Name
    | Pretrained set -> set.Name

// what tables can't tell apart
let private requireDistinct (sources: Source list) =
    match sources |> List.countBy nameOf |> List.tryFind (fun (_, count) -> count > 1) with
    | Some(name, count) ->
        raise (
            Values.usage $"{count} sources are called {name}: give their files other names, so that tables can tell them apart."
        )
    | None -> ()

// a trial of ours, and those that it began from, may have learned from the very images that are tested
let rec private requireUnseen (lab: Lab) name (weights: string) =
    match Backbones.specBeside weights with
    | None -> ()
    | Some spec ->
        for data in spec.Data.All do
            Checks.requireOther lab.Target "--source" data.Digest $"{name}, which learned from {lab.Target.Name}"

        for parent in spec.Needs do
            requireUnseen lab name (Backbones.weightsOfParent weights parent)

/// Whether it is a trial of ours.
let isTrial (backbone: Backbone) =
    match backbone.Origin with
    | Some(:? WeightsOrigin as weights) -> (Backbones.specBeside weights.Path).IsSome
    | _ -> false

// what is said of ONNX files is not said of others beside them
let private optionsOf (options: Options) (source: string) =
    let isEncoder (name: string) = name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
    let own = { options with Source = Some source }

    if isEncoder source || not (List.exists isEncoder options.Sources) then
        own
    else
        { own with Output = None; Tokens = TokenPooling.Mean }

/// Sources as the command line names them.
let all (lab: Lab) : Source list =
    let info = (lab.Load lab.Target.All).Info

    let named =
        if lab.Options.Sources.IsEmpty then
            usual
        else
            lab.Options.Sources |> List.filter ((<>) "none")

    let sources = [
        for source in named do
            match lab.SourceSets |> List.tryFind (fun (name, _) -> name = source) with
            | Some(_, set) ->
                Checks.requireOther lab.Target "--source" set.File.Md5 set.Name
                Pretrained set
            | None ->
                match Backbones.find (optionsOf lab.Options source) info with
                | Some backbone ->
                    match backbone.Origin with
                    | Some(:? WeightsOrigin as weights) -> requireUnseen lab backbone.Name weights.Path
                    | _ -> ()

                    Trained backbone
                | None -> invalidOp $"{source} is neither a set nor a backbone"
    ]

    requireDistinct sources
    sources

/// The training on a source set, of a seed: of its labels, or without labels to draw its images again. Where the set has no test split, on four fifths of it.
let private pretraining (lab: Lab) (set: LocatedDataset) (seed: int) : Trial =
    let data = lab.Load set.All

    let cut (seed: int) =
        if data.Test.Count > 0 then
            set.All
        else
            set.All.WithFold(ResamplingOptions(Seed = int64 seed), 0)

    if data.Info.Task.HasValue then
        lab.Trial($"pretraining on {set.Name}", cut seed, TransferPlan.Scratch, lab.Pretraining, seed, model = ModelOptions())
    else
        lab.Autoencoder($"autoencoder of {set.Name}", cut 0, ModelOptions())

// with the study's CNN, which sees the target's images in the source's size
let private asBackbone (lab: Lab) (set: LocatedDataset) (pretraining: Trial) : Backbone =
    let source, target = (lab.Load set.All).Info, (lab.Load lab.Target.All).Info

    let input =
        if source.ImageSize = target.ImageSize then
            null
        else
            ModelInput(ImageSize = source.ImageSize)

    {
        Name = set.Name
        Provenance =
            if source.Task.HasValue then
                $"the CNN, pretrained on {set.Name}"
            else
                $"the CNN, pretrained on {set.Name} without labels, as an autoencoder's encoder"
        Taken = None
        Origin = Some pretraining.AsOrigin
        Model = ModelOptions(Input = input)
    }

/// What is transferred with a seed, and what is to be trained for it.
let ofSeed (lab: Lab) (seed: int) (sources: Source list) : (Trial option * Backbone) list = [
    for source in sources ->
        match source with
        | Trained backbone -> None, backbone
        | Pretrained set ->
            let trial = pretraining lab set seed
            Some trial, asBackbone lab set trial
]
