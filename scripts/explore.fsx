(* A REPL with everything opened:  dotnet fsi --use:scripts/explore.fsx *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open Deedle
open XPlot.Plotly

open MedTransfer.Recipes
open MedTransfer.Recipes.Explore

Culture.beInvariant ()

fsi.AddPrinter Describe.dataset
fsi.AddPrinter Describe.trial
fsi.AddPrinter Describe.result
fsi.AddPrinter Describe.matrix
fsi.AddPrinter Describe.map
fsi.AddPrinter(fun (frame: Frame<string, string>) -> TerminalTable.text frame)

for line in greeting () do
    printfn "%s" line
