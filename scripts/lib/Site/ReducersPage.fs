/// One set laid out by every reducer there is, and what each keeps of it.
module MedTransfer.Recipes.ReducersPage

open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Data
open MedTransfer.Data.Catalogue
open MedTransfer.Recipes.Report
open MedTransfer.Runtime
open MedTransfer.Trials

/// Its name in the folder of reports.
let name = "reducers.html"

// as many as neighbours are counted among: more would say the same
let private most = 1000

/// The set: PneumoniaMNIST where it is on this machine, else phantoms.
let internal set (data: string option) : DatasetSource =
    let folders = DataFolders.InOrder(Option.toObj data, Path.Combine(Folder.project, "data"))

    match DatasetSource.TryFind(Experiment.task2.Target, folders) with
    | null -> DatasetSource.Find(snd Experiment.task2.Phantoms, folders)
    | found -> found

/// What is to be said where images are a program's; nothing else.
let internal phantoms (source: DatasetSource) : Section list = [
    if source.IsPhantom then
        Warning
            $"{source.Name} are phantoms, images drawn by a program: how reducers compare on them need not be how they compare on patients' images."
]

/// The pixels of a set's training images.
let internal pixels (source: DatasetSource) (images: Dataset) : MethodComparison.Space =
    let data = DataReference(Path = source.Path, Digest = source.Md5)
    let pixels = RawPixels.Of(images, data, SplitName.Train)

    {
        Name = $"pixels of {source.Name}"
        Points = pixels.Points
        Classes = Some(pixels.Classes, Maps.classNames images.Info)
    }

let private sections (source: DatasetSource) (cancellation: CancellationToken) : Section list =
    use images = source.Load(excerpt = most)
    let space = pixels source images
    let compared = MethodComparison.compare Reduce.remarks cancellation space
    let count, columns = Array2D.length1 space.Points, Array2D.length2 space.Points

    [
        yield! phantoms source
        Text
            $"The pixels of {count} training images of {source.Name} ({columns} columns), laid out in the plane by each reducer, with its defaults. One set: of another they may say something else."
        yield! ReducersReport.ofSpace 0 compared
        ReducersReport.concepts
        Text "Your own points are laid out the same way by"
        Command "dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy --method tsne --report map.html"
        Text "and compared, by"
        Command "dotnet fsi scripts/reducers.fsx -- --input X.npy --labels L.npy"
        Link("All reports and runs", "index.html")
    ]

/// Makes the page where it is not there or not of the set at hand, or in any case; whether it did.
/// <param name="data">A folder to look for the set in first.</param>
let make (reports: string) (data: string option) (inAnyCase: bool) (cancellation: CancellationToken) : bool =
    let path = Path.Combine(reports, name)
    let source = set data
    let stamp = Stamp.ofParts [ source.Name; source.Md5 ]
    let isDue = inAnyCase || not (Stamp.isOf path stamp)

    if isDue then
        eprintfn "Mapping %s by %s." source.Name "every method"
        let html = Page.text $"Reducers on {source.Name}" (sections source cancellation)
        WholeFile.WriteText(path, Stamp.into stamp html)

    isDue
