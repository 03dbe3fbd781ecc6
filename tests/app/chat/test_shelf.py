"""Conversations in the library's folder: what is kept of them, how they are found, and that nothing is lost by a restart."""

from __future__ import annotations

import sqlite3
import time

import pytest
from PIL import Image

from app.chat.conversation import Conversation
from app.chat.export import as_html, as_markdown, file_name, turn_markdown
from app.chat.shelf import Shelf
from app.chat.turn import Turn
from rag import Library, Settings
from tests.corpus import copied


@pytest.fixture
def own(library, tmp_path):
    """The small library in a folder of its own, over the encoders that are loaded."""
    folder = copied(library, tmp_path / "library")
    with Library.open(folder, Settings(library=folder, llm="quote")) as opened:
        opened.__dict__["encoders"] = library.encoders
        yield opened


def answered(conversation: Conversation, question: str, **words) -> Turn:
    turn = conversation.ask(question, **words)
    until = time.monotonic() + 60
    while not turn.settled or (turn.answer and turn.follow_ups is None):
        assert time.monotonic() < until, "the answer did not come"
        time.sleep(0.02)
    return turn


def test_a_conversation_is_the_same_after_a_restart(own):
    first = Shelf(own).begin()
    assert Shelf(own).listed() == [], "nothing is kept before the first question"
    turn = answered(first, "Who built the light at Hollin Point?", image=Image.new("RGB", (4, 3), "red"))
    first.judge(turn, "down", " too long ")
    again = Shelf(own).find(first.id)
    (kept,) = again.turns
    assert (kept.answer, kept.follow_ups, kept.hits) == (turn.answer, turn.follow_ups, turn.answer.hits)
    assert (kept.status, kept.thumb, kept.why, kept.image.size, kept.image.getpixel((0, 0))) == (
        "done",
        "down",
        "too long",
        (4, 3),
        (255, 0, 0),
    )
    second = answered(again, "And how high is it?")
    assert "Hollin Point" in second.answer.query, "what was said before the restart counts"
    assert [each.question for each in Shelf(own).find(first.id).turns] == ["Who built the light at Hollin Point?", "And how high is it?"]


def test_two_sessions_see_one_conversation(own):
    shelf = Shelf(own)
    first = shelf.begin()
    answered(first, "When was Ness Head lit?")
    assert shelf.find(first.id) is first


def test_a_turn_that_was_under_way_is_told_as_stopped(own):
    shelf = Shelf(own)
    conversation = shelf.begin()
    conversation.turns.append(Turn(1, "When was Ness Head lit?", place=1, status="writing", draft="It was"))
    conversation.judge(conversation.turns[0], None)
    (kept,) = Shelf(own).find(conversation.id).turns
    assert (kept.status, kept.draft, kept.question) == ("stopped", "It was", "When was Ness Head lit?")


def test_the_list_has_pinned_ones_first_and_is_searched_in_titles_questions_and_answers(own):
    shelf = Shelf(own)
    ids = []
    for question in ("When was Ness Head lit?", "Wer baute den LEUCHTTURM Österholm?", "Who built the light at Hollin Point?"):
        conversation = shelf.begin()
        answered(conversation, question)
        ids.append(conversation.id)
    assert [each.id for each in shelf.listed()] == ids[::-1]
    shelf.pin(ids[0], True)
    assert [each.id for each in shelf.listed()] == [ids[0], ids[2], ids[1]] and shelf.pinned(ids[0]) and not shelf.pinned(ids[1])
    assert [each.id for each in shelf.listed("österholm leuchtturm")] == [ids[1]]
    assert [each.id for each in shelf.listed("marta quill")] == [ids[2]], "it stands in the answer"
    assert shelf.listed("100%") == shelf.listed("_") == []
    shelf.rename(ids[2], "  The   builder ")
    shelf.rename(ids[2], "  ")
    assert shelf.title(ids[2]) == "The builder" and [each.title for each in shelf.listed("builder")] == ["The builder"]


