(** Lays the rows of an .npy out in the plane, by t-SNE or PCA.

    dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy
    dotnet fsi scripts/reduce.fsx -- --input X.npy --output Y.npy --labels L.npy --report map.html
    dotnet fsi scripts/reduce.fsx -- --help

    About 10 s for 60,000 points of 128 columns on two cores. *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

MedTransfer.Recipes.Reduce.main fsi.CommandLineArgs
