// What explore.fsx is to the prompt, for notebooks: values of our types in a line or a few. Its cell comes after that of Bootstrap.fsx.
#load "Lab.fsx"

open System
open System.IO
open MedTransfer.Recipes
open Microsoft.DotNet.Interactive.Formatting

Culture.beInvariant ()

let private write (value: obj) (writer: TextWriter) =
    match Printers.text value with
    | null -> writer.Write(sprintf "%A" value)
    | text -> writer.Write text

Formatter.SetPreferredMimeTypesFor(typeof<obj>, "text/plain")
Formatter.Register(typeof<obj>, Action<obj, TextWriter> write, "text/plain")
