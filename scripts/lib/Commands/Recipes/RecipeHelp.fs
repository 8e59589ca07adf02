/// What --help says of a recipe, beside its options' own texts.
module MedTransfer.Recipes.RecipeHelp

open System
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Phantoms
open MedTransfer.Models
open MedTransfer.Transfer
open MedTransfer.Recipes.Help

let private sets =
    let flags = [
        for known in MedMnist.Entries do
            if not (known.Info.Name.Contains '_') then
                known.Info.Name
    ]

    let drawn = [ for kind in Enum.GetValues<PhantomKind>() -> Phantom(kind, 28).Name ]
    String.concat ", " flags, String.concat ", " drawn

/// What tables of the families name besides the kinds that can be typed.
let private besides = [
    "source alone", "trained on the source's labels, tested on the target"
    "unsupervised", "of adaptation: without labels of the target's training images"
    "autoencoder", "learns without labels to draw images again from few numbers"
    "LogME, H-score, LEEP", "guesses before any training on the target how well weights go with its labels; higher is better"
]

/// Of a recipe, with the options it takes where the command line is silent.
let page (experiment: Experiment) (usual: Options) : Page =
    let name = experiment.Name
    let source = experiment.Source |> Option.defaultValue experiment.Target
    let named = [ source; experiment.Target ] |> List.distinct |> String.concat " and "
    let entry' name value text = { entry name value with Default = Some text }

    let sizes =
        String.concat "," [
            yield! List.map string experiment.Samples
            if experiment.LearnsFromAll then
                "all"
        ]

    let takesBackbones = experiment.AsksOfOwnImages || not (List.contains "--weights" experiment.Refused)
    let ofBackbone text = if takesBackbones then $", of a backbone {text}" else ""

    let shownAs shown name value text = { entry name value with Shown = Some(shown, text) }

    let seeds =
        if experiment.QuickSeeds > experiment.Seeds then
            $"{experiment.Seeds}, of what takes seconds {experiment.QuickSeeds}, on phantoms {Experiment.mostOnPhantoms}"
        elif experiment.Seeds > Experiment.mostOnPhantoms then
            $"{experiment.Seeds}, on phantoms {Experiment.mostOnPhantoms}"
        else
            string experiment.Seeds

    let groups = [
        "Images: SET is a name, the path of an .npz in MedMNIST's layout, or a folder of images",
        [
            entry' "--target" "SET" (experiment.Target + if experiment.IsBinary then ", healthy against disease" else "")
            entry'
                "--source"
                "SET"
                (if experiment.AsksOfOwnImages then
                     "imagenet-resnet18"
                 else
                     experiment.Source |> Option.defaultValue "the target")
            entry' "--target-size" "SIZES" (sizes + ofBackbone (experiment.Samples |> List.map string |> String.concat ","))
            if experiment.AsksOfOwnImages then
                shownAs
                    "--sizes"
                    "--target-size"
                    "SIZES"
                    "numbers of images to learn from besides all that there are, for learning curves: two or more with commas between them, or all for none (default an eighth, a quarter and a half, where these are 16 and more)"
            entry "--image-size" "N"
            entry "--positive" "CLASS"
            entry "--uncertain" "0|1"
            entry "--split" "A/B/C"
            entry "--allow" "LEAKS"
            entry "--data" "FOLDER"
            entry "--offline" ""
        ]
        if takesBackbones then
            (if experiment.AsksOfOwnImages then
                 "Sources that others have trained"
             else
                 $"""Backbones that others have trained, in place of a source set: --source {PublishedBackbone.All |> Seq.map _.Name |> String.concat " or "}, or a file"""),
            [
                entry "--weights" "FILE"
                entry "--backbone" "FILE"
                entry "--output" "NAME"
                entry "--tokens" "mean|first"
                entry "--normalisation" "SCALE"
            ]
        "Training: N is a whole number, X a number such as 0.001",
        [
            entry "--epochs" "N"
            entry' "--pretraining-epochs" "N" (string usual.PretrainingEpochs)
            entry' "--batch" "N" (string experiment.BatchSize + ofBackbone "32")
            if experiment.AsksOfOwnImages then
                shownAs
                    "--ways"
                    "--plans"
                    "NAMES"
                    $"ways of transfer, with commas between them: {NamedWay.names}; Words says what they are (default frozen,last-stage,lp-ft,fine-tuned)"
            else
                entry "--plans" "NAMES"
            entry'
                "--learning-rate"
                "X"
                ("0.001" + (if takesBackbones then ofBackbone "0.0001" else "; the autoencoder has its own"))
            entry "--schedule" "constant|one-cycle|cosine|step"
            entry "--warm-up" "X"
            entry "--weight-decay" "X"
            entry "--augment" ""
            entry "--balance" "none|loss|sampling"
            entry "--keep-statistics" ""
            entry "--keep" "last|best"
            entry "--patience" "N"
            entry' "--seeds" "N" seeds
            entry "--draws" "N"
        ]
        "Cross-validation and tuning",
        [
            entry "--folds" "N"
            entry "--tune" "grid|N"
            entry "--resampling" "kfold|montecarlo|bootstrap|leaveoneout"
            entry "--nested" ""
        ]
        "Results",
        [
            entry "--budget" "TIME"
            entry "--margin" "X"
            entry "--sensitivity" "X"
            entry "--include-images" ""
            entry "--tables" ""
            entry "--out" "FOLDER"
            entry "--smoke" ""
            entry "--verbose" ""
            asks
        ]
        "Machine",
        [
            entry "--device" "cpu|cuda"
            entry "--workers" "N"
            entry "--threads" "N"
            entry "--engine" "local|slurm"
            entry "--engine-options" "NAME=VALUE"
            entry "--detach" ""
        ]
    ]

    let opening =
        if experiment.AsksOfOwnImages then
            [
                $"    dotnet fsi scripts/{name}.fsx -- my-images/                a folder of images, or an .npz"
                $"    dotnet fsi scripts/{name}.fsx -- my-images/ --ways frozen  in minutes"
                $"    dotnet fsi scripts/{name}.fsx -- my-images/ --source other-images/ --source net.onnx"
                $"    dotnet fsi scripts/{name}.fsx -- my-images/ --source other/ --ways frozen,coral,dann"
                ""
                $"{experiment.Does} Without a set that is {named}, or drawn images (phantoms) where that can't be had. --source names imagenet-resnet18 (the default), a set or a folder to pretrain on (without labels as an autoencoder), a .safetensors file of weights, an .onnx file of an encoder, a trial's folder in runs/, or none; several times for several. Ways by which images of a source take part (pooled, importance, tradaboost, coral, mmd, dann) or are learned without labels (vicreg, simclr) take a set or a folder; relational and soup take weights too."
                ""
                "The answer is of taking the way that does best, against no transfer and against the best control; each fold's way is chosen by the other folds (with a test split, by validation, or by folds of the training images where there is none), so that no image has a part in choosing what it is tested on. A test split on which no difference below .1 can be shown is not read; of more than 1,000 images without one, a fifth is held out."
            ]
        else
            [
                $"    dotnet fsi scripts/{name}.fsx -- --smoke      small samples of everything: does it run here?"
                $"    dotnet fsi scripts/{name}.fsx                 the experiment"
                ""
                $"{experiment.Does} Without --target and --source that is {named}: looked for on this machine, then downloaded; where neither works, drawn images (phantoms) stand in, and whatever is measured on them says so."
                ""
                $"One comparison is named beforehand, by test ROC AUC: {fst experiment.Primary} minus {snd experiment.Primary}, with 300 training images, or the fewest of --target-size where that is not among them. All others are exploratory."
            ]

    {
        Opening = [
            yield! opening
            ""
            $"Time: {experiment.Takes}; --smoke half a minute. The screen shows what is left. Ctrl+C stops; the same command goes on from there."
            ""
            $"The page is reports/{name}/report.html, in the project or below --out; any browser opens it, without a network. Its tables lie beside it as CSV, and every training has a folder in runs/."
        ]
        Groups = groups
        Refused = experiment.Refused
        Words = [
            let published, drawn = sets
            "set", $"{published} (28 pixels; with _64, _128 or _224 larger: chestmnist_64)"
            "phantom", $"drawn radiographs, to try things, not to prove them: {drawn} (28 pixels; with a suffix up to _224)"
            "split", "training images are learned from, validation images decide choices, test images are scored once, at the end"
            "way", "a treatment under comparison: no transfer, frozen, fine-tuned, ..."

            "control",
            "a way that shows what the others are worth: always the most frequent class, brightness alone, regression on the pixels, features drawn at random"

            "no transfer", "all weights start at random"

            for plan in NamedPlan.All do
                // those of every recipe, and those that can be named besides
                if List.contains plan.Name [ "frozen"; "fine-tuned" ] || not (List.contains "--plans" experiment.Refused) then
                    plan.Usage, plan.Description

            if experiment.AsksOfOwnImages then
                for kind in Kind.All do
                    kind.Name, kind.Description

            if experiment.Name = Experiment.methods.Name then
                for kind in Kind.All do
                    kind.Title, kind.Description

                yield! besides

            "logistic regression", "the last layer trained to its optimum, not for a number of epochs"

            "frozen depth",
            "how many transferred layers, from the image on, keep their weights: from 0 (fine-tuned) to all of them (frozen)"

            "seed", "decides the sample, the initial weights and the order of the images; several show what is chance"
        ]
    }
