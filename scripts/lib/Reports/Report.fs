/// What a page is made of.
module MedTransfer.Recipes.Report

open Deedle
open MedTransfer.Evaluation.Intervals

/// An image, or several pictures of it, and what is said of it.
type Case = {
    Title: string
    Pictures: byte[] list
    Lines: string list
    /// Shown so that nobody overlooks it.
    Warnings: string list
}

/// A split: its images, and how many of each class where classes exclude each other.
type FlowPart = { Name: string; Images: string; Classes: (string * int) list }

/// Where the images of a set go.
type SetFlow = {
    Whole: string
    /// What did not become images, and why.
    LeftOut: string list
    Parts: FlowPart list
}

/// Scores of ways by training, and what they differ by: an estimation plot (Gardner and Altman 1986, Br. Med. J. 292:746-750).
type Estimation = {
    /// Of all of them.
    Score: string
    /// Each with the score of every training that it has; those of one number share a seed and its images.
    Ways: (string * (int * float) list) list
    /// What less what, the mean difference, and its 95 % interval where there is one.
    Differences: (string * float * Interval option) list
    /// A difference that would not matter, drawn as a band around 0.
    Margin: float
}

/// A figure in large letters, what it is of, and what it counts in.
type Box = { Of: string; Figure: string; Note: string }

/// What a page answers before anybody scrolls.
type Opening = {
    Question: string
    /// Whose images, how large, how many were tested, with how many seeds.
    Setting: string
    /// One sentence, with effect and interval.
    Verdict: string
    /// What a reader must know beside it, a sentence each: the same with fewer images, say.
    Besides: string list
    /// "yes", "with care", "not yet" or "no".
    Trust: string
    /// Goes on with "because".
    Because: string
    Boxes: Box list
    /// None where nothing was compared.
    Estimation: Estimation option
    /// What speaks against it, besides the kind of the run and the checks of its data, which every page says.
    Warnings: string list
}

/// A part of a report.
type Section =
    /// Before everything else, once.
    | Opening of Opening
    | Heading of string
    | Text of string
    /// Shown so that nobody overlooks it.
    | Warning of string
    /// What it comes to: on the page, in a file of that name, and printed where tables are.
    | Conclusion of name: string * text: string
    /// In place of a table or figure that there is too little for; also printed where tables are.
    | Absent of string
    /// Also printed where tables are asked for, and written as comma-separated values under its name.
    | Table of name: string * caption: string * Frame<string, string>
    /// On the page and in its file, too wide in words for a terminal.
    | WordTable of name: string * caption: string * Frame<string, string>
    | Charts of caption: string * Figures.Figure list
    /// Pictures of images in their order, which figures that name them show when a point is hovered.
    | HoverPictures of name: string * byte[] list
    | Flow of caption: string * SetFlow
    /// A file beside the page, by its name.
    | Attachment of name: string * caption: string * text: string
    /// Another page, by its address from here.
    | Link of text: string * address: string
    /// A line to paste into a shell.
    | Command of string
    /// Rows of PNG pictures, each row under its name.
    | Pictures of caption: string * (string * byte[] list) list
    /// Images one by one: PNG pictures of each, and what is said of it.
    | Cases of caption: string * Case list
    /// What only some will want to see.
    | Folded of summary: string * Section list
    /// The same of several, of which one is seen at a time.
    | Switched of caption: string * (string * Section list) list

/// All parts in their order, those that are folded or switched among them.
let rec flattened (sections: Section list) : Section list = [
    for section in sections do
        match section with
        | Folded(_, inner) -> yield! flattened inner
        | Switched(_, views) -> yield! views |> List.collect (snd >> flattened)
        | other -> other
]

/// The same with every part changed, those that are folded or switched too.
let rec mapped (change: Section -> Section) (sections: Section list) : Section list = [
    for section in sections do
        match section with
        | Folded(summary, inner) -> Folded(summary, mapped change inner)
        | Switched(caption, views) -> Switched(caption, [ for name, inner in views -> name, mapped change inner ])
        | other -> change other
]

/// Where a heading stands on its page: report.html#anchor.
let anchor (heading: string) : string =
    let letters = [| for letter in heading.ToLowerInvariant() -> if System.Char.IsLetterOrDigit letter then letter else '-' |]
    System.String.Join('-', System.String(letters).Split('-', System.StringSplitOptions.RemoveEmptyEntries))
