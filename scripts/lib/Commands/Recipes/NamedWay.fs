namespace MedTransfer.Recipes

open MedTransfer.Transfer
open MedTransfer.Recipes.Values

/// A kind of transfer that takes more than weights and a plan for them: images of the source, relations, several trainings, weights that were learned without labels.
[<RequireQualifiedAccess>]
type Kind =
    | Pooled
    | ImportanceWeighting
    | TrAdaBoost
    | Coral
    | Mmd
    | Dann
    | RelationalDistillation
    | GreedySoup
    | VicReg
    | SimClr

    /// In the order of --help.
    static member All = [
        Kind.Pooled
        Kind.ImportanceWeighting
        Kind.TrAdaBoost
        Kind.Coral
        Kind.Mmd
        Kind.Dann
        Kind.RelationalDistillation
        Kind.GreedySoup
        Kind.VicReg
        Kind.SimClr
    ]

    /// How it is typed.
    member kind.Name =
        match kind with
        | Pooled -> "pooled"
        | ImportanceWeighting -> "importance"
        | TrAdaBoost -> "tradaboost"
        | Coral -> "coral"
        | Mmd -> "mmd"
        | Dann -> "dann"
        | RelationalDistillation -> "relational"
        | GreedySoup -> "soup"
        | VicReg -> "vicreg"
        | SimClr -> "simclr"

    /// What tables call it.
    member kind.Title =
        match kind with
        | Pooled -> "pooled"
        | ImportanceWeighting -> "importance weighting"
        | TrAdaBoost -> "TrAdaBoost"
        | Coral -> "CORAL"
        | Mmd -> "MMD"
        | Dann -> "DANN"
        | RelationalDistillation -> "relational distillation"
        | GreedySoup -> "greedy soup"
        | VicReg -> "VICReg"
        | SimClr -> "SimCLR"

    /// What it does, a clause without a full stop.
    member kind.Description =
        match kind with
        | Pooled -> "fine-tuned on the target's images and as many of the source's in every step"
        | ImportanceWeighting -> "pooled, the source's images drawn by how likely they are in the target (Bickel et al. 2009)"
        | TrAdaBoost ->
            "a head on features that stay, boosted on images of both sets; source images that mislead it lose weight (Dai et al. 2007)"
        | Coral -> "pooled, the embeddings' covariances of both sets made alike (Sun and Saenko 2016)"
        | Mmd -> "pooled, the means of both sets' embeddings made alike in a kernel's space (Long et al. 2015)"
        | Dann -> "pooled, embeddings by which a domain classifier can't tell the sets apart (Ganin et al. 2016)"
        | RelationalDistillation ->
            "the CNN of no transfer, whose embeddings keep the distances and angles that the source's network sees between images (Park et al. 2019)"
        | GreedySoup ->
            "lp-ft four times, and the mean of the weights of those that do no harm on validation images (Wortsman et al. 2022); compared, not recommended"
        | VicReg ->
            "the source's weights learned without labels by variance, invariance and covariance of two views of an image (Bardes et al. 2022), frozen and fine-tuned"
        | SimClr ->
            "the source's weights learned without labels by telling views of an image from those of others (Chen et al. 2020), frozen and fine-tuned"

/// A way of transfer as a command line names it.
[<RequireQualifiedAccess>]
type NamedWay =
    /// Weights, and which layers train when.
    | Plan of NamedPlan
    | Kind of Kind

    override way.ToString() =
        match way with
        | Plan plan -> string plan
        | Kind kind -> kind.Name

module NamedWay =

    let private kinds = Kind.All |> List.map _.Name |> String.concat ", "

    /// How they are typed, with commas between them.
    let names = $"{NamedPlan.Names}, {kinds}"

    let private isPlan (word: string) =
        let name = (word.Split [| ':'; ' ' |])[0]
        NamedPlan.All |> Seq.exists (fun plan -> plan.Name = name.ToLowerInvariant())

    let private parse (word: string) =
        match Kind.All |> List.tryFind (fun kind -> kind.Name = word.ToLowerInvariant()) with
        | Some kind -> NamedWay.Kind kind
        | None when isPlan word -> NamedWay.Plan(NamedPlan.Parse word)
        | None -> raise (usage $"There is no way '{word}': name some of {names}.")

    /// Reads names with commas between them, each way once.
    let parseAll (text: string) : NamedWay list =
        text.Split(',', System.StringSplitOptions.TrimEntries) |> Seq.map parse |> Seq.distinct |> List.ofSeq

    /// The same of a recipe whose ways are plans alone.
    let parsePlans (recipe: string) (text: string) : NamedWay list =
        let words = text.Split(',', System.StringSplitOptions.TrimEntries)

        match Kind.All |> List.tryFind (fun kind -> words |> Array.exists (fun word -> kind.Name = word.ToLowerInvariant())) with
        | Some kind ->
            raise (
                usage
                    $"--plans names {kind.Name}, a kind of transfer that is no plan, and {recipe} takes plans: name some of {NamedPlan.Names}, or take transfer, whose --ways has it, or methods, which compares all kinds."
            )
        | None -> NamedPlan.ParseAll text |> Seq.map NamedWay.Plan |> List.ofSeq
