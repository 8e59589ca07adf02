/// Short verbs for the REPL. Whatever ends one of them is said in one line.
module MedTransfer.Recipes.Explore

open System
open Deedle
open MedTransfer
open MedTransfer.Data
open MedTransfer.Trials

// F# shows the stack of errors that are not ours
let private verb (work: unit -> 'T) : 'T =
    try
        work ()
    with e when not (e :? MedTransferException) ->
        raise (MedTransferException(MedTransferException.OfUnforeseen e, e))

/// Looks for trials from now on in what recipes left in that folder, named with their --out, and leaves its own there; the project's at first.
let results (folder: string) : unit = verb (fun () -> Workplace.moveTo folder)

/// A dataset by its MedMNIST name (downloaded where this machine has it not), a phantom's name, or the path of an .npz or of a folder of images, which is imported as recipes do; images and
/// labels loaded.
let load (reference: string) : Dataset = verb (fun () -> Sets.load reference)

/// Writes a page with pictures and counts of each class, and what is to be known of the set, and says where; the set comes back.
let see (set: Dataset) : Dataset = verb (fun () -> Sets.see set)

/// How `train` trains: `trainWith { defaults with Epochs = 5 } xrays` has others.
let defaults: TrainOptions = Train.defaults

/// A trial trained on a set as the options say, and scored on its test images; what was trained so before is read from `runs/`.
let trainWith (options: TrainOptions) (set: Dataset) : TrialResult = verb (fun () -> Train.run options set)

/// The small CNN, trained on all training images of a set.
let train (set: Dataset) : TrialResult = trainWith Train.defaults set

/// A regression on the pixels of a set's training images, which a network should beat.
let control (set: Dataset) : TrialResult = trainWith Train.control set

/// Test scores of two trials on the same images, with the 95 % interval of their difference over such images.
let compare (first: TrialResult) (second: TrialResult) : ComparedModels = verb (fun () -> ComparedModels.between first second)

/// What a trial's model says of a split's images, `xrays.Test` for one; a row an image.
let predict (result: TrialResult) (images: Split) : Frame<string, string> = verb (fun () -> Predictions.ofSplit result images)

/// The same of image files and folders of them.
let predictFiles (result: TrialResult) (paths: string list) : Frame<string, string> =
    verb (fun () -> Predictions.ofFiles result paths)

/// The finished trial of that name, or whose name begins so.
let trial (name: string) : TrialResult = verb (fun () -> DoneTrials.find name)

/// Every finished trial in runs/, a row each.
let trials () : Frame<string, string> = verb DoneTrials.table

/// PCA and t-SNE of a trial's train and test embeddings, or of the pixels where a regression on them is all it is, as charts.
let maps (result: TrialResult) : Figures.Figure list = verb (fun () -> TrialMaps.charts result)

/// Writes charts to a page and says where; any browser opens it.
let show (charts: Figures.Figure list) : unit =
    verb (fun () ->
        Workplace.writePage (System.IO.Path.Combine("reports", "explore.html")) "Explore" [ Report.Charts("", charts) ])

/// A trial's history, metrics and predictions as frames. (Deedle's own function of that name is Frame.ofColumns.)
let frame (result: TrialResult) : TrialFrames = verb (fun () -> TrialFrames.ofTrial result)

/// What the REPL says as it opens.
let greeting () : string list = verb Greeting.lines
