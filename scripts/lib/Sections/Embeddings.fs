/// The latent space of each way.
module MedTransfer.Recipes.Sections.Embeddings

open System
open System.Text
open MedTransfer.Data
open MedTransfer.Runtime
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

/// Maps and separability for the first seed of the named ways; the name beside each says what its embeddings are.
let maps (lab: Lab) figure size (ways: (string * string) list) (outcomes: Outcome list) =
    let first way = (outcomes |> List.find (fun outcome -> outcome.Way.Name = way)).Result
    let representations = Maps.represent lab.Cancellation [ for way, represents in ways -> represents, first way ]
    WholeFile.WriteText(lab.ReportPath $"maps-{size}.csv", coordinates representations)
    let names = Maps.classNames (lab.Load(lab.Target.All).Info)

    [
        Table(
            $"separability-{size}",
            $"Separability of the classes in the embeddings and in their maps, {Wording.size size}, first seed: silhouette (-1 to 1), accuracy of the five nearest other images, and trustworthiness of each map (six neighbours; 1: no strangers among them).",
            Maps.separability representations
        )
        Charts(
            $"{figure}. Embeddings of the first seed by PCA and t-SNE; each title says whose and which split.",
            representations |> List.collect (Figures.maps names)
        )
    ]
