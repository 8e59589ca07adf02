"""A map by what a user of Python would call, and the seconds from array to map, imports left out, then the mebibytes above the input:

    sklearn_map.py METHOD X.npy Y.npy [K] [L.npy] [--values V.npy]      (threads by OMP_NUM_THREADS)

K: neighbours, of methods that have them. V.npy: what the reducer says of itself: eigenvalues, singular values, stress, as CALLS has them.
"""
import os
import resource
import sys
import time
import numpy
from sklearn import decomposition, discriminant_analysis, manifold

words = sys.argv[1:]
values = words[words.index("--values") + 1] if "--values" in words else None
if values:
    words = words[: words.index("--values")]
method, source, target = words[:3]
k = int(words[3]) if len(words) > 3 and words[3] != "-" else None
labels = numpy.load(words[4]) if len(words) > 4 else None
jobs = int(os.environ.get("OMP_NUM_THREADS", "1"))
points = numpy.load(source).astype("float32" if method in ("tsne", "umap") else "float64")


def lle(kind):
    # where values are compared, as near to them as the solver comes
    exact = {"eigen_solver": "dense"} if values else {}
    return manifold.LocallyLinearEmbedding(n_neighbors=k or 5, method=kind, n_jobs=jobs, **exact)


def umap():
    from umap import UMAP

    return UMAP(n_neighbors=k or 15, random_state=0)


CALLS = {
    "pca": (lambda: decomposition.PCA(n_components=2, svd_solver="full"), lambda r: r.explained_variance_),
    "pca-randomised": (lambda: decomposition.PCA(n_components=2, svd_solver="randomized", random_state=0), lambda r: r.explained_variance_),
    "svd": (lambda: decomposition.TruncatedSVD(2, algorithm="arpack"), lambda r: r.singular_values_),
    "svd-randomised": (lambda: decomposition.TruncatedSVD(2, random_state=0), lambda r: r.singular_values_),
    "ica": (lambda: decomposition.FastICA(2, whiten="unit-variance", random_state=0), None),
    "ica-exact": (lambda: decomposition.FastICA(2, whiten="unit-variance", random_state=0, tol=1e-12, max_iter=5000), None),
    "lda": (lambda: discriminant_analysis.LinearDiscriminantAnalysis(n_components=2), lambda r: r.explained_variance_ratio_),
    "metric-mds": (lambda: manifold.MDS(random_state=0, n_jobs=jobs, normalized_stress=False), lambda r: [r.stress_]),
    "ordinal-mds": (lambda: manifold.MDS(metric=False, random_state=0, n_jobs=jobs, normalized_stress=True), lambda r: [r.stress_]),
    "lle": (lambda: lle("standard"), lambda r: [r.reconstruction_error_]),
    "modified-lle": (lambda: lle("modified"), lambda r: [r.reconstruction_error_]),
    "hessian-lle": (lambda: lle("hessian"), lambda r: [r.reconstruction_error_]),
    "ltsa": (lambda: lle("ltsa"), lambda r: [r.reconstruction_error_]),
    "isomap": (lambda: manifold.Isomap(n_neighbors=k or 5, n_jobs=jobs), lambda r: r.kernel_pca_.eigenvalues_),
    "laplacian": (lambda: manifold.SpectralEmbedding(n_neighbors=None if k is None else k + 1, n_jobs=jobs), None),
    "tsne": (lambda: manifold.TSNE(init="pca", learning_rate="auto", random_state=0, n_jobs=jobs), lambda r: [r.kl_divergence_]),
    "umap": (umap, None),
}
for kernel, scale in (("rbf", 1e-3), ("poly", 1e-3), ("sigmoid", 1e-3), ("cosine", None), ("linear", None)):
    CALLS[f"kernel-pca-{kernel}"] = (lambda kernel=kernel, scale=scale: decomposition.KernelPCA(2, kernel=kernel, gamma=scale), lambda r: r.eigenvalues_)
CALLS["kernel-pca"] = CALLS["kernel-pca-rbf"]

make, told = CALLS[method]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
reducer = make()
places = reducer.fit_transform(points, labels) if method == "lda" else reducer.fit_transform(points)
seconds = time.perf_counter() - start
print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
numpy.save(target, places.astype("float32"))
if values:
    numpy.save(values, numpy.asarray(told(reducer) if told else [0], "float64").reshape(1, -1))
