/// What the words after build.fsx ask for. build.fsx loads this file by itself, before anything is built.
module MedTransfer.Recipes.BuildCommand

open System

/// Something that build.fsx can do.
type Target = {
    Name: string
    /// One line, for --help.
    Does: string
    /// Whether it starts recipes, which have options of their own.
    TakesOptions: bool
}

type Asked =
    /// That target; the words go to the recipes it starts.
    | Run of target: string * forRecipes: string list
    | Help
    /// Wrong usage, said in one line.
    | Refused of string

let private same (a: string) (b: string) = String.Equals(a, b, StringComparison.OrdinalIgnoreCase)

let private oneOf words (word: string) = words |> List.exists (same word)

let private isHelp = oneOf [ "--help"; "-h"; "-?"; "/?"; "/h"; "help"; "--list"; "-l"; "list" ]

let private isFlag = oneOf [ "-t"; "--target" ]

// -t=Test and --target:Test are two words
let private apart (word: string) =
    match word.IndexOfAny [| '='; ':' |] with
    | at when at > 0 && isFlag word[.. at - 1] -> [ word[.. at - 1]; word[at + 1 ..] ]
    | _ -> [ word ]

/// What stands behind every refusal.
let private usage (targets: Target list) =
    let names = targets |> List.map _.Name |> String.concat ", "
    $"usage: dotnet fsi build.fsx [TARGET] [-- OPTIONS OF THE RECIPES]; targets are {names}; -- --help explains them"

/// What the words after the script's name ask for; `usual` is the target where they name none.
let parse (targets: Target list) (usual: string) (words: string list) : Asked =
    let refused reason = Refused $"{reason}; {usage targets}."
    // fsi itself takes the first "--" away, wherever it stands
    let bare = List.skipWhile ((=) "--")

    let withOptions (target: Target) rest =
        match bare rest with
        | [] -> Run(target.Name, [])
        | first :: _ when not target.TakesOptions ->
            if isHelp first then
                Help
            else
                refused $"{target.Name} takes no more words, but '{first}' follows it"
        | first :: _ as options when first.StartsWith "--" || isHelp first -> Run(target.Name, options)
        | first :: _ -> refused $"'{first}' after {target.Name} is no option"

    let named name rest advice =
        match targets |> List.tryFind (fun target -> same target.Name name) with
        | Some target -> withOptions target rest
        | None when isHelp name -> Help
        | None -> refused $"there is no target '{name}'{advice}"

    match bare words |> List.collect apart with
    | [] -> Run(usual, [])
    | [ flag ] when isFlag flag -> refused $"{flag} needs the name of a target"
    | flag :: name :: rest when isFlag flag ->
        // recipes have a --target of their own, the set whose labels are learned
        named
            name
            rest
            (if same flag "-t" then
                 ""
             else
                 $" (a recipe's own --target comes later: -t {usual} -- --target {name})")
    | word :: _ when isHelp word -> Help
    | word :: _ as options when word.StartsWith "--" ->
        if List.contains "-t" options then
            refused "-t TARGET comes before the options of recipes"
        else
            Run(usual, options)
    | word :: _ when word.StartsWith "-" -> refused $"'{word}' is no option"
    | name :: rest -> named name rest ""

/// The targets that a target stands for, itself the last, each after what it needs.
let chain (needs: (string * string) list) (target: string) : string list =
    let rec before target = [
        for first, needed in needs do
            if needed = target then
                yield! before first
        target
    ]

    List.distinct (before target)

/// Of the words for recipes those that say where things are, or ask for help or for where an error came from: the site takes no others.
let rec forSite (words: string list) : string list =
    match words with
    | ("--out" | "--data" as option) :: value :: rest -> option :: value :: forSite rest
    | word :: rest when isHelp word || word = "--verbose" -> word :: forSite rest
    | _ :: rest -> forSite rest
    | [] -> []

/// What --help shows.
let help (targets: Target list) (usual: string) : string =
    let widest = targets |> List.map _.Name.Length |> List.max

    String.concat "\n" [
        "    dotnet fsi build.fsx Test                  one target, and what it needs"
        "    dotnet fsi build.fsx Task2 -- --smoke      a recipe, with its options"
        ""
        $"usage: dotnet fsi build.fsx [TARGET] [-- OPTIONS OF THE RECIPES]; without a target {usual}; -t List shows this"
        ""
        "Targets, in upper or lower case; -t TARGET and --target TARGET mean the same:"
        for target in targets do
            $"  {target.Name.PadRight widest}  {target.Does}"
        ""
        let recipes = targets |> List.filter _.TakesOptions |> List.map _.Name |> String.concat ", "
        $"Options follow {recipes}: 'dotnet fsi build.fsx Task2 -- --help' lists a recipe's."
        "Ends with 0, with 1 on an error, 2 on wrong usage, 130 when stopped by Ctrl+C."
    ]
