(* Everything the project can do.
     dotnet fsi build.fsx                               the reports, on your data or on what can be found, and one page over all: reports/index.html
     dotnet fsi build.fsx -t Test                       one target and what it depends on
     dotnet fsi build.fsx -t Reports -- --data DIR      words after -- go to the recipes
     dotnet fsi build.fsx -- --help                     what each target does
   Golden writes the hashes of the golden run anew, once Trial.NumericsVersion is raised (tests/Trials/Golden). *)
#load "scripts/lib/Fake.fsx"
#load ".paket/load/net10.0/Build/build.group.fsx"
#load "scripts/lib/Commands/BuildCommand.fs"

open System
open System.Globalization
open System.IO
open Fake.Core
open Fake.Core.TargetOperators
open MedTransfer.Recipes

CultureInfo.CurrentCulture <- CultureInfo.InvariantCulture

// a recipe's own tells wrong usage from other errors
let mutable exitCode = 1
let mutable isStopped = false

/// A recipe failed, and has said why in its one line.
exception RecipeFailed

let start program arguments =
    CreateProcess.fromRawCommand program arguments
    |> CreateProcess.withWorkingDirectory __SOURCE_DIRECTORY__
    |> Proc.run

let dotnet (arguments: string) =
    if (start "dotnet" (List.ofArray (arguments.Split ' '))).ExitCode <> 0 then
        failwith $"'dotnet {arguments}' failed; see above"

let recipe name forRecipes =
    let ended = start "dotnet" ([ "fsi"; $"scripts/{name}.fsx"; "--" ] @ forRecipes)

    if ended.ExitCode <> 0 then
        exitCode <- ended.ExitCode
        raise RecipeFailed

/// The first screen of task 2's report, as Chromium shows it.
let picture () =
    let report = Path.Combine(__SOURCE_DIRECTORY__, "reports", "task2", "report.html")

    if not (File.Exists report) then
        failwith "there is no reports/task2/report.html to take a picture of: run Task2 first, on real data"

    let picture = Path.Combine(__SOURCE_DIRECTORY__, "data", "gallery", "first-screen.png")

    let arguments = [
        "--headless"
        "--no-sandbox"
        "--hide-scrollbars"
        "--virtual-time-budget=15000"
        "--window-size=1280,800"
        $"--screenshot={picture}"
        Uri(report).AbsoluteUri
    ]

    if (start "chromium" arguments).ExitCode <> 0 then
        failwith "chromium made no picture; see above"

let clean () =
    // runs and reports are results, not builds: they stay
    let artifacts = Path.Combine(__SOURCE_DIRECTORY__, "artifacts")

    if Directory.Exists artifacts then
        Directory.Delete(artifacts, true)

let target name does takesOptions : BuildCommand.Target = { Name = name; Does = does; TakesOptions = takesOptions }

let build name does (work: unit -> unit) = target name does false, (fun (_: string list) -> work ())

let recipes name does (work: string list -> unit) = target name does true, work

let targets = [
    build "Restore" "the packages of core, recipes and tests" (fun () -> Packages.exclusively Packages.forTests)
    build "Build" "core, recipes and tests, after Restore" (fun () -> dotnet "build MedTransfer.slnx -c Release -nologo -v quiet")
    build "Test" "all tests, after Build: some minutes" (fun () -> dotnet "test --project tests -c Release --no-build")
    build "Golden" "writes the hashes of the golden run anew, once Trial.NumericsVersion is raised, after Build" (fun () ->
        Environment.SetEnvironmentVariable("MEDTRANSFER_GOLDEN", "write")
        dotnet "test --project tests -c Release --no-build -- --filter-class *GoldenRunTests")
    build "Check" "that everything is formatted and the bench builds, after Build" (fun () ->
        // the rules of style and the analyzers are checked by the build itself
        dotnet "format core/MedTransfer.csproj --verify-no-changes --no-restore"
        dotnet "build tests/bench -c Release -nologo -v quiet"
        dotnet "format whitespace tests/MedTransfer.Tests.csproj --verify-no-changes --no-restore"
        dotnet "format whitespace tests/bench/MedTransfer.Bench.csproj --verify-no-changes --no-restore"
        dotnet "fantomas --check build.fsx scripts")
    build "Format" "formats every file, as Check wants it" (fun () ->
        dotnet "format core/MedTransfer.csproj --no-restore"
        dotnet "format whitespace tests/MedTransfer.Tests.csproj --no-restore"
        dotnet "format whitespace tests/bench/MedTransfer.Bench.csproj --no-restore"
        dotnet "fantomas build.fsx scripts")
    recipes "Task1" "few images, smart training, an autoencoder: reports/task1/report.html" (recipe "task1")
    recipes "Task2" "transfer from one set to another: reports/task2/report.html" (recipe "task2")
    recipes "Methods" "kinds of transfer under one comparison: reports/methods/report.html" (recipe "methods")
    recipes "Reports" "Task1, then Task2, then the page over all of them" (BuildCommand.forSite >> recipe "site")
    recipes "Site" "that page alone, from what is there: reports/index.html" (recipe "site")
    build "Picture" "data/gallery/first-screen.png of the README, of task 2's report, by Chromium" picture
    build "Clean" "deletes artifacts/, what was built; runs and reports stay" clean
]

let known = List.map fst targets
let usual = "Reports"

let wanted, forRecipes =
    match BuildCommand.parse known usual (List.tail (List.ofArray fsi.CommandLineArgs)) with
    | BuildCommand.Run(target, words) -> target, words
    | BuildCommand.Help ->
        printfn "%s" (BuildCommand.help known usual)
        exit 0
    | BuildCommand.Refused reason ->
        eprintfn "error: %s" reason
        exit 2

Context.FakeExecutionContext.Create false "build.fsx" []
|> Context.RuntimeContext.Fake
|> Context.setExecutionContext

// FAKE's report would stand around the one line that says what went wrong
CoreTracing.setTraceListeners []

// What runs gets Ctrl+C as we do, and ends by itself: FAKE would kill it halfway. A second Ctrl+C waits for nothing.
Process.setKillCreatedProcesses false

Console.CancelKeyPress.Add(fun pressed ->
    pressed.Cancel <- true

    if isStopped then
        // a recipe that runs may have hidden it
        if not Console.IsErrorRedirected then
            eprintf "\u001b[?25h"

        exit 130

    isStopped <- true)

let needs = [
    "Restore", "Build"
    "Build", "Test"
    "Build", "Golden"
    "Build", "Check"
    "Restore", "Format"
    "Task1", "Reports"
    "Task2", "Reports"
]

let steps = BuildCommand.chain needs wanted

for target, work in targets do
    Target.create target.Name (fun _ ->
        if steps.Length > 1 then
            let step = 1 + List.findIndex ((=) target.Name) steps
            eprintfn "%s, %d of %d: %s." target.Name step steps.Length target.Does

        work forRecipes)

for first, target in needs do
    first ==> target |> ignore

"Task1" ?=> "Task2"

let failure =
    try
        Target.run 1 wanted []
        None
    with e ->
        Some(e.GetBaseException())

// FAKE takes a build that was stopped for one that went well
match failure with
| _ when isStopped || exitCode = 130 -> exit 130
| None -> ()
| Some RecipeFailed -> exit exitCode
| Some e ->
    eprintfn "error: %s" e.Message
    exit exitCode
