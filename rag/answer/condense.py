"""A follow-up made whole: by rule where no able model is there, by the model where one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.retrieve.words import FUNCTION_WORDS, content_words, words

_LEANS = re.compile(
    r"^(and|but|so|also|what about|how about)\b|\bthat\s*[?.!]*$|"
    r"\b(it|its|he|him|his|she|her|they|them|their|theirs|this|these|those|there|same|former|latter)\b",
    re.IGNORECASE,
)


def leans_on_history(question: str) -> bool:
    """Whether the question points back: a pronoun, or too few words of its own."""
    own = [word for word in words(question) if word.lower() not in FUNCTION_WORDS]
    return len(own) < 2 or _LEANS.search(question) is not None


def whole_by_rule(question: str, history: Sequence[Mapping[str, str]]) -> str:
    """The question with the subject of the last user turn that has one; as it is where it stands alone.

    The subject is the run of capitalised words in the turn, else its content words.
    """
    if not leans_on_history(question):
        return question
    have = {word.lower() for word in words(question)}
    for turn in reversed([turn["content"] for turn in history if turn.get("role") == "user"]):
        subject = [word for word in _names(turn) or content_words(turn) if word.lower() not in have]
        if subject and (_names(turn) or not leans_on_history(turn)):
            return f"{question.rstrip()} ({' '.join(subject)})"
    return question


def _names(text: str) -> list[str]:
    """Capitalised words that do not begin a sentence."""
    found = []
    for match in re.finditer(r"[^\W\d_][\w'’-]*", text):
        before = text[: match.start()].rstrip()
        begins = not before or before[-1] in ".?!:"
        word = re.sub(r"['’]s?$", "", match.group())
        if word[0].isupper() and not begins and word.lower() not in FUNCTION_WORDS:
            found.append(word)
    return found
