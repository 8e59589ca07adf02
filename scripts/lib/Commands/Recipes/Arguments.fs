/// The options of recipes, and what --help says of each.
module internal MedTransfer.Recipes.Arguments

open Argu
open MedTransfer.Transfer

[<CliPrefix(CliPrefix.DoubleDash)>]
type Argument =
    | [<MainCommand>] Images of string list
    | Source of string
    | [<Unique>] Weights of string
    | [<Unique>] Backbone of string
    | [<Unique>] Output of string
    | [<Unique>] Tokens of string
    | [<Unique>] Normalisation of string
    | [<Unique>] Image_Size of string
    | [<Unique>] Target of string
    | [<Unique; AltCommandLine("--sizes")>] Target_Size of string
    | [<Unique>] Data of string
    | [<Unique>] Uncertain of string
    | [<Unique>] Positive of string
    | [<Unique>] Epochs of string
    | [<Unique>] Pretraining_Epochs of string
    | [<Unique>] Batch of string
    | [<Unique>] Learning_Rate of string
    | [<Unique>] Schedule of string
    | [<Unique>] Warm_Up of string
    | [<Unique>] Weight_Decay of string
    | [<Unique>] Augment
    | [<Unique>] Balance of string
    | [<Unique; AltCommandLine("--ways")>] Plans of string
    | [<Unique>] Keep_Statistics
    | [<Unique>] Keep of string
    | [<Unique>] Patience of string
    | [<Unique>] Folds of string
    | [<Unique>] Tune of string
    | [<Unique>] Resampling of string
    | [<Unique>] Nested
    | [<Unique>] Sensitivity of string
    | [<Unique>] Seeds of string
    | [<Unique>] Draws of string
    | [<Unique>] Margin of string
    | [<Unique>] Device of string
    | [<Unique>] Workers of string
    | [<Unique>] Threads of string
    | [<Unique>] Engine of string
    | [<Unique>] Engine_Options of string
    | [<Unique>] Detach
    | [<Unique>] Out of string
    | [<Unique>] Budget of string
    | [<Unique>] Split of string
    | [<Unique>] Allow of string
    | [<Unique>] Include_Images
    | [<Unique>] Tables
    | [<Unique>] Offline
    | [<Unique>] Smoke
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Images _ -> "the set whose labels are learned"
            | Source _ -> "the set on which weights are pretrained, before they are transferred"
            | Weights _ ->
                "a .safetensors file in place of --source: weights.safetensors of a trial, or a ResNet's state dict under torchvision's names"
            | Backbone _ -> "an .onnx file in place of --source: an encoder of images, run frozen by ONNX Runtime"
            | Output _ -> "which of an ONNX file's outputs is the embedding, where it has several"
            | Tokens _ ->
                "what becomes of an ONNX file's output of several tokens an image: mean, or first, the class token (default mean)"
            | Normalisation _ ->
                "how a backbone wants pixels, which are 0 to 1 before: imagenet, minus ImageNet's mean over its deviation; half, -1 to 1; none; or three means and three deviations, 0.5,0.5,0.5/0.2,0.2,0.2 (default a published backbone's own, half for weights of the CNN and of what saw grey images, else imagenet)"
            | Image_Size _ ->
                "pixels a side that networks are given: images are enlarged bilinearly, shrunk with antialiasing (default the source's; of a backbone the target's, 64 at least and 224 at most); a folder of images is imported in that size (default 224, of smaller images their own size, 28 at least)"
            | Target _ -> "the set whose labels are learned"
            | Target_Size _ ->
                "images of the target's training split to learn from: a number, all, or a list such as 50,300,all; fewer than all are a stratified sample drawn with the seed"
            | Uncertain _ ->
                "what labels of -1 are read as, where they stand for uncertain findings (as in CheXpert): 0, absent, or 1, present (default: they are refused)"
            | Data _ -> "folder to look for datasets in first, before MEDMNIST_ROOT, the project's data folder and ~/.medmnist"
            | Positive _ ->
                "of the target's two classes the one that sensitivity, specificity, precision and F1 are of, by its name or number (default the disease where the set is known, else class 1)"
            | Epochs _ -> "epochs on the target (default 20; with early stopping three times as many at most)"
            | Pretraining_Epochs _ -> "epochs on the source"
            | Batch _ -> "images a step"
            | Learning_Rate _ -> "Adam's step size"
            | Schedule _ ->
                "how that changes over a training on the target: constant; one-cycle, up for three tenths, then down to next to nothing; cosine, down to 0; step, a tenth from the middle on, a hundredth from three quarters (default constant)"
            | Warm_Up _ ->
                "share of a training on the target in which the step size first rises, 0 or above and below 1: 0.1 is a tenth (default 0, of one-cycle 0.3)"
            | Weight_Decay _ -> "AdamW's, of trainings on the target: 0.01 is usual (default 0)"
            | Augment ->
                "train on images of the target that are shifted, turned, sized and toned a little, anew in every epoch; where features stay, images stay as they are"
            | Balance _ ->
                "what trainings on the target do about classes of unequal size: none; loss, images of rare classes weigh more; sampling, they are drawn more often (a head to its optimum, which draws none, weighs them) (default none)"
            | Plans _ ->
                "ways of transfer, with commas between them: "
                + NamedPlan.Names
                + "; Words says what they are (default those of the experiment, of a backbone frozen,fine-tuned)"
            | Keep_Statistics ->
                "batch norms of transferred layers keep the means and variances of the source, although their weights train: for sets so small, or batches, that their own are poor"
            | Keep _ ->
                "weights a training ends with: last, the last epoch's, as the study; best, those of the highest validation AUC (default last)"
            | Patience _ -> "epochs without a lower validation loss before early stopping (default 5)"
            | Folds _ -> "folds of cross-validation, in tuning too; 0 leaves out the ways that need folds (default 5)"
            | Tune _ ->
                "choose learning rate, weight decay, dropout and frozen depth (of a logistic regression its penalty) of every way that is no control and no ensemble by cross-validation on its training images: grid tries all combinations, a number that many drawn at random (default: no tuning)"
            | Resampling _ ->
                "how --tune cuts the training images: kfold, montecarlo, bootstrap, --folds times; or leaveoneout, compared by accuracy as one image has no AUC (default kfold)"
            | Nested ->
                "with --tune: estimate by nested cross-validation how good tuning and then training is; as many times the work as there are folds"
            | Sensitivity _ -> "sensitivity wanted of the operating point that is chosen on validation (default 0.95)"
            | Seeds _ ->
                "trainings of each way, seeds 0, 1, ...; below five no interval counts patients in, and there is no verdict"
            | Draws _ ->
                "samples of the target's training split that every seed is trained on, so that what samples and what seeds vary are both counted in; 5 or more, and as many times the work (default: each seed has a sample of its own)"
            | Margin _ ->
                "difference in test AUC or ACC that would not matter: ways are called equivalent within it (default 0.02)"
            | Device _ -> "cpu or cuda (default cpu)"
            | Workers _ ->
                "trainings that run at a time, each in a process of its own; changes no result (default the number of cores over --threads; on cuda 1; on a cluster what it has room for)"
            | Threads _ ->
                "compute threads of each training: another number gives other last digits, and so trains anew (default 1)"
            | Engine _ ->
                "where trainings run: local, on this machine; slurm, as job arrays of a Slurm cluster that sees the same folders, from a node that submits (default local)"
            | Engine_Options _ ->
                "what Slurm is asked for, as sbatch calls it: partition=long,account=NAME,time=2:00:00,mem=8G,gres=gpu:1; and tasks=N at most, task-minutes=N that a task of short trainings is to take (default 5)"
            | Detach ->
                "with --engine slurm: submit and leave; a last job makes the page, and the same command tells how far it is"
            | Out _ -> "folder that receives runs/ and reports/ (default the project's)"
            | Budget _ ->
                "time that all may take, such as 90s, 10m or 2h: a few batches of each way are measured, then no transfer, frozen heads and controls are run, with fewer than five seeds where these do not fit, then of the other ways, of more seeds and of learning curves what fits; the page says what was left out (default as much as it takes)"
            | Split _ ->
                "of a folder of images that gives no splits, make them by these shares of train, validation and test, patients and equal images kept together, such as 70/10/20"
            | Allow _ ->
                "go on past a leak that voids scores on test, which the page then says: "
                + String.concat ", " (List.map fst LeakNames.all)
                + ", with commas between (default none: a leak is an error)"
            | Include_Images ->
                "show images of your own sets on the page too (default only those of MedMNIST and of phantoms: who is sent the page must be allowed to see them)"
            | Tables -> "print every table of the page too (default only what its first screen says)"
            | Offline -> "never connect to the network"
            | Smoke ->
                "a run on a few images of every split (seconds at 28 pixels, one or two minutes at 224), to see that everything works; its numbers mean nothing"
            | Verbose -> "show where an error came from"
