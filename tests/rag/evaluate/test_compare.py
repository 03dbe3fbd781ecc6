"""rag/evaluate/compare.py: two runs paired by question, against p-values and intervals known by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.compare import compare, difference


def row(id: str, ranks: list[int | None], value: float, **words: Any) -> dict[str, Any]:
    measures = {"all": {"ndcg@10": value}, "image": {}, "answer": {"words": 10 * value, "supported": None}, "latency_ms": {"total": value}}
    return {"id": id, "question": f"{id}?", "needs": [{"image": "a.png"}], "ranks": ranks, "measures": measures, "refused": False} | words


def run(folder: Path, *rows: dict[str, Any], settings: dict[str, Any] | None = None) -> Path:
    folder.mkdir()
    (folder / "outcomes.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    (folder / "run.json").write_text(json.dumps({"at": str(folder), "settings": settings or {}}), "utf-8")
    return folder


def test_all_signs_one_way_is_the_exact_p():
    """Of the 2^5 ways to set the signs, two are as extreme: all for b, and all for a."""
    found = difference([(0.0, 1.0)] * 5)
    assert (found.n, found.a, found.b, found.difference, found.p) == (5, 0.0, 1.0, 1.0, 2 / 32)
    assert (found.wins, found.losses, found.ties) == (5, 0, 0) and found.interval == (1.0, 1.0)


def test_ties_do_not_blur_the_p():
    found = difference([(0.0, 1.0)] * 7 + [(1.0, 1.0)] * 30)
    assert found.p == round(2 / 2**7, 4) and found.ties == 30 and found.difference == round(7 / 37, 4)


def test_differences_both_ways():
    """+3, +1, -1 sum to 3; with all ways to set the signs they sum to 5, 3, 3, 1, -1, -3, -3, -5, of which six are as far from 0."""
    found = difference([(0, 3), (0, 1), (1, 0)])
    assert found.difference == 1.0 and found.p == 6 / 8 and (found.wins, found.losses) == (2, 1)
    assert found.interval[0] < 0 < found.interval[1]


def test_no_difference_is_no_evidence():
    found = difference([(0.5, 0.5), (1.0, 1.0)])
    assert (found.difference, found.p, found.interval, found.ties) == (0.0, 1.0, (0.0, 0.0), 2)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    import numpy as np

    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(60):
        low, high = difference([(0.0, value) for value in rng.normal(0.3, 1.0, 40)]).interval
        covered += low <= 0.3 <= high
    assert 50 <= covered <= 60


def test_less_time_is_better_and_more_words_are_not():
    assert (difference([(5.0, 3.0)], "total").wins, difference([(5.0, 3.0)], "total").losses) == (1, 0)
    words = difference([(5.0, 3.0)], "words")
    assert (words.wins, words.losses, words.difference, words.p) == (0, 0, -2.0, 1.0)


def test_questions_are_paired_by_id_and_content(tmp_path):
    a = run(
        tmp_path / "a", row("same", [1], 1.0), row("fell", [1], 1.0), row("rose", [None], 0.0), row("gone", [1], 1.0), row("new", [1], 1.0)
    )
    b = run(
        tmp_path / "b",
        row("rose", [2], 0.5, refused=True),
        row("same", [1], 1.0),
        row("fell", [5], 0.25),
        row("new", [1], 1.0, needs=[{"image": "b.png"}]),
        row("more", [1], 1.0),
        settings={"rerank": False},
    )
    found = compare(a, b)
    assert (found.n, found.only_a, found.only_b, found.unlike) == (3, ["gone"], ["more"], ["new"])
    ndcg = found.measures["all"]["ndcg@10"]
    assert (ndcg.n, ndcg.a, ndcg.b, ndcg.wins, ndcg.losses, ndcg.ties) == (3, 0.6667, 0.5833, 1, 1, 1)
    assert "image" not in found.measures and "supported" not in found.measures["answer"]
    assert [(each["id"], each["gain"], each["ranks"]) for each in found.changed] == [
        ("fell", -0.75, [[1], [5]]),
        ("rose", 0.5, [[None], [2]]),
    ]
    assert found.changed[1]["refused"] == [False, True]
    assert found.settings == {"settings.rerank": (None, False)}


@pytest.mark.parametrize(
    "text", [None, "{", '{"id": "a"}', '["a"]', '{"id": "a", "measures": 1, "ranks": 1}', '{"id": [], "measures": {}, "ranks": []}']
)
def test_a_folder_without_a_run(tmp_path, text):
    good = run(tmp_path / "a", row("a", [1], 1.0))
    (tmp_path / "b").mkdir()
    if text is not None:
        (tmp_path / "b" / "outcomes.jsonl").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"holds no run|no question in common"):
        compare(good, tmp_path / "b")


def test_runs_of_other_gold(tmp_path):
    with pytest.raises(UsageError, match="no question in common"):
        compare(run(tmp_path / "a", row("a", [1], 1.0)), run(tmp_path / "b", row("b", [1], 1.0)))
