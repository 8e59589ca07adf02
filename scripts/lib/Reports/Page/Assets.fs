/// What every page carries so that it opens without a network: its style, its script, and plotly.js, compressed.
module MedTransfer.Recipes.Assets

open System
open System.IO
open System.IO.Compression
open System.Reflection

let private resource (assembly: Assembly) (isWanted: string -> bool) =
    let name = assembly.GetManifestResourceNames() |> Array.find isWanted
    assembly.GetManifestResourceStream name |> nonNull

/// The text of a file that is part of this library.
let own (name: string) : string =
    use stream = resource (Assembly.GetExecutingAssembly()) ((=) name)
    use reader = new StreamReader(stream)
    reader.ReadToEnd()

/// Of every page.
let style = lazy (own "page.css")

/// Of every page.
let script = lazy (own "page.js")

/// plotly.js as gzip in base64, which the page's script unpacks: a third of its size.
let plotly =
    lazy
        (use stream =
            resource (Assembly.Load "Plotly.NET") (fun name -> name.Contains "plotly-" && name.EndsWith ".min.js")

         use packed = new MemoryStream()

         (use gzip = new GZipStream(packed, CompressionLevel.SmallestSize)
          stream.CopyTo gzip)

         Convert.ToBase64String(packed.ToArray()))
