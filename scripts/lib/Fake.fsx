// Restores what build.fsx references: FAKE, from Paket's group Build.
#load "Packages.fsx"

Packages.exclusively Packages.forBuild
