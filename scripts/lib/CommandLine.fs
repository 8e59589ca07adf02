module MedTransfer.Recipes.CommandLine
let x = 1
