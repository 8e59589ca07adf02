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

/// What tables call it.
let nameOf source =
    match source with
    | Trained backbone -> backbone.Name
    | Pretrained set -> set.Name

// what tables can't tell apart
let private requireDistinct (names: string list) =
    match names |> List.countBy id |> List.tryFind (fun (_, count) -> count > 1) with
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

let private find (lab: Lab) (name: string) : Source =
    match lab.SourceSets |> List.tryFind (fun (named, _) -> named = name) with
    | Some(_, set) ->
        Checks.requireOther lab.Target "--source" set.File.Md5 set.Name
        Pretrained set
    | None ->
        match Backbones.find (optionsOf lab.Options name) (lab.Load lab.Target.All).Info with
        | Some backbone ->
            match backbone.Origin with
            | Some(:? WeightsOrigin as weights) -> requireUnseen lab backbone.Name weights.Path
            | _ -> ()

            Trained backbone
        | None -> invalidOp $"{name} is neither a set nor a backbone"

/// Sources that are compared, as the command line names them.
let all (lab: Lab) : Source list =
    let named =
        if lab.Options.Sources.IsEmpty then
            usual
        else
            lab.Options.Sources |> List.filter ((<>) "none")

    let sources = named |> List.map (find lab)
    requireDistinct (List.map nameOf sources)
    sources

/// Those besides the one whose images take part, as the command line names them.
let others (lab: Lab) : Source list =
    let sources = lab.Options.Sources |> List.filter ((<>) "none") |> List.map (find lab)
    requireDistinct (lab.Source.Name :: List.map nameOf sources)
    sources

/// What is transferred with a seed: weights, those learned without labels besides, and images that may take part.
type Transferred = {
    Backbone: Backbone
    /// What is to be trained for it first; None where others have.
    Pretraining: Trial option
    /// The same of a kind that learns the set without its labels.
    Unlabelled: (Kind * Trial) list
    /// The set, and its images that the weights learn from; None where others have trained them.
    Set: (LocatedDataset * DataReference) option
}

/// What a pretraining of a seed learns from: where the set has no test split, four fifths of it.
let private learned (lab: Lab) (set: LocatedDataset) (seed: int) : DataReference =
    if (lab.Load set.All).Test.Count > 0 then
        set.All
    else
        set.All.WithFold(ResamplingOptions(Seed = int64 seed), 0)

/// The training on a source set, of a seed: of its labels, or without labels to draw its images again.
let private pretraining (lab: Lab) (set: LocatedDataset) (seed: int) : Trial =
    if (lab.Load set.All).Info.Task.HasValue then
        let images = learned lab set seed
        lab.Trial($"pretraining on {set.Name}", images, TransferPlan.Scratch, lab.Pretraining, seed, model = ModelOptions())
    else
        lab.Autoencoder($"autoencoder of {set.Name}", learned lab set 0, ModelOptions())

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
let ofSeed (lab: Lab) (seed: int) (sources: Source list) : Transferred list = [
    for source in sources ->
        match source with
        | Trained backbone -> { Backbone = backbone; Pretraining = None; Unlabelled = []; Set = None }
        | Pretrained set ->
            let trial = pretraining lab set seed

            {
                Backbone = asBackbone lab set trial
                Pretraining = Some trial
                Unlabelled = [
                    for kind in lab.Options.Kinds do
                        if KindWays.learnsFirst kind then
                            kind, KindWays.withoutLabels lab kind set.Name (learned lab set 0) (Some(ModelOptions()))
                ]
                Set = Some(set, learned lab set seed)
            }
]
