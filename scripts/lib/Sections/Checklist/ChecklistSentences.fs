/// What a run has to say of items of a checklist, by what it knows of itself.
module MedTransfer.Recipes.ChecklistSentences

open MedTransfer.Data.Checks
open MedTransfer.Recipes.ChecklistItem

let private isNamed (run: Facts) = run.Choice = NamedBefore
let private hasTestSplit (run: Facts) = run.Scheme = TestScheme.TestSplit
let private cases (run: Facts) = if run.KnowsPatients then "patients" else "images"

// what chose the way, and what thresholds and temperatures were chosen on
let private chooser (run: Facts) =
    match run.Choice with
    | NamedBefore
    | NothingToChoose when run.Scheme = TestScheme.Folds -> "folds of the images"
    | NamedBefore
    | NothingToChoose
    | ByValidation -> "validation"
    | ByInnerFolds -> "folds of the training images"
    | ByOtherFolds -> "the other folds"

let patients (run: Facts) =
    match run.KnowsPatients, hasTestSplit run with
    | true, true -> "Patients: a run ends where two splits share one, unless that is allowed, which the first screen then says."
    | true, false -> "Patients: all images of one are in the same fold."
    | false, true -> "Images: who is shown is not known, so that splits may share patients."
    | false, false -> "Images: who is shown is not known, so that folds may share patients."

let missing (run: Facts) =
    let labels =
        if run.LacksLabels then
            "Labels are missing: each is left out of losses and scores, and its image stays."
        else
            "No label is missing."

    match run.UncertainAs with
    | Some value -> $"{labels} Uncertain labels are read as {value}."
    | None -> labels

let preprocessing (run: Facts) =
    let pixels =
        match run.Pixels with
        | Some pixels -> $"Pixels: {pixels.TrimEnd '.'}."
        | None -> "Pixels are as the set has them."

    $"{pixels} Their scale is in the text above the table of ways. Sets are looked through for leaks, shortcuts and more before anything trains."

let partition (run: Facts) =
    match run.Scheme with
    | TestScheme.Folds -> "Five folds a seed: every image is tested once by a model that did not learn from it."
    | TestScheme.HeldOutFold -> "A fifth of the training images is held out, and tested once."
    | _ ->
        "The set's own splits; the test split is read once, after training. How often its images were scored in all is counted."

let samples (run: Facts) =
    if run.HasSamples then
        Done "Sizes of samples; each is drawn by a seed, stratified by label."
    else
        NotOfIt "every training learns from all images that are there to learn from"

let counts (run: Facts) =
    if run.CountsLeftOut then
        "Images of each split by label; files that became no image, by reason."
    else
        "Images of each split by label; of files that were left out nothing is known."

let trainings (run: Facts) =
    let seeds =
        match run.Seeds with
        | 1, 1 -> "One seed, which decides"
        | fewest, most when fewest = most -> $"{most} seeds, each of which decides"
        | fewest, most -> $"{fewest} to {most} seeds a way, each of which decides"

    let sample = if run.HasSamples then "; samples are drawn by seeds too" else ""

    $"{seeds} initial weights and order of images{sample}; epochs, batch, step size and what ends a training are in the table of ways."

let question (run: Facts) =
    if isNamed run then
        "The question, and the comparison that was named before anything was run."
    elif run.Choice = NothingToChoose then
        "The question; nothing was transferred, so that nothing is compared."
    else
        $"The question; which way is compared is chosen by {chooser run}, and it is judged on images that did not choose it."

let choice (run: Facts) =
    let forUse (way: string) =
        $"The model for use is trained by {way}, on all images that are not test; by no transfer where transfer does worse."

    match run.Choice with
    | NamedBefore ->
        "Ways are named beforehand, and none is chosen by test images; which epoch a training keeps, and by what, is in the table of ways."
    | NothingToChoose ->
        "No way is chosen, as nothing was transferred: the model for use is trained by no transfer, on all images that are not test."
    | ByValidation -> $"""The way with the highest validation AUC, before test images are looked at. {forUse "it"}"""
    | ByInnerFolds -> $"""The way with the highest AUC in five folds of the training images. {forUse "it"}"""
    | ByOtherFolds -> $"""For each fold the way that is best in the others. {forUse "the one that is best over all folds"}"""

let ensembles (run: Facts) =
    if run.HasEnsembles then
        Done "A way that is a mean of models says so, with the training of each."
    else
        NotOfIt "no way of this run is a mean of several models"

let measures (run: Facts) =
    let scores =
        if isNamed run then
            "ROC AUC first; accuracy, sensitivity, specificity, precision and F1"
        else
            "ROC AUC first, and accuracy"

    if run.HasTwoClasses then
        $"{scores}; calibration, and what a threshold gives."
    else
        $"{scores}."

