/// The command line of `reduce`: what it says, and what is refused.
module MedTransfer.Recipes.ReduceOptions

open System
open System.Globalization
open System.IO
open Argu
open MedTransfer
open MedTransfer.Reduction.Kernels
open MedTransfer.Reduction.NeighbourEmbedding
open MedTransfer.Reduction.Scaling
open MedTransfer.Recipes.Help
open MedTransfer.Recipes.Values

type Options = {
    Input: string
    Output: string
    Method: Methods.Method
    Asked: Methods.Asked
    Start: string option
    Labels: string option
    Report: string option
}

let private usual = TsneOptions()

let private typed (methods: Methods.Method list) = methods |> List.map _.Typed |> String.concat ", "

/// Those that have an option of their own, as they are typed.
let private having option = Methods.all |> List.filter (fun known -> List.contains option known.Takes) |> typed

let private withNeighbours = having "--neighbours"
let private withDistance = having "--distance"
let private withSeed = having "--seed"

[<CliPrefix(CliPrefix.DoubleDash)>]
type private Argument =
    | [<Unique>] Input of string
    | [<Unique>] Output of string
    | [<Unique>] Method of string
    | [<Unique>] Components of string
    | [<Unique>] Neighbours of string
    | [<Unique>] Kernel of string
    | [<Unique>] Gamma of string
    | [<Unique>] Distance of string
    | [<Unique>] Min_Distance of string
    | [<Unique>] Whiten
    | [<Unique>] Perplexity of string
    | [<Unique>] Iterations of string
    | [<Unique>] Early_Iterations of string
    | [<Unique>] Repulsion of string
    | [<Unique>] Start of string
    | [<Unique>] Seed of string
    | [<Unique>] Threads of string
    | [<Unique>] Labels of string
    | [<Unique>] Report of string
    | [<Unique>] Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Input _ -> "the points, a row each: an .npy of any number type"
            | Output _ -> "where their places go: an .npy of float32, a row a point"
            | Method _ -> $"one of {typed Methods.all} (default {Methods.all.Head.Typed})"
            | Components _ -> "columns of the places; of t-SNE 2 or 3 (default 2; of LDA one less than classes, 2 at most)"
            | Neighbours _ -> $"{withNeighbours}: nearest points that each is joined to (default by method)"
            | Kernel _ -> "kernel-pca: rbf, linear, polynomial, sigmoid or cosine (default rbf)"
            | Gamma _ -> "kernel-pca: the kernel's scale (default of rbf by the median distance)"
            | Distance _ -> $"{withDistance}: euclidean, manhattan or cosine (default euclidean)"
            | Min_Distance _ -> "umap: how near points that belong together may come, 0 to 1 (default 0.1)"
            | Whiten -> "PCA: every column in units of its standard deviation"
            | Perplexity _ -> $"t-SNE: neighbours each point attends to, softly (default {usual.Perplexity})"
            | Early_Iterations _ -> $"t-SNE: iterations with exaggerated attraction (default {usual.EarlyIterations})"
            | Iterations _ -> $"t-SNE: iterations after them (default {usual.Iterations})"
            | Repulsion _ ->
                $"t-SNE: exact, grid or auto: exact up to {TsneOptions.MostExactPoints} points, through a grid above (default auto)"
            | Start _ -> "t-SNE: places to start from, such as an earlier output, then as a rule with --early-iterations 0"
            | Seed _ ->
                $"{withSeed}: draws what is random (default 0; of t-SNE nothing is, unless this is given: then where it starts)"
            | Threads _ -> "most threads to use; never changes the result (default every core)"
            | Labels _ ->
                "classes, an .npy of one a row, whole numbers or text, -1 for none: colours and scores by class in the report, and what lda learns from"
            | Report _ -> "an HTML page with the map and how good it is"
            | Verbose -> "show where an error came from"

let private atLeastOne option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x >= 1.0 && Double.IsFinite x -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number of at least 1.")

let private repulsions = [ "auto", TsneRepulsion.Auto; "exact", TsneRepulsion.Exact; "grid", TsneRepulsion.Grid ]

