"""A set of scikit-learn's, as float32 points and int64 labels (all 0 where it has none): sklearn_set.py iris|digits|digits-jittered|swiss-roll|s-curve X.npy [L.npy]"""
import sys
import numpy
from sklearn import datasets

name = sys.argv[1]
if name == "swiss-roll":
    points, labels = datasets.make_swiss_roll(1500, random_state=0)[0], numpy.zeros(1500)
elif name == "s-curve":
    points, labels = datasets.make_s_curve(1500, random_state=0)[0], numpy.zeros(1500)
elif name == "digits-jittered":
    # no two pairs of points equally far apart: which neighbour is nearer is no matter of order
    points, labels = datasets.load_digits(return_X_y=True)
    points = points + 0.01 * numpy.random.RandomState(0).randn(*points.shape)
else:
    points, labels = getattr(datasets, "load_" + name)(return_X_y=True)
numpy.save(sys.argv[2], points.astype("float32"))
if len(sys.argv) > 3:
    numpy.save(sys.argv[3], labels.astype("int64"))
