/// Running text of a page.
module MedTransfer.Recipes.Prose

open System.Text.RegularExpressions
open Giraffe.ViewEngine

/// The same text, of which no line breaks an option of the command line at its hyphens.
let ofText (text: string) = [
    for part in Regex.Split(text, @"(?<![\w-])(--[a-z][a-z-]*)") do
        if part.StartsWith "--" then
            span [ _class "option" ] [ str part ]
        elif part <> "" then
            str part
]
