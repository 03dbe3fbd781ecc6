"""rag/retrieve/search.py: the parts of a question found together, on the coast library."""

from __future__ import annotations

import pytest

from rag.answer.context import pack_sentences
from rag.answer.evidence import Evidence
from rag.language.question import understood
from rag.retrieve.query import Query

BOTH = "When was the lifeboat Perpetua launched, and what happened to the oil at Ness Head?"


def test_the_best_hit_of_each_part_is_among_the_first(library):
    first, second = (library.searcher.search(Query(understood(part.text), k=2)) for part in understood(BOTH).parts)
    found = library.search(BOTH, k=2)
    assert {hit.text for hit in found} == {first[0].text, second[0].text}
    assert {hit.source for hit in found} == {"boats.html", "letter.txt"}


def test_one_list_comes_of_it(library):
    found = library.search(BOTH, k=5)
    assert found.query == BOTH
    assert [hit.rank for hit in found] == [1, 2, 3, 4, 5]
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True) and scores[0] >= 1
    assert len({(hit.modality, hit.text, hit.media) for hit in found}) == 5
    assert set(found.timings_ms) == {"encode", "retrieve", "rerank", "total"}


def test_filters_hold_for_every_part(library):
    assert {hit.source for hit in library.search(BOTH, source="letter.txt")} == {"letter.txt"}
    assert {hit.modality for hit in library.search(BOTH, modality="image")} == {"image"}


def test_what_is_weighed_is_the_part_of_which_the_library_knows_most(library):
    known = library.ask("When was the lifeboat Perpetua launched?", model="quote")
    both = library.ask("When was the lifeboat Perpetua launched? And what is the boiling point of tungsten?", model="quote")
    assert not both.refused and both.chance == pytest.approx(known.chance, abs=0.15)


def test_both_parts_are_quoted(library):
    answer = library.ask(BOTH, model="quote")
    assert "launched in 1907" in answer.answer and "oil for the lamp at Ness Head ran out" in answer.answer
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_a_small_model_reads_what_bears_on_each_part(library):
    found = library.search(BOTH)
    packed = pack_sentences(understood(BOTH), found.hits, Evidence(found.hits, library.encoders.text), len, 2_000)
    assert "launched in 1907" in packed.text and "ran out on the night of the storm" in packed.text


@pytest.mark.parametrize("part", ["When was the lifeboat Perpetua launched?", "bell buoy"])
def test_one_question_is_one_search(library, part):
    assert library.search(part).hits == library.searcher.search(Query(understood(part))).hits
