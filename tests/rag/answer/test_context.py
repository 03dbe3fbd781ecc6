"""What is kept of a long passage: what bears on the question and what stands around it, within the limit, with marks where it was cut."""

from __future__ import annotations

import re

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.answer.context import excerpt, pack_in_time
from rag.records import Hit, Locator, Routes
from tests.ollama_server import OllamaServer

FILLER = [f"On day {n} the tender came with barrel {n} of oil." for n in range(1, 41)]
FACT = "The bell of Sorrow Quay was cast by Ada Brack in Osmere."
TEXT = " ".join([*FILLER[:25], FACT, *FILLER[25:]])


def words(text: str) -> int:
    return len(text.split())


def days(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"On day (\d+)", text)]


def test_the_bearing_sentence_is_kept_with_what_stands_around_it():
    kept = excerpt(TEXT, TEXT, [FACT], words, 60)
    assert FACT in kept and words(kept) <= 60
    assert kept.startswith("… On day ") and kept.endswith(" …")
    around = days(kept)
    assert around == list(range(around[0], around[-1] + 1)) and {25, 26} <= set(around), "one stretch, in order"


def test_two_places_that_bear_are_two_stretches():
    kept = excerpt(TEXT, TEXT, [FACT, FILLER[2]], words, 40)
    assert FACT in kept and FILLER[2] in kept and words(kept) <= 40
    assert kept.index(FILLER[2]) < kept.index("\n…\n") < kept.index(FACT)


def test_the_passage_that_was_found_stays_whole_where_it_fits():
    own = " ".join(FILLER[5:10])
    kept = excerpt(TEXT, own, [FACT], words, 90)
    assert own in kept and FACT in kept and words(kept) <= 90


def test_a_row_keeps_the_head_of_its_table():
    table = "\n".join(["| Boat | Year |", "| --- | --- |", *(f"| Boat {n} of the quay | {1800 + n} |" for n in range(60))])
    kept = excerpt(table, table, ["| Boat 44 of the quay | 1844 |"], words, 60)
    assert kept.startswith("| Boat | Year |\n…\n") and "| Boat 44 of the quay | 1844 |" in kept and words(kept) <= 60


@pytest.mark.parametrize("limit", [0, 1, 5, 12, 30, 100, 200, 400])
@pytest.mark.parametrize("bearing", [[], [FACT], ["What stands nowhere."]])
def test_the_limit_holds_and_nothing_is_made_up(limit, bearing):
    kept = excerpt(TEXT, TEXT, bearing, words, limit)
    assert words(kept) <= limit
    assert all(" ".join(piece.split()) in TEXT for piece in kept.split("…"))


def test_a_sentence_without_end_is_cut_from_its_beginning():
    endless = " ".join(f"word{n}" for n in range(500))
    assert excerpt(endless, endless, [], words, 20) == " ".join(f"word{n}" for n in range(19)) + " …"
    assert excerpt("", "", [], words, 20) == ""


def test_a_model_with_little_room_is_given_what_bears(tmp_path, monkeypatch):
    """Through the chain: the fact is far behind what fits from the front."""
    (tmp_path / "diary.md").write_text("# Diary\n\n" + "\n\n".join(" ".join(FILLER[n : n + 8]) for n in range(0, 24, 8)) + f"\n\n{TEXT}\n")
    (tmp_path / "other.md").write_text("# Ropes\n\n" + " ".join(f"Rope {n} of the quay was tarred by Ada Brack." for n in range(200)))
    with OllamaServer() as server, Library.open(tmp_path / "library", Settings(library=tmp_path / "library", num_ctx=1700)) as library:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        assert not ingest([tmp_path / "diary.md", tmp_path / "other.md"], library).failed
        answer = library.ask("Who cast the bell of Sorrow Quay?", model="ollama:llama3")
        prompt = server.chats[-1]["messages"][-1]["content"]
    assert FACT in prompt and "…" in prompt and "Ada Brack" in answer.answer
    assert answer.packed == tuple(hit.rank for hit in answer.hits[: answer.usage.hits_packed])
    assert len(answer.packed) + answer.usage.hits_dropped == len(answer.hits) and answer.usage.hits_dropped
    assert "packed" not in answer.to_dict() and answer.usage.told().startswith(
        f"{len(answer.packed)} of {len(answer.hits)} hits in the prompt"
    )


def passage(rank: int, text: str) -> Hit:
    return Hit(rank, 1.0, "text", f"{rank}.md", None, None, Locator(), text, None, (), Routes())


def in_time(hits, chosen, room):
    packed = pack_in_time(hits, chosen, words, room, lambda hit: (), 20.0)
    assert words(packed.text) <= room and (packed.budget, packed.speed) == (room, 20.0)
    return packed


def test_in_little_time_the_chosen_sentences_come_before_whole_passages():
    hits = [passage(1, TEXT), passage(2, " ".join(FILLER)), passage(3, TEXT.replace("bell", "gong"))]
    gong = FACT.replace("bell", "gong")
    packed = in_time(hits, [(3, gong), (1, FACT)], 60)
    assert [hit.rank for hit in packed.hits] == [1, 3] and packed.text.index(FACT) < packed.text.index(gong)
    assert re.findall(r'n="(\d)" source="(\d)', packed.text) == [("1", "1"), ("2", "3")]
    assert gong in in_time(hits, [(3, gong), (1, FACT)], 28).text, "the best of them, where there is room for one"


def test_with_more_time_whole_passages_follow_by_rank():
    hits = [passage(1, TEXT), passage(2, " ".join(FILLER)), passage(3, TEXT.replace("bell", "gong"))]
    packed = in_time(hits, [(3, FACT.replace("bell", "gong"))], words(TEXT) + 60)
    assert TEXT in packed.text and [hit.rank for hit in packed.hits] == [1, 3]
    assert in_time(hits, [], 2000).hits == tuple(hits)
    assert in_time([], [], 400).text == ""


def test_in_little_time_a_row_comes_with_the_head_of_its_table():
    table = "\n".join(["| Boat | Year |", "| --- | --- |", *(f"| Boat {n} of the quay | {1800 + n} |" for n in range(60))])
    text = in_time([passage(1, table)], [(1, "| Boat 44 of the quay | 1844 |")], 60).text
    assert text.index("| Boat | Year |") < text.index("| Boat 44 of the quay | 1844 |")
