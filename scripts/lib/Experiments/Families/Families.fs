/// The survey's families of transfer as ways of one comparison (Zhuang et al., "A comprehensive survey on transfer learning", 2021): parameters, features,
/// instances, relations; and features that were learned without labels.
module MedTransfer.Recipes.Families

open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training.Objectives
open MedTransfer.Training.Objectives.Adaptation
open MedTransfer.Training.Objectives.TwoViews
open MedTransfer.Transfer
open MedTransfer.Trials

/// What is transferred.
type Family =
    /// Nothing: what the others are read against.
    | Nothing
    /// Weights.
    | Parameters
    /// Embeddings that are alike for both sets.
    | Features
    /// Images of the source, as far as they are like the target's.
    | Instances
    /// How images keep to each other.
    | Relations
    /// Weights that were learned without labels.
    | WithoutLabels

    override family.ToString() =
        match family with
        | Nothing -> "none"
        | Parameters -> "parameters"
        | Features -> "features"
        | Instances -> "instances"
        | Relations -> "relations"
        | WithoutLabels -> "without labels"

/// What a way takes while it trains.
type Needs = {
    /// Whether images of the source take part.
    SourceImages: bool
    SourceLabels: bool
    /// Whether labels of the target's training images do.
    TargetLabels: bool
    /// Whether labels of its validation images choose something.
    ValidationLabels: bool
    /// What is held in memory besides a network and its moments.
    Besides: string
}

/// A way by its name, and what it is.
type Described = { Way: string; Family: Family; Needs: Needs }

/// How labels of the source are those of the target.
type SharedLabels =
    /// As they are, or merged into healthy and disease: the images to learn from, and the names that are taken for the target's.
    | Shared of DataReference * names: string list
    /// Not at all, and why.
    | Apart of reason: string

/// Trainings that are averaged.
let soupMembers = 4

let none = "no transfer"
let fineTuned = "fine-tuned"
let private boosting = "TrAdaBoost"

/// It learns from the target's training images and their labels, and from nothing else.
let learnsTarget = { SourceImages = false; SourceLabels = false; TargetLabels = true; ValidationLabels = false; Besides = "" }

let private seesSource = { learnsTarget with SourceImages = true; SourceLabels = true }

/// Every way and control, in the order of the tables.
let all: Described list = [
    let way family needs name = { Way = name; Family = family; Needs = needs }

    way Nothing learnsTarget "majority class"
    way Nothing learnsTarget "pixel regression"
    way Nothing learnsTarget "random features, logistic regression"
    way Nothing learnsTarget none
    way Parameters learnsTarget "frozen, logistic regression"
    way Parameters learnsTarget fineTuned
    way Parameters learnsTarget "lp-ft"

    way
        Parameters
        { learnsTarget with ValidationLabels = true; Besides = $"weights of {soupMembers} networks, once trained" }
        "greedy soup"

    way Instances seesSource "pooled"
    way Instances { seesSource with Besides = "embeddings of both sets" } "importance weighting"
    way Instances { seesSource with Besides = "embeddings of both sets" } boosting
    way Features seesSource "CORAL"
    way Features seesSource "MMD"
    way Features { seesSource with Besides = "a domain classifier" } "DANN"
    way Instances { seesSource with TargetLabels = false } "source alone"
    way Features { seesSource with TargetLabels = false } "unsupervised CORAL"
    way Features { seesSource with TargetLabels = false; Besides = "a domain classifier" } "unsupervised DANN"
    way Relations { learnsTarget with Besides = "the teacher's embeddings" } "relational distillation"

    for kind in [ "autoencoder"; "VICReg"; "SimCLR" ] do
        way WithoutLabels learnsTarget $"{kind}, frozen"
        way WithoutLabels learnsTarget $"{kind}, fine-tuned"
]

/// What is known of a way of these, or of others; where labels of the source are not the target's, what sees its images sees them alone.
let describe (shared: SharedLabels) (others: Described list) (name: string) : Described =
    let known = all @ others |> List.find (fun described -> described.Way = name)

    match shared with
    | Shared _ -> known
    | Apart _ -> { known with Needs = { known.Needs with SourceLabels = false } }

/// Whether labels of the source can be learned from beside the target's.
let sharedLabels (lab: Lab) : SharedLabels =
    let target, source = (lab.Load lab.Target.All).Info, lab.Source.All
    let differ (data: DataReference) = SourceObjective.WhyLabelsDiffer(target, (lab.Load data).Info) |> Option.ofObj
    let names (data: DataReference) = List.ofSeq (lab.Load data).Info.LabelNames

    match differ source with
    | None -> Shared(source, names source)
    | Some reason ->
        let hasFindings = (lab.Load source).Info.Task = System.Nullable LabelTask.MultiLabel
        let merged = source.AsBinary()

        if hasFindings && target.HasTwoClasses && (differ merged).IsNone then
            Shared(merged, names merged)
        else
            Apart reason

let private sizeText (set: DatasetInfo) =
    let colour = if set.Channels = 1 then "grey" else "colour"
    $"{set.ImageSize} x {set.ImageSize} pixels in {colour}"

