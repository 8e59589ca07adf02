/// The survey's families of transfer as ways of one comparison (Zhuang et al., "A comprehensive survey on transfer learning", 2021): parameters, features,
/// instances, relations; and features that were learned without labels.
module MedTransfer.Recipes.Families

open MedTransfer
open MedTransfer.Data
open MedTransfer.Training.Objectives.Adaptation
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
    /// As they are, or merged into healthy and disease; the names that are taken for the target's.
    | Shared of isMerged: bool * names: string list
    /// Not at all, and why.
    | Apart of reason: string

/// Trainings that are averaged.
let soupMembers = 4

let none = "no transfer"
let fineTuned = "fine-tuned"

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
        Kind.GreedySoup.Title

    way Instances seesSource Kind.Pooled.Title
    way Instances { seesSource with Besides = "embeddings of both sets" } Kind.ImportanceWeighting.Title
    way Instances { seesSource with Besides = "embeddings of both sets" } Kind.TrAdaBoost.Title
    way Features seesSource Kind.Coral.Title
    way Features seesSource Kind.Mmd.Title
    way Features { seesSource with Besides = "a domain classifier" } Kind.Dann.Title
    way Instances { seesSource with TargetLabels = false } "source alone"
    way Features { seesSource with TargetLabels = false } "unsupervised CORAL"
    way Features { seesSource with TargetLabels = false; Besides = "a domain classifier" } "unsupervised DANN"
    way Relations { learnsTarget with Besides = "the teacher's embeddings" } Kind.RelationalDistillation.Title

    for kind in [ "autoencoder"; Kind.VicReg.Title; Kind.SimClr.Title ] do
        way WithoutLabels learnsTarget $"{kind}, frozen"
        way WithoutLabels learnsTarget $"{kind}, fine-tuned"
]

/// What is known of a way of these, or of others; where labels of the source are not the target's, what sees its images sees them alone.
let describe (shared: SharedLabels) (others: Described list) (name: string) : Described =
    let known = all @ others |> List.find (fun described -> described.Way = name)

    match shared with
    | Shared _ -> known
    | Apart _ -> { known with Needs = { known.Needs with SourceLabels = false } }

/// Whether labels of a source can be learned from beside the target's.
let sharedLabels (lab: Lab) (source: LocatedDataset) : SharedLabels =
    let target = (lab.Load lab.Target.All).Info
    let differ (data: DataReference) = SourceObjective.WhyLabelsDiffer(target, (lab.Load data).Info) |> Option.ofObj
    let names (data: DataReference) = List.ofSeq (lab.Load data).Info.LabelNames

    match differ source.All with
    | None -> Shared(false, names source.All)
    | Some reason ->
        let hasFindings = (lab.Load source.All).Info.Task = System.Nullable LabelTask.MultiLabel
        let merged = source.All.AsBinary()

        try
            if hasFindings && target.HasTwoClasses && (differ merged).IsNone then
                Shared(true, names merged)
            else
                Apart reason
        with :? MedTransferException as e ->
            // findings that are not known of some images, or are the same of all, make no two classes
            Apart e.Message

let private colour (set: DatasetInfo) = if set.Channels = 1 then "grey" else "in colour"

/// Why a way can't be run from a source; None where it can. What sees the source's images needs them in the target's colours, what learns from its labels needs these shared.
let obstacle (lab: Lab) (source: LocatedDataset) (way: Described) : string option =
    let target, own = (lab.Load lab.Target.All).Info, (lab.Load source.All).Info

    if not own.Task.HasValue && way.Family <> Nothing && way.Family <> WithoutLabels then
        Some $"it takes weights or relations that labels of the source have taught, and {source.Name} has none"
    elif not way.Needs.SourceImages then
        None
    elif target.Channels <> own.Channels then
        Some
            $"it sees images of both sets, and those of {source.Name} are {colour own}, those of {lab.Target.Name} {colour target}"
    else
        match sharedLabels lab source with
        | Shared _ when way.Way = Kind.TrAdaBoost.Title && not target.HasTwoClasses ->
            Some $"it tells two classes apart, and {lab.Target.Name} has {target.Outputs}"
        | Apart reason when way.Family <> Features || not way.Needs.TargetLabels ->
            Some $"it learns from the source's labels as the target's, which they are not: {reason}"
        | _ -> None
