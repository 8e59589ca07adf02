/// Each kind of transfer as a training on some images of the target, given what it begins with.
module MedTransfer.Recipes.KindWays

open MedTransfer.Models
open MedTransfer.Training.Objectives
open MedTransfer.Training.Objectives.Adaptation
open MedTransfer.Training.Objectives.TwoViews
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Recipes.Families

/// Images of a source, and whether their labels are learned from as the target's.
type SourceImages = { Data: DataReference; HasLabels: bool }

/// What a kind begins with, and sees.
type Beginning = {
    /// Weights, and the network that has them.
    Backbone: Backbone
    /// Images that may take part; None where others have trained the weights.
    Images: SourceImages option
    /// The network of what takes no weights over.
    Student: ModelOptions
}

/// The source's images as a training sees them beside the target's: findings merged where that makes their labels the target's.
let imagesOf (lab: Lab) (source: LocatedDataset) (data: DataReference) : SourceImages =
    match sharedLabels lab source with
    | Shared(true, _) -> { Data = data.AsBinary(); HasLabels = true }
    | Shared(false, _) -> { Data = data; HasLabels = true }
    | Apart _ -> { Data = data; HasLabels = false }

/// The kind's entry in the table of all ways; None where it is more than one way.
let private described (kind: Kind) = all |> List.tryFind (fun way -> way.Way = kind.Title)

/// Whether it is a pretraining, whose weights are transferred by plans.
let learnsFirst (kind: Kind) = (described kind).IsNone

/// Whether images of the source are needed, to learn from beside the target's or first.
let needsImages (kind: Kind) = described kind |> Option.forall _.Needs.SourceImages

/// Why a kind can't be run from a set; None where it can.
let obstacle (lab: Lab) (source: LocatedDataset) (kind: Kind) : string option =
    described kind |> Option.bind (obstacle lab source)

let private plan (lab: Lab) (from: Beginning) name =
    (NamedPlan.Parse name).On(Option.toObj from.Backbone.Origin, from.Backbone.Model, lab.Options.Epochs)

/// A training in which images of the source take part, begun with its weights.
let adapted (lab: Lab) (from: Beginning) (objective: Objective) images seed name : Trial =
    let source = from.Images |> Option.map _.Data
    let epochs = lab.Epochs lab.Options.Epochs
    lab.TrialOf(objective, name, images, plan lab from "fine-tuned", epochs, seed, model = from.Backbone.Model, ?source = source)

/// Linear probing, then fine-tuning.
let headFirst (lab: Lab) (from: Beginning) images seed name : Trial =
    BackboneWays.transferred lab from.Backbone (NamedPlan.Parse "lp-ft") name images seed

// from one start, the head's optimum: seeds decide the order of images alone
let private soup (lab: Lab) from images seed name =
    let parts = [
        for member' in 0 .. soupMembers - 1 ->
            headFirst lab from images (seed + 1000 * member') $"{name}, {member' + 1} of {soupMembers}"
    ]

    parts, lab.Soup(name, parts)

let private boosted (lab: Lab) (from: Beginning) images name =
    let source = from.Images |> Option.map _.Data

    lab.TrialOf(
        TransferBoosting(),
        name,
        images,
        plan lab from "frozen",
        lab.Plainly,
        0,
        model = from.Backbone.Model,
        ?source = source
    )

// the teacher sees images in the size that a network with its weights is given them
let private taught (lab: Lab) (from: Beginning) images seed name =
    let teacher = Teacher(Option.toObj from.Backbone.Origin, from.Backbone.Model)
    let epochs = lab.Epochs lab.Options.Epochs

    lab.TrialOf(
        RelationalDistillation(),
        name,
        images,
        TransferPlan.Scratch,
        epochs,
        seed,
        model = from.Student,
        teacher = teacher
    )

/// A training on images of a source without their labels, of one seed for all; `model` is its network, by default as the recipe's trainings have it.
let withoutLabels (lab: Lab) (kind: Kind) (set: string) (images: DataReference) (model: ModelOptions option) : Trial =
    let objective: Objective =
        match kind with
        | Kind.VicReg -> VicRegularisation()
        | Kind.SimClr -> ContrastiveLearning()
        | other -> invalidOp $"{other.Title} learns from labels"

    lab.TrialOf(objective, $"{kind.Title} of {set}", images, TransferPlan.Scratch, lab.Pretraining, 0, ?model = model)

/// A kind on these images with one seed.
let way (lab: Lab) (from: Beginning) (kind: Kind) (images: DataReference) size seed (name: string) : Way =
    let hasLabels = from.Images |> Option.exists _.HasLabels
    let trained trial = Way.trained name size seed (trial name)
    let adapted objective = trained (adapted lab from objective images seed)

    match kind with
    | Kind.Pooled -> adapted (PooledTraining())
    | Kind.ImportanceWeighting -> adapted (ImportanceWeighting())
    | Kind.TrAdaBoost -> trained (boosted lab from images)
    | Kind.Coral -> adapted (CorrelationAlignment(UsesSourceLabels = hasLabels))
    | Kind.Mmd -> adapted (DiscrepancyAlignment(UsesSourceLabels = hasLabels))
    | Kind.Dann -> adapted (AdversarialAlignment(UsesSourceLabels = hasLabels))
    | Kind.RelationalDistillation -> trained (taught lab from images seed)
    | Kind.GreedySoup -> Way.ensemble name size seed (soup lab from images seed name)
    | Kind.VicReg
    | Kind.SimClr -> invalidOp $"{kind.Title} is a pretraining, whose weights are transferred by plans"
