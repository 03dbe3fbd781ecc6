"""What is kept of a passage that is too long for a prompt: the sentences that bear on the question, with what stands around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.language.split import sentences

LEFT_OUT = "…"


def excerpt(text: str, own: str, bearing: Sequence[str], count: Callable[[str], int], limit: int) -> str:
    """At most `limit` tokens of `text`: all of `own`, a piece of it, where that fits, else its sentences among `bearing` (best first); then
    the others among `bearing`, and around all these as much as there is room for. An ellipsis stands for what is left out."""
    spans = _spans(text)
    pieces = [" ".join(text[start:end].split()) for start, end in spans]
    sizes = [count(text[start:end]) + 1 for start, end in spans]  # with the ellipsis that may stand beside it
    best = [at for sentence in bearing for at, piece in enumerate(pieces) if sentence in piece or piece in sentence]
    begins = text.find(own)
    found = [at for at, (start, end) in enumerate(spans) if start < begins + len(own) and end > begins] if begins >= 0 else []
    whole = sum(sizes[at] for at in found) <= limit
    centre = found if whole else [at for at in best if at in found] or best or found[:1]
    heads = [head for at in (*centre, *best) if (head := _head(pieces, at)) is not None]
    kept: set[int] = set()
    for at in dict.fromkeys([*centre, *best, *heads]):
        if sizes[at] + sum(sizes[each] for each in kept) < limit:
            kept.add(at)
    middle = kept - set(heads) or kept
    for at in sorted(set(range(len(spans))) - kept, key=lambda at: min((abs(at - each) for each in middle), default=0)):
        if not kept or sizes[at] + sum(sizes[each] for each in kept) >= limit:
            break
        kept.add(at)
    if not kept:  # not even one sentence fits
        return _beginning(text[slice(*spans[centre[0]])] if centre else text, count, limit)
    told = "" if 0 in kept else f"{LEFT_OUT} "
    for at in sorted(kept):
        told += (text[spans[at - 1][1] : spans[at][0]] if at - 1 in kept else f"\n{LEFT_OUT}\n" if at > min(kept) else "") + text[
            slice(*spans[at])
        ]
    return told if len(spans) - 1 in kept else f"{told} {LEFT_OUT}"


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand in it."""
    spans = []
    at = 0
    for sentence in sentences(text):
        found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, at)
        if found:
            spans.append(found.span())
            at = found.end()
    return spans


def _head(pieces: Sequence[str], at: int) -> int | None:
    """The first row of the table in which a sentence is a row."""
    if not pieces[at].startswith("|"):
        return None
    while at and pieces[at - 1].startswith("|"):
        at -= 1
    return at


def _beginning(text: str, count: Callable[[str], int], limit: int) -> str:
    """The longest run of whole words from the front that has at most `limit` tokens, an ellipsis behind it."""
    if count(text) <= limit:
        return text
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if count(" ".join(words[:middle])) < limit:
            low = middle
        else:
            high = middle - 1
    return " ".join(words[:low]) + f" {LEFT_OUT}" if low else ""
