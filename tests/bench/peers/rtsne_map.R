# rtsne_map.R X ROWS COLUMNS Y THREADS: bare doubles, row after row; prints the seconds of the reduction.
words <- commandArgs(trailingOnly = TRUE)
n <- as.integer(words[2])
d <- as.integer(words[3])
points <- matrix(readBin(words[1], "double", n * d), n, d, byrow = TRUE)
library(Rtsne)
set.seed(0)
seconds <- system.time(map <- Rtsne(points, pca = FALSE, check_duplicates = FALSE, num_threads = as.integer(words[5])))[["elapsed"]]
writeBin(as.vector(t(map$Y)), words[4])
cat(seconds, "\n")
