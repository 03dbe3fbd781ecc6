"""A follow-up made whole: by rule where no able model is there, by the model where one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.language.split import sentences
from rag.language.words import FUNCTION_WORDS, NAME_GOES_ON, meaning, points_back, words

ENOUGH = 2  # content words that a turn needs to say what it is about
MOST = 10  # words added
LONGEST_TURN = 800  # characters of a turn that the model is told
LONGEST_QUESTION = 300  # characters that it may make of a follow-up
_LABEL = re.compile(r"^\W*(?:(?:rewritten|standalone|whole|final)\s+)?question\W*:\W*", re.IGNORECASE)


def whole_by_rule(question: str, history: Sequence[Mapping[str, str]]) -> str:
    """The question, where it leans on the history, with what the conversation is about behind it in brackets.

    That is the content words of the last user turn that has enough of its own, and the names that the answer to it began with.
    """
    if not points_back(question):
        return question
    have = {word.lower() for word in words(question)}
    turns = [(turn.get("role"), turn["content"]) for turn in history]
    asked = [at for at, (role, _) in enumerate(turns) if role == "user"]
    for at in reversed(asked):
        own = meaning(turns[at][1])
        if len(own) < ENOUGH and not _names(turns[at][1]) and at != asked[0]:
            continue
        reply = turns[at + 1][1] if at + 1 < len(turns) and turns[at + 1][0] == "assistant" else ""
        about = [word for word in dict.fromkeys([*own, *_names(next(iter(sentences(reply)), ""))]) if word.lower() not in have]
        return f"{question.rstrip()} ({' '.join(about[:MOST])})" if about else question
    return question


def as_told(history: Sequence[Mapping[str, str]]) -> str:
    """The conversation as the prompt gets it; of a long turn, its beginning."""
    turns = ((turn["role"], " ".join(turn["content"].split())) for turn in history)
    return "\n".join(f"{role}: {said if len(said) <= LONGEST_TURN else said[:LONGEST_TURN] + '…'}" for role, said in turns)


def rewritten(reply: str) -> str | None:
    """The question that a model made of a follow-up; None where what it wrote cannot be one: nothing, no words, or far too much."""
    question = _LABEL.sub("", " ".join(reply.split())).strip(" \"'“”*`")
    return question if len(question) <= LONGEST_QUESTION and words(question) else None


def _names(text: str) -> list[str]:
    """Capitalised words; the first of a sentence only where the next one is capitalised too."""
    found = []
    for match in re.finditer(r"[^\W\d_][\w'’-]*", text):
        before = text[: match.start()].rstrip()
        begins = not before or before[-1] in ".?!:"
        word = re.sub(r"['’]s?$", "", match.group())
        if word[0].isupper() and word.lower() not in FUNCTION_WORDS and (not begins or NAME_GOES_ON.match(text, match.end())):
            found.append(word)
    return found
