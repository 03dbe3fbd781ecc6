"""Two runs of an evaluation side by side, with a paired test over the questions that both asked.

For each measure: both means, their difference with a 95 % bootstrap interval over questions (percentiles; Efron 1979), and the p-value of
Fisher's randomisation test (two-sided, signs of the differences exchanged), which Smucker, Allan and Carterette (2007) recommend for
measures of retrieval. Every p stands for one measure by itself: of twenty measures without any difference, one is below 0.05 on average.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import UsageError
from rag.evaluate.metrics import NAMES, average

GROUPS: dict[str, tuple[str, ...]] = {
    "all": NAMES,
    "text": NAMES,
    "image": NAMES,
    "answer": ("keyword_recall", "citation_precision", "supported", "fallback_rate", "words", "refused_rightly"),
    "latency_ms": ("retrieve", "total"),
}
LESS_IS_BETTER = {"fallback_rate", "retrieve", "total"}
NEITHER_IS_BETTER = {"words"}
RESAMPLES = 9_999
SEED = 1
CHANGED_BY = "ndcg@10"


@dataclass(frozen=True)
class Difference:
    """One measure in two runs, over the `n` questions where both have it. `difference` is b less a; `interval` its 95 % bounds.

    `wins` are questions where b is better, `losses` where a is; both 0 for a measure of which neither end is better.
    """

    n: int
    a: float
    b: float
    difference: float
    interval: tuple[float, float]
    p: float
    wins: int
    losses: int
    ties: int


@dataclass(frozen=True)
class Comparison:
    """`measures` by group and name; `changed` the questions whose needs came at other ranks or whose refusal changed, worst first."""

    n: int
    only_a: list[str]
    only_b: list[str]
    unlike: list[str]
    settings: dict[str, tuple[Any, Any]]
    measures: dict[str, dict[str, Difference]]
    changed: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare(a: Path, b: Path, progress: Callable[[int, int], None] = lambda done, of: None) -> Comparison:
    """Compare the folders that two runs of `diptych eval -o` left. Questions are paired by id; `unlike` are ids that name another question,
    or other needs, in b than in a, and count no more than those that one run alone asked.

    Raises UsageError for a folder that holds no run, and where no question is in both.
    """
    rows_a, rows_b = _rows(a), _rows(b)
    both = [id for id in rows_a if id in rows_b]
    pairs = [(rows_a[id], rows_b[id]) for id in both if _what(rows_a[id]) == _what(rows_b[id])]
    if not pairs:
        raise UsageError("The two runs have no question in common.", "Compare runs of the same gold.")
    names = [(group, name) for group, named in GROUPS.items() for name in named]
    measures: dict[str, dict[str, Difference]] = {}
    for at, (group, name) in enumerate(names):
        progress(at, len(names))
        values = [(_value(one, group, name), _value(other, group, name)) for one, other in pairs]
        known = [(float(x), float(y)) for x, y in values if x is not None and y is not None]
        if known:
            measures.setdefault(group, {})[name] = difference(known, name)
    return Comparison(
        n=len(pairs),
        only_a=[id for id in rows_a if id not in rows_b],
        only_b=[id for id in rows_b if id not in rows_a],
        unlike=[id for id in both if _what(rows_a[id]) != _what(rows_b[id])],
        settings=_changed_settings(a, b),
        measures=measures,
        changed=_changed(pairs),
    )


def difference(pairs: Sequence[tuple[float, float]], name: str = "") -> Difference:
    """Both means of paired values, and the tests of their difference."""
    from scipy.stats import bootstrap, permutation_test

    a, b = np.asarray(pairs, dtype=float).T
    apart = b - a
    low = high = float(apart[0])
    p = 1.0
    if np.ptp(apart) > 0:
        drawn = bootstrap((apart,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=SEED)
        low, high = map(float, drawn.confidence_interval)
    moved = apart[apart != 0]  # a tie has no sign to exchange: without them few differences are tested exactly
    if len(moved) > 1:
        p = float(permutation_test((moved,), np.sum, permutation_type="samples", n_resamples=RESAMPLES, rng=SEED).pvalue)
    better = np.zeros(0) if name in NEITHER_IS_BETTER else -apart if name in LESS_IS_BETTER else apart
    wins, losses = int((better > 0).sum()), int((better < 0).sum())
    return Difference(
        n=len(pairs),
        a=average(a.tolist()) or 0.0,
        b=average(b.tolist()) or 0.0,
        difference=round(float(apart.mean()), 4),
        interval=(round(low, 4), round(high, 4)),
        p=round(p, 4),
        wins=wins,
        losses=losses,
        ties=int((apart == 0).sum()),
    )


def _changed(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """What changed, worst first: by the fall of nDCG, then as they were asked."""
    found = []
    for one, other in pairs:
        if one["ranks"] == other["ranks"] and one.get("refused") == other.get("refused"):
            continue
        gains = [_value(row, "all", CHANGED_BY) for row in (one, other)]
        found.append(
            {
                "id": one["id"],
                "question": one["question"],
                "ranks": [one["ranks"], other["ranks"]],
                "refused": [one.get("refused"), other.get("refused")],
                "gain": round(gains[1] - gains[0], 4) if gains[0] is not None and gains[1] is not None else 0.0,
            }
        )
    return sorted(found, key=lambda each: each["gain"])


def _changed_settings(a: Path, b: Path) -> dict[str, tuple[Any, Any]]:
    """What was measured, where it differs: models, settings, encoders, the library's size."""
    one, other = (_flat(_run(folder)) for folder in (a, b))
    return {name: (one.get(name), other.get(name)) for name in {**one, **other} if name != "at" and one.get(name) != other.get(name)}


def _flat(value: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, inner in value.items():
        flat |= _flat(inner, f"{before}{name}.") if isinstance(inner, dict) else {before + name: inner}
    return flat


def _run(folder: Path) -> dict[str, Any]:
    try:
        run = json.loads((folder / "run.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) else {}


def _rows(folder: Path) -> dict[str, dict[str, Any]]:
    """The rows of `outcomes.jsonl` by id."""
    try:
        rows = [json.loads(line) for line in (folder / "outcomes.jsonl").read_text("utf-8").splitlines()]
        return {row["id"]: row for row in rows if isinstance(row["measures"], dict) and isinstance(row["ranks"], list)}
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"{folder} holds no run of an evaluation.", "Make one with `diptych eval GOLD.jsonl -o DIR`.") from None


def _what(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row.get("question"), row.get("needs"), row.get("answerable")


def _value(row: Mapping[str, Any], group: str, name: str) -> float | None:
    value = (row["measures"].get(group) or {}).get(name)
    return value if isinstance(value, (int, float)) else None
