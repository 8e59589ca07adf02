/// References what Bootstrap.fsx built.
#load "../../artifacts/lab.fsx"
