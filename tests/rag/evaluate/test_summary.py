"""rag/evaluate/summary.py: the contract's figures, from outcomes whose figures are known by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sklearn.metrics import roc_auc_score

from rag.evaluate.metrics import roc_auc
from rag.evaluate.questions import Asked
from rag.evaluate.run import Outcome
from rag.evaluate.summary import measured, misses, summary
from rag.records import Answer, Citation, Hit, Locator, Routes

HITS = (Hit(1, 1.0, "text", "a.md", None, None, Locator(), "Quill built it in 1791.", None, (), Routes(), "Quill built it in 1791."),)
CITED = (Citation(1, "a.md", Locator(), "text", "Quill built it in 1791.", None, 1),)
TEXT, PICTURE = {"source": "a.md", "text": "1791"}, {"image": "a.png"}


def outcome(id: str, text: str | None, ranks: list[int | None], answerable: bool = True, **words) -> Outcome:
    needs = (TEXT, PICTURE)[: len(ranks)]
    asked = Asked(id, f"{id}?", answerable=answerable, keywords=("1791", "Quill") if answerable else (), relevant=needs)
    answer = Answer(asked.question, asked.question, text, HITS, timings_ms={"encode": 1, "retrieve": 8, "rerank": 1}, **words)
    return Outcome(asked, answer, ranks, 0.1)


OUTCOMES = [
    outcome("a", "Quill built it in 1791. [1]", [1], citations=CITED, chance=0.9),
    outcome("b", "It was built in 1791. [1] It fell in 1802. [1]", [None, 2], citations=CITED, fallback="quote", chance=0.4),
    outcome("c", "I do not know.", [3, 8], refused=True, chance=0.2),
    outcome("d", "I do not know.", [], answerable=False, refused=True, chance=0.1),
    outcome("e", "It is in the sea. [1]", [], answerable=False, citations=CITED, chance=0.4),
    Outcome(Asked("f", "f?", relevant=(TEXT,)), None, [None], 0.1, "The index did not answer."),
]


def test_the_figures_of_answers():
    assert summary(OUTCOMES)["answer"] == {
        "n": 5,
        "keyword_recall": 0.5,  # 1, 1/2, 0
        "citation_precision": 0.5,  # 1, 1/2, 0
        "supported": 0.5,
        "fallback_rate": 0.3333,
        "words": 7.6667,  # 6, 11, 6, marks among them
        "refusal_precision": 0.5,
        "refusal_recall": 0.5,
        "refusal_auc": 0.75,  # d above a, b, c; e above a, beside b, below c
    }


def test_the_figures_of_the_search():
    found = summary(OUTCOMES)["retrieval"]
    assert [found[kind]["n"] for kind in ("all", "text", "image")] == [4, 4, 2]
    assert found["all"]["hit@5"] == 0.75 and found["all"]["recall@5"] == 0.5  # 1, 1/2, 1/2, 0
    assert found["text"]["mrr@10"] == 0.3333 and found["image"]["mrr@10"] == 0.3125
    assert found["image"]["recall@10"] == 1.0


def test_where_there_is_no_case_there_is_null():
    searched = [replace(each, answer=each.answer and replace(each.answer, answer=None, refused=None, chance=None)) for each in OUTCOMES]
    assert summary(searched)["answer"] == {"n": 0} | dict.fromkeys(list(summary(OUTCOMES)["answer"])[1:])
    only_refused = summary(OUTCOMES[3:4])
    assert only_refused["answer"]["citation_precision"] is None and only_refused["answer"]["refusal_auc"] is None
    assert only_refused["answer"]["refusal_precision"] == 1.0 and only_refused["retrieval"]["all"]["ndcg@10"] is None


def test_each_question_has_its_measures():
    a, b, c, d, _, f = measured(OUTCOMES)
    assert a["text"]["hit@1"] == 1.0 and a["image"] == {} and a["latency_ms"] == {"retrieve": 10, "total": 100.0}
    assert b["all"]["recall@5"] == 0.5 and b["answer"]["supported"] == 0.5 and b["answer"]["fallback_rate"] == 1.0
    assert c["answer"]["refused_rightly"] == 0.0 and c["answer"]["words"] is None
    assert d["answer"]["refused_rightly"] == 1.0 and d["all"] == {}
    assert f["answer"] == {} and f["text"]["hit@10"] == 0.0 and f["latency_ms"]["retrieve"] is None


def test_misses_are_needs_beyond_the_fifth_hit():
    assert [(miss["id"], miss["rank"], miss["need"]) for miss in misses(OUTCOMES)] == [
        ("b", None, TEXT),
        ("c", 8, PICTURE),
        ("f", None, TEXT),
    ]


def test_a_miss_tells_the_passage_that_came_and_not_the_one_before_it():
    hit = replace(HITS[0], text="Before it. " * 50 + HITS[0].text, pieces=((HITS[0].text, Locator()), ("Before it. " * 50, Locator())))
    missed = outcome("m", "x", [None])
    (miss,) = misses([replace(missed, answer=replace(missed.answer, hits=(hit,)))])
    assert [came["text"] for came in miss["came"]] == ["Quill built it in 1791."]


@pytest.mark.parametrize(("times", "p95"), [([10, 20], 19.5), ([*range(1, 22)], 20), ([7], None)])
def test_the_95th_percentile_is_within_what_was_measured(times, p95):
    answers = [Answer("a", "a", None, (), timings_ms={"encode": 0, "retrieve": time, "rerank": 0}) for time in times]
    outcomes = [Outcome(Asked("a", "a"), answer, [], 0.1) for answer in answers]
    assert summary(outcomes)["latency_ms"]["retrieve_p95"] == p95


def test_the_area_under_the_curve_is_that_of_scikit_learn():
    unanswerable, answerable = [0.9, 0.5, 0.5, 0.3], [0.5, 0.2, 0.1]
    area = roc_auc_score([1] * 4 + [0] * 3, unanswerable + answerable)
    assert roc_auc(unanswerable, answerable) == pytest.approx(area, abs=1e-4) == pytest.approx(10 / 12, abs=1e-4)
    assert roc_auc([], answerable) is None
