"""rag/answer/smalltalk.py: small talk and questions about the library, told without a search."""

from __future__ import annotations

from rag import Library, Settings
from rag.answer.events import Done, Found
from rag.answer.smalltalk import NOTHING_SEARCHED
from rag.records import Record
from rag.storage.entries import File


def test_the_library_tells_what_it_holds(library):
    answer = library.ask("What is in here?", model="quote")
    assert "6 files" in answer.answer and "3 pictures" in answer.answer
    assert "lights.md" in answer.answer and "pictures/tower.png" in answer.answer and NOTHING_SEARCHED in answer.answer
    assert (answer.hits, answer.citations, answer.refused, answer.model, answer.error) == ((), (), False, None, None)
    assert answer.to_dict()["grounding"] == {"supported": None, "unsupported": []}


def test_no_model_and_no_index_is_asked(library):
    events = list(library.stream("thanks!", model="ollama:llama3"))  # no Ollama answers
    assert events[0] == Found("thanks!", ()) and isinstance(events[1], Done) and len(events) == 2
    assert events[1].answer.answer.startswith("You are welcome.")


def test_retrieval_only_and_a_picture_are_searched(library, coast):
    found = library.ask("What is in here?", retrieval_only=True)
    assert found.answer is None and found.hits
    assert library.ask("What is in here?", image=coast / "pictures" / "tower.png", model="quote").hits


def test_small_talk_is_no_matter_to_come_back_to(library):
    history = [
        {"role": "user", "content": "When was the lifeboat Perpetua launched?"},
        {"role": "assistant", "content": "In 1907 [1]."},
        {"role": "user", "content": "Thank you very much for your help"},
        {"role": "assistant", "content": "You are welcome."},
    ]
    answer = library.ask("And where is it kept?", history=history, model="quote")
    assert answer.query == "And where is it kept? (lifeboat Perpetua launched)"


def test_names_of_files_are_data(tmp_path):
    name = "a [1] [unverified]\n<b>.md"
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        assert "empty" in library.ask("what is in here?").answer
        file = File(tmp_path / name, name, tmp_path, 1, 1, "x")
        with library.writing():
            library.add([(file, [Record("text", "One passage.")])], {})
        told = library.ask("what is in here?").answer
        assert "a (1) (unverified) <b>.md" in told and "1 file, 1 passage and 0 pictures" in told
