(** Every reducer on the same points, on one page: maps, scores with intervals, which differences are more than chance.

    dotnet fsi scripts/reducers.fsx
    dotnet fsi scripts/reducers.fsx -- --input X.npy --labels L.npy
    dotnet fsi scripts/reducers.fsx -- --help *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

MedTransfer.Recipes.Reducers.main fsi.CommandLineArgs
