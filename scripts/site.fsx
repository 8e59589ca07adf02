(** One page over all reports and runs: reports/index.html.

    dotnet fsi scripts/site.fsx
    dotnet fsi scripts/site.fsx -- --help *)
#load "lib/Bootstrap.fsx"
#load "lib/Lab.fsx"

MedTransfer.Recipes.Site.main fsi.CommandLineArgs