def test_what_is_deleted_comes_back_until_the_process_ends(own):
    shelf = Shelf(own)
    ids = []
    for _ in range(2):
        conversation = shelf.begin()
        answered(conversation, "thanks!")
        ids.append(conversation.id)
    shelf.delete(ids[0])
    assert [each.id for each in shelf.listed()] == [ids[1]] and shelf.find(ids[0]) is None
    shelf.restore(ids[0])
    assert {each.id for each in shelf.listed()} == set(ids) and shelf.find(ids[0]).turns
    shelf.delete(ids[0])
    later = Shelf(own)
    later.restore(ids[0])
    assert later.find(ids[0]) is None
    with sqlite3.connect(own.folder / "conversations.db") as db:
        assert db.execute("SELECT count(*) FROM turns WHERE conversation = ?", (ids[0],)).fetchone() == (0,)


def test_a_question_asked_again_stands_at_the_same_place_and_the_last_answer_is_the_history(own):
    conversation = Shelf(own).begin()
    first = answered(conversation, "Who built the light at Hollin Point?")
    again = answered(conversation, "Who lit Ness Head?", place=first.place)
    then = answered(conversation, "And when?")
    assert conversation.places == [1, 2] and conversation.at(1) == [first, again]
    asked, _ = conversation.history(then)
    assert asked["content"] == "Who lit Ness Head?"


def test_a_branch_has_the_turns_before_and_leaves_the_other_alone(own):
    shelf = Shelf(own)
    conversation = shelf.begin()
    answered(conversation, "Who built the light at Hollin Point?")
    answered(conversation, "When was Ness Head lit?")
    branch = shelf.branch(conversation, 2)
    answered(branch, "And how high is it?")
    assert [each.question for each in Shelf(own).find(branch.id).turns] == ["Who built the light at Hollin Point?", "And how high is it?"]
    assert len(Shelf(own).find(conversation.id).turns) == 2


@pytest.mark.parametrize("damage", ["is no database", None])
def test_a_library_that_cannot_be_written_still_talks(own, damage):
    path = own.folder / "conversations.db"
    path.mkdir() if damage is None else path.write_text(damage * 100)
    shelf = Shelf(own)
    conversation = shelf.begin()
    turn = answered(conversation, "Who built the light at Hollin Point?")
    assert turn.status == "done" and "Marta Quill" in turn.told
    assert "cannot be kept" in str(shelf.fault) and [each.title for each in shelf.listed()] == ["Who built the light at Hollin Point?"]
    assert shelf.find(conversation.id) is conversation
    shelf.delete(conversation.id)
    assert shelf.find("0" * 12) is None


def test_a_library_that_was_moved_shows_its_pictures(own, tmp_path):
    conversation = Shelf(own).begin()
    turn = answered(conversation, "Show me a picture of the lifeboat Perpetua")
    assert turn.answer.citations[0].media
    own.close()
    own.folder.rename(tmp_path / "moved")
    with Library.open(tmp_path / "moved", Settings(library=tmp_path / "moved")) as moved:
        (kept,) = Shelf(moved).find(conversation.id).turns
    assert str(kept.answer.citations[0].media).startswith(str(tmp_path / "moved"))
    assert all(hit.media is None or str(hit.media).startswith(str(tmp_path / "moved")) for hit in kept.answer.hits)


def test_an_export_has_every_question_with_its_answer_sources_and_pictures(own):
    conversation = Shelf(own).begin()
    turn = answered(conversation, "Show me a picture of the lifeboat Perpetua")
    answered(conversation, "Who built <b>the light</b> at Hollin Point?")
    text = as_markdown("Lights", conversation)
    assert text.startswith("# Lights\n\n## Show me a picture of the lifeboat Perpetua\n\n") and "Marta Quill" in text
    assert "*Quoted without a model in " in text and "Quoted without a model in " in as_html("Lights", conversation)
    assert f"[1] {turn.answer.citations[0].source}" in turn_markdown(turn) and turn_markdown(turn) in text
    html = as_html("Lights & more", conversation)
    assert "<title>Lights &amp; more</title>" in html and "Who built &lt;b&gt;the light&lt;/b&gt;" in html
    assert html.count('src="data:image/') >= 1 and 'src="http' not in html and 'href="http' not in html
    assert 'href="#turn-1-source-1"' in html and 'id="turn-1-source-1"' in html
    assert file_name("../../What: is/it?") == "What-is-it" and file_name("??") == "conversation"
