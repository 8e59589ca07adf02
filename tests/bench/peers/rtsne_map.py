"""Rtsne, seconds printed: rtsne_map.py X.npy Y.npy THREADS. R reads and writes bare doubles; this turns them to and from .npy."""
import os
import subprocess
import sys
import tempfile
import numpy

points = numpy.load(sys.argv[1]).astype("float64")
with tempfile.TemporaryDirectory() as folder:
    source, target = os.path.join(folder, "x"), os.path.join(folder, "y")
    points.tofile(source)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rtsne_map.R")
    shape = [str(side) for side in points.shape]
    print(subprocess.check_output(["Rscript", script, source, *shape, target, sys.argv[3]], text=True).split()[-1])
    numpy.save(sys.argv[2], numpy.fromfile(target).reshape(-1, 2).astype("float32"))
