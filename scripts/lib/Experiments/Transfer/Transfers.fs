/// Several sources' ways against no transfer and controls, on images that no model of theirs learned from.
module MedTransfer.Recipes.Transfers

open MedTransfer.Data
open MedTransfer.Data.Checks
open MedTransfer.Data.Resampling
open MedTransfer.Transfer
open MedTransfer.Trials
open MedTransfer.Trials.Testing
open MedTransfer.Recipes.Sources

/// A way with one size and one seed, tested.
type TestedTransfer = {
    Way: string
    IsControl: bool
    /// Whether its members were chosen by validation images: it is compared, and not recommended.
    IsSoup: bool
    Size: TargetSize
    Seed: int
    /// What was trained; the same for several seeds where none has a part in it.
    Trial: string
    Tested: TestedWay
}

/// What is run: pretrainings, and one training of each way for each seed and each part that is tested; and what can't be.
type Plan = { Pretraining: Trial list; Ways: Way list; LeftOut: LeftOut list }

/// The way of no transfer.
let none = "no transfer"

/// Outer folds, and those that ways are chosen by where there is one test split and no validation.
let foldCount = 5

let private folds (seed: int) = ResamplingOptions(Folds = foldCount, Seed = int64 seed)

/// Whether ways are chosen by folds of what they learn from, as there is neither validation enough nor another fold.
let choosesByInnerFolds (lab: Lab) =
    lab.TestScheme <> TestScheme.Folds && not (TestSchemes.CanChooseByValidation(lab.Load lab.Target.All))

/// Whether ways are trained on folds of all images that are not test, so that each of these is held out.
let hasFolds (lab: Lab) = lab.TestScheme = TestScheme.Folds && (lab.Load lab.Target.All).Validation.Count = 0

/// The images of every training of a way, with one size and seed: what it learns from, and what it is tested on.
let parts (lab: Lab) (size: TargetSize) seed : DataReference list =
    let all = lab.Target.All

    let sampled (data: DataReference) =
        match size with
        | AllImages -> data
        | Images n -> data.WithFoldSample(n, int64 seed)

    match lab.TestScheme with
    | TestScheme.TestSplit -> [ lab.Target.Sample(size, seed) ]
    | TestScheme.HeldOutFold -> [ sampled (all.WithFold(folds 0, 0)) ]
    | _ -> [ for fold in 0 .. foldCount - 1 -> sampled (all.WithFold(folds seed, fold)) ]

/// Images that a training learns from where it learns from all that it may: the fewest of all seeds and folds.
let mostImages (lab: Lab) : int =
    let all = lab.Load lab.Target.All

    List.min [
        for seed in lab.QuickSeeds do
            for images in parts lab AllImages seed do
                use drawn = images.Draw all
                drawn.Train.Count
    ]

/// Of fewer images a way learns next to nothing, and a score of it nothing of others.
let private fewest = 16

/// Numbers of images to learn from besides all, fewest first, for learning curves; none where fewer than two are left, as a curve takes three.
let sizes (lab: Lab) : int list =
    let most = mostImages lab
    let classes = max 1 (lab.Load lab.Target.All).Info.Outputs

    match lab.Options.TargetSizes with
    | Some asked ->
        let named = [
            for size in asked do
                match size with
                | Images n when n >= most ->
                    raise (
                        Values.usage
                            $"--sizes names {n} images, but a training learns from {most} at most, which is measured anyway: name fewer."
                    )
                | Images n when n < classes ->
                    raise (Values.usage $"--sizes names {n} images, but there are {classes} classes: name as many at least.")
                | Images n -> n
                | AllImages -> ()
        ]

        match named with
        | [ _ ] -> raise (Values.usage "--sizes names one number of images: a learning curve takes two or more besides all.")
        | several -> List.sort several
    | None when lab.Options.Smoke -> []
    | None ->
        match [ most / 8; most / 4; most / 2 ] |> List.filter (fun n -> n >= max fewest (2 * classes)) with
        | [ _ ] -> []
        | several -> several

/// Plans where nothing is asked for; to see that everything works two do.
let private usualPlans (options: Options) =
    if options.Smoke then
        [ "frozen"; "last-stage" ]
    else
        [ "frozen"; "last-stage"; "lp-ft"; "fine-tuned" ]

