"""rag/answer/refuse.py and signals.py: what speaks for and against that the library holds an answer."""

from __future__ import annotations

import pytest

from rag.answer.bearing import evidence_of
from rag.answer.refuse import THRESHOLD, WEIGHTS, answerable, chance
from rag.answer.signals import Signals, signals

BUILT = "When was the light at Hollin Point built?"


@pytest.fixture(scope="module")
def weigh(library):
    def weighed(question: str, source: str | None = None) -> Signals:
        return signals(library.searcher, question, evidence_of(library, library.search(question, source=source).hits), source)

    return weighed


def test_a_question_that_is_answered_is_near_in_every_way(weigh):
    found = weigh(BUILT)
    assert found.sentence > 0.7 and found.matched > 0.8 and found.least > 0.5
    assert not found.strange and not found.lacking


def test_a_name_that_the_library_never_met_is_strange(weigh):
    assert weigh("When was the light at Eddystone built?").strange
    assert weigh("What happened to the light at Hollin Point in 1956?").strange
    assert not weigh("What happened to the light at Hollin Point in 1791?").strange
    assert weigh(BUILT, source="letter.txt").strange, "of the letter alone, Hollin Point is unheard of"


def test_a_kind_of_thing_that_no_sentence_near_has_is_lacking(weigh):
    assert weigh("How much did the slate roof of the cottage at Ness Head cost?").lacking
    assert not weigh("How many chimneys has the cottage at Ness Head?").lacking
    assert not weigh("What has the cottage at Ness Head for a roof?").lacking


def test_rare_words_count_more_in_the_match(weigh):
    assert weigh("How do the crew of the lifeboat bake sourdough?").matched < weigh("How many are the crew of the lifeboat?").matched - 0.1


@pytest.mark.parametrize("signal", WEIGHTS)
def test_each_signal_moves_the_chance(signal):
    middle = dict.fromkeys(WEIGHTS, 0.5)
    less, more = (answerable(Signals(**middle | {signal: value})) for value in (0.0, 1.0))
    assert (more > less) is (signal in ("sentence", "matched", "least")) and 0 < min(less, more) < max(less, more) < 1


def test_where_nothing_was_found_nothing_is_held(library):
    assert chance(library.searcher, BUILT, evidence_of(library, ())) == answerable(Signals()) < THRESHOLD
