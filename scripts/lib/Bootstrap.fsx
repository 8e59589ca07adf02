// Builds the core and the recipes' library when their sources are not those of the last build; otherwise costs nothing.
// Every build has a folder of its own, named after its sources, which appears whole or not at all.
#load "Packages.fsx"

open System
open System.Diagnostics
open System.IO
open System.Security.Cryptography
open System.Text
open Packages

let private sources =
    let files folder pattern = Directory.EnumerateFiles(inRoot folder, pattern, SearchOption.AllDirectories)

    [
        yield! files "core" "*.cs"
        yield! files "core" "*.csproj"
        yield! files "scripts/lib" "*.fs"
        yield! files "scripts/lib" "*.css"
        yield! files "scripts/lib" "*.js"
        yield! files "scripts/lib" "*.fsproj"
        yield! Seq.map inRoot [ "paket.lock"; "Directory.Build.props"; "Directory.Build.targets" ]
    ]
    |> List.filter (fun path -> not (path.Contains $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
    |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))

let private fingerprint =
    let lines =
        sources
        |> List.map (fun path -> FileInfo path)
        |> List.map (fun file -> $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}")

    Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(String.concat "\n" lines)))[..15]

let private folder = inRoot $"artifacts/lab/{fingerprint}"

let private build () =
    eprintfn "Building ..."
    let clock = Stopwatch.StartNew()
    let unfinished = inRoot "artifacts/unfinished"
    // a build that was cut off may have left halves behind that look finished
    let again = if File.Exists unfinished then " --no-incremental" else ""
    File.WriteAllText(unfinished, "")
    dotnet $"build scripts/lib -c Release -nologo -nodeReuse:false -p:UseSharedCompilation=false{again}"
    let aside = $"{folder}.{Guid.NewGuid():N}"
    Directory.CreateDirectory aside |> ignore

    for file in Directory.EnumerateFiles(inRoot "artifacts/bin/MedTransfer.Recipes/release") do
        File.Copy(file, Path.Combine(aside, Path.GetFileName file))

    Directory.Move(aside, folder)
    File.Delete unfinished

    for other in Directory.GetDirectories(inRoot "artifacts/lab") do
        if other <> folder && Directory.GetLastWriteTimeUtc other < DateTime.UtcNow.AddDays -14.0 then
            Directory.Delete(other, true)

    eprintfn "Built in %.0f s." clock.Elapsed.TotalSeconds

let private references =
    let assemblies = [ "MedTransfer"; "MedTransfer.Recipes"; "Deedle"; "XPlot.Plotly"; "TorchSharp" ]

    String.concat "\n" [
        $"#I @\"{folder}\""
        for assembly in assemblies do
            $"#r \"{assembly}.dll\""
    ]

if not (Directory.Exists folder && areInPackageFolder ()) then
    exclusively (fun () ->
        forScripts ()

        if not (Directory.Exists folder) then
            build ())

// in use: what is left for long is deleted with the next build
Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow)

let private load = inRoot "artifacts/references.fsx"

if not (File.Exists load && File.ReadAllText load = references) then
    writeWhole load references

// Kernels of notebooks bring an FSharp.Core of a lower number than our packages name, which the runtime refuses for that alone: it has all that they use.
Runtime.Loader.AssemblyLoadContext.Default.add_Resolving (fun _ asked ->
    let own = typeof<list<int>>.Assembly
    if asked.Name = own.GetName().Name then own else null)
