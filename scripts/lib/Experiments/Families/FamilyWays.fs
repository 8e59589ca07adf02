/// The families' ways from one source to one target, as one comparison has them.
module MedTransfer.Recipes.FamilyWays

open MedTransfer.Models
open MedTransfer.Training.Objectives.Adaptation
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes.Families

/// Ways that are not run, and why.
let leftOut (lab: Lab) : LeftOut list = [
    for way in all do
        match obstacle lab lab.Source way with
        | Some reason -> { Way = way.Way; Reason = reason }
        | None -> ()
]

/// The trainings that others take weights from: of each seed one with the source's labels, where it has any; and of all seeds one of each kind without, by its name.
type Pretrained = { OfSeed: Trial list; Unlabelled: (string * Trial) list }

let pretrained (lab: Lab) : Pretrained =
    let set = lab.Source

    {
        OfSeed = [
            if (lab.Load set.All).Info.Task.HasValue then
                for seed in lab.Seeds do
                    lab.Trial("pretraining", set.All, TransferPlan.Scratch, lab.Pretraining, seed)
        ]
        Unlabelled = [
            "autoencoder", lab.Autoencoder($"autoencoder of {set.Name}", set.All)
            for kind in [ Kind.VicReg; Kind.SimClr ] do
                kind.Title, KindWays.withoutLabels lab kind set.Name set.All None
        ]
    }

/// All of them, as a run asks for them.
let trials (pretrained: Pretrained) : Trial list = pretrained.OfSeed @ List.map snd pretrained.Unlabelled

/// What depends on the source's labels, or on weights that learned them.
let private ofLabels (lab: Lab) (pretraining: Trial) images size seed : Way list =
    let epochs = lab.Epochs lab.Options.Epochs
    let trained name trial = Way.trained name size seed (trial name)
    let convNet plan fit name = lab.Trial(name, images, plan, fit, seed)
    let frozen = convNet (TransferPlan.Frozen pretraining.AsOrigin) lab.ToConvergence
    let model = (frozen "frozen").Spec.Model

    let from: KindWays.Beginning = {
        Backbone = {
            Name = lab.Source.Name
            Provenance = $"the CNN, pretrained on {lab.Source.Name}"
            Taken = None
            Origin = Some pretraining.AsOrigin
            Model = model
        }
        Images = Some(KindWays.imagesOf lab lab.Source lab.Source.All)
        Student = model
    }

    let ofKind (kind: Kind) = KindWays.way lab from kind images size seed kind.Title
    let adapted objective = KindWays.adapted lab from objective images seed

    [
        trained "frozen, logistic regression" frozen
        trained fineTuned (convNet (TransferPlan.FineTuned pretraining.AsOrigin) epochs)
        trained "lp-ft" (KindWays.headFirst lab from images seed)
        ofKind Kind.GreedySoup
        ofKind Kind.Pooled
        ofKind Kind.ImportanceWeighting
        ofKind Kind.TrAdaBoost
        ofKind Kind.Coral
        ofKind Kind.Mmd
        ofKind Kind.Dann
        trained "source alone" (adapted (PooledTraining(UsesTargetLabels = false)))
        trained "unsupervised CORAL" (adapted (CorrelationAlignment(UsesTargetLabels = false)))
        trained "unsupervised DANN" (adapted (AdversarialAlignment(UsesTargetLabels = false)))
        ofKind Kind.RelationalDistillation
    ]

/// All ways at one size, with one draw of the sample and one seed.
let ofSize (lab: Lab) (pretrained: Pretrained) size (draw, seed) : Way list =
    let images = lab.Target.Sample(size, draw)
    let epochs = lab.Epochs lab.Options.Epochs
    let trained name trial = Way.trained name size seed (trial name)
    let control name trial = Way.control name size seed (trial name)
    let convNet plan fit name = lab.Trial(name, images, plan, fit, seed)
    let linear architecture name = lab.Trial(name, images, TransferPlan.RandomFeatures, lab.Plainly, 0, architecture)
    let leftOut = leftOut lab |> List.map _.Way |> Set.ofList

    [
        control "majority class" (linear Architecture.MajorityClass)
        control "pixel regression" (linear Architecture.PixelRegression)
        control "random features, logistic regression" (convNet TransferPlan.RandomFeatures lab.ToConvergence)
        trained none (convNet TransferPlan.Scratch epochs)
        match List.tryItem seed pretrained.OfSeed with
        | Some pretraining -> yield! ofLabels lab pretraining images size seed
        | None -> ()
        for kind, pretraining in pretrained.Unlabelled do
            let origin = pretraining.AsOrigin
            trained $"{kind}, frozen" (convNet (TransferPlan.Frozen origin) lab.ToConvergence)
            trained $"{kind}, fine-tuned" (convNet (TransferPlan.FineTuned origin) epochs)
    ]
    |> List.filter (fun way -> not (leftOut.Contains way.Name))
