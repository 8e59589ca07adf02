// Restores those tools and packages that a start needs, where they are not there yet.
module Packages

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions

let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))
let inRoot (path: string) = Path.Combine(root, path)

/// Runs dotnet in the project's folder; ends the process with what it printed when it fails.
let dotnet (arguments: string) =
    let start =
        ProcessStartInfo(
            "dotnet",
            arguments,
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    use running = Process.Start start
    let errors = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEnd()
    running.WaitForExit()

    if running.ExitCode <> 0 then
        eprintfn "%s%s" output errors.Result
        eprintfn "error: 'dotnet %s' failed in %s: see above." arguments root
        exit 1

/// Does `work` alone among all processes of this project.
let exclusively (work: unit -> unit) =
    Directory.CreateDirectory(inRoot "artifacts") |> ignore

    let rec take told =
        try
            new FileStream(inRoot "artifacts/lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None)
        with :? IOException ->
            if not told then
                eprintfn "Another start is building; waiting for it."

            Threading.Thread.Sleep 200
            take true

    use _ = take false
    work ()

/// Writes a file whole or not at all.
let writeWhole (path: string) (text: string) =
    let aside = $"{path}.{Guid.NewGuid():N}"
    File.WriteAllText(aside, text)
    File.Move(aside, path, overwrite = true)

/// Whether TorchSharp and a libtorch of paket.lock are still in the folder that all projects of a user share, and any of them may clear.
let areInPackageFolder () =
    let folder =
        match Environment.GetEnvironmentVariable "NUGET_PACKAGES" with
        | null
        | "" -> Path.Combine(Environment.GetFolderPath Environment.SpecialFolder.UserProfile, ".nuget", "packages")
        | named -> named

    let isThere (package: string) =
        Regex.Matches(File.ReadAllText(inRoot "paket.lock"), $@"^ +({package}) \(([^)]+)\)", RegexOptions.Multiline)
        |> Seq.exists (fun found ->
            // a folder has three numbers where paket.lock leaves zeros out
            let numbers = found.Groups[2].Value.Split '.'
            let version = String.Join('.', Array.append numbers (Array.replicate (max 0 (3 - numbers.Length)) "0"))
            Directory.Exists(Path.Combine(folder, found.Groups[1].Value.ToLowerInvariant(), version)))

    isThere "TorchSharp" && isThere "libtorch-cpu-[a-z0-9-]+"

/// Restores tools and groups of paket.lock, unless that was done from this very paket.lock, and what it leaves is still there.
let private restoreOnce name size groups (isThere: unit -> bool) (finish: unit -> unit) =
    let stamp = inRoot $"artifacts/restored-{name}"
    let wanted = File.ReadAllText(inRoot "paket.lock")

    let isCurrent = File.Exists stamp && File.ReadAllText stamp = wanted

    if not (isCurrent && isThere ()) then
        eprintfn "Restoring packages for %s (about %s the first time) ..." name size
        let clock = Stopwatch.StartNew()
        dotnet "tool restore"

        for group in groups do
            dotnet $"paket restore --group {group}"

        finish ()
        writeWhole stamp wanted
        eprintfn "Restored in %.0f s." clock.Elapsed.TotalSeconds

/// The group of this system's libtorch.
let private libtorch =
    if OperatingSystem.IsWindows() then "Windows"
    elif OperatingSystem.IsMacOS() then "Mac"
    else "Linux"

/// The groups that core and recipes need.
let scripts = [ "Main"; libtorch; "Lab"; "Backbones" ]

let private canBuild () = File.Exists(inRoot ".paket/Paket.Restore.targets") && areInPackageFolder ()

/// What core and recipes need: neither the tests' packages nor FAKE.
let forScripts () = restoreOnce "scripts" "1.4 GB" scripts canBuild ignore

/// What the tests need besides.
let forTests () = restoreOnce "tests" "2.3 GB" (scripts @ [ "Test" ]) canBuild ignore

/// FAKE, which build.fsx references.
let forBuild () =
    let isThere () = File.Exists(inRoot ".paket/load/net10.0/Build/build.group.fsx")

    restoreOnce "build.fsx" "0.1 GB" [ "Build" ] isThere (fun () ->
        dotnet "paket generate-load-scripts --group Build --type fsx --framework net10.0")
