"""The words inside a picture that is searched with: what of them joins the words that were typed."""

from __future__ import annotations

from rag.retrieve.words import FUNCTION_WORDS, words

FEW = 2  # content words typed: with more, the typed words search alone
LEAST = 6  # letters in words of two and more: less is no writing
MOST = 60  # words


def searched(typed: str, inside: str) -> str:
    """What the word routes search for: the typed words; where they are few, with the words inside the picture in brackets."""
    read = words(inside)
    own = [word for word in words(typed) if word.lower() not in FUNCTION_WORDS]
    if len(own) > FEW or sum(len(word) for word in read if len(word) > 1) < LEAST:
        return typed
    told = " ".join(inside.split()[:MOST])
    return f"{typed} ({told})" if typed else told
