"""rag/answer/refuse.py: what speaks for and against that the library holds an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.answer.evidence import evidence_of
from rag.answer.refuse import THRESHOLD, WEIGHTS, Signals, answerable, chance, signals
from rag.language.question import Part, understood
from tests.rag.embed.photos import photos as pictures

BUILT = "When was the light at Hollin Point built?"


@pytest.fixture(scope="module")
def weigh(library):
    def weighed(question: str, source: str | None = None) -> Signals:
        evidence = evidence_of(library.searcher, library.search(question, source=source).hits)
        return signals(library.searcher, Part.of(question), evidence, library.searcher.versions(source, ()))

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


def test_an_age_and_a_telephone_are_told_from_other_numbers(weigh):
    assert weigh("What is the phone number of the cottage at Ness Head?").lacking
    assert not weigh("How old is the light at Hollin Point?").lacking


def test_a_code_is_met_as_a_whole(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "berths.md").write_text(
        "# Berths\n\nThe fee of berth 2-04 is 90 crowns.\n\nThe fee of berth 3-07 is 75 crowns.\n\nDogs stay ashore.\n", "utf-8"
    )
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        assert not ingest([tmp_path / "docs"], library).failed
        here, nowhere = (library.ask(f"What is the fee of berth {code}?", model="quote") for code in ("2-04", "2-07"))
    assert "90 crowns" in (here.answer or "") and nowhere.refused


def test_rare_words_count_more_in_the_match(weigh):
    assert weigh("How do the crew of the lifeboat bake sourdough?").matched < weigh("How many are the crew of the lifeboat?").matched - 0.1


@pytest.mark.parametrize("signal", WEIGHTS)
def test_each_signal_moves_the_chance(signal):
    middle = dict.fromkeys(WEIGHTS, 0.5)
    less, more = (answerable(Signals(**middle | {signal: value})) for value in (0.0, 1.0))
    assert (more > less) is (signal in ("sentence", "matched", "least", "long")) and 0 < min(less, more) < max(less, more) < 1


def test_where_nothing_was_found_nothing_is_held(library):
    assert chance(library.searcher, understood(BUILT), evidence_of(library.searcher, ())) == 0.0 < THRESHOLD


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A library of two photographs with nothing written about them: a man in uniform and the roofs of a town."""
    folder = tmp_path_factory.mktemp("photos")
    for name, shown in (("IMG_0455.jpg", "officer"), ("IMG_0488.jpg", "temple")):
        pictures()[shown].save(folder / name)
    with Library.open(folder / "library", Settings(library=folder / "library")) as library:
        assert not ingest([folder], library).failed
        yield library


@pytest.mark.parametrize(
    "asked", ["Show me a uniform", "Is there a photo of a military uniform?", "uniform", "What does the uniform look like?"]
)
def test_a_picture_that_nothing_is_written_about_is_shown_for_what_it_is_taken_for(photos, asked):
    answer = photos.ask(asked, model="quote")
    assert not answer.refused and answer.citations[0].source == "IMG_0455.jpg"


@pytest.mark.parametrize("asked", ["Show me an elephant", "a picture of a bicycle", "What is a uniform?", "Who painted the uniform?"])
def test_what_a_picture_is_taken_for_is_no_answer_to_a_question(photos, asked):
    assert photos.ask(asked, model="quote").refused


def test_pictures_without_a_word_cannot_be_weighed(photos):
    hits = [replace(hit, text="", evidence="") for hit in photos.search("an elephant")]
    evidence = evidence_of(photos.searcher, hits)
    assert chance(photos.searcher, understood("Show me an elephant"), evidence) == 1.0
    assert chance(photos.searcher, understood("Who painted the elephant?"), evidence) < THRESHOLD
