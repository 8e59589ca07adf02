/// What the autoencoder keeps of an image, and what two reconstructions that know no network keep.
module MedTransfer.Recipes.Sections.Reconstruction

open System
open MedTransfer.Data
open MedTransfer.Evaluation.Images
open MedTransfer.Inference
open MedTransfer.Models
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private decibels (value: Nullable<float>) = if value.HasValue then value.Value.ToString "F2" else "exact"

let private row (fidelity: ImageFidelity) = [
    fidelity.Mse.ToString "F4"
    decibels fidelity.Psnr
    decibels fidelity.PsnrOfMeanMse
    fidelity.Ssim.ToString "F3"
]

let private shown = 5

let private pictures (lab: Lab) (result: TrialResult) =
    use drawn = result.Folder.ReadReconstructions()
    let images = (lab.Load lab.Source.All).Test
    let first = [ 0 .. min shown (min drawn.Count images.Count) - 1 ]
    [ "test image", List.map images.Png first; "reconstruction", List.map drawn.Png first ]

/// Both of the study's figures come from one range of pixels only if MSE = range^2 / 10^(PSNR / 10).
let private studysFigures (mean: ImageFidelity) (pca: ImageFidelity) =
    let implied = 10.0 ** (-13.89 / 10.0)

    $"The study's figures contradict each other: with pixels in [0, 1] a PSNR of 13.89 dB is an MSE of {implied:F3}, not .0025. Here the mean image, which shows nothing of a patient, has {decibels mean.Psnr} dB, and PCA of the same width an MSE of {pca.Mse:F4}."

/// Table of fidelity on test with its controls, and Figure 2.
let section (lab: Lab) (result: TrialResult) =
    let data = lab.Load lab.Source.All
    let controls = ReconstructionControls.Of(data, result.Trial.Spec.Model.Latent)
    let lastRow = if lab.ShowsStudyOfSource then " Last row: the study's." else ""

    [
        Heading "Autoencoder"
        Text
            $"The encoder is the CNN up to its embedding of {result.Trial.Spec.Model.Latent} numbers, the decoder mirrors it; {result.Metrics.Epochs} epochs on all {data.Train.Count} training images of {lab.Source.Name}, without labels, in {result.Environment.TrainingSeconds:F0} s. One autoencoder serves all seeds."
        Table(
            "reconstruction",
            $"Reconstructions of the {data.Test.Count} test images, pixels in [0, 1]: mean squared error, peak signal-to-noise ratio in dB (mean over images, and of the mean MSE), structural similarity (Wang et al. 2004; 1 is best).{lastRow}",
            Table.ofRows [ "MSE"; "PSNR"; "PSNR of mean MSE"; "SSIM" ] [
                "autoencoder", row (result.Metrics.Fidelity SplitName.Test)
                $"PCA, {controls.Components} components", row controls.Pca
                "mean training image", row controls.MeanImage
                if lab.ShowsStudyOfSource then
                    "the study", [ "0.0025"; "13.89"; ""; "0.195" ]
            ]
        )
        match (result.Metrics.Fidelity SplitName.Test).Mse, controls.Pca.Mse with
        | own, pca when own > pca ->
            Text
                $"The autoencoder draws test images worse than PCA of the same width does (MSE {own:F4}, {pca:F4}): what its encoder keeps is not even the best linear summary."
        | _ -> ()
        if lab.ShowsStudyOfSource then
            Text(studysFigures controls.MeanImage controls.Pca)
        if lab.ShowsPictures lab.Source then
            Pictures("Figure 2. The first five test images and their reconstructions.", pictures lab result)
        else
            Text
                $"Figure 2, test images and their reconstructions, is left out, as {lab.Source.Name} is not a public set: --include-images shows it."
    ]

/// Table 2: what the encoder's weights are worth to the CNN, against training without them.
let transfer (lab: Lab) (study: Map<string, Table.Study>) times reference size (names: string list) (outcomes: Outcome list) =
    let shown = outcomes |> List.filter (fun outcome -> List.contains outcome.Way.Name (reference :: names))

    [
        Table(
            "table2",
            $"""Table 2. {Wording.images size shown}; {Wording.seeds shown}{Wording.ownSample size shown}, but all with the one autoencoder: what another pretraining would change is not in the figures.{Wording.study study "from one seed; its figures for the transferred encoder stand beside both ways of transfer"}{Times.note times} {Wording.scored lab} {Wording.intervals shown}""",
            Table.byWay study times reference shown
        )
        yield! NotTransferred.note shown
        Table(
            "table2-differences",
            $"Each minus {reference}, paired over seeds, all with the one autoencoder; of test scores {Wording.comparedWithBeats shown} Of training accuracy and of the gap (train minus test accuracy) seeds and samples alone (Student's t).",
            Table.differences
                lab
                [
                    Table.OnTest Outcomes.aucScore
                    Table.OnTest Outcomes.accuracyScore
                    Table.OverSeeds("train ACC", Outcomes.trainAccuracy)
                    Table.OverSeeds("gap ACC", Outcomes.accuracyGap)
                ]
                reference
                names
                outcomes
        )
    ]
