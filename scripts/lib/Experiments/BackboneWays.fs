/// The ways in which a backbone is transferred, and what they are read against.
module MedTransfer.Recipes.BackboneWays

open MedTransfer.Models
open MedTransfer.Transfer
open MedTransfer.Trials

// of 1e-3, 1e-4 and 1e-5 what a pretrained network is usually tuned with by Adam; from scratch it takes more
let private tuningRate, scratchRate = 1e-4, 1e-3

/// Images a step where the command line names none: few images make few steps.
let private batch = 32

/// Pixels a side up to which the same network is trained from scratch too: beyond, that takes hours on a processor.
let private mostFromScratch = 64

/// Pixels a side of the study's CNN, the way of no transfer.
let private studySize = 28

let private randomFeatures = "random features, logistic regression"

let private fromScratch (backbone: Backbone) = $"no transfer, {backbone.Model.Architecture.Title}"

/// The way that has the same network and the same training as a way of transfer, but not its weights; None where there is none.
let withoutWeights (backbone: Backbone) (outcomes: Outcome list) (way: string) : string option =
    match Outcomes.ofWay way outcomes with
    | outcome :: _ when not (isNull outcome.Way.Trial.Spec.Transfer.Origin) ->
        let reference =
            if outcome.Way.Trial.Spec.Transfer.TrainsHeadAlone then
                randomFeatures
            else
                fromScratch backbone

        if (Outcomes.ofWay reference outcomes).IsEmpty then None else Some reference
    | _ -> None

let private trainsAll (plan: NamedPlan) = plan.Name <> "frozen" && plan.Name <> "frozen-to"

let private ofStudy (imageSize: int) =
    ModelOptions(Input = (if imageSize > studySize then ModelInput(ImageSize = studySize) else null))

/// The network of no transfer: the study's CNN, which is given no more than its own number of pixels.
let untransferred (lab: Lab) : ModelOptions = ofStudy (lab.Load lab.Target.All).Info.ImageSize

/// A plan on a backbone: a head alone to its optimum, else trained as pretrained networks usually are.
let transferred (lab: Lab) (backbone: Backbone) (plan: NamedPlan) name images seed =
    let epochs = lab.Options.Epochs
    let whole = plan.On(Option.toObj backbone.Origin, backbone.Model, epochs)
    let plan' = if lab.Options.KeepStatistics then whole.KeepingStatistics() else whole

    if plan'.TrainsHeadAlone then
        // one embedding of the images serves all seeds
        lab.Trial(name, images, plan', lab.ToConvergence, 0, model = backbone.Model)
    else
        let fit =
            if backbone.Model.Architecture = Architecture.ConvNet then
                lab.Epochs epochs
            else
                lab.Epochs(epochs, rate = tuningRate, batch = batch)

        lab.Trial(name, images, plan', fit, seed, model = backbone.Model)

/// What does without a backbone: controls of pixels, and the study's CNN without transfer.
let without (lab: Lab) (images: DataReference) size seed : Way list =
    let control name architecture =
        Way.control name size seed (lab.Trial(name, images, TransferPlan.RandomFeatures, lab.Plainly, 0, architecture))

    let name = "no transfer"

    [
        control "majority class" Architecture.MajorityClass
        control "mean brightness" Architecture.MeanBrightness
        control "pixel regression" Architecture.PixelRegression
        Way.trained
            name
            size
            seed
            (lab.Trial(name, images, TransferPlan.Scratch, lab.Epochs lab.Options.Epochs, seed, model = untransferred lab))
    ]

/// A backbone's ways on these images by these plans, its name before theirs, and the same network with random features.
let transfers (lab: Lab) (backbone: Backbone) (plans: NamedPlan list) (images: DataReference) size seed : Way list = [
    if backbone.Origin.IsSome then
        let name = $"{backbone.Name}, random features"

        Way.control
            name
            size
            seed
            (lab.Trial(name, images, TransferPlan.RandomFeatures, lab.ToConvergence, 0, model = backbone.Model))
    for plan in plans do
        let name = $"{backbone.Name}, {plan.Title}"
        Way.trained name size seed (transferred lab backbone plan name images seed)
]

/// All ways at one size, with one draw of the sample and one seed.
let ofSize (lab: Lab) (backbone: Backbone) size (draw, seed) : Way list =
    let info = lab.Load(lab.Target.All).Info
    let images = lab.Target.Sample(size, draw)
    let imageSize = backbone.Model.SeenAs.SizeOn info
    let epochs = lab.Options.Epochs
    let plans = Backbones.plans lab.Options backbone
    let isStudys = backbone.Model.Architecture = Architecture.ConvNet
    let trained name trial = Way.trained name size seed (trial name)
    let control name trial = Way.control name size seed (trial name)
    let ofPixels architecture name = lab.Trial(name, images, TransferPlan.RandomFeatures, lab.Plainly, 0, architecture)

    [
        control "majority class" (ofPixels Architecture.MajorityClass)
        control "pixel regression" (ofPixels Architecture.PixelRegression)
        if backbone.Origin.IsSome then
            // one draw of the features serves all seeds
            control randomFeatures (fun name ->
                lab.Trial(name, images, TransferPlan.RandomFeatures, lab.ToConvergence, 0, model = backbone.Model))
        trained "no transfer" (fun name ->
            lab.Trial(name, images, TransferPlan.Scratch, lab.Epochs epochs, seed, model = untransferred lab))
        if
            backbone.Origin.IsSome
            && not isStudys // whose way of no transfer there is
            && List.exists trainsAll plans
            && imageSize <= mostFromScratch
        then
            trained (fromScratch backbone) (fun name ->
                lab.Trial(
                    name,
                    images,
                    TransferPlan.Scratch,
                    lab.Epochs(epochs, rate = scratchRate, batch = batch),
                    seed,
                    model = backbone.Model.FromScratch imageSize
                ))
        for plan in plans do
            trained plan.Title (fun name -> transferred lab backbone plan name images seed)
    ]
