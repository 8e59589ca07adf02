/// Where a trial's images lie for its network.
module MedTransfer.Recipes.TrialMaps

open System.Threading
open MedTransfer
open MedTransfer.Models
open MedTransfer.Trials

/// Names of the classes of embeddings; only their numbers where the trial's data has gone or changed.
let private classNames (result: TrialResult) (mapped: Maps.Representation list) =
    try
        Maps.classNames (Workplace.dataOf result).Info
    with :? MedTransferException ->
        let classes = mapped |> Seq.collect _.Embeddings.Classes
        [| for c in 0 .. Seq.fold max -1 classes -> $"class {c}" |]

// a map takes two numbers an image at least
let private whyNone (spec: TrialSpec) =
    let architecture = spec.Model.Architecture

    if architecture.IsControl && architecture <> Architecture.PixelRegression then
        Some $"a control that sees {architecture.Description}"
    else
        None

/// PCA and t-SNE of its train and test embeddings, or of the pixels where a regression on them is all it is, as charts.
let charts (result: TrialResult) : Figures.Figure list =
    match whyNone result.Trial.Spec with
    | Some reason ->
        raise (
            MedTransferException
                $"trial {result.Trial.Name} has no embeddings to map: it is {reason}; take one of a CNN, trials () lists them"
        )
    | None -> ()

    let title = $"{result.Trial.Label} on {Describe.dataOf result.Trial}"
    let representation = Maps.represent CancellationToken.None (fun _ -> Workplace.dataOf result) [ title, result ]

    if representation.IsEmpty then
        raise (MedTransferException $"trial {result.Trial.Name} has too few images for a map: it takes {Maps.fewest} of a split")

    representation |> List.collect (Figures.maps (classNames result representation) None)
