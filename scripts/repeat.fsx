(** Trains finished trials anew from their folders alone, and says whether the same came out.

    dotnet fsi scripts/repeat.fsx -- reports/task2
    dotnet fsi scripts/repeat.fsx -- runs/0123456789abcdef
    dotnet fsi scripts/repeat.fsx -- --help

    As long as the trainings took; 0 where all agree, 1 where one does not. *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

MedTransfer.Recipes.Repeat.main fsi.CommandLineArgs
