/// Numbers look the same whatever the machine's language: on screen, page and in files, and so do those that are read.
module MedTransfer.Recipes.Culture

open System.Globalization

/// From here on, on every thread.
let beInvariant () =
    CultureInfo.CurrentCulture <- CultureInfo.InvariantCulture
    CultureInfo.DefaultThreadCurrentCulture <- CultureInfo.InvariantCulture

/// While the work is done, on this thread and those it starts; then the caller has its own again.
let invariantly (work: unit -> 'T) : 'T =
    let own, ofThreads = CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture

    try
        beInvariant ()
        work ()
    finally
        CultureInfo.CurrentCulture <- own
        CultureInfo.DefaultThreadCurrentCulture <- ofThreads
