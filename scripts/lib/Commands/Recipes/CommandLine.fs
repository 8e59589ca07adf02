/// The command line of a recipe: what its options are where it is silent, and what is refused.
module MedTransfer.Recipes.CommandLine

open System
open Argu
open MedTransfer
open MedTransfer.Data.Import
open MedTransfer.Data.Phantoms
open MedTransfer.Data.Resampling
open MedTransfer.Evaluation.Comparisons
open MedTransfer.Models.Onnx
open MedTransfer.Runtime
open MedTransfer.Training
open MedTransfer.Recipes.Arguments
open MedTransfer.Recipes.Values
open MedTransfer.Recipes.OptionValues

/// What is used where the command line is silent; `--smoke` has its own, so that a run takes seconds.
let private defaults (experiment: Experiment) out smoke = {
    Source = None
    Sources = []
    Weights = None
    Encoder = None
    Output = None
    Tokens = TokenPooling.Mean
    ImageSize = None
    Normalisation = None
    Target = None
    TargetSizes = None
    DataFolder = None
    UncertainAs = None
    Positive = None
    Epochs = if smoke then 2 else experiment.Epochs
    PretrainingEpochs = if smoke then 1 else experiment.PretrainingEpochs
    BatchSize = if smoke then Some 64 else None
    LearningRate = None
    Schedule = None
    WeightDecay = 0.0
    Augment = false
    Balance = ClassBalance.None
    Ways = None
    KeepStatistics = false
    Keep = KeptEpoch.Last
    Patience = if smoke then 1 else 5
    Folds = if smoke then 2 else 5
    Tuning = None
    Resampling = ResamplingScheme.KFold
    Nested = false
    Sensitivity = 0.95
    Seeds = if smoke then Some(if experiment.AsksOfOwnImages then 1 else 2) else None
    Draws = None
    Margin = 0.02
    Device = "cpu"
    Workers = Environment.ProcessorCount
    Threads = ComputeDevice.Threads
    Engine = ThisMachine
    Words = []
    Out = out
    Budget = None
    Shares = None
    Allowed = []
    IncludesImages = false
    Tables = false
    Offline = false
    Smoke = smoke
    Verbose = false
}

