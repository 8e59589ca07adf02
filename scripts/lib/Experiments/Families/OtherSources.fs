/// Sources besides the one whose images take part in training: of these, weights alone are transferred.
module MedTransfer.Recipes.OtherSources

open MedTransfer.Models
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes.Families
open MedTransfer.Recipes.Sources

/// Features as one source has them, by the way that shows them as they are, and the way that fine-tunes them, where there is one.
type Features = { Name: string; Frozen: string; FineTuned: string option }

let private frozen, tuned = NamedPlan.Parse "frozen", NamedPlan.Parse "fine-tuned"

/// What is transferred with each seed, and what is to be trained for it.
let ofSeeds (lab: Lab) (sources: Source list) : Transferred list list = [
    for seed in lab.Seeds -> Sources.ofSeed lab seed sources
]

/// Every pretraining.
let trials (transferred: Transferred list list) : Trial list =
    transferred |> List.concat |> List.choose _.Pretraining |> List.distinctBy _.Name

// an encoder of an ONNX file never trains here
let private trains source =
    match source with
    | Trained backbone -> backbone.Origin.IsSome
    | Pretrained _ -> true

// the study's CNN with random weights stands in every table already
let private hasControl (backbone: Backbone) = backbone.Origin.IsSome && backbone.Model.Architecture <> Architecture.ConvNet

/// All ways at one size, with one draw of the sample and one seed.
let ofSize (lab: Lab) (transferred: Transferred list list) size (draw, seed) : Way list = [
    for source in transferred[seed] do
        let backbone = source.Backbone
        let plans = if backbone.Origin.IsSome then [ frozen; tuned ] else [ frozen ]

        for way in BackboneWays.transfers lab backbone plans (lab.Target.Sample(size, draw)) size seed do
            if not way.IsControl || hasControl backbone then
                way
]

// of a set without labels an autoencoder's encoder is transferred
let private familyOf (lab: Lab) source =
    match source with
    | Pretrained set when not (lab.Load set.All).Info.Task.HasValue -> WithoutLabels
    | _ -> Parameters

/// The features of each, and those of networks other than the study's CNN with random weights.
let features (sources: Source list) : Features list = [
    for source in sources do
        let name = nameOf source

        {
            Name = name
            Frozen = $"{name}, {frozen.Title}"
            FineTuned = if trains source then Some $"{name}, {tuned.Title}" else None
        }

        match source with
        | Trained backbone when hasControl backbone ->
            let control = $"{name}, random features"
            { Name = control; Frozen = control; FineTuned = None }
        | _ -> ()
]

/// What the tables say of their ways.
let described (lab: Lab) (sources: Source list) : Described list = [
    for source in sources do
        let way family name = { Way = name; Family = family; Needs = learnsTarget }

        for features in features [ source ] do
            let family = if features.Name = nameOf source then familyOf lab source else Nothing
            way family features.Frozen
            yield! features.FineTuned |> Option.map (way family) |> Option.toList
]
