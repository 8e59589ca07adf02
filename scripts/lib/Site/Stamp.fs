/// What a page was made from, kept in the page: one that is up to date is not made again.
module MedTransfer.Recipes.Stamp

open System
open System.IO
open System.Security.Cryptography
open System.Text

// who makes pages is part of what they are made from
let private maker = typeof<Report.Section>.Module.ModuleVersionId

let private tag (stamp: string) = $"<meta name=\"made-from\" content=\"{stamp}\">"

/// The stamp of what a page is made from, in words.
let ofParts (parts: string seq) : string =
    let text = String.Join('\n', Seq.append [ string maker ] parts)
    Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))[..31]

/// A file as part of a stamp: that it is there, its size and when it was written.
let file (path: string) : string =
    let info = FileInfo path

    if info.Exists then
        $"{info.Name} {info.Length} {info.LastWriteTimeUtc.Ticks}"
    else
        ""

/// The page with its stamp.
let into (stamp: string) (html: string) : string =
    let at = html.IndexOf("<head>", StringComparison.Ordinal) + "<head>".Length
    html.Insert(at, tag stamp)

let private ending = "</html>"

// of a page that was cut short, the stamp may still be there
let private isWhole (file: FileStream) =
    let last = Array.zeroCreate<byte>(ending.Length + 1)

    if file.Length < int64 last.Length then
        false
    else
        file.Seek(-int64 last.Length, SeekOrigin.End) |> ignore
        file.ReadExactly last
        Encoding.UTF8.GetString(last).TrimEnd().EndsWith(ending, StringComparison.Ordinal)

/// Whether there is a whole page of that stamp.
let isOf (path: string) (stamp: string) : bool =
    try
        use file = File.OpenRead path
        let start = Array.zeroCreate<byte> 400
        let count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream = false)
        Encoding.UTF8.GetString(start, 0, count).Contains(tag stamp, StringComparison.Ordinal) && isWhole file
    with
    | :? IOException
    | :? UnauthorizedAccessException -> false
