/// What the columns of tables are, for readers who do not work with them every day.
module MedTransfer.Recipes.Glossary

// the first that a column holds explains it
let private terms = [
    "study", "study: the figure that the study reports."
    "test minus validation", "test minus validation: the score of the row on test images minus that on validation images."
    "gap ACC", "gap ACC: accuracy on training images minus that on test images."
    "gap AUC", "gap AUC: AUC on training images minus that on test images."
    "P(better", "P(better): how often it scores higher with the same seed, 0 to 1, a tie counting half, with its interval."
    " minus ", "minus: the score of the row's way minus that of the way that is named, with what its 95 % interval covers, and p."
    "by test ACC", "by: what may be said of the difference; the text on verdicts says by which rule."
    "by ROC AUC", "by: what may be said of the difference; the text on verdicts says by which rule."
    "by AUC", "by: what may be said of the difference; the text on verdicts says by which rule."
    "train ACC", "train ACC: accuracy on the images that were learned from. Far above test, the model has learned them by heart."
    "sensitivity", "sensitivity (recall): share of positive images that are called positive, 0 to 1."
    "specificity", "specificity: share of negative images that are called negative, 0 to 1."
    "precision", "precision: share of images called positive that are positive, 0 to 1. It falls where positives are rare."
    "F1", "F1: harmonic mean of precision and sensitivity, 0 to 1."
    "trained weights", "trained weights: numbers that training may change."
    "time s", "time s: seconds that the training takes alone, with nothing else running."
    "time /", "time /: the same as a multiple of the way that is named."
    "epochs", "epochs: passes over the training images."
    "ECE", "ECE, expected calibration error: mean distance of probabilities from what happens, 0 is best."
    "slope", "slope: of a logistic recalibration, 1 is best; below 1, probabilities are too extreme."
    "intercept", "intercept: of a logistic recalibration, 0 is best."
    "in the large", "in the large: mean probability against the share of positives, 0 is best."
    "silhouette", "silhouette: how much nearer points are to their own class than to the next, -1 to 1."
    "5-NN ACC", "5-NN ACC: accuracy of the five nearest other images, 0 to 1."
    "trustworthiness", "trustworthiness: how far neighbours on the map are neighbours in the embeddings, 1 is best."
    "largest class", "largest class: share of the most frequent class, which is what always answering it has right."
    "MSE", "MSE: mean squared error of pixels scaled to 0 to 1, 0 is best."
    "PSNR", "PSNR: peak signal-to-noise ratio in dB, more is better."
    "SSIM", "SSIM: structural similarity, 1 is best."
    "ACC", "ACC, accuracy: share of images whose class is called right, 0 to 1. Read it against the share of the largest class."
    "AUC",
    "AUC, area under the ROC curve: how often a positive image is scored higher than a negative one, .5 (guessing) to 1. It needs no threshold."
    "share", "share: of all images, 0 to 1."
    "MD5", "MD5: checksum of the file."
]

/// A line on a column; None where its name says it all.
let explain (column: string) : string option =
    terms
    |> List.tryFind (fun (term, _) -> column.Contains(term, System.StringComparison.Ordinal))
    |> Option.map snd

/// The lines on several columns, each once, in their order.
let ofColumns (columns: string seq) : string list = columns |> Seq.choose explain |> Seq.distinct |> List.ofSeq
