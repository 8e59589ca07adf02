/// What --help says beside the options' own texts: of the recipes, of `reduce`, `repeat`, `import` and `predict`.
module MedTransfer.Recipes.HelpPages

open System
open MedTransfer.Data.Catalogue
open MedTransfer.Data.Phantoms
open MedTransfer.Models
open MedTransfer.Transfer
open MedTransfer.Recipes.Help

let private asks = entry "--help" ""

let private sets =
    let flags = [
        for known in MedMnist.Entries do
            if not (known.Info.Name.Contains '_') then
                known.Info.Name
    ]

    let drawn = [ for kind in Enum.GetValues<PhantomKind>() -> Phantom(kind, 28).Name ]
    String.concat ", " flags, String.concat ", " drawn

/// Of a recipe, with the options it takes where the command line is silent.
let ofRecipe (experiment: Experiment) (usual: Options) : Page =
    let name = experiment.Name
    let source = experiment.Source |> Option.defaultValue experiment.Target
    let named = [ source; experiment.Target ] |> List.distinct |> String.concat " and "
    let entry' name value text = { entry name value with Default = Some text }

    let sizes = String.concat "," [ yield! List.map string experiment.Samples; "all" ]

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
                    $"ways of transfer, with commas between them: {NamedPlan.Names}; Words says what they are (default frozen,last-stage,lp-ft,fine-tuned)"
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
        "Machine", [ entry "--device" "cpu|cuda"; entry "--workers" "N"; entry "--threads" "N" ]
    ]

    let opening =
        if experiment.AsksOfOwnImages then
            [
                $"    dotnet fsi scripts/{name}.fsx -- my-images/                a folder of images, or an .npz"
                $"    dotnet fsi scripts/{name}.fsx -- my-images/ --ways frozen  in minutes"
                $"    dotnet fsi scripts/{name}.fsx -- my-images/ --source other-images/ --source net.onnx"
                ""
                $"{experiment.Does} Without a set that is {named}, or drawn images (phantoms) where that can't be had. --source names imagenet-resnet18 (the default), a set or a folder to pretrain on (without labels as an autoencoder), a .safetensors file of weights, an .onnx file of an encoder, a trial's folder in runs/, or none; several times for several."
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

            "logistic regression", "the last layer trained to its optimum, not for a number of epochs"

            "frozen depth",
            "how many transferred layers, from the image on, keep their weights: from 0 (fine-tuned) to all of them (frozen)"

            "seed", "decides the sample, the initial weights and the order of the images; several show what is chance"
        ]
    }

