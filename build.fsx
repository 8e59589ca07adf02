(* Everything the project can do.
     dotnet fsi build.fsx                               the reports, on your data or on what can be found
     dotnet fsi build.fsx -t Test                       one target and what it depends on
     dotnet fsi build.fsx -t Reports -- --data DIR      words after -- go to the recipes
   Targets: Restore, Build, Test, Golden, Check, Format, Task1, Task2, Reports, Clean.
   Golden writes the hashes of the golden run anew, once Trial.NumericsVersion is raised (tests/Trials/Golden). *)
#load "scripts/lib/Fake.fsx"
#load ".paket/load/net10.0/Build/build.group.fsx"

open System.IO
open Fake.Core
open Fake.Core.TargetOperators

// fsi itself may take the first "--" away
let wanted, forRecipes =
    match fsi.CommandLineArgs |> Array.skip 1 |> List.ofArray with
    | "-t" :: name :: rest -> name, List.skipWhile ((=) "--") rest
    | rest -> "Reports", List.skipWhile ((=) "--") rest

Context.FakeExecutionContext.Create false "build.fsx" []
|> Context.RuntimeContext.Fake
|> Context.setExecutionContext

// a recipe's own tells wrong usage from other errors
let mutable exitCode = 1

let start program arguments =
    CreateProcess.fromRawCommand program arguments
    |> CreateProcess.withWorkingDirectory __SOURCE_DIRECTORY__
    |> Proc.run

let dotnet (arguments: string) =
    if (start "dotnet" (List.ofArray (arguments.Split ' '))).ExitCode <> 0 then
        failwith $"'dotnet {arguments}' failed; see above"

let recipe name =
    let ended = start "dotnet" ([ "fsi"; $"scripts/{name}.fsx"; "--" ] @ forRecipes)

    if ended.ExitCode <> 0 then
        exitCode <- ended.ExitCode
        failwith $"the recipe {name} failed; see above"

let clean () =
    // runs and reports are results, not builds: they stay
    let artifacts = Path.Combine(__SOURCE_DIRECTORY__, "artifacts")

    if Directory.Exists artifacts then
        Directory.Delete(artifacts, true)

let targets = [
    "Restore", ignore // was done as Fake.fsx was loaded
    "Build", (fun () -> dotnet "build MedTransfer.slnx -c Release -nologo -v quiet")
    "Test", (fun () -> dotnet "test --project tests -c Release --no-build")
    "Golden",
    (fun () ->
        Environment.setEnvironVar "MEDTRANSFER_GOLDEN" "write"
        dotnet "test --project tests -c Release --no-build -- --filter-class *GoldenRunTests")
    "Check",
    (fun () ->
        // the rules of style and the analyzers are checked by the build itself
        dotnet "format core/MedTransfer.csproj --verify-no-changes --no-restore"
        dotnet "build tests/bench -c Release -nologo -v quiet"
        dotnet "format whitespace tests/MedTransfer.Tests.csproj --verify-no-changes --no-restore"
        dotnet "format whitespace tests/bench/MedTransfer.Bench.csproj --verify-no-changes --no-restore"
        dotnet "fantomas --check build.fsx scripts")
    "Format",
    (fun () ->
        dotnet "format core/MedTransfer.csproj --no-restore"
        dotnet "format whitespace tests/MedTransfer.Tests.csproj --no-restore"
        dotnet "format whitespace tests/bench/MedTransfer.Bench.csproj --no-restore"
        dotnet "fantomas build.fsx scripts")
    "Task1", (fun () -> recipe "task1")
    "Task2", (fun () -> recipe "task2")
    "Reports", ignore
    "Clean", clean
]

for name, work in targets do
    Target.create name (fun _ -> work ())

"Restore" ==> "Build" ==> "Test"
"Build" ==> "Golden"
"Build" ==> "Check"
"Restore" ==> "Format"
"Task1" ?=> "Task2" ==> "Reports"
"Task1" ==> "Reports"

let usage =
    let names = targets |> List.map fst |> String.concat ", "
    $"usage: dotnet fsi build.fsx [-t TARGET] [-- OPTIONS OF THE RECIPES]; targets are {names}"

let isUnknown = not (List.exists (fst >> (=) wanted) targets)
let isStray = forRecipes |> List.tryHead |> Option.exists (fun word -> not (word.StartsWith "--"))

if isUnknown || isStray then
    eprintfn "error: %s." usage
    exit 2

try
    Target.run 1 wanted []
with e ->
    eprintfn "error: %s" (e.GetBaseException().Message)
    exit exitCode
