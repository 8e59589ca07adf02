/// Values of a recipe's single options: read, or refused in one line that names the option.
module MedTransfer.Recipes.OptionValues

open System
open System.Globalization
open MedTransfer.Data.Checks
open MedTransfer.Models
open MedTransfer.Training.Schedules
open MedTransfer.Trials.Execution.Slurm
open MedTransfer.Recipes.Values

/// Of --tune: grid, or a number of draws.
let tuning (text: string) =
    if text.ToLowerInvariant() = "grid" then
        Grid
    else
        match Int32.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, n when n >= 1 -> Search.Draws n
        | _ -> raise (usage $"--tune is '{text}', but must be grid or a whole number of at least 1.")

/// Of --target-size, or whatever it is called: numbers and all, fewest first.
let sizes option (text: string) =
    text.Split(',', StringSplitOptions.TrimEntries)
    |> Seq.map (fun size ->
        if size.ToLowerInvariant() = "all" then
            AllImages
        else
            Images(whole option 2 size))
    |> Seq.distinct
    |> Seq.sort // fewest first, all last
    |> List.ofSeq

/// Of --allow: names of leaks.
let allowed (text: string) : LeakKind list =
    text.Split(',', StringSplitOptions.TrimEntries)
    |> Seq.map (oneOf "--allow" LeakNames.all)
    |> Seq.distinct
    |> List.ofSeq

/// Of --schedule and --warm-up.
let schedule (name: string) (warmUp: float option) : LearningRateSchedule option =
    match name, warmUp with
    | "one-cycle", Some share when share = 0.0 ->
        raise (usage "--warm-up is 0, but one-cycle has one: name a share above 0, or another --schedule.")
    | "one-cycle", share -> Some(OneCycle(Rise = defaultArg share (OneCycle().Rise)))
    | "cosine", share -> Some(CosineDecay(WarmUp = defaultArg share 0.0))
    | "step", share -> Some(StepDecay(WarmUp = defaultArg share 0.0))
    | _, Some share when share > 0.0 -> Some(ConstantRate(WarmUp = share))
    | _ -> None

/// Of --engine and what goes with it, for trials on that device; at most so many of them at a time.
let engine (name: string option) (asked: string option) detaches device (atATime: int option) : Engine =
    match name |> Option.map (oneOf "--engine" [ "local", false; "slurm", true ]) with
    | Some true ->
        let options = asked |> Option.map SlurmOptions.Parse |> Option.defaultValue (SlurmOptions())
        options.Require [ device ]
        Slurm(options.WithAtATime(Option.toNullable atATime), detaches)
    | _ when asked.IsSome -> raise (usage "--engine-options is about --engine slurm: name it too.")
    | _ when detaches -> raise (usage "--detach is about --engine slurm: name it too.")
    | _ -> ThisMachine

/// Of --image-size: pixels a side.
let imageSize (text: string) =
    let size = whole "--image-size" 8 text

    if size <= ModelInput.LargestImageSize then
        size
    else
        raise (usage $"--image-size is {size}, but must be {ModelInput.LargestImageSize} at most.")

/// Of --normalisation: named, or one or three means and as many deviations.
let normalisation (text: string) : PixelScale =
    let named = [ "imagenet", PixelScale.ImageNet; "half", PixelScale.Symmetric; "none", PixelScale.Unit ]

    match named |> List.tryFind (fun (name, _) -> name = text.ToLowerInvariant()), Option.ofObj (PixelScale.TryParse text) with
    | Some(_, scale), _ -> scale
    | None, Some scale when
        (scale.Mean.Count = 1 || scale.Mean.Count = 3)
        && scale.Deviation.Count = scale.Mean.Count
        && Seq.forall (fun deviation -> deviation > 0.0) scale.Deviation
        ->
        scale
    | None, Some _ ->
        raise (usage $"--normalisation is '{text}', but must have one mean and one deviation above 0, or three of each: 0.5/0.5.")
    | None, None ->
        raise (
            usage
                $"--normalisation is '{text}', but must be imagenet, half or none, or means and deviations such as {PixelScale.ImageNet}."
        )

/// Of --folds: 0, or 2 and more.
let foldCount (text: string) =
    match whole "--folds" 0 text with
    | 1 -> raise (usage "--folds is 1, but one fold leaves nothing to learn from: 2 or more, or 0 for no cross-validation.")
    | count -> count
