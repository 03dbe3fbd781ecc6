"""The words inside a picture that is searched with: what of them joins the words that were typed.

Measured on data/sample with pictures of 14 passages' lines (18 words each): alone, or beside "What does this mean?", the passage is among
the first five 14 times, and never without the words inside. Beside 20 questions of other matters, the passage they need stays there 18
times where no words are joined, 17 times with FEW 2, and 12 times with 4.
"""

from __future__ import annotations

from rag.language.words import meaning, words

FEW = 2  # content words typed: with more, the typed words search alone
LEAST = 6  # letters in words of two and more: less is no writing
MOST = 60  # words


def searched(typed: str, inside: str) -> str:
    """What the word routes search for: the typed words; where they are few, with the words inside the picture in brackets."""
    read = words(inside)
    if len(meaning(typed)) > FEW or sum(len(word) for word in read if len(word) > 1) < LEAST:
        return typed
    told = " ".join(inside.split()[:MOST])
    return f"{typed} ({told})" if typed else told
