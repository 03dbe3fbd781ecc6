"""A follow-up made whole: by rule where no able model is there, by the model where one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.language.claims import MARK, unlabelled
from rag.language.names import names_in
from rag.language.question import Question, understood
from rag.language.smalltalk import kind
from rag.language.split import sentences
from rag.language.superlatives import superseded
from rag.language.turns import put_in, replaced, set_right, with_kind
from rag.language.words import meaning, with_digits, words

MOST = 10  # words added
LONGEST_TURN = 800  # characters of a turn that the model is told
LONGEST_QUESTION = 300  # characters that it may make of a follow-up
_QUOTED = re.compile(r"“([^”]+)”?")


def whole_by_rule(question: Question, history: Sequence[Mapping[str, str]]) -> str:
    """The question, where it leans on the history, made whole from it.

    What leaves all out but the new thing ("And in winter?") becomes the question before with that thing in its place. Else what the
    conversation is about stands behind it in brackets: the content words of the last user turn and the names that the answer to it began
    with; where that turn leant on those before it, or named nothing, theirs too, but for numbers that it put others in the place of.
    """
    spoken = _Spoken()
    turns = [(turn.get("role"), turn["content"]) for turn in history]
    for at, (role, said) in enumerate(turns):
        if role == "user":
            reply = turns[at + 1][1] if at + 1 < len(turns) and turns[at + 1][0] == "assistant" else ""
            spoken = spoken.then(understood(said), reply)
    whole, about = spoken.whole(question)
    return f"{whole.rstrip()} ({' '.join(about)})" if about else whole


@dataclass(frozen=True)
class _Spoken:
    """What a conversation is about: the last question `asked` and the words that were put behind it, the names that it or its answer told,
    and the words of the turns `before` it."""

    asked: str = ""
    behind: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    def whole(self, question: Question) -> tuple[str, tuple[str, ...]]:
        """The question as it is to be searched, and the words that belong behind it."""
        if not question.points_back:
            return question.core, ()
        if self.asked and (put := put_in(question.core, self.asked)):
            return put, _without(self.behind, put)
        corrected = set_right(question.core)
        whole, own = corrected or with_kind(question.core, self.asked), words(question.core)
        about = tuple(dict.fromkeys([*meaning(self.asked), *self.behind, *self.told, *self.before]))
        others = replaced(question.core, self.asked)  # "And who signed for the customer?" after the supplier
        if corrected or others or any(superseded(word, own) for word in about):  # of another year or keeper: what was answered is not meant
            about = tuple(word for word in about if word not in self.told and word.lower() not in others)
        return whole, _without(about, whole)[:MOST]

    def then(self, question: Question, reply: str) -> _Spoken:
        """What it is about after one more question and its answer."""
        whole, behind = self.whole(question)
        told = _told(reply)
        named = told or names_in(whole)
        before = () if named or question.points_back else (*meaning(self.asked), *self.behind, *self.told, *self.before)
        return _Spoken(whole, behind, told, tuple(dict.fromkeys(before)))


def _without(about: Sequence[str], whole: str) -> tuple[str, ...]:
    """The words that the question does not have, and puts no others in the place of."""
    own = words(whole)
    have = {word.lower() for word in own}
    return tuple(word for word in about if word.lower() not in have and not superseded(word, own))


def _told(reply: str) -> tuple[str, ...]:
    """The names in the first sentence of an answer: in the words that it quotes, not in where these stand; a table or a list has none."""
    line = next((line.strip() for line in reply.splitlines() if line.strip()), "")
    if line.startswith(("|", "- ")) or line.endswith(":"):
        return ()
    quoted = _QUOTED.search(line)
    first = MARK.sub("", next(iter(sentences(quoted[1] if quoted else line)), ""))
    named = {part for name in names_in(first) for part in words(name)}
    return tuple(word for word in words(first) if word in named or (with_digits(word) and any(letter.isalpha() for letter in word)))


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


def as_told(history: Sequence[Mapping[str, str]]) -> str:
    """The conversation as the prompt gets it; of a long turn, its beginning."""
    turns = ((turn["role"], " ".join(turn["content"].split())) for turn in history)
    return "\n".join(f"{role}: {said if len(said) <= LONGEST_TURN else said[:LONGEST_TURN] + '…'}" for role, said in turns)


def rewritten(reply: str) -> str | None:
    """The question that a model made of a follow-up; None where what it wrote cannot be one: nothing, no words, or far too much."""
    question = unlabelled(" ".join(reply.split())).strip(" \"'“”*`")
    return question if len(question) <= LONGEST_QUESTION and words(question) else None
