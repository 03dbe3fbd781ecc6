"""rag/evaluate/metrics.py: what meets a need, and the measures, against ir-measures where it has them."""

from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from rag.evaluate.metrics import first_met, meets, retrieval_metrics
from rag.records import Appearance, Hit, Locator, Routes


def hit(rank: int, modality: str, text: str, *places: Appearance) -> Hit:
    first = places[0]
    return Hit(rank, 1 / rank, modality, first.source, first.origin, None, first.locator, text, None, places, Routes())


def at(source: str, origin: str | None = None, page: int | None = None) -> Appearance:
    return Appearance(source, origin, None, Locator(page=page))


PASSAGE = hit(1, "text", "Built  in\u00a01791\nby Quill.", at("a.md"), at("copy/a.md"))
PICTURE = hit(2, "image", "a lamp", at("b.html", "img/lamp.png"), at("c.pdf", None, 3))


@pytest.mark.parametrize(
    ("need", "met"),
    [
        ({"source": "a.md", "text": "built in 1791"}, True),
        ({"source": "copy/a.md", "text": "BUILT IN 1791"}, True),
        ({"source": "b.md", "text": "built in 1791"}, False),
        ({"source": "a.md", "text": "built in 1792"}, False),
        ({"source": "a.md", "modality": "image", "page": 1}, False),
    ],
)
def test_text_needs(need, met):
    assert meets(PASSAGE, need) is met


@pytest.mark.parametrize(
    ("need", "met"),
    [
        ({"image": "lamp.png"}, True),
        ({"image": "img/lamp.png"}, True),
        ({"image": "mp.png"}, False),
        ({"image": "other/img/lamp.png"}, False),
        ({"source": "c.pdf", "page": 3, "modality": "image"}, True),
        ({"source": "c.pdf", "page": 4, "modality": "image"}, False),
        ({"source": "b.html", "page": 3, "modality": "image"}, False),
        ({"source": "b.html", "text": "lamp"}, False),
    ],
)
def test_image_needs(need, met):
    assert meets(PICTURE, need) is met


@pytest.mark.parametrize(("seconds", "met"), [(55, True), (60.0, True), (95, True), (54.9, False), (95.1, False)])
def test_a_time_is_met_within_five_seconds_of_what_is_said_or_shown_then(seconds, met):
    for modality in ("text", "image"):
        said = hit(1, modality, "The horn.", Appearance("talk.mp4", None, None, Locator(time=(60.0, 90.0))), at("talk.md"))
        assert meets(said, {"source": "talk.mp4", "modality": modality, "time": seconds}) is met
        assert not meets(said, {"source": "talk.md", "modality": modality, "time": seconds})


def test_each_need_is_met_by_its_first_hit():
    needs = [{"image": "lamp.png"}, {"source": "a.md", "text": "quill"}, {"source": "a.md", "text": "nothing"}]
    assert first_met([PASSAGE, PICTURE], needs) == [2, 1, None]


def test_a_worked_example():
    metrics = retrieval_metrics([[1, 7], [None], [], [3]])
    assert metrics["n"] == 3
    assert (metrics["hit@1"], metrics["hit@5"], metrics["hit@10"]) == (0.3333, 0.6667, 0.6667)
    assert (metrics["recall@5"], metrics["recall@10"]) == (0.5, 0.6667)
    assert metrics["mrr@10"] == 0.4444


def test_no_case_is_null():
    assert retrieval_metrics([[]])["hit@5"] is None


ONE_QUESTION = st.lists(st.one_of(st.none(), st.integers(1, 15)), min_size=1, max_size=4, unique_by=lambda rank: rank or object())


@given(st.lists(ONE_QUESTION, min_size=1, max_size=5))
def test_agrees_with_ir_measures(questions):
    qrels = {f"q{q}": {f"need{n}": 1 for n in range(len(ranks))} for q, ranks in enumerate(questions)}
    run = {}
    for q, ranks in enumerate(questions):
        met = {rank: f"need{n}" for n, rank in enumerate(ranks) if rank}
        run[f"q{q}"] = {met.get(rank, f"other{rank}"): -float(rank) for rank in range(1, 16)}
    theirs = ir_measures.calc_aggregate([Success @ 1, Success @ 5, R @ 5, R @ 10, RR @ 10, nDCG @ 10], qrels, run)
    ours = retrieval_metrics(questions)
    for name, measure in {"hit@1": Success @ 1, "hit@5": Success @ 5, "recall@5": R @ 5, "recall@10": R @ 10}.items():
        assert ours[name] == pytest.approx(theirs[measure], abs=1e-4)
    assert ours["mrr@10"] == pytest.approx(theirs[RR @ 10], abs=1e-4)
    assert ours["ndcg@10"] == pytest.approx(theirs[nDCG @ 10], abs=1e-4)
