namespace MedTransfer.Recipes

open MedTransfer.Data.Checks

/// What the figures of a run may be taken for, by whose images they are from.
type Evidence
    (experiment: Experiment, options: Options, sources: LocatedDataset list, target: LocatedDataset, leaks: (string * Leak) list)
    =

    let names (sets: LocatedDataset list) = sets |> List.map _.Name |> List.distinct |> String.concat ", "
    let drawn = sources |> List.filter _.File.IsPhantom |> names

    // what others have trained is not drawn, and one set asked about is no source of its own
    let areAllDrawn =
        let others = sources |> List.filter (fun source -> source.File.Md5 <> target.File.Md5)

        List.forall (fun (source: LocatedDataset) -> source.File.IsPhantom) others
        && not (List.exists (Backbones.isOne options) options.Sources)

    /// Whether images are drawn, of any set: their numbers must never pass for real ones.
    member _.IsOnPhantoms = drawn <> "" || target.File.IsPhantom

    /// Whether words may follow from the figures: not from drawn images, nor from a run that is only to see that everything works, nor where a leak voids the scores. What was
    /// pretrained on drawn images and measured on others is a finding on those others, and may be put in words: the page says beside every
    /// number that the source is drawn.
    member _.HasVerdicts = not target.File.IsPhantom && not options.Smoke && leaks.IsEmpty

    /// Whether the study's figures may stand beside the target's: they are of that set, in any size, or of phantoms that stand in for it.
    member _.ShowsStudy = target.Is(experiment.Target, snd experiment.Phantoms)

    /// The same of the source.
    member _.ShowsStudyOfSource =
        sources.Head.Is(Option.defaultValue experiment.Target experiment.Source, fst experiment.Phantoms)

    /// What keeps figures from being those of a full run on patients' images: in short, to stand beside each, and as a sentence.
    member _.Remarks: (string * string) list = [
        match drawn <> "", target.File.IsPhantom with
        | true, true ->
            "On phantoms",
            "Measured on phantoms, images drawn by a program: they show that everything runs, and say nothing about patients."
        | true, false when not areAllDrawn ->
            "Phantoms among the sources",
            $"Of the sources, {drawn} are phantoms, images drawn by a program; the target, {target.Name}, is not. Weights from these have seen drawings and no patient."
        | true, false ->
            let beside =
                if options.Kinds.IsEmpty then
                    ""
                else
                    " Where its images take part, a model learns from drawings beside patients."

            "Source: phantoms",
            $"The source, {drawn}, is phantoms, images drawn by a program; the target, {target.Name}, is not. Where weights are transferred, they have seen drawings and no patient.{beside}"
        | false, true ->
            "Target: phantoms",
            $"Measured on phantoms: the target, {target.Name}, is images drawn by a program; the source, {sources.Head.Name}, is not. The figures show that everything runs, and say nothing about patients."
        | false, false -> ()
        match target.Excerpt with
        | Some most ->
            "Smoke run",
            $"From a smoke run: at most {most} images of every split, a few epochs. It shows that everything works; its numbers mean nothing."
        | None -> ()
        for set, leak in leaks do
            "Leak allowed",
            $"{set}: {leak.Text}. --allow {LeakNames.ofKind leak.Kind} went on past it: no verdict follows from these figures."
    ]
