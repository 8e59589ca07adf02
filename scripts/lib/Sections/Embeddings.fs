/// The latent space of each way.
module MedTransfer.Recipes.Sections.Embeddings

open System
open System.Text
open MedTransfer.Data
open MedTransfer.Trials
open MedTransfer.Recipes
open MedTransfer.Recipes.Report

let private coordinates (representations: Maps.Representation list) =
    let text = StringBuilder "representation,split,method,image,class,x,y\n"

    for r in representations do
        for name, points in [ Some("pca", r.Pca); r.Tsne |> Option.map (fun p -> "tsne", p) ] |> List.choose id do
            for i in 0 .. Array2D.length1 points - 1 do
                let row =
                    FormattableString.Invariant
                        $"{r.Of},{Maps.splitText r.Split},{name},{i},{r.Embeddings.Classes[i]},{points[i, 0]},{points[i, 1]}\n"

                text.Append row |> ignore

    text.ToString()

/// What stands in place of the maps of a split that has too few images.
let private tooFew figure (results: TrialResult list) = [
    for split in [ SplitName.Train; SplitName.Test ] do
        match results |> List.map (fun result -> (result.Metrics.Scores split).Images) with
        | count :: _ when count < Maps.fewest ->
            Absent
                $"{figure}, {Maps.splitText split}: too few images for maps and separability; there are {count}, and it takes {Maps.fewest} (for t-SNE {Maps.fewestForTsne})."
        | _ -> ()
]

/// What the pictures of a page's points may weigh together, in bytes.
let private heaviest = 600_000

/// The pictures of the mapped images of each split, where they may be shown and are not too many; test first.
let private pictures
    (lab: Lab)
    (results: TrialResult list)
    (representations: Maps.Representation list)
    : (SplitName * byte[] list) list =
    let ofSplit split =
        match results, representations |> List.tryFind (fun r -> r.Split = split) with
        | first :: _, Some mapped when lab.ShowsPictures lab.Target && mapped.Embeddings.LeftOut = 0 ->
            let count = mapped.Embeddings.Classes.Count
            let images = (lab.Load first.Trial.Spec.Target)[split]
            // no need to encode what weighs too much as pixels already
            if images.Count = count && count < heaviest / 500 then
                [ split, [ for image in 0 .. count - 1 -> images.Png image ] ]
            else
                []
        | _ -> []

    let add (taken, weight) (split, pngs: byte[] list) =
        let more = weight + (pngs |> List.sumBy _.Length)
        if more > heaviest then taken, weight else taken @ [ split, pngs ], more

    [ SplitName.Test; SplitName.Train ] |> List.collect ofSplit |> List.fold add ([], 0) |> fst

/// Maps and separability for the first seed of the named ways; the name beside each says what its embeddings are.
let maps (lab: Lab) figure size (ways: (string * string) list) (outcomes: Outcome list) =
    let mapped = [
        for way, represents in ways do
            match outcomes |> List.tryFind (fun outcome -> outcome.Way.Name = way) with
            | Some first -> represents, first.Result
            | None -> ()
    ]

    let representations = Maps.represent lab.Cancellation lab.Load mapped

    let leftOut =
        if representations |> List.exists (fun r -> r.Embeddings.LeftOut > 0) then
            " Images of which it is not known whether they have any finding are left out: one finding is enough for those with, but those without need all known, so that they are fewer here than among the images."
        else
            ""

    let names = Maps.classNames (lab.Load(lab.Target.All).Info)
    let pictures = pictures lab (List.map snd mapped) representations
    let nameOf split = $"pictures-{Maps.splitText split}"

    [
        Heading "Latent space"
        if not representations.IsEmpty then
            Table(
                $"separability-{size}",
                $"Separability of the classes in the embeddings and in their maps, {Wording.size size}, first seed: silhouette (-1 to 1), accuracy of the five nearest other images (always answering the largest class has its share right), and trustworthiness of each map (six neighbours; 1: no strangers among them).{leftOut}",
                Maps.separability representations
            )

            for split, pngs in pictures do
                HoverPictures(nameOf split, pngs)

            Switched(
                $"{figure}. Embeddings of the first seed by PCA and t-SNE; each title says whose and which split.",
                [
                    for split in [ SplitName.Test; SplitName.Train ] do
                        match representations |> List.filter (fun r -> r.Split = split) with
                        | [] -> ()
                        | ofSplit ->
                            $"{Maps.splitText split} images",
                            [
                                Charts(
                                    $"Maps of {Maps.splitText split} images.",
                                    ofSplit
                                    |> List.collect (
                                        Figures.maps
                                            names
                                            (if pictures |> List.exists (fst >> (=) split) then Some(nameOf split) else None)
                                    )
                                )
                            ]
                ]
            )

            Attachment($"maps-{size}.csv", "Their coordinates:", coordinates representations)
        yield! tooFew figure (List.map snd mapped)
    ]
