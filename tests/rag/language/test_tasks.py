"""rag/language/tasks.py: what is asked of documents as such, told from what is asked of their matter."""

from __future__ import annotations

import pytest

from rag.language.tasks import is_overview, mentioned

OVERVIEWS = [
    "Summarize this document.",
    "Summarise the report",
    "Can you summarize this PDF for me?",
    "Please give me a short summary of the attached contract.",
    "Give me an overview of all my documents",
    "What is this document about?",
    "What's it about?",
    "What is weir-2019.pdf about?",
    "What are the main points of the survey?",
    "Key findings of this paper?",
    "What is in stock.csv?",
    "What does the file contain?",
    "What is the topic of the letter?",
    "Summary please",
    "tl;dr",
    "Tell me about this document",
]
MATTER = [
    "What is the weir about to do?",
    "What are the main points of the compass?",
    "Summarize the duties of the keeper.",
    "Give me a summary of the flood of 1953.",
    "What is the topic of the lecture on Friday?",
    "What is in the cellar?",
    "What does the tank hold?",
    "Who wrote the summary?",
    "Who wrote this document?",
    "How long is the report?",
    "Describe the gate.",
    "Explain this rule about otters",
]
MENTIONS = {
    "Which documents mention the weir?": "the weir",
    "Which of my files talk about otters?": "otters",
    "Which reports discuss the flood of 1953?": "the flood of 1953",
    "List all documents that mention Tobias Finch.": "Tobias Finch",
    "Show me all files containing the word sluice": "the word sluice",
    "Find documents about eel traps": "eel traps",
    "In which documents is the weir mentioned?": "the weir",
    "In what file does the eel trap appear?": "the eel trap",
    "Where is the weir mentioned in my documents?": "the weir",
    "Where is Tobias Finch mentioned?": "Tobias Finch",
}
NO_MENTIONS = [
    "Which documents do I need for a passport?",
    "Which keeper mentions the weir?",
    "Where is the weir?",
    "Show me the slide about the weir.",
    "Who mentions the weir in his letter?",
    "What does the report say about the weir?",
    "List all items on shelf A1.",
    "",
]


@pytest.mark.parametrize("asked", OVERVIEWS)
def test_the_whole_is_asked_about(asked):
    assert is_overview(asked)


@pytest.mark.parametrize("asked", [*MATTER, *MENTIONS, *NO_MENTIONS])
def test_what_a_document_tells_is_no_whole(asked):
    assert not is_overview(asked)


@pytest.mark.parametrize("asked, what", MENTIONS.items())
def test_what_the_documents_mention(asked, what):
    assert mentioned(asked) == what


@pytest.mark.parametrize("asked", [*NO_MENTIONS, *OVERVIEWS])
def test_no_documents_are_asked_for(asked):
    assert mentioned(asked) == ""
