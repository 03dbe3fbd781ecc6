"""How well the refusal of rag/answer/refuse.py tells what a library does not hold, and the constants that fit it best.

    .venv/bin/python benchmarks/refusal.py NAME=LIBRARY... > benchmarks/refusal.md

asks each library (made by benchmarks/evaluating.py) its gold file and its questions of three grades: `outside`, of another subject;
`beside`, of the library's own field, which it does not treat; `near`, about what it treats, for a fact that it does not state (those of the
gold file are near, most of them). Constants are fitted without handbook and gimp, which took no part in choosing anything.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag import Library, Settings
from rag.answer.condense import whole_by_rule
from rag.answer.evidence import evidence_of
from rag.answer.refuse import THRESHOLD, WEIGHTS, Signals, answerable, weighed
from rag.evaluate.questions import load_questions
from rag.language.question import understood
from rag.retrieve.query import Query

ROOT = Path(__file__).parent.parent
GRADES = ("outside", "beside", "near")
SHARES = {None: 1.0, "outside": 0.25, "beside": 0.25, "near": 0.5}
TESTED = ("handbook", "gimp")
K = 8


@dataclass(frozen=True)
class Case:
    """A question with its grade (None: answerable), and the signals of the part of which its library knows most."""

    corpus: str
    grade: str | None
    signals: Signals


def cases(corpus: str, folder: Path) -> list[Case]:
    gold = [ROOT / "data/gold/sample.jsonl" if corpus == "sample" else ROOT / f"benchmarks/gold/{corpus}.jsonl"]
    gold.append(ROOT / f"benchmarks/gold/refusal-{corpus}.jsonl")
    found = []
    with Library.open(folder, Settings(library=folder), create=False) as library:
        for asked in (asked for file in gold for asked in load_questions(file) if not asked.image):
            question = understood(asked.question)
            if asked.history:
                question = question.made_whole(whole_by_rule(question, asked.history))
            searcher = library.searcher
            evidence = evidence_of(searcher, searcher.search(Query(question, k=K)).hits)
            best = max((weighed(searcher, part, evidence) for part in question.parts), key=answerable)
            if best is not None:
                found.append(Case(corpus, None if asked.answerable else asked.row.get("grade", "near"), best))
    return found


def area(cases: Sequence[Case], scores: Sequence[float], grade: str | None = None) -> float:
    """Area under the ROC curve: answerable questions against those of one grade, or of all."""
    kept = [(case.grade is None, score) for case, score in zip(cases, scores, strict=True) if case.grade in (None, grade or case.grade)]
    return float(roc_auc_score(*map(list, zip(*kept, strict=True))))


def values(cases: Sequence[Case]) -> np.ndarray:
    return np.array([[asdict(case.signals)[name] for name in WEIGHTS] for case in cases])


def fitted(cases: Sequence[Case]) -> LogisticRegression:
    """Those that are near weigh half as much as the answerable questions together, the other two grades a quarter each."""
    counts = {grade: sum(case.grade == grade for case in cases) for grade in (None, *GRADES)}
    weights = [SHARES[case.grade] / counts[case.grade] for case in cases]
    return LogisticRegression(C=5, max_iter=5000).fit(
        values(cases), [case.grade is None for case in cases], sample_weight=len(cases) * np.array(weights)
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:.2f}' if isinstance(cell, float) else str(cell) for cell in row)} |")


def main(named: Sequence[str]) -> None:
    corpora = {name: cases(name, Path(path)) for name, _, path in (each.partition("=") for each in named)}
    chances = {name: [answerable(case.signals) for case in found] for name, found in corpora.items()}
    head = ["corpus", "answerable", *GRADES]
    print("# Refusal\n\nMade by `" + " ".join(["benchmarks/refusal.py", *(f"{name}=LIBRARY" for name in corpora)]) + "`.")

    print("\n## Questions asked")
    table(head, [[name, *(sum(case.grade == grade for case in found) for grade in (None, *GRADES))] for name, found in corpora.items()])

    print(f"\n## Refused, with the constants in use (threshold {THRESHOLD})\n\nArea under the ROC curve by grade, and for all:")
    table(
        ["corpus", *GRADES, "outside and beside", "all"],
        [
            [
                name,
                *(area(found, chances[name], grade) for grade in GRADES),
                area(*zip(*[(c, p) for c, p in zip(found, chances[name], strict=True) if c.grade != "near"], strict=True)),
                area(found, chances[name]),
            ]
            for name, found in corpora.items()
        ],
    )
    print("\nThe share that is refused, and how many of the refusals are right:")
    rows: list[list[object]] = []
    for name, found in corpora.items():
        refused = [case.grade for case, chance in zip(found, chances[name], strict=True) if chance < THRESHOLD]
        share = {grade: refused.count(grade) / sum(case.grade == grade for case in found) for grade in (None, *GRADES)}
        far = [sum(case.grade in GRADES[:2] for case in found), sum(grade in GRADES[:2] for grade in refused)]
        right = {"far": far[1] / (far[1] + refused.count(None)), "all": 1 - refused.count(None) / len(refused)}
        rows.append([name, *share.values(), far[1] / far[0], right["far"], right["all"]])
    table(["corpus", "answerable", *GRADES, "outside and beside", "of these right", "of all right"], rows)

    chosen = [case for name, found in corpora.items() for case in found if name not in TESTED]
    print(f"\n## Signals, one by one\n\nArea under the curve on {', '.join(sorted({case.corpus for case in chosen}))}:")
    columns = {name: column * (1 if WEIGHTS[name] > 0 else -1) for name, column in zip(WEIGHTS, values(chosen).T, strict=True)}
    table(["signal", *GRADES, "all"], [[n, *(area(chosen, list(c), g) for g in (*GRADES, None))] for n, c in columns.items()])

    print("\n## Fitted without the corpus that is asked\n\nArea under the curve, constants from the other corpora of the development:")
    rows = []
    for name in dict.fromkeys(case.corpus for case in chosen):
        model = fitted([case for case in chosen if case.corpus != name]) if len({c.corpus for c in chosen}) > 1 else fitted(chosen)
        here = [case for case in chosen if case.corpus == name]
        scores = list(model.predict_proba(values(here))[:, 1])
        rows.append([name, *(area(here, scores, grade) for grade in (*GRADES, None))])
    table(["corpus", *GRADES, "all"], rows)

    model = fitted(chosen)
    print("\n## Constants that fit these figures best\n\n```python")
    print(f"BIAS = {model.intercept_[0]:.2f}")
    print(f"WEIGHTS = { {name: round(float(weight), 2) for name, weight in zip(WEIGHTS, model.coef_[0], strict=True)} }\n```")


if __name__ == "__main__":
    if len(sys.argv) < 2 or not all("=" in named for named in sys.argv[1:]):
        sys.exit("usage: refusal.py NAME=LIBRARY...")
    main(sys.argv[1:])
