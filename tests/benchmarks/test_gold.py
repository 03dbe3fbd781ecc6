"""The questions on Debian's manuals: enough of each kind, each asked once, each with what answers it, once for each place that does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.corpora import CORPORA
from rag.evaluate.questions import load_questions

GOLD = sorted((Path(__file__).parents[2] / "benchmarks" / "gold").glob("*.jsonl"))


def test_each_corpus_has_its_questions():
    assert [path.stem for path in GOLD] == sorted(CORPORA)


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_gold(path):
    asked = load_questions(path)  # refuses a doubled id and what does not parse
    assert len({each.question for each in asked}) == len(asked)
    kinds: Counter[str] = Counter()
    for each in asked:
        if not each.answerable:
            assert not each.relevant and not each.keywords, each.id
            kinds["unanswerable"] += 1
            continue
        [fields] = {tuple(sorted(need)) for need in each.relevant}  # all text or all pictures
        if fields == ("image",):
            kinds["image"] += 1
        else:
            assert fields == ("source", "text") and each.keywords, each.id
            kinds["text"] += 1
        kinds["follow-up"] += bool(each.history)
    assert len(asked) >= 80 and kinds["text"] >= 40 and kinds["image"] >= 18
    assert kinds["unanswerable"] >= 20 and kinds["follow-up"] >= 2