/// Of `reduce`.
let ofReduce: Page = {
    Opening = [
        "    dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy"
        "    dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy --labels L.npy --report map.html"
        ""
        "Every row of X.npy becomes a point in the plane; rows that are like each other come to lie together. Their places go to Y.npy. The second line also writes map.html, a page with the map, coloured by class, and how good it is: any browser opens it, without a network. In Python, numpy.save(\"X.npy\", x) writes such a file."
        ""
        "Time: on two cores 5 s for 20,000 rows of 128 columns, 10 s for 60,000."
    ]
    Groups = [
        "Files", [ entry "--input" "FILE"; entry "--output" "FILE"; entry "--labels" "FILE"; entry "--report" "FILE" ]
        "Method: N is a whole number, X a number", [ entry "--method" "tsne|pca"; entry "--components" "N"; entry "--whiten" "" ]
        "t-SNE alone",
        [
            entry "--perplexity" "X"
            entry "--early-iterations" "N"
            entry "--iterations" "N"
            entry "--repulsion" "auto|exact|grid"
            entry "--start" "FILE"
            entry "--seed" "N"
        ]
        "Running", [ entry "--threads" "N"; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "PCA", "principal component analysis: the directions in which the rows differ most; distances keep their meaning"
        "t-SNE", "keeps neighbours together; distances between groups, and their sizes, mean little"
        "KL divergence",
        "what t-SNE minimises: how far neighbourhoods in the map differ from those in the rows; 0 is a perfect map"
        "explained variance", "share of the rows' variance that PCA's columns keep"
    ]
}

/// Of `repeat`.
let ofRepeat: Page = {
    Opening = [
        "    dotnet fsi scripts/repeat.fsx -- reports/task2"
        "    dotnet fsi scripts/repeat.fsx -- runs/0123456789abcdef"
        ""
        "Trains finished trials anew, each from the spec.json in its folder, with the trials it needs, and compares what comes out with what is there: every artefact byte for byte and, where bits differ, the figures. Nothing that exists is written to."
        ""
        "A word is the folder of a trial, that of a report (or its report.html), which means all trials of the report, or a folder of runs, which means all that are finished in it. Data is found by its digest: where it was, else among all files of --data and of the usual folders."
        ""
        "Time: on two cores as long as the trainings took, a minute or less for most trials. Ends with 0 where all agree, with 1 where one does not."
    ]
    Groups = [
        "Running: N is a whole number",
        [ entry "--data" "FOLDER"; entry "--keep" "FOLDER"; entry "--workers" "N"; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "trial", "one training with one seed, in a folder of its own in runs/, named by the hash of its spec and its data"
        "same bits", "every artefact has the same bytes; environment.json, which holds times, is not compared"
        "interval",
        "of an original's test figure, 95 %: how far it would vary with other test images. On another kind of machine a training has other bits, and its figures should lie within"
    ]
}

/// Of `site`.
let ofSite: Page = {
    Opening = [
        "    dotnet fsi scripts/site.fsx"
        "    dotnet fsi scripts/site.fsx -- --out FOLDER"
        ""
        "Makes reports/index.html from what is there, and trains nothing: a card of each report (verdict, whether to trust it, its plot, when, which data), and a table of all finished trainings of runs/ with what any two specs differ in. reports/reducers.html lays one set out by each reducer, with time and quality."
        ""
        "What is up to date is not made again. Folders of reports/ without a readable answer.json are left out, with a line. Pages name nothing that is not below reports/ and runs/, but the files of data by their last name."
        ""
        "Time: on two cores some seconds, the first time; a second where nothing is new."
    ]
    Groups = [
        "Options", [ entry "--out" "FOLDER"; entry "--data" "FOLDER"; entry "--again" ""; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "trial", "one training with one seed, in a folder of its own in runs/, named by the hash of its spec and its data"
        "spec", "all that decides what a training comes to: data, network, transfer, fit, seed"
    ]
}

/// Of `import`.
let ofImport: Page = {
    Opening = [
        "    dotnet fsi scripts/import.fsx -- my-images/ --out my.npz"
        "    dotnet fsi scripts/import.fsx -- my-images/ --out my.npz --split 70/10/20"
        ""
        "Makes a set that every recipe takes (--target my.npz) of a folder of images: PNG and TIFF of 8 and 16 bits, JPEG, BMP, DICOM. Labels come from folders, one a class, with or without train, val and test above them; or from a CSV in the folder (columns file, label, patient, split; several columns of 0 and 1 are findings, empty is missing, -1 uncertain)."
        ""
        "Files that can't be read are listed and left out. What was done to pixels, counts, and what was left out stand in the .json beside the .npz, in which you may name the site, the device, the period, the approval, how labels were made, and what else the checklist beside a report asks a person for. Patients become numbers, made with a secret of yours on this machine; file names and tags are not carried along."
    ]
    Groups = [
        "Files", [ entry "--out" "FILE"; entry "--strict" "" ]
        "Pixels: N is a whole number, X a number",
        [
            entry "--image-size" "N"
            entry "--fit" "pad|crop|squash"
            entry "--window" "X/X"
            entry "--percentiles" "X/X"
            entry "--invert" ""
            entry "--frame" "N"
        ]
        "Labels and patients",
        [
            entry "--table" "FILE"
            entry "--file-column" "NAME"
            entry "--label-columns" "NAMES"
            entry "--patient-column" "NAME"
            entry "--split-column" "NAME"
            entry "--patient" "REGEX"
            entry "--unlabelled" ""
            entry "--skip-missing" ""
        ]
        "Splits", [ entry "--split" "A/B/C"; entry "--seed" "N" ]
        "Running", [ entry "--threads" "N"; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "window", "the values that become black and white; a DICOM file often says its own"
        "percentiles", "of 0.5/99.5 the darkest and the brightest half percent of an image's pixels become black and white"
    ]
}

/// Of `predict`.
let ofPredict: Page = {
    Opening = [
        "    dotnet fsi scripts/predict.fsx -- image.dcm more-images/"
        "    dotnet fsi scripts/predict.fsx -- --external other-hospital/"
        ""
        "Asks the model that transfer.fsx left what it says of images: a probability of each class (calibrated by a temperature, where one was found), what is called at the threshold that was chosen, and a warning where an image is unlike those that it learned from. The page, reports/predict/report.html, shows each image with a map of where the model looks; predictions.csv has a row each. PNG, JPEG, BMP, TIFF (8 and 16 bits) and DICOM are made ready as the images that it learned from were, as far as that is known."
        ""
        "--external scores the model on labelled images that it has never seen, of another hospital for one: scores with intervals, calibration, and how the images differ. Each scoring is counted in runs/test-ledger.csv."
        ""
        "For research only: it is no medical device."
    ]
    Groups = [
        "Model and images: SET is a name, the path of an .npz in MedMNIST's layout, or a folder of images",
        [
            entry "--model" "FOLDER"
            entry "--external" "SET"
            entry "--uncertain" "0|1"
            entry "--data" "FOLDER"
            entry "--frame" "N"
        ]
        "Running", [ entry "--out" "FOLDER"; entry "--no-maps" ""; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        "calibrated",
        "of images like those that it learned from, where classes are as frequent, some 80 % of those that are given a probability of .8 are what is said"
        "threshold",
        "the probability from which on the positive class is called, chosen for a sensitivity that transfer.fsx was asked for"
        "unlike",
        "as bright or dark, as flat or contrasty, or as far from the others for the network as at most 1 % of the images that the model learned from"
        "map",
        "HiResCAM (Draelos and Carin 2020), which on phantoms of 28 pixels pointed better than Grad-CAM: where in the image the network finds what speaks for the class; of ONNX encoders, where greying a patch out lowers its probability"
    ]
}
