namespace MedTransfer.Recipes

open System
open System.Threading
open Spectre.Console
open Spectre.Console.Rendering

/// A picture on the terminal that is drawn again and again in place, on standard error, and cleared at the end.
type TerminalDisplay(picture: bool -> IRenderable) =
    let console = AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput Console.Error))
    let closing = new ManualResetEventSlim()

    let draw () =
        try
            let picture () = picture console.Profile.Capabilities.Unicode

            // shows the cursor again however it ends
            console
                .Live(picture ())
                .AutoClear(true)
                .Start(fun context ->
                    while not (closing.Wait 250) do
                        context.UpdateTarget(picture ()))
        with _ ->
            () // a terminal that goes away must not end the trials

    let drawing = Thread(draw, IsBackground = true)
    do drawing.Start()

    /// Whether standard error is a terminal that can be drawn on.
    static member IsPossible =
        not Console.IsErrorRedirected
        && AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput Console.Error)).Profile.Capabilities.Ansi

    /// Shows the cursor that a display hid which was not cleared: one that ends in the middle.
    static member ShowCursor() =
        if TerminalDisplay.IsPossible then
            AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput Console.Error)).Cursor.Show(true)

    interface IDisposable with
        member _.Dispose() =
            closing.Set()
            drawing.Join()
