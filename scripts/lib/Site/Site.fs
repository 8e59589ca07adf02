/// reports/index.html: what was asked and run so far, on one page.
module MedTransfer.Recipes.Site

open System.IO
open System.Threading
open MedTransfer
open MedTransfer.Recipes.SiteOptions
open MedTransfer.Runtime

let private page = "index.html"

// those of the prompt, and whatever else was put there
let private otherPages (reports: string) =
    Directory.GetFiles(reports, "*.html")
    |> Array.map (Path.GetFileName >> nonNull)
    |> Array.filter (fun name -> name <> page && name <> ReducersPage.name)
    |> Array.sort
    |> List.ofArray

let private work (options: Options) (cancellation: CancellationToken) =
    if not (Directory.Exists options.Out) then
        raise (MedTransferException $"{options.Out}: there is no such folder: name the one of a recipe's --out.")

    let reports, runs = Path.Combine(options.Out, "reports"), Path.Combine(options.Out, "runs")
    Folder.assertWritable reports
    let path = Path.Combine(reports, page)
    let hasReducers = ReducersPage.make reports options.DataFolder options.Again cancellation
    let others = otherPages reports
    let stamp = Stamp.ofParts (Cards.stamp reports @ RunList.stamp runs @ others)

    if not options.Again && Stamp.isOf path stamp then
        printfn "%s %s" (if hasReducers then "Nothing new but its reducers:" else "Up to date:") (Path.GetFullPath path)
    else
        let cards, leftOut = Cards.find reports
        leftOut |> List.iter (eprintfn "%s")
        let all, unreadable = RunList.find runs (RunList.named reports [ for card in cards -> card.Folder ])
        cancellation.ThrowIfCancellationRequested()
        let json, shown = RunList.fitting RunList.mostBytes all

        let html =
            SitePage.text {
                Cards = cards
                Runs = json
                Shown = shown
                Finished = all.Length
                Unreadable = unreadable
                Others = others
            }

        WholeFile.WriteText(path, Stamp.into stamp html)
        printfn "Site, reports: %d, runs: %d: %s" cards.Length all.Length (Path.GetFullPath path)

/// Does what the words of the command line ask; 0 when all went well, 1 on an error, 2 on wrong usage, 130 when stopped.
let run (words: string list) (stop: CancellationToken) : int =
    Recipe.guarded "Stopped; the page is as it was." (List.contains "--verbose" words) (fun () -> work (parse words) stop)

/// Runs with the words of the command line (the first is the script), stops on Ctrl+C, then ends the process.
let main (words: string array) : unit = Recipe.exitOnCtrlC (run (List.tail (List.ofArray words)))
