/// Whose images a trial has, by its spec alone.
module MedTransfer.Recipes.TrialImages

open MedTransfer.Data.Phantoms
open MedTransfer.Trials

/// Whether some of them are drawn by a program.
let areDrawn (spec: TrialSpec) : bool = spec.Data.All |> Seq.exists (fun data -> not (isNull (Phantom.TryFind data.Path)))

/// Whether they are the excerpt of a smoke run.
let areExcerpt (spec: TrialSpec) : bool = spec.Data.All |> Seq.exists _.Excerpt.HasValue
