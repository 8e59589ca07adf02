/// The frame around every recipe: command line, Ctrl+C, errors, exit codes.
module MedTransfer.Recipes.Recipe

open System
open System.IO
open System.Threading
open MedTransfer

let private project =
    Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

let private guarded verbose (body: unit -> unit) =
    try
        body ()
        0
    with
    | CommandLine.HelpAsked text ->
        printfn "%s" text
        0
    | :? OperationCanceledException ->
        eprintfn "\nStopped. What was finished is kept, and the same command goes on from there."
        130
    | e ->
        match e with
        | :? MedTransferException -> eprintfn "\nerror: %s" e.Message
        | _ -> eprintfn "\nerror: %s: %s" (e.GetType().Name) (e.Message.ReplaceLineEndings " ")

        if verbose then
            eprintfn "%O" e
        elif not (e :? MedTransferException) then
            eprintfn "Run again with --verbose to see where it came from."

        match e with
        | :? MedTransferException as known when known.IsUsage -> 2
        | _ -> 1

/// Runs a recipe's body with the words of its command line (the first is the script), then ends the process:
/// 0 when all went well, 1 on an error, 2 on wrong usage, 130 on Ctrl+C.
let main (name: string) (words: string array) (body: Lab -> unit) : unit =
    let given = words |> Array.skip 1 |> List.ofArray
    use stop = new CancellationTokenSource()

    Console.CancelKeyPress.Add(fun pressed ->
        pressed.Cancel <- true
        stop.Cancel())

    guarded (List.contains "--verbose" given) (fun () ->
        let options = CommandLine.parse name project given
        use lab = new Lab(name, project, options, stop.Token)
        body lab)
    |> exit
