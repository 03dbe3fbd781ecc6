"""Where the words of a PDF page stand, worked out for all of them at once, and which of them merely go on from the word before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.readers.pdf.characters import Characters
from ingest.readers.pdf.scripts import SMALL
from ingest.readers.pdf.unseen import LEAST_SIZE, Unseen
from rag.pictures.layout import Box

WIDE_SPACE = 0.35  # of a line's height: what is wider may part two cells of a table

# Where a word stands: its number, the boxes of its first and its last character and that around both, whether the last stands on one line
# with the first, as far to the right as so many letters reach at most, and whether one of them is much smaller than the other; and how
# many words merely go on from it, with the box around the last of these.
Span = tuple[int, Box, Box, Box, bool, bool, int, Box]


def spans(characters: Characters, ends: Sequence[int], suspects: Sequence[bool], unseen: Unseen, together: bool) -> Iterator[Span]:
    """Of words, by the numbers of their first and last characters; each is made as it is asked for: many at once keep the garbage
    collector busy. Where they may be put `together`, those that merely go on are given with the one that they follow: each stands a space
    after the word before, in type as high, and neither is a suspect or has what may be raised or struck out."""
    import numpy as np

    if not ends:
        return iter(())
    boxes = characters.boxes(ends)
    starts, lasts = boxes[0::2], boxes[1::2]
    around = np.concatenate([np.minimum(starts[:, :2], lasts[:, :2]), np.maximum(starts[:, 2:], lasts[:, 2:])], axis=1)
    heights = boxes[:, 3] - boxes[:, 1]
    low, high = np.minimum(heights[0::2], heights[1::2]), np.maximum(heights[0::2], heights[1::2])
    shared = np.minimum(starts[:, 3], lasts[:, 3]) - np.maximum(starts[:, 1], lasts[:, 1])
    reach = lasts[:, 2] - starts[:, 0]
    first, last = np.array(ends).reshape(-1, 2).T
    level = (shared > low / 2) & (reach > -low) & (reach < 1.5 * (last - first + 2) * np.maximum(low, 1))
    uneven = low < SMALL * high
    told = (starts, lasts, around), (level, uneven)
    if not together:
        each = zip(*map(_boxes, told[0]), *(flags.tolist() for flags in told[1]), strict=True)
        return ((number, *span, 0, span[2]) for number, span in enumerate(each))
    codes = np.frombuffer(characters.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    even = (starts[:, 1] == lasts[:, 1]) & (starts[:, 3] == lasts[:, 3]) & (low >= LEAST_SIZE)
    plain = level & even & ~np.array(suspects) & ~unseen.may_strike(around) & _plain(codes, first, last)
    left, top, right, bottom = around.T
    alone = np.ones(len(first), dtype=bool)
    alone[1:] = ~(
        (plain[:-1] & plain[1:])
        & ((first[1:] == last[:-1] + 2) & (codes[first[1:] - 1] == 0x20))
        & ((top[1:] == top[:-1]) & (bottom[1:] == bottom[:-1]))
        & ((left[1:] >= left[:-1]) & (right[1:] >= right[:-1]))
        & (left[1:] - right[:-1] <= WIDE_SPACE * (bottom[1:] - top[1:]))
    )
    heads = np.flatnonzero(alone)
    more = np.append(heads[1:], len(first)) - heads - 1
    kept = (_boxes(each[heads]) for each in told[0])
    flags = (each[heads].tolist() for each in told[1])
    return zip(heads.tolist(), *kept, *flags, more.tolist(), _boxes(around[heads + more]), strict=True)


def one_by_one(characters: Characters, ends: Sequence[int], numbers: range) -> Iterator[Span]:
    """These of the words that merely go on, each alone."""
    for number in numbers:
        start, end = characters.box(ends[2 * number]), characters.box(ends[2 * number + 1])
        around = min(start[0], end[0]), start[1], max(start[2], end[2]), start[3]
        yield number, start, end, around, True, False, 0, around


def _plain(codes: Any, first: Any, last: Any) -> Any:
    """Which words are of ASCII's signs, without a figure that others stand after, as raised ones may."""
    import numpy as np

    strange = np.concatenate([[0], np.cumsum((codes <= 0x20) | (codes >= 0x7F))])
    figure = (codes >= 0x30) & (codes <= 0x39)
    figures = np.concatenate([[0], np.cumsum(figure)])
    return (strange[last + 1] == strange[first]) & ((figures[last + 1] == figures[first]) | figure[last])


def _boxes(rows: Any) -> Iterator[Box]:
    numbers = iter(rows.ravel().tolist())
    return zip(numbers, numbers, numbers, numbers, strict=True)
