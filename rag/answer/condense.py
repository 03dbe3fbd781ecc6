"""A follow-up made whole: by rule where no able model is there, by the model where one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.language.claims import MARK, unlabelled
from rag.language.names import names_in
from rag.language.question import Question, understood
from rag.language.smalltalk import kind
from rag.language.split import sentences
from rag.language.superlatives import superseded
from rag.language.words import meaning, with_digits, words

MOST = 10  # words added
LONGEST_TURN = 800  # characters of a turn that the model is told
_WAY = r"\b(for|of|in|at|on|to|by|with|from|under|about)\b"
_OF_WHAT = re.compile(rf"{_WAY}\s+(?:the\s+|an?\s+|my\s+|our\s+)?((?:(?!{_WAY})[\w'’-]+\s*){{1,4}}?)\W*$", re.IGNORECASE)
LONGEST_QUESTION = 300  # characters that it may make of a follow-up


def whole_by_rule(question: Question, history: Sequence[Mapping[str, str]]) -> str:
    """The question, where it leans on the history, with what the conversation is about behind it in brackets.

    That is the content words of the last user turn and the names that the answer to it began with; where that turn leant on those before
    it, what it took from them too, but for numbers that it put others in the place of ("And in 2023?").
    """
    if not question.points_back:
        return question.core
    have = {word.lower() for word in words(question.core)}
    own, told = words(question.core), _about(history)
    about = [word for word in told if word.lower() not in have and not superseded(word, own)]
    if others := _put_in_place(question.core, history):  # "And who signed for the customer?" after the supplier
        asked = {word for turn in history if turn.get("role") == "user" for word in words(turn["content"])}
        about = [word for word in about if word in asked and word.lower() not in others]
    if any(superseded(word, own) for word in told):  # of another year, another keeper: what was answered then is not meant
        asked = {word for turn in history if turn.get("role") == "user" for word in words(turn["content"])}
        about = [word for word in about if word in asked]
    return f"{question.core.rstrip()} ({' '.join(about[:MOST])})" if about else question.core


def _put_in_place(question: str, history: Sequence[Mapping[str, str]]) -> set[str]:
    """What of the last question another thing takes the place of, in lower case: where a question says again what was asked, of another."""
    last = next((turn["content"] for turn in reversed(history) if turn.get("role") == "user"), "")
    if not {word.lower() for word in meaning(last)} & {word.lower() for word in meaning(question)}:
        return set()
    before, now = _OF_WHAT.search(last.lower()), _OF_WHAT.search(question.lower())
    return set(words(before[2])) - set(words(now[2])) if before and now and before[1] == now[1] else set()


def to_the_matter(history: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The conversation without its small talk, and what was told to that."""
    kept: list[Mapping[str, str]] = []
    idle = False
    for turn in history:
        if turn["role"] == "user":
            idle = kind(turn["content"]) is not None
        if not idle:
            kept.append(turn)
    return kept


def _about(history: Sequence[Mapping[str, str]]) -> list[str]:
    """What the conversation is about, in words, by its last turns."""
    about: list[str] = []
    turns = [(turn.get("role"), turn["content"]) for turn in history]
    for at, (role, said) in enumerate(turns):
        if role != "user":
            continue
        reply = turns[at + 1][1] if at + 1 < len(turns) and turns[at + 1][0] == "assistant" else ""
        asked = understood(said)
        own = meaning(asked.core)
        before = [word for word in about if not superseded(word, own)] if asked.points_back else []
        first = MARK.sub("", next(iter(sentences(reply)), ""))
        named = {part for name in names_in(first) for part in words(name)}
        told = [word for word in words(first) if word in named or (with_digits(word) and not word.isdecimal())]
        about = list(dict.fromkeys([*own, *told, *before]))
    return about


def as_told(history: Sequence[Mapping[str, str]]) -> str:
    """The conversation as the prompt gets it; of a long turn, its beginning."""
    turns = ((turn["role"], " ".join(turn["content"].split())) for turn in history)
    return "\n".join(f"{role}: {said if len(said) <= LONGEST_TURN else said[:LONGEST_TURN] + '…'}" for role, said in turns)


def rewritten(reply: str) -> str | None:
    """The question that a model made of a follow-up; None where what it wrote cannot be one: nothing, no words, or far too much."""
    question = unlabelled(" ".join(reply.split())).strip(" \"'“”*`")
    return question if len(question) <= LONGEST_QUESTION and words(question) else None
