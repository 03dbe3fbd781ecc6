"""Fits the refusal of rag/answer/refuse.py on a gold file: which signals separate what the library holds from what it does not.

    .venv/bin/python benchmarks/refusal.py LIBRARY data/gold/sample.jsonl

Prints the area under the curve of each signal and of all together (ten-fold cross-validation), precision and recall of refusing at the
threshold in use, and the constants.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_score, recall_score, roc_auc_score
from sklearn.model_selection import cross_val_predict

from rag import Library, Settings
from rag.answer.condense import whole_by_rule
from rag.answer.refuse import THRESHOLD, WEIGHTS
from rag.evaluate.questions import load_questions


def main(folder: str, gold: str) -> None:
    rows, answerable = [], []
    with Library.open(folder, Settings(library=Path(folder)), create=False) as library:
        for asked in load_questions(Path(gold)):
            if asked.image:
                continue
            query = whole_by_rule(asked.question, asked.history)
            signals = vars(library.search(query).signals) | {"unseen": library.searcher.unseen(query)}
            rows.append([signals[name] for name in WEIGHTS])
            answerable.append(asked.answerable)
    values, truth = np.array(rows), np.array(answerable)
    print(f"{len(truth)} questions, {int((~truth).sum())} of them unanswerable\n")
    for name, column in zip(WEIGHTS, values.T, strict=True):
        area = roc_auc_score(truth, column if name != "unseen" else -column)
        print(f"{name:8} AUC {area:.3f}   mean answerable {column[truth].mean():.3f}, unanswerable {column[~truth].mean():.3f}")
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=2000)
    chance = cross_val_predict(model, values, truth, cv=10, method="predict_proba")[:, 1]
    refused = chance < THRESHOLD
    print(f"\ntogether AUC {roc_auc_score(truth, chance):.3f}; refusing below {THRESHOLD}: ", end="")
    print(f"precision {precision_score(~truth, refused):.3f}, recall {recall_score(~truth, refused):.3f}")
    model.fit(values, truth)
    print(f"BIAS = {model.intercept_[0]:.2f}")
    print(f"WEIGHTS = { {name: round(float(weight), 2) for name, weight in zip(WEIGHTS, model.coef_[0], strict=True)} }")


if __name__ == "__main__":
    main(*sys.argv[1:])
