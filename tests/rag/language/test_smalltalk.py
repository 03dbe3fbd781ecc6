"""rag/language/smalltalk.py: talk that asks no document anything, and all that only looks like it."""

from __future__ import annotations

import pytest

from rag.language.smalltalk import kind

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