let private kernels = [
    "rbf", KernelKind.Rbf
    "linear", KernelKind.Linear
    "polynomial", KernelKind.Polynomial
    "sigmoid", KernelKind.Sigmoid
    "cosine", KernelKind.Cosine
]

let private distances = [
    "euclidean", PairDistance.Euclidean
    "manhattan", PairDistance.Manhattan
    "cosine", PairDistance.Cosine
]

/// Refuses what the method has not, and what it is missing.
let private forTheMethod (method: Methods.Method) (given: ParseResults<Argument>) =
    let all = [
        "--perplexity", given.Contains Perplexity
        "--iterations", given.Contains Iterations
        "--early-iterations", given.Contains Early_Iterations
        "--repulsion", given.Contains Repulsion
        "--start", given.Contains Start
        "--seed", given.Contains Seed
        "--whiten", given.Contains Whiten
        "--neighbours", given.Contains Neighbours
        "--kernel", given.Contains Kernel
        "--gamma", given.Contains Gamma
        "--distance", given.Contains Distance
        "--min-distance", given.Contains Min_Distance
    ]

    for option, isGiven in all do
        if isGiven && not (List.contains option method.Takes) then
            raise (usage $"{option} is of --method {having option} only, not of {method.Typed}.")

    if Methods.takesClasses method && not (given.Contains Labels) then
        raise (usage "--method lda parts classes: name those of the points by --labels L.npy.")

let private samePath (a: string) (b: string) =
    let ignoresCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()

    let comparison =
        if ignoresCase then
            StringComparison.OrdinalIgnoreCase
        else
            StringComparison.Ordinal

    String.Equals(Path.GetFullPath a, Path.GetFullPath b, comparison)

/// Refuses files that would not be what their names say, or overwrite what they are made from.
let private checkPlaces options =
    let written = [
        "--output", options.Output, [ ".npy" ]
        for report in Option.toList options.Report do
            "--report", report, [ ".html"; ".htm" ]
    ]

    for option, path, endings in written do
        if not (endings |> List.exists (fun ending -> path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) then
            raise (usage $"{option} is '{path}', but is written as {endings.Head}: let its name end so.")

    let read = [
        "--input", options.Input
        for labels in Option.toList options.Labels do
            "--labels", labels
    ]

    for other, otherPath in read do
        if samePath options.Output otherPath then
            raise (usage $"--output is '{options.Output}', the same file as {other}: name another, or it is lost.")

/// Refuses options that exclude each other.
let private checkTogether (given: ParseResults<Argument>) components repulsion =
    if given.Contains Report && components < 2 then
        raise (usage "--report shows the first two columns, but --components is 1: set it to 2, or leave --report out.")

    if given.Contains Start && given.Contains Seed then
        raise (usage "--start and --seed both say where points start: leave one out.")

    if repulsion = TsneRepulsion.Grid && components = 3 then
        raise (usage "--repulsion grid is of the plane: set it to auto or exact, or --components to 2.")

let private above0 option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x > 0.0 && Double.IsFinite x -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number above 0.")

let private share option (text: string) =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, x when x >= 0.0 && x <= 1.0 -> x
    | _ -> raise (usage $"{option} is '{text}', but must be a number of 0 to 1.")

let private help: Page = {
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
        "Method: N is a whole number, X a number",
        [
            entry "--method" "NAME"
            entry "--components" "N"
            entry "--neighbours" "N"
            entry "--min-distance" "X"
            entry "--kernel" "NAME"
            entry "--gamma" "X"
            entry "--distance" "NAME"
            entry "--whiten" ""
            entry "--seed" "N"
        ]
        "t-SNE alone",
        [
            entry "--perplexity" "X"
            entry "--early-iterations" "N"
            entry "--iterations" "N"
            entry "--repulsion" "auto|exact|grid"
            entry "--start" "FILE"
        ]
        "Running", [ entry "--threads" "N"; entry "--verbose" ""; asks ]
    ]
    Refused = []
    Words = [
        for known in Methods.all do
            if known.Typed <> "pca" && known.Typed <> "tsne" then
                known.Typed, $"{known.Name}: {known.Does}"
        "PCA", "principal component analysis: the directions in which the rows differ most; distances keep their meaning"
        "t-SNE", "keeps neighbours together; distances between groups, and their sizes, mean little"
        "KL divergence",
        "what t-SNE minimises: how far neighbourhoods in the map differ from those in the rows; 0 is a perfect map"
        "explained variance", "share of the rows' variance that PCA's columns keep"
    ]
}

