/// Tables on the terminal, laid out by Spectre.Console: as wide as it is; without colours, and without borders where the output goes elsewhere.
module MedTransfer.Recipes.TerminalTable

open System
open System.Globalization
open System.IO
open System.Text
open Deedle
open Spectre.Console
open Spectre.Console.Rendering

/// Characters in a line of output that goes to a file or another program.
let private redirected = 110

let private cell (value: obj) =
    match value with
    | :? float as number -> number.ToString("F3", CultureInfo.InvariantCulture)
    | other -> string other

let private table border (frame: Frame<string, string>) (columns: string list) =
    let table = Table(Border = border)
    // without a border the last column's would be blanks at the ends of lines
    let column name alignment padding =
        TableColumn(Text name, Alignment = Nullable alignment, Padding = Padding(0, 0, padding, 0))

    table.AddColumn(column "" Justify.Left 2) |> ignore

    for i, name in List.indexed columns do
        table.AddColumn(column name Justify.Right (if i = columns.Length - 1 then 0 else 2)) |> ignore

    for key in frame.RowKeys do
        // what is missing is an empty cell
        let cells = [
            for name in columns ->
                let value = frame.GetColumn<obj>(name).TryGet key
                if value.HasValue then cell value.Value else ""
        ]

        table.AddRow [| for text in key :: cells -> Text text :> IRenderable |] |> ignore

    table

/// The table in blocks of columns, each as many as fit in so many characters; a single one that does not fit is wrapped.
let lines (border: TableBorder) (width: int) (frame: Frame<string, string>) : string list =
    use writer = new StringWriter()

    let console =
        AnsiConsole.Create(
            AnsiConsoleSettings(Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = AnsiConsoleOutput writer)
        )

    console.Profile.Width <- width
    // a border of what the terminal's encoding has
    console.Profile.Capabilities.Unicode <- (Console.OutputEncoding.CodePage = Encoding.UTF8.CodePage)
    let options = RenderOptions.Create(console, console.Profile.Capabilities)
    let needed columns = (table border frame columns :> IRenderable).Measure(options, Int32.MaxValue).Max

    let blocks =
        (List.ofSeq frame.ColumnKeys, [])
        ||> List.foldBack (fun column blocks ->
            match blocks with
            | first :: rest when needed (column :: first) <= width -> (column :: first) :: rest
            | _ -> [ column ] :: blocks)

    for block in blocks do
        console.WriteLine()
        console.Write(table border frame block)

    [ for line in writer.ToString().TrimEnd().Split '\n' -> line.TrimEnd() ]

let private here () =
    if Console.IsOutputRedirected then
        TableBorder.None, redirected
    else
        TableBorder.Simple, Console.WindowWidth

/// The table as one text, laid out for where standard output goes.
let text (frame: Frame<string, string>) : string =
    let border, width = here ()
    String.concat "\n" (lines border width frame)

/// The caption and the table below it, on standard output.
let print (caption: string) (frame: Frame<string, string>) = printfn "\n%s\n%s" caption (text frame)
