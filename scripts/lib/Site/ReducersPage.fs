/// One set laid out by every reducer there is, with what each takes and what it keeps.
module MedTransfer.Recipes.ReducersPage

open System
open System.Diagnostics
open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Evaluation.Embeddings
open MedTransfer.Recipes.Report
open MedTransfer.Reduction
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Runtime
open MedTransfer.Trials

/// Its name in the folder of reports.
let name = "reducers.html"

// as many as neighbours are counted among: more would say the same
let private most = 1000

let private perplexity = 30.0

let private reducers: (string * string * IReducer) list = [
    "PCA", "two directions of largest variance", Pca()
    "t-SNE", $"perplexity {perplexity}, 1,000 steps", Tsne(TsneOptions(Perplexity = perplexity))
]

/// The set: PneumoniaMNIST where it is on this machine, else phantoms.
let private set (data: string option) : DatasetSource =
    let folders = DataFolders.InOrder(Option.toObj data, Path.Combine(Folder.project, "data"))

    match DatasetSource.TryFind(Experiment.task2.Target, folders) with
    | null -> DatasetSource.Find(snd Experiment.task2.Phantoms, folders)
    | found -> found

let private sections (source: DatasetSource) (cancellation: CancellationToken) : Section list =
    use images = source.Load(excerpt = most)
    let data = DataReference(Path = source.Path, Digest = source.Md5)
    let pixels = RawPixels.Of(images, data, SplitName.Train)
    let classes = pixels.Classes
    let text (value: Nullable<float>) = if value.HasValue then value.Value.ToString "F3" else "undefined"

    let fitted = [
        for name, how, reducer in reducers do
            let clock = Stopwatch.StartNew()
            let map = reducer.Fit(pixels.Points, cancellation = cancellation).Embedding
            let seconds = clock.Elapsed.TotalSeconds
            name, how, map, seconds, EmbeddingQuality.Of(pixels.Points, map, classes, perplexity = perplexity)
    ]

    let _, _, _, _, first = fitted.Head
    let k = first.Ranks.Neighbours
    let count, columns = Array2D.length1 pixels.Points, Array2D.length2 pixels.Points

    [
        if source.IsPhantom then
            Warning
                "Phantoms, images drawn by a program: how reducers compare on them need not be how they compare on patients' images."
        Text
            $"The pixels of {count} training images of {source.Name} ({columns} columns), laid out in the plane by each reducer, with its defaults. One set, one run: times are of this machine beside whatever else ran, and order nothing but these maps."
        WordTable(
            "reducers",
            $"Trustworthiness says how far the {k} nearest on the map are near among the pixels, continuity the reverse, recall how many of the {k} nearest stay so; 0 to 1, 1 is best.",
            Table.ofRows [
                "how"
                "time s"
                "trustworthiness"
                "continuity"
                $"recall of {k} neighbours"
                "silhouette"
                "5-NN ACC"
            ] [
                for name, how, _, seconds, quality in fitted ->
                    name,
                    [
                        how
                        seconds.ToString "F2"
                        quality.Ranks.Trustworthiness.ToString "F3"
                        quality.Ranks.Continuity.ToString "F3"
                        quality.Ranks.NeighbourRecall.ToString "F3"
                        text quality.Silhouette
                        text quality.KnnAccuracy
                    ]
            ]
        )
        Charts(
            "The maps: a point an image, coloured by class, which no reducer was told",
            [ for name, _, map, _, _ in fitted -> Figures.map name (Maps.classNames images.Info) map classes ]
        )
        Text "Your own points are laid out the same way by"
        Command "dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy --method tsne --report map.html"
        Attachment("index.html", "All reports and runs:", "")
    ]

/// Makes the page where it is not there or not of the set at hand, or in any case; whether it did.
/// <param name="data">A folder to look for the set in first.</param>
let make (reports: string) (data: string option) (inAnyCase: bool) (cancellation: CancellationToken) : bool =
    let path = Path.Combine(reports, name)
    let source = set data
    let stamp = Stamp.ofParts [ source.Name; source.Md5 ]
    let isDue = inAnyCase || not (Stamp.isOf path stamp)

    if isDue then
        eprintfn "Mapping %s by %s." source.Name (reducers |> List.map (fun (name, _, _) -> name) |> String.concat ", ")
        let html = Page.text $"Reducers on {source.Name}" (sections source cancellation)
        WholeFile.WriteText(path, Stamp.into stamp html)

    isDue