/// Ways that are not run, and why: those that see the source's images need them in the target's size, those that learn from its labels need these shared.
let leftOut (lab: Lab) : LeftOut list =
    let target, source = (lab.Load lab.Target.All).Info, (lab.Load lab.Source.All).Info
    let without reason (ways: Described list) = [ for way in ways -> { Way = way.Way; Reason = reason } ]
    let seeing = all |> List.filter _.Needs.SourceImages

    if not source.Task.HasValue then
        all
        |> List.filter (fun way -> way.Family <> Nothing && way.Family <> WithoutLabels)
        |> without $"it takes weights or relations that labels of the source have taught, and {lab.Source.Name} has none"
    elif (target.ImageSize, target.Channels) <> (source.ImageSize, source.Channels) then
        seeing
        |> without
            $"it sees images of both sets, and those of {lab.Source.Name} are {sizeText source}, those of {lab.Target.Name} {sizeText target}"
    else
        match sharedLabels lab with
        | Shared _ when not target.HasTwoClasses ->
            all
            |> List.filter (fun way -> way.Way = boosting)
            |> without $"it tells two classes apart, and {lab.Target.Name} has {target.Outputs}"
        | Shared _ -> []
        | Apart reason ->
            seeing
            |> List.filter (fun way -> way.Family <> Features || not way.Needs.TargetLabels)
            |> without $"it learns from the source's labels as the target's, which they are not: {reason}"

/// The trainings that others take weights from: of each seed one with the source's labels, where it has any; and of all seeds one of each kind without, by its name.
type Pretrained = { OfSeed: Trial list; Unlabelled: (string * Trial) list }

let pretrained (lab: Lab) : Pretrained =
    let set = lab.Source

    let ofViews (objective: Objective) name =
        name, lab.TrialOf(objective, $"{name} of {set.Name}", set.All, TransferPlan.Scratch, lab.Pretraining, 0)

    {
        OfSeed = [
            if (lab.Load set.All).Info.Task.HasValue then
                for seed in lab.Seeds do
                    lab.Trial("pretraining", set.All, TransferPlan.Scratch, lab.Pretraining, seed)
        ]
        Unlabelled = [
            "autoencoder", lab.Autoencoder($"autoencoder of {set.Name}", set.All)
            ofViews (VicRegularisation()) "VICReg"
            ofViews (ContrastiveLearning()) "SimCLR"
        ]
    }

/// All of them, as a run asks for them.
let trials (pretrained: Pretrained) : Trial list = pretrained.OfSeed @ List.map snd pretrained.Unlabelled

/// What depends on the source's labels, or on weights that learned them.
let private ofLabels (lab: Lab) (pretraining: Trial) (images: DataReference) size seed : Way list =
    let epochs = lab.Epochs lab.Options.Epochs
    let origin = pretraining.AsOrigin
    let trained name trial = Way.trained name size seed (trial name)
    let convNet plan fit name = lab.Trial(name, images, plan, fit, seed)

    let source, hasLabels =
        match sharedLabels lab with
        | Shared(data, _) -> data, true
        | Apart _ -> lab.Source.All, false

    let adapted objective name =
        lab.TrialOf(objective, name, images, TransferPlan.FineTuned origin, epochs, seed, source = source)

    let headFirst seed name =
        let plan = NamedPlan.Parse("lp-ft").On(origin, ModelOptions(), lab.Options.Epochs)
        lab.Trial(name, images, plan, epochs, seed)

    let soup name =
        // from one start, the head's optimum: seeds decide the order of images alone
        let parts = [
            for member' in 0 .. soupMembers - 1 -> headFirst (seed + 1000 * member') $"lp-ft {member' + 1} of {soupMembers}"
        ]

        parts, lab.Soup(name, parts)

    let boosted name = lab.TrialOf(TransferBoosting(), name, images, TransferPlan.Frozen origin, lab.Plainly, 0, source = source)

    let frozen = convNet (TransferPlan.Frozen origin) lab.ToConvergence

    // the teacher sees images in the size that a network with its weights is given them
    let taught name =
        let teacher = Teacher(origin, (frozen name).Spec.Model)
        lab.TrialOf(RelationalDistillation(), name, images, TransferPlan.Scratch, epochs, seed, teacher = teacher)

    [
        trained "frozen, logistic regression" frozen
        trained fineTuned (convNet (TransferPlan.FineTuned origin) epochs)
        trained "lp-ft" (headFirst seed)
        Way.ensemble "greedy soup" size seed (soup "greedy soup")
        trained "pooled" (adapted (PooledTraining()))
        trained "importance weighting" (adapted (ImportanceWeighting()))
        trained boosting boosted
        trained "CORAL" (adapted (CorrelationAlignment(UsesSourceLabels = hasLabels)))
        trained "MMD" (adapted (DiscrepancyAlignment(UsesSourceLabels = hasLabels)))
        trained "DANN" (adapted (AdversarialAlignment(UsesSourceLabels = hasLabels)))
        trained "source alone" (adapted (PooledTraining(UsesTargetLabels = false)))
        trained "unsupervised CORAL" (adapted (CorrelationAlignment(UsesTargetLabels = false)))
        trained "unsupervised DANN" (adapted (AdversarialAlignment(UsesTargetLabels = false)))
        trained "relational distillation" taught
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