/// Reads the words after the script's name; raises `HelpAsked` where help was asked for.
let parse (words: string list) : Options =
    let given = read<Argument> "reduce" help words

    let value (case: Quotations.Expr<string -> Argument>) fallback (read: string -> _) =
        given.TryGetResult case |> Option.map read |> Option.defaultValue fallback

    let required option (case: Quotations.Expr<string -> Argument>) =
        match given.TryGetResult case with
        | Some path when not (String.IsNullOrWhiteSpace path) -> path
        | _ -> raise (usage $"{option} is missing; see dotnet fsi scripts/reduce.fsx -- --help")

    let method =
        value <@ Method @> Methods.all.Head (oneOf "--method" [ for known in Methods.all -> known.Typed, known ])

    forTheMethod method given
    let components = given.TryGetResult <@ Components @> |> Option.map (whole "--components" 1)

    match components with
    | Some count when method.Typed = "tsne" && count <> 2 && count <> 3 ->
        raise (
            usage
                $"--components is {count}, but t-SNE lays points out in 2 or 3 columns: set it to one of them, or take another --method, such as pca."
        )
    | _ -> ()

    match value <@ Kernel @> KernelKind.Rbf (oneOf "--kernel" kernels) with
    | KernelKind.Linear
    | KernelKind.Cosine when given.Contains Gamma ->
        raise (usage "--gamma is the scale of a kernel that has one: rbf, polynomial or sigmoid.")
    | _ -> ()

    let threads = given.TryGetResult <@ Threads @> |> Option.map (whole "--threads" 1)
    let perplexity = value <@ Perplexity @> usual.Perplexity (atLeastOne "--perplexity")
    let early = value <@ Early_Iterations @> usual.EarlyIterations (whole "--early-iterations" 0)
    let iterations = value <@ Iterations @> usual.Iterations (whole "--iterations" 0)
    let repulsion = value <@ Repulsion @> TsneRepulsion.Auto (oneOf "--repulsion" repulsions)
    let seed = given.TryGetResult <@ Seed @> |> Option.map (whole "--seed" 0)
    checkTogether given (defaultArg components 2) repulsion

    let file option (case: Quotations.Expr<string -> Argument>) =
        match given.TryGetResult case with
        | Some path when String.IsNullOrWhiteSpace path -> raise (usage $"{option} is empty, but must name a file.")
        | path -> path

    let options = {
        Input = required "--input" <@ Input @>
        Output = required "--output" <@ Output @>
        Method = method
        Asked = {
            Methods.plain with
                Components = components
                Neighbours = given.TryGetResult <@ Neighbours @> |> Option.map (whole "--neighbours" 1)
                Whiten = given.Contains Whiten
                Kernel = value <@ Kernel @> KernelKind.Rbf (oneOf "--kernel" kernels)
                Gamma = given.TryGetResult <@ Gamma @> |> Option.map (above0 "--gamma")
                Distance = value <@ Distance @> PairDistance.Euclidean (oneOf "--distance" distances)
                MinDistance = value <@ Min_Distance @> Methods.plain.MinDistance (share "--min-distance")
                Perplexity = perplexity
                EarlyIterations = early
                Iterations = iterations
                Repulsion = repulsion
                Seed = seed
                Threads = threads
        }
        Start = file "--start" <@ Start @>
        Labels = file "--labels" <@ Labels @>
        Report = file "--report" <@ Report @>
    }

    checkPlaces options
    options
