/// How far the unpacking of a set is that is too large for memory, on standard error.
module MedTransfer.Recipes.UnpackingDisplay

open System
open System.IO
open System.Threading
open MedTransfer.Data.Images
open MedTransfer.Runtime

/// Says how far it is: a line that is written over on a terminal, else one each tenth.
let report () : Action<UnpackingProgress> =
    let mutable told = 0

    let far (reached: UnpackingProgress) =
        let left =
            if reached.Left.HasValue then
                $", {TimeLeft.text reached.Left.Value.TotalSeconds}"
            else
                ""

        $"{LimitedFolder.Megabytes reached.Bytes} of {LimitedFolder.Megabytes reached.Of}{left}"

    Action<_>(fun reached ->
        match reached.Stage with
        | UnpackingStage.WaitingForOther -> eprintfn "Another process unpacks %s; waiting for it." reached.Name
        | UnpackingStage.Starting ->
            told <- 0

            eprintfn
                "Unpacking the images of %s once, %s, into %s, where later runs find them. Stopped, it goes on from there."
                reached.Name
                (LimitedFolder.Megabytes reached.Of)
                reached.Path
        | UnpackingStage.Writing when not Console.IsErrorRedirected -> eprintf "\r%s    " (far reached)
        | UnpackingStage.Writing ->
            let tenth = int (10L * reached.Bytes / reached.Of)

            if tenth > told then
                told <- tenth
                eprintfn "%s" (far reached)
        | _ when not Console.IsErrorRedirected -> eprintfn "\r%s    " (far reached)
        | _ -> ())

/// Where large sets are unpacked that no trial names: among those of the trials below a folder's `runs/`.
let images (out: string) (cancellation: CancellationToken) : SharedImages =
    SharedImages(
        Path.Combine(out, "runs", SharedImages.FolderName),
        Writes = false,
        Progress = report (),
        Cancellation = cancellation
    )
