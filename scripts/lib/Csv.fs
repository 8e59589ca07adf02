/// Frames as comma-separated values.
module MedTransfer.Recipes.Csv

open System.Globalization
open System.IO
open Deedle

/// The frame with its row keys in a first column; a missing value is an empty field.
let text<'R, 'C when 'R: equality and 'C: equality> (keys: string) (frame: Frame<'R, 'C>) =
    use writer = new StringWriter(CultureInfo.InvariantCulture)
    frame.SaveCsv(writer, includeRowKeys = true, keyNames = [ keys ])
    writer.ToString()