let private plansOf (lab: Lab) (backbone: Backbone) =
    let asked = lab.Options.Plans |> Option.defaultValue (List.map NamedPlan.Parse (usualPlans lab.Options))

    // an encoder of an ONNX file never trains here
    if backbone.Origin.IsSome then
        asked
    else
        asked |> List.filter (fun plan -> plan.Name = "frozen")

// a soup is cooked by labels of validation images, which what is chosen by them and what learns from them for use must not have in it
let private soupObstacle (lab: Lab) (trains: bool) : string option =
    let validation = (lab.Load lab.Target.All).Validation.Count

    if not trains then
        Some "it averages weights that were trained, and an ONNX encoder never trains here"
    elif validation = 0 then
        Some $"it chooses its members by validation images, and {lab.Target.Name} has none"
    elif not (TestSchemes.CanChooseByValidation(lab.Load lab.Target.All)) then
        Some $"it chooses its members by validation images, and the {validation} of {lab.Target.Name} are too few"
    else
        None

// all layers of a teacher are its own
let private teacherObstacle (lab: Lab) (backbone: Backbone) : string option =
    match backbone.Origin with
    | Some(:? WeightsOrigin as file) ->
        let forecast = FeatureTransfer.Forecast(file, backbone.Model, (lab.Load lab.Target.All).Info)

        if forecast.Left.Count = 0 then
            None
        else
            Some $"it learns from a whole network, and of {backbone.Name} some layers do not fit: {forecast.Left[0]}"
    | _ -> None

/// Why a kind of transfer can't be run from a source; None where it can.
let private obstacle (lab: Lab) (source: Source) (kind: Kind) : string option =
    let ofWeights (backbone: Backbone) =
        match kind with
        | Kind.GreedySoup -> soupObstacle lab backbone.Origin.IsSome
        | Kind.RelationalDistillation -> teacherObstacle lab backbone
        | _ ->
            Some
                $"it learns from images of a source set, and {backbone.Name} is weights alone: name a set or a folder as --source"

    match source with
    | Trained backbone -> ofWeights backbone
    | Pretrained set ->
        match KindWays.obstacle lab set kind with
        | None when kind = Kind.GreedySoup -> soupObstacle lab true
        | known -> known

/// What kinds of transfer can't be run, and why.
let private leftOut (lab: Lab) (sources: Source list) : LeftOut list = [
    for source in sources do
        for kind in lab.Options.Kinds do
            match obstacle lab source kind with
            | Some reason -> { Way = $"{nameOf source}, {kind.Title}"; Reason = reason }
            | None -> ()
]

let private kindsOn (lab: Lab) (source: Source) (transferred: Transferred) images size seed : Way list = [
    let backbone = transferred.Backbone

    let from: KindWays.Beginning = {
        Backbone = backbone
        Images = transferred.Set |> Option.map (fun (set, learned) -> KindWays.imagesOf lab set learned)
        Student = BackboneWays.untransferred lab
    }

    for kind in lab.Options.Kinds do
        if (obstacle lab source kind).IsNone then
            match transferred.Unlabelled |> List.tryFind (fun (known, _) -> known = kind) with
            | None -> KindWays.way lab from kind images size seed $"{backbone.Name}, {kind.Title}"
            | Some(_, pretraining) ->
                let unlabelled = { backbone with Origin = Some pretraining.AsOrigin }

                for plan in List.map NamedPlan.Parse [ "frozen"; "fine-tuned" ] do
                    let name = $"{backbone.Name}, {kind.Title}, {plan.Title}"
                    Way.trained name size seed (BackboneWays.transferred lab unlabelled plan name images seed)
]

let private waysOn (lab: Lab) (sources: (Source * Transferred) list) (images: DataReference) size seed : Way list = [
    yield! BackboneWays.without lab images size seed
    for source, transferred in sources do
        yield! BackboneWays.transfers lab transferred.Backbone (plansOf lab transferred.Backbone) images size seed
        yield! kindsOn lab source transferred images size seed
]

/// Whether it takes seconds: a head alone, a control, the CNN without transfer; but no pretraining.
let isQuick (way: Way) =
    let spec = way.Trial.Spec
    way.Name = none || way.IsControl || (spec.Transfer.TrainsHeadAlone && Seq.isEmpty spec.Needs)

