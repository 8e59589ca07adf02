(** Makes an .npz in MedMNIST's layout of a folder of images, and says what is in it.

    dotnet fsi scripts/import.fsx -- my-images/ --out my.npz
    dotnet fsi scripts/import.fsx -- my-images/ --out my.npz --split 70/10/20 --patient "^(p[0-9]+)_"
    dotnet fsi scripts/import.fsx -- --help *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

MedTransfer.Recipes.Import.main fsi.CommandLineArgs
