(* A REPL with everything opened:  dotnet fsi --use:scripts/explore.fsx *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

open Deedle
open XPlot.Plotly
open MedTransfer.Data
open MedTransfer.Models
open MedTransfer.Training
open MedTransfer.Trials
open MedTransfer.Reduction
open MedTransfer.Evaluation
open MedTransfer.Recipes
open MedTransfer.Recipes.Explore

Culture.beInvariant ()

fsi.AddPrinter Describe.dataset
fsi.AddPrinter Describe.trial
fsi.AddPrinter Describe.result
fsi.AddPrinter Describe.matrix
fsi.AddPrinter Describe.map
fsi.AddPrinter(fun (frame: Frame<string, string>) -> frame.Format())

printfn "MedTransfer. Try, each ended by ;;"
printfn "  let xrays = load \"pneumoniamnist\"            images, labels and counts of a dataset, or of an .npz by its path"
printfn "  trials ()                                    the finished trials, a row each"
printfn "  let best = trial \"1a2b\"                      one of them, by the start of its name"
printfn "  show (maps best)                             its embeddings by PCA and t-SNE, as a page to open"
