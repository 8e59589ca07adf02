/// What the REPL says as it opens.
module MedTransfer.Recipes.Greeting

open MedTransfer
open MedTransfer.Trials.Artefacts

// the shortest start, of four signs or more, that no other trial's name has
let private shortName (all: TrialFolder list) (folder: TrialFolder) =
    let name = folder.Name
    let others = all |> List.map _.Name |> List.filter ((<>) name)

    seq { 4 .. name.Length }
    |> Seq.map (fun length -> name[.. length - 1])
    |> Seq.tryFind (fun start -> others |> List.forall (fun other -> not (other.StartsWith start)))
    |> Option.defaultValue name

// one that has a map, whatever else lies in runs/
let private mapped (all: TrialFolder list) =
    all
    |> List.tryFind (fun folder ->
        try
            let spec = folder.Read().Trial.Spec
            spec.Model.Architecture.LearnsFeatures && spec.Members.Count = 0
        with :? MedTransferException ->
            false)

/// What the REPL says as it opens: five lines, each of which works as it stands, here and now, on a fresh clone on phantoms; and what there is already.
let lines () : string list =
    let line (typed: string) says = $"  {typed.PadRight 46} {says}"
    let set = if Sets.isHere "pneumoniamnist" then "pneumoniamnist" else "phantom-pneumonia"

    [
        "MedTransfer. Try, each ended by ;;"
        line
            $"let xrays = see (load \"{set}\")"
            (if set = "pneumoniamnist" then
                 "a dataset, or an .npz or folder of images by its path; pictures and counts on a page"
             else
                 "a drawn dataset; \"pneumoniamnist\" downloads the real one (4 MB), or an .npz or folder of images by its path")
        line "let net = train xrays" "a small CNN; what was trained so before is read"
        line "compare net (control xrays)" "with a regression on pixels, on the same test images"
        line "show (maps net)" "its embeddings by PCA and t-SNE, as a page to open"
        line "predict net xrays.Test" "what it says of images; predictFiles net [ \"scan.png\" ] of files"
        match mapped (Workplace.finished ()) with
        | Some folder ->
            "Of the trials that there are:"
            line "trials ()" "all that are finished, a row each"
            line $"let best = trial \"{shortName (Workplace.finished ()) folder}\"" "one of them, by the start of its name"
        | None -> ()
        "scripts/README.md is a tour."
    ]
