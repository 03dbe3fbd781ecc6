"""A follow-up made whole: by rule where no able model is there, by the model where one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.answer.sentences import sentences
from rag.retrieve.words import FUNCTION_WORDS, points_back, words

_NAME_GOES_ON = re.compile(r"\s+[^\W\d_a-z]")

ENOUGH = 2  # content words that a turn needs to say what it is about
MOST = 10  # words added


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
        own = [word for word in words(turns[at][1]) if word.lower() not in FUNCTION_WORDS]
        if len(own) < ENOUGH and not _names(turns[at][1]) and at != asked[0]:
            continue
        reply = turns[at + 1][1] if at + 1 < len(turns) and turns[at + 1][0] == "assistant" else ""
        about = [word for word in dict.fromkeys([*own, *_names(next(iter(sentences(reply)), ""))]) if word.lower() not in have]
        return f"{question.rstrip()} ({' '.join(about[:MOST])})" if about else question
    return question


def _names(text: str) -> list[str]:
    """Capitalised words; the first of a sentence only where the next one is capitalised too."""
    found = []
    for match in re.finditer(r"[^\W\d_][\w'’-]*", text):
        before = text[: match.start()].rstrip()
        begins = not before or before[-1] in ".?!:"
        word = re.sub(r"['’]s?$", "", match.group())
        if word[0].isupper() and word.lower() not in FUNCTION_WORDS and (not begins or _NAME_GOES_ON.match(text, match.end())):
            found.append(word)
    return found
