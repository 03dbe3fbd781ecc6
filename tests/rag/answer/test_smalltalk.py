"""rag/answer/smalltalk.py: small talk and questions about the library, told without a search; and all that only looks like them."""

from __future__ import annotations

import pytest

from rag import Library, Settings
from rag.answer.events import Done, Found
from rag.answer.smalltalk import NOTHING_SEARCHED, kind
from rag.records import Record
from rag.storage.catalog import File

PAST_THE_SEARCH = {
    "hello": "greeting",
    "Hi there!": "greeting",
    "Good morning, how are you?": "greeting",
    "thanks!": "thanks",
    "OK, thank you very much.": "thanks",
    "Thanks for your help": "thanks",
    "Great. Thanks!": "thanks",
    "Bye": "farewell",
    "ok": "assent",
    "Who are you?": "self",
    "Hello! What can you do?": "self",
    "help": "self",
    "Are you a robot?": "self",
    "what is in here?": "library",
    "What's in here?": "library",
    "What’s in this library?": "library",
    "What do you have?": "library",
    "which documents do you have?": "library",
    "What kinds of files are in the library?": "library",
    "How many pictures are there?": "library",
    "how many documents and pictures do you have in here?": "library",
    "what can I ask?": "library",
    "What can I ask you about?": "library",
    "list the files": "library",
    "Show me all the documents you have, please.": "library",
    "What is this library about?": "library",
    "Hi. What does this library contain?": "library",
    "How big is the library?": "library",
}
TO_THE_DOCUMENTS = [
    "what is in here, the lens or the lamp?",
    "which documents do I need for a visa?",
    "Which files are in /etc?",
    "How many pictures are in the museum?",
    "How many documents did the board sign?",
    "How many people are there?",
    "Hello World program in Python",
    "What does hello mean in the log?",
    "Thanks to whom was the tower built?",
    "Who are you going to call in a storm?",
    "Who are the keepers?",
    "What are the lenses made of?",
    "what is in the box?",
    "What is in the library of Alexandria?",
    "What do you know about the lens?",
    "What can I ask the keeper?",
    "What can I do?",
    "list the lights",
    "list the files that the installer writes",
    "Show me the pictures of the tower",
    "help me find the lamp",
    "How do I get help?",
    "good morning light",
    "What is the library function for sorting?",
    "How do I add a symbol to the library?",
    "hello, when was the tower built?",
    "Thanks. And how high is it?",
    "Is there a tower?",
    "Why?",
    "the documents",
    "pictures",
    "",
    "?!",
]


@pytest.mark.parametrize(("said", "which"), PAST_THE_SEARCH.items())
def test_talk_that_needs_no_search(said, which):
    assert kind(said) == which


@pytest.mark.parametrize("said", TO_THE_DOCUMENTS)
def test_what_may_be_a_question_to_the_documents_is_searched(said):
    assert kind(said) is None


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
