// References what Bootstrap.fsx built.
#load "../../artifacts/references.fsx"
