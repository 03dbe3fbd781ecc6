"""rag/retrieve/search.py: what the parts of a search do together, on a library of passages and bare photographs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from ingest import ingest
from rag import Library, Settings
from rag.answer.context import pack
from rag.language.question import understood
from rag.retrieve.cross import CrossRerank
from rag.retrieve.query import Query
from tests.models import tiny_cross
from tests.rag.embed.photos import photos

TOPICS = ["harbour dues", "oil stores", "wages", "paint", "boats", "lamps", "fog", "coal", "stairs", "clocks", "letters", "ropes"]


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    """Twelve passages, and three photographs of which nothing is known in words."""
    docs = tmp_path_factory.mktemp("docs")
    for number, topic in enumerate(TOPICS):
        (docs / f"{number:02}.md").write_text(
            f"# Of {topic}\n\nA note on {topic}: the inspector saw the {topic} in spring and wrote it down.\n"
        )
    for number, image in enumerate(photos().values()):
        image.save(docs / f"IMG_{number:04}.png")
    folder = tmp_path_factory.mktemp("library")
    with Library.open(folder, Settings(library=folder)) as library:
        assert not ingest([docs], library).failed
        yield library


@pytest.mark.parametrize(
    ("query", "shown"), [("a flower in bloom", "IMG_0001.png"), ("show me a person in military uniform", "IMG_0002.png")]
)
def test_a_picture_without_a_caption_does_not_sink_under_what_words_found(station, query, shown):
    assert shown in [hit.source for hit in station.search(query, k=5)]


@pytest.mark.parametrize(("query", "shown"), [("a daisy", "IMG_0001.png"), ("show me a person in military uniform", "IMG_0002.png")])
def test_of_pictures_without_a_word_the_one_that_looks_like_it_comes_first(station, query, shown):
    assert next(hit for hit in station.search(query, modality="image")).source == shown


def test_every_passage_in_reach_is_judged(station):
    hits = station.search("What did the inspector write about ropes?", k=12, modality="text")
    assert hits[0].source == "11.md" and all(hit.routes.rerank for hit in hits)


def test_a_cross_encoder_orders_what_was_found(station, tmp_path):
    searcher = replace(station.searcher, cross=CrossRerank(str(tiny_cross(tmp_path)), "cpu"))
    asked = Query(understood("What did the inspector write about ropes?"), modality="text")
    found, plain = searcher.search(asked), station.searcher.search(asked)
    assert plain[0].source == "11.md" and found[0].source == "00.md", "the tiny model scores the share of the word harbour"
    assert found[0].routes.rerank == 1
    assert searcher.search(replace(asked, rerank=False))[0].routes.rerank is None


def test_the_setting_names_the_cross_encoder(station, tmp_path):
    settings = Settings(library=station.folder, rerank_model=str(tiny_cross(tmp_path)))
    with Library.open(station.folder, settings) as library:
        assert library.search("What did the inspector write about ropes?", modality="text")[0].source == "00.md"


def test_an_answer_needs_no_rerank(station):
    settings = Settings(library=station.folder, rerank=False)
    with Library.open(station.folder, settings) as library:
        plain = library.search("What did the inspector write about ropes?", modality="text")
        assert all(hit.routes.rerank is None for hit in plain)
        assert not library.ask("What did the inspector see in spring of the ropes?", model="quote").refused


def test_more_hits_than_the_index_gives_at_once_are_as_many_as_there_are(station):
    assert len(station.search("the inspector wrote it down", k=20_000)) == len(TOPICS) + len(photos())


def words(text: str) -> int:
    return len(text.split())


def test_a_quote_from_the_passage_beside_a_hit_is_cited_with_its_own_place(tmp_path):
    stores = [" ".join(f"Barrel {n} of {lot} came by the tender in a calm week." for n in range(12)) for lot in ("oil", "rope", "paint")]
    stores[0] += " The maker of the bell of Sorrow Quay was Ada Brack."
    stores[1] = f"Who made the bell of Sorrow Quay? That the maker of the bell of Sorrow Quay is known is told elsewhere. {stores[1]}"
    (tmp_path / "stores.md").write_text("# Stores\n\n" + "\n\n".join(stores))
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        assert not ingest([tmp_path / "stores.md"], library).failed
        assert [stored.record.locator.line for stored in library.catalog.all_records()] == [3, 5, 7]
        answer = library.ask("Who made the bell of Sorrow Quay?", model="quote", k=1)
    (hit,) = answer.hits
    assert hit.locator.line == 5 and all(store in hit.text for store in stores)
    assert hit.own == stores[1] and pack([hit], words, 9999).text.count("Barrel 7 of") == 3
    assert all(hit.own in pack([hit], words, room).text for room in (500, 300, 220)), "what is cut is what was joined to it"
    lines = {citation.quote: citation.locator.line for citation in answer.citations}
    assert lines["The maker of the bell of Sorrow Quay was Ada Brack."] == 3
    assert hit.where("Barrel 7 of paint came by the tender in a calm week.").line == 7 and hit.where("Barrel 99").line == 5


def test_a_hit_that_is_taken_out_during_the_search_keeps_its_place(tmp_path, monkeypatch):
    (tmp_path / "note.md").write_text("The mole of Gull Island is 120 m long.")
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        assert not ingest([tmp_path / "note.md"], library).failed
        searcher = library.searcher
        score = searcher.late.score
        monkeypatch.setattr(searcher.late, "score", lambda *asked: library.catalog.writer.remove([tmp_path / "note.md"]) or score(*asked))
        (hit,) = library.search("mole")
        assert [place.source for place in hit.appearances] == ["note.md"] and not library.search("mole").hits


def test_a_number_is_found_as_it_is_written(tmp_path):
    rows = "\n".join(f'{{"lamp": {n}, "colour": "{("red", "white", "green")[n % 3]}", "height": {n % 47 + 5}}}' for n in range(300))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lamps.jsonl").write_text(rows)
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        ingest([tmp_path / "docs"], library)
        found = [f"lamp: {n}\n" in library.search(f"What colour is lamp {n}?", k=1)[0].text for n in range(5, 300, 30)]
    assert sum(found) >= 9, found


def test_of_a_picture_and_the_page_that_shows_it_the_page_is_told(tmp_path):
    (tmp_path / "docs").mkdir()
    image = Image.new("RGB", (240, 160), "white")
    ImageDraw.Draw(image).line([(10, 140), (60, 60), (220, 20)], fill="blue", width=6)
    image.save(tmp_path / "docs" / "step-response.png")
    (tmp_path / "docs" / "zeta.md").write_text("# Circuit\n\n![Step response: 63 % after one time constant](step-response.png)\n", "utf-8")
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        assert not ingest([tmp_path / "docs"], library).failed
        hit = library.search("step response", modality="image")[0]
    assert hit.source == "zeta.md" and hit.caption == "Step response: 63 % after one time constant" and len(hit.appearances) == 2
