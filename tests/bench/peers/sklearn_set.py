"""A data set that comes with scikit-learn, as float32: sklearn_set.py iris|digits X.npy"""
import sys
import numpy
from sklearn import datasets

numpy.save(sys.argv[2], getattr(datasets, "load_" + sys.argv[1])().data.astype("float32"))
