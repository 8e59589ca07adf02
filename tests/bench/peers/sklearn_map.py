"""scikit-learn's t-SNE or full PCA, seconds printed: sklearn_map.py tsne|pca X.npy Y.npy (threads by OMP_NUM_THREADS)"""
import os
import sys
import time
import numpy
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

method, source, target = sys.argv[1:]
points = numpy.load(source).astype("float32")
reducer = (
    PCA(n_components=2, svd_solver="full")
    if method == "pca"
    else TSNE(init="pca", learning_rate="auto", random_state=0, n_jobs=int(os.environ["OMP_NUM_THREADS"]))
)
start = time.perf_counter()
places = reducer.fit_transform(points)
print(time.perf_counter() - start)
numpy.save(target, places.astype("float32"))
