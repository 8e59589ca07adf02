"""Held-out losses of scikit-learn's LogisticRegressionCV, and its processor time: sklearn_penalty.py X.npy y.npy folds.npy C,C,... (threads by OMP_NUM_THREADS)"""
import json
import sys
import time
import numpy
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import PredefinedSplit

columns, labels, parts = (numpy.load(path) for path in sys.argv[1:4])
tried = [float(word) for word in sys.argv[4].split(",")]
# our loss is the mean over findings, beside one penalty: of each of them alone, C is less by their number
findings = labels.shape[1]
values, kind = ([c / findings for c in tried], "ovr") if findings > 1 else (tried, "multinomial")
start = time.process_time()
losses = []
for label in labels.T:
    search = LogisticRegressionCV(
        Cs=values, cv=PredefinedSplit(parts), scoring="neg_log_loss", multi_class=kind, max_iter=10000, refit=False
    ).fit(columns, label)
    losses.append(-next(iter(search.scores_.values())).mean(axis=0))
loss = numpy.mean(losses, axis=0)
print(json.dumps({"seconds": time.process_time() - start, "chosen": tried[loss.argmin()], "losses": loss.tolist()}))