/// Reads the words after the script's name.
let parse (experiment: Experiment) (projectFolder: string) (words: string list) : Options =
    let recipe = experiment.Name
    let help = RecipeHelp.page experiment (defaults experiment projectFolder false)
    let given = read<Argument> recipe help words

    for refused in experiment.Refused do
        if words |> List.contains refused then
            raise (usage $"{refused} is no option of {recipe}; see dotnet fsi scripts/{recipe}.fsx -- --help")

    if given.Contains <@ Resampling @> && not (given.Contains Tune) then
        raise (usage "--resampling is about tuning: name --tune too.")

    if given.Contains Tune && given.TryGetResult(<@ Folds @>) |> Option.exists (fun folds -> foldCount folds = 0) then
        raise (usage "--tune chooses by folds, and --folds 0 leaves none: name 2 or more, or leave --tune out.")

    if given.Contains <@ Weight_Decay @> && given.Contains Tune then
        raise (usage "--weight-decay is chosen by --tune: leave one of them out.")

    if given.Contains Nested && not (given.Contains Tune) then
        raise (usage "--nested estimates tuning: name --tune too.")

    let sources = given.GetResults <@ Source @>

    if sources.Length > 1 && not experiment.TakesSeveralSources then
        raise (usage $"--source is named {sources.Length} times, but {recipe} has one: name it once.")

    let images =
        match given.GetResults <@ Images @> |> List.concat with
        | [] -> None
        | [ one ] when experiment.AsksOfOwnImages && not (one.StartsWith '-') -> Some one
        | [ one; other ] when experiment.AsksOfOwnImages && not (one.StartsWith '-' || other.StartsWith '-') ->
            raise (usage $"One set is asked about, but '{one}' and '{other}' are named; more sources are named with --source.")
        | words ->
            let word = words |> List.tryFind _.StartsWith('-') |> Option.defaultValue words.Head
            raise (usage $"unrecognized argument: '{word}'; see dotnet fsi scripts/{recipe}.fsx -- --help")

    let usual = defaults experiment projectFolder (given.Contains Smoke)

    let value (case: Quotations.Expr<string -> Argument>) fallback (read: string -> _) =
        given.TryGetResult(case) |> Option.map read |> Option.defaultValue fallback

    let device = value <@ Device @> usual.Device (oneOf "--device" [ "cpu", "cpu"; "cuda", "cuda" ])
    let threads = value <@ Threads @> usual.Threads (whole "--threads" 1)
    let asked = given.TryGetResult(<@ Workers @>) |> Option.map (whole "--workers" 1)

    let engine =
        engine (given.TryGetResult <@ Engine @>) (given.TryGetResult <@ Engine_Options @>) (given.Contains Detach) device asked

    if engine <> ThisMachine && given.Contains <@ Budget @> then
        raise (usage "--budget measures this machine, and trainings are to run on others: leave --budget or --engine out.")

    let fitting =
        if engine <> ThisMachine then Int32.MaxValue
        elif device = "cuda" then 1
        else max 1 (usual.Workers / threads)

    {
        Source = if experiment.AsksOfOwnImages then None else List.tryHead sources
        Sources =
            if experiment.AsksOfOwnImages then
                List.distinct sources
            else
                List.distinct sources |> List.except (List.truncate 1 sources)
        Weights = given.TryGetResult(<@ Weights @>) |> Option.map (file "--weights")
        Encoder = given.TryGetResult(<@ Backbone @>) |> Option.map (file "--backbone")
        Output = given.TryGetResult(<@ Output @>)
        Tokens = value <@ Tokens @> usual.Tokens (oneOf "--tokens" [ "mean", TokenPooling.Mean; "first", TokenPooling.First ])
        Normalisation = given.TryGetResult(<@ Normalisation @>) |> Option.map normalisation
        ImageSize = value <@ Image_Size @> usual.ImageSize (imageSize >> Some)
        Target = images |> Option.orElse (given.TryGetResult(<@ Target @>))
        TargetSizes =
            given.TryGetResult(<@ Target_Size @>)
            |> Option.map (sizes (if experiment.AsksOfOwnImages then "--sizes" else "--target-size"))
        DataFolder = given.TryGetResult(<@ Data @>)
        UncertainAs = value <@ Uncertain @> usual.UncertainAs (oneOf "--uncertain" [ "0", Some 0; "1", Some 1 ])
        Positive = given.TryGetResult(<@ Positive @>)
        Epochs = value <@ Epochs @> usual.Epochs (whole "--epochs" 1)
        PretrainingEpochs = value <@ Pretraining_Epochs @> usual.PretrainingEpochs (whole "--pretraining-epochs" 1)
        BatchSize = value <@ Batch @> usual.BatchSize (whole "--batch" experiment.LeastBatchSize >> Some)
        LearningRate = value <@ Learning_Rate @> usual.LearningRate (positive "--learning-rate" >> Some)
        Schedule =
            schedule
                (value
                    <@ Schedule @>
                    "constant"
                    (oneOf "--schedule" [ for name in [ "constant"; "one-cycle"; "cosine"; "step" ] -> name, name ]))
                (given.TryGetResult(<@ Warm_Up @>) |> Option.map (part "--warm-up"))
        WeightDecay = value <@ Weight_Decay @> usual.WeightDecay (notNegative "--weight-decay")
        Augment = given.Contains Augment
        Balance =
            value
                <@ Balance @>
                usual.Balance
                (oneOf "--balance" [ "none", ClassBalance.None; "loss", ClassBalance.Loss; "sampling", ClassBalance.Sampling ])
        Ways =
            given.TryGetResult(<@ Plans @>)
            |> Option.map (
                if experiment.AsksOfOwnImages then
                    NamedWay.parseAll
                else
                    NamedWay.parsePlans recipe
            )
        KeepStatistics = given.Contains Keep_Statistics
        Keep = value <@ Keep @> usual.Keep (oneOf "--keep" [ "last", KeptEpoch.Last; "best", KeptEpoch.Best ])
        Patience = value <@ Patience @> usual.Patience (whole "--patience" 1)
        Folds = value <@ Folds @> usual.Folds foldCount
        Tuning = given.TryGetResult(<@ Tune @>) |> Option.map tuning
        Resampling =
            value
                <@ Resampling @>
                usual.Resampling
                (oneOf "--resampling" [
                    "kfold", ResamplingScheme.KFold
                    "montecarlo", ResamplingScheme.MonteCarlo
                    "bootstrap", ResamplingScheme.Bootstrap
                    "leaveoneout", ResamplingScheme.LeaveOneOut
                ])
        Nested = given.Contains Nested
        Sensitivity = value <@ Sensitivity @> usual.Sensitivity (share "--sensitivity")
        Seeds = value <@ Seeds @> usual.Seeds (whole "--seeds" 1 >> Some)
        Draws = value <@ Draws @> usual.Draws (whole "--draws" Comparison.FewestSeeds >> Some)
        Margin = value <@ Margin @> usual.Margin (share "--margin")
        Device = device
        Workers = Option.defaultValue fitting asked
        Threads = threads
        Engine = engine
        Words = words
        Out = value <@ Out @> usual.Out (folder "--out")
        Budget = given.TryGetResult(<@ Budget @>) |> Option.map (duration "--budget")
        Shares = given.TryGetResult(<@ Split @>) |> Option.map SplitShares.Parse
        Allowed = value <@ Allow @> usual.Allowed allowed
        IncludesImages = given.Contains Include_Images
        Tables = given.Contains Tables
        Offline = given.Contains Offline
        Smoke = given.Contains Smoke
        Verbose = given.Contains Verbose
    }