/// Every pretraining and training with one size, of each seed; the ways in their order.
let ofSize (lab: Lab) (sources: Source list) (size: TargetSize) (seeds: int list) : Plan =
    let bySeed = [ for seed in seeds -> seed, List.zip sources (Sources.ofSeed lab seed sources) ]

    let ways (seed: int) transferred =
        // what ways are chosen by, of the first seed
        let inner =
            if choosesByInnerFolds lab && seed = 0 && size = AllImages then
                [
                    for images in parts lab size seed do
                        for fold in 0 .. foldCount - 1 -> waysOn lab transferred (images.WithFold(folds 0, fold)) size seed
                ]
            else
                []

        [
            for images in parts lab size seed do
                for place, way in waysOn lab transferred images size seed |> List.indexed do
                    { way with Inner = [ for ways in inner -> ways[place].Trial ] }
        ]

    {
        Pretraining =
            [
                for _, transferred in bySeed do
                    for _, one in transferred do
                        yield! Option.toList one.Pretraining
                        yield! List.map snd one.Unlabelled
            ]
            |> List.distinctBy _.Name
        Ways = [
            for seed, transferred in bySeed do
                yield! ways seed transferred
        ]
        LeftOut = leftOut lab sources
    }

/// Whether its members were chosen by validation images: it is compared, and not recommended.
let isSoup (way: Way) = not way.Parts.IsEmpty

/// What is said of that, a sentence.
let soupRemark =
    "A greedy soup is compared, and not recommended: validation images choose its members, so that they can't choose it again, and a model for use learns from them."

// where kinds were named, one way that could be recommended
let private requireTransfer (lab: Lab) (sources: Source list) (plan: Plan) =
    let isCandidate (way: Way) = not (way.IsControl || way.Name = none || isSoup way)

    let kinds = lab.Options.Kinds

    if not kinds.IsEmpty && sources.IsEmpty then
        raise (
            Values.usage
                $"--ways names {kinds.Head.Name}, which needs a source, and --source is none: name a set or a folder as --source."
        )

    if not kinds.IsEmpty && not (List.exists isCandidate plan.Ways) then
        let reasons = [
            for left in plan.LeftOut do
                $"{left.Way}: {left.Reason}."
            if List.exists isSoup plan.Ways then
                soupRemark
        ]

        raise (Values.usage $"""No way of --ways could be recommended. {String.concat " " reasons}""")

/// What some ways need of the plan.
let needed (plan: Plan) (ways: Way list) : Trial list =
    let names =
        ways |> List.collect Way.trials |> List.collect (fun trial -> List.ofSeq trial.Spec.Needs) |> Set.ofList

    plan.Pretraining |> List.filter (fun trial -> names.Contains trial.Name)

/// Every way: those that take seconds with more seeds than the others.
let ways (lab: Lab) (sources: Source list) : Plan =
    let plan = ofSize lab sources AllImages lab.QuickSeeds
    requireTransfer lab sources plan

    if List.exists isSoup plan.Ways then
        eprintfn "%s" soupRemark

    let ways = plan.Ways |> List.filter (fun way -> isQuick way || List.contains way.Seed lab.Seeds)
    { plan with Pretraining = needed plan ways; Ways = ways }

/// What each way's models say of images that they did not learn from.
let tested (lab: Lab) (outcomes: Outcome list) : TestedTransfer list =
    let data = lab.Load lab.Target.All

    [
        for (way, size, seed), all in
            outcomes |> List.groupBy (fun outcome -> outcome.Way.Name, outcome.Way.Size, outcome.Way.Seed) do
            let results = all |> List.map _.Result |> Array.ofList

            {
                Way = way
                IsControl = all.Head.Way.IsControl
                IsSoup = isSoup all.Head.Way
                Size = size
                Seed = seed
                Trial = results[0].Trial.Name
                Tested =
                    if lab.TestScheme = TestScheme.TestSplit then
                        TestedWay.OnTest(results[0], data.Test)
                    else
                        TestedWay.OnFolds(results, data.Train)
            }
    ]

/// Of the ways that are chosen among, what models of folds of the training images say of what they did not learn from; None where there are no such folds.
let onInnerFolds (lab: Lab) (outcomes: Outcome list) : (string * TestedWay) list = [
    let data = lab.Load lab.Target.All

    for outcome in outcomes do
        if not outcome.Inner.IsEmpty then
            outcome.Way.Name, TestedWay.OnFolds(Array.ofList outcome.Inner, data.Train)
]
