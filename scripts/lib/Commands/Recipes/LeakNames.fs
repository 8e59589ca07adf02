/// What leaks are called on the command line and where they are told of.
module MedTransfer.Recipes.LeakNames

open System
open MedTransfer.Data.Checks

let ofKind kind =
    match kind with
    | LeakKind.TrainInTest -> "train-in-test"
    | LeakKind.SourceInTest -> "source-in-test"
    | LeakKind.SharedPatients -> "shared-patients"
    | other -> invalidOp $"no name for {other}"

/// Every kind with its name.
let all: (string * LeakKind) list = [ for kind in Enum.GetValues<LeakKind>() -> ofKind kind, kind ]
