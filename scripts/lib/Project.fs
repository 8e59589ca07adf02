/// The project's own folder.
module MedTransfer.Recipes.Project

open System.IO

/// Top level of the project these recipes were built in.
let folder = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))
