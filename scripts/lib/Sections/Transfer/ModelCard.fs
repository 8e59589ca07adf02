/// The README.md of a model's folder: what it learned from, what its procedure is worth, what it is not for.
module MedTransfer.Recipes.Sections.ModelCard

open System
open System.Globalization
open MedTransfer.Data
open MedTransfer.Evaluation
open MedTransfer.Evaluation.Classification
open MedTransfer.Inference.TrainedModels
open MedTransfer.Recipes
open MedTransfer.Recipes.Outcomes
open MedTransfer.Recipes.Transfers
open MedTransfer.Recipes.Recommendations

// names are the user's, and Markdown obeys some characters
let private plain (name: string) =
    name
    |> String.collect (fun c ->
        if "<>|*_`[]#\\".Contains c then $"\\{c}"
        elif Char.IsControl c then " "
        else string c)

let private count (n: int) = n.ToString("N0", CultureInfo.InvariantCulture)

// as Hugging Face's hub reads them
let private header = [
    "---"
    "license: unknown"
    "library_name: onnx"
    "pipeline_tag: image-classification"
    "tags:"
    "- medical"
    "- transfer-learning"
    "- research-only"
    "---"
]

let private thresholds (model: ModelDescription) (points: OperatingPoint option list) : string list =
    let share (value: System.Nullable<float>) = if value.HasValue then number 3 value.Value else "undefined"

    let text name (point: OperatingPoint option) =
        match point with
        | Some point ->
            $"- {plain name} is called from a probability of {number 3 (float point.Threshold)} on, for a sensitivity of {model.WantedSensitivity}; on the images that it was chosen on, which flatters it a little, sensitivity {share point.Counts.Sensitivity} and specificity {share point.Counts.Specificity}"
        | None -> $"- {plain name} is called from a probability of 0.5 on, as there was no image with it to choose a threshold on"

    if model.Task = LabelTask.MultiLabel then
        List.map2 text (List.ofSeq model.Labels) points
    elif model.PositiveClass.HasValue then
        [ text model.Labels[model.PositiveClass.Value] points.Head ]
    else
        [ "- the likeliest class is called" ]

let private procedure (tested: TestedTransfer list) (recommendation: Recommendation option) (how: string list) : string list = [
    "These are figures of the procedure that made it, by models which had not seen the images that they were tested on. They are not figures of this very model, which learned from more images than those, and was not tested itself."
    ""
    "| | ROC AUC | ACC (likelier class) |"
    "|---|---|---|"
    for name, all in tested |> List.groupBy _.Way do
        $"| {name} | {TransferAnswer.scoreText Metric.RocAuc all} | {TransferAnswer.scoreText Metric.Accuracy all} |"
    ""
    match recommendation |> Option.bind (fun known -> known.OverNone |> Option.ofObj) with
    | Some over ->
        $"The best way of transfer, minus {none}: {Comparisons.differenceText 3 over} (ROC AUC)."
        ""
    | None -> ()
    for sentence in how do
        sentence
        ""
]

let private python channels = [
    "```python"
    "import numpy, onnxruntime, PIL.Image"
    $"""image = numpy.asarray(PIL.Image.open("image.png").convert("{if channels = 1 then "L" else "RGB"}"))"""
    """session = onnxruntime.InferenceSession("model.onnx")"""
    $"""print(session.run(["probabilities"], {{"images": image.reshape(1, *image.shape[:2], {channels})}}))"""
    "```"
]

/// The whole file.
/// <param name="tested">Of the procedure, and of no transfer beside it.</param>
/// <param name="points">Where each class or finding is called, as far as there is one.</param>
/// <param name="how">What followed, and how the procedure was tested, a paragraph each.</param>
/// <param name="beware">What casts doubt on it, a sentence each.</param>
let text
    (model: ModelDescription)
    (tested: TestedTransfer list)
    (points: OperatingPoint option list)
    (recommendation: Recommendation option)
    (how: string list)
    (beware: string list)
    : string =
    let from = model.LearnedFrom
    let names = model.Labels |> Seq.map plain |> String.concat ", "
    let seen = model.Network.SeenAs.SizeOn model.Info
    let colours = if model.Channels = 1 then "grey" else "red, green and blue"
    let counts = [ for label in model.Labels -> $"{plain label}: {count from.Counts[label]}" ] |> String.concat ", "

    String.concat "\n" [
        yield! header
        ""
        $"# {plain from.Name}: {names}"
        ""
        "For research only. It is no medical device, and was not tested as one."
        for sentence in beware do
            ""
            $"**{sentence}**"
        ""
        "## What it is"
        ""
        $"- {from.Way}, trained on {count from.Images} images of {plain from.Name} ({counts}), all that are not test"
        $"- network: {model.Network.Architecture.Title}, {model.Network.Architecture.Description}, which sees {seen} x {seen} pixels"
        if from.PretrainedOn.Count > 0 then
            $"""- pretrained on {String.concat ", " from.PretrainedOn}"""
        match from.LearnedBeside with
        | null -> ()
        | sets -> $"""- images of {String.concat ", " sets} took part in its training"""
        match from.TaughtBy with
        | null -> ()
        | sets -> $"""- taught by a network that was pretrained on {String.concat ", " sets}"""
        $"- images: {model.Pixels.Describe()}; {colours}"
        if not model.IsPreparationKnown then
            "- that is how other images are made ready for it; of its own only the size is known, so look whether they were made square in the same way"
        if model.Temperature.HasValue then
            $"- temperature {number 3 model.Temperature.Value}, fitted on images that the models which predicted them had not learned from"
        else
            "- probabilities as trained, without a temperature"
        yield! thresholds model points
        ""
        "## What its procedure is worth"
        ""
        yield! procedure tested recommendation how
        "## How to use it"
        ""
        "    dotnet fsi scripts/predict.fsx -- --model THIS-FOLDER image.dcm more-images/"
        ""
        match model.Onnx with
        | null ->
            $"There is no `model.onnx`: {nonNull model.OnnxObstacle}"
            ""
        | onnx ->
            let apart = onnx.LargestDifference.ToString("0.0e+00", CultureInfo.InvariantCulture)

            $"`model.onnx` (opset {onnx.Opset}) takes raw pixels of any size, uint8 (N, H, W, {model.Channels}), and gives probabilities, resizing, scaling and temperature included; on {onnx.TriedImages} of its images they differ by {apart} at most from those of the network itself. Images of more than eight bits have to be made eight bits deep first, as above."
            ""
            yield! python model.Channels
            ""
        "`model.safetensors` are the weights, `model.json` all else, `training-images.safetensors` what tells whether an image is like those it learned from: grey levels, a mean and a covariance of embeddings, and digests by which a training image is known again, no picture."
        ""
        "## What it is not for"
        ""
        "- decisions about patients"
        "- images of another kind, device or population than those it learned from: score it on labelled ones first (`predict.fsx -- --external`)"
        ""
    ]