let columns (run: Facts) =
    if isNamed run then
        "Each column says what it is; the comparison was named beforehand."
    elif run.Choice = NothingToChoose then
        "Each column says what it is."
    else
        "Each column says what it is; the way that is compared was chosen on images that do not judge it."

/// With an interval what is said of it, else why there is none.
let private withInterval (run: Facts) (text: string) =
    match run.NoInterval with
    | Some why -> Undone $"No score of a way, and no difference, has an interval: {why}."
    | None -> Done text

let uncertainty (run: Facts) =
    let varied = if run.HasSamples && isNamed run then "seeds, samples" else "seeds"

    let several =
        if isNamed run then
            "where verdicts are given, p is adjusted for the ways that are compared with one reference (Holm)"
        else
            "each difference by itself"

    withInterval run $"95 %% intervals that count in {varied} and test {cases run}; {several}."

let groups (run: Facts) =
    withInterval run "Of all images that are tested, with 95 % intervals; groups of people are not known here."

let precision (run: Facts) =
    let atThreshold =
        match isNamed run, run.HasTwoClasses with
        | true, true ->
            $"; sensitivity and specificity of one trained model with theirs, and at a threshold that was chosen on {chooser run}"
        | false, true ->
            $"; sensitivity and specificity at a threshold that was chosen on {chooser run}, with a standard deviation over seeds alone"
        | _ -> ""

    withInterval run $"ROC AUC and accuracy with 95 %% intervals{atThreshold}."

let robustness (run: Facts) =
    if run.HasSamples then
        "Fewer training images, controls, looks for shortcuts and leaks."
    else
        "Controls, looks for shortcuts and leaks."

let performance (run: Facts) =
    if isNamed run then
        "Of every way, on training and test images; groups of people are not known here."
    else
        "Of every way, on images that its models did not learn from; the model for use has no scores of its own, and groups of people are not known here."

let failures (run: Facts) =
    let every = "predictions.csv of each trial has every image, and there is no confusion matrix."

    match isNamed run, run.IsMultiLabel with
    | true, true -> Undone $"Of several findings no image is right or wrong as a whole; {every}"
    | true, false -> Done $"The test images that one model is surest of and calls wrong; {every}"
    | false, _ -> Done $"Images whose label is doubted by models that did not learn from it; {every}"

let balance (run: Facts) =
    if run.Balances then
        "Images of each class; which trainings weigh rare classes more, or draw them more often, is in the table of ways."
    else
        "Images of each class; no training did anything about unequal classes."

let output (run: Facts) =
    match run.HasTwoClasses, run.IsMultiLabel, isNamed run with
    | true, _, _ -> $"Probabilities, and a threshold for a wanted sensitivity, chosen on {chooser run}."
    | false, true, true -> "A probability of each finding, without thresholds of its own."
    | false, true, false ->
        "A probability of each finding, and a threshold for a wanted sensitivity where a positive image is there to choose it on."
    | false, false, _ -> "A probability of each class; the likeliest is called."

let updating (run: Facts) =
    match run.HasTwoClasses, isNamed run with
    | true, false when run.Choice = NothingToChoose ->
        Done "A temperature of the model for use, where one was found; what it changes is not measured."
    | true, _ -> Done $"Calibration as trained, and after a temperature that was fitted on {chooser run}."
    | false, false -> Done "A temperature of the model for use, where one was found; what it changes is not measured."
    | false, true -> NotOfIt "no prediction was recalibrated"

let shift (run: Facts) =
    if hasTestSplit run then
        "Labels of each split side by side, and notes on what tells splits or classes apart."
    else
        "Folds of the same images, stratified by label."

let model (run: Facts) =
    if isNamed run then
        "Spec and weights of each trial, in a folder of its own; none is made for use."
    else
        "One model for use, with its card, beside the page; spec and weights of each trial."

let poorInput (run: Facts) =
    if isNamed run then
        NotOfIt "this run makes no model for use"
    else
        Done "predict.fsx warns of images unlike those that the model learned from."

// whose model other commands take
let private itsModel (run: Facts) = if isNamed run then "the model that transfer.fsx leaves" else "its model"

let explanation (run: Facts) = $"This page explains no single prediction: predict.fsx maps where {itsModel run} looks."

let otherSets (run: Facts) =
    $"This run tests on one set alone: predict.fsx -- --external scores {itsModel run} on another, on a page of its own."

let clusters (run: Facts) =
    $"The site of an image is not known here: predict.fsx -- --external scores {itsModel run} on a set of each site."
