(* A REPL with everything opened:  dotnet fsi --use:scripts/explore.fsx *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open Deedle
open XPlot.Plotly

open MedTransfer.Models
open MedTransfer.Recipes
open MedTransfer.Recipes.Explore

Culture.beInvariant ()

fsi.AddPrinter Printers.text

for line in greeting () do
    printfn "%s" line
