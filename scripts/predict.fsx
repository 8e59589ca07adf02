(** What the model that transfer.fsx left says of images, and what it is worth on those of another hospital.

    dotnet fsi scripts/predict.fsx -- image.dcm more-images/
    dotnet fsi scripts/predict.fsx -- --external other-hospital/
    dotnet fsi scripts/predict.fsx -- --help *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

MedTransfer.Recipes.Predict.main fsi.CommandLineArgs
