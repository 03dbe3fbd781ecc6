"""The context of a prompt: hits packed by rank until the model's budget is full, numbered from 1, fenced as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rag.answer.evidence import Bearing, Evidence
from rag.answer.quote import answering
from rag.language.question import Question
from rag.language.split import sentences
from rag.records import Hit
from rag.retrieve.examples import Pair

SMALL_SENTENCES = 6  # of each part of a question in the context of a small model: about 260 tokens
ANSWER_TOKENS = 768  # kept free for the answer of a model with room
ANSWER_TOKENS_SMALL = 200
SMALL_BUDGET = 700  # the smaller packaged model reads about 80 tokens a second
LONGEST_HIT = 600
CENTRES = 3  # sentences of a longer one, around which it is cut
EXAMPLES_SHARE = 0.1  # of a model's context
NO_EXAMPLES = "(none)"
SHORTEST_PIECE = 100  # tokens of a passage of which no sentence was chosen
NO_WORDS = "(a picture, of which nothing is known in words)"
LEFT_OUT = "…"

_FENCE = re.compile(r"<(?=\s*/?\s*passage)", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """`text` for the prompt, with the hits in it in the order of their numbers, and the tokens that it was allowed; `speed` is what the
    server reads in a second, where the passages were cut to it."""

    text: str
    hits: tuple[Hit, ...]
    budget: int
    speed: float | None = None


def pack(hits: Sequence[Hit], count: Callable[[str], int], room: int, bearing: Callable[[Hit], Sequence[str]] = lambda hit: ()) -> Context:
    """Whole hits by rank while they fit into `room` tokens; the first that does not fit is cut, the rest are dropped. Of a long hit, the
    passage that was found is kept, or what of it stands around the sentences that `bearing` names, best first."""
    blocks: list[str] = []
    packed: list[Hit] = []
    left = room
    for hit in hits:
        text = hit.text if hit.text.strip() else NO_WORDS
        if count(text) > (most := min(left, LONGEST_HIT)):
            text = excerpt(text, hit.own, bearing(hit), count, most - 40)
        block = fenced(len(packed) + 1, hit, text)
        cost = count(block)
        if cost > left or not text:
            break
        blocks.append(block)
        packed.append(hit)
        left -= cost
    return Context("\n\n".join(blocks), tuple(packed), room)


def bearing_on(question: Question, evidence: Evidence) -> Callable[[Hit], list[str]]:
    """What names the sentences of a hit that bear on a question, or on each of its parts, best first."""

    def named(hit: Hit) -> list[str]:
        each = [evidence.bearing(part.text, [hit.rank])[:CENTRES] for part in question.parts]
        return [found.sentence for rank in zip_longest(*each) for found in rank if found]

    return named


def best_sentences(question: Question, evidence: Evidence) -> list[Bearing]:
    """The sentences that bear most on the question, or on each of its parts, best first, each once."""
    each = [answering(part, evidence)[:SMALL_SENTENCES] for part in question.parts]
    return list({(found.hit.rank, found.sentence): found for rank in zip_longest(*each) for found in rank if found}.values())


def pack_in_time(
    hits: Sequence[Hit],
    chosen: Sequence[tuple[int, str]],
    count: Callable[[str], int],
    room: int,
    bearing: Callable[[Hit], Sequence[str]],
    speed: float,
) -> Context:
    """For a server that reads slowly: the `chosen` sentences (each with the rank of its hit, best first) in their places, then by rank what
    stands around them and whole passages, while there is room."""
    by_rank = {hit.rank: hit for hit in hits}
    kept: dict[int, list[str]] = {}
    blocks: dict[int, tuple[int, str]] = {}  # by rank: the cost, and the text in it

    def left(rank: int) -> int:
        return room - sum(cost for each, (cost, _) in blocks.items() if each != rank)

    def put(hit: Hit, text: str) -> bool:
        cost = count(fenced(hit.rank, hit, text))
        fits = bool(text) and blocks.get(hit.rank, (0, ""))[0] < cost <= left(hit.rank)
        if fits:
            blocks[hit.rank] = cost, text
        return fits

    for rank, sentence in chosen:
        wanted = list(dict.fromkeys([*kept.get(rank, ()), *_with_head(by_rank[rank].text, sentence)]))
        if put(by_rank[rank], excerpt(by_rank[rank].text, "", wanted, count, sum(map(count, wanted)) + 2 * len(wanted))):
            kept[rank] = wanted
    for hit in hits:
        most = min(left(hit.rank) - count(fenced(hit.rank, hit, "")), LONGEST_HIT)
        text = hit.text if hit.text.strip() else NO_WORDS
        if count(text) <= most:
            put(hit, text)
        elif hit.rank in kept or most >= SHORTEST_PIECE:
            put(hit, excerpt(text, "" if hit.rank in kept else hit.own, [*kept.get(hit.rank, ()), *bearing(hit)], count, most))
    packed = tuple(hit for hit in hits if hit.rank in blocks)
    texts = [fenced(n, hit, blocks[hit.rank][1]) for n, hit in enumerate(packed, 1)]
    return Context("\n\n".join(texts), packed, room, speed)


def pack_sentences(question: Question, hits: Sequence[Hit], evidence: Evidence, count: Callable[[str], int], room: int) -> Context:
    """For a small model: only the sentences that bear on the question, or on each of its parts, under the number of their hit."""
    chosen = best_sentences(question, evidence)
    packed = [hit for hit in hits if any(each.hit is hit for each in chosen)]
    lines: list[str] = []
    while packed:
        lines = [
            f"[{n}] {f'({hit.place.above}) ' * bool(hit.place.above)}"
            + " ".join(_in_order(hit, [each.sentence for each in chosen if each.hit is hit]))
            for n, hit in enumerate(packed, 1)
        ]
        if count("\n".join(lines)) <= room:
            break
        packed = packed[:-1]
    return Context("\n".join(lines) if packed else "", tuple(packed), room)


def shown(pairs: Sequence[Pair], count: Callable[[str], int], room: int) -> str:
    """Pairs as examples for the prompt, the nearest last, where it is heeded most; what does not fit into `room` tokens is left out."""
    blocks: list[str] = []
    for pair in pairs:
        block = _FENCE.sub("‹", f"Question: {pair.question}\nAnswer: {pair.answer}")
        cost = count(block)
        if cost <= room:
            blocks.insert(0, block)
            room -= cost
    return "\n\n".join(blocks) or NO_EXAMPLES


def fenced(number: int, hit: Hit, text: str) -> str:
    """A passage as the prompt shows it; a fence inside its text is defused."""
    where = {
        "source": hit.source,
        "title": hit.place.title,
        "heading": hit.locator.heading,
        "under": hit.place.lead,
        "date": hit.place.date,
        "page": hit.locator.page,
        "kind": "picture" if hit.modality == "image" else None,
    }
    attributes = "".join(f' {name}="{_attribute(value)}"' for name, value in where.items() if value)
    defused = _FENCE.sub("‹", text)
    return f'<passage n="{number}"{attributes}>\n{defused}\n</passage>'


def _attribute(value: object) -> str:
    return str(value).replace('"', "'").replace("\n", " ").replace("<", "‹")


def _in_order(hit: Hit, chosen: list[str]) -> list[str]:
    """Sentences as they follow each other in the passage."""
    folded = " ".join(hit.evidence.split())
    return sorted(chosen, key=folded.find)


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


def _with_head(text: str, sentence: str) -> list[str]:
    """A sentence; a row of a table behind the first row of it."""
    pieces = [" ".join(piece.split()) for piece in sentences(text)]
    head = _head(pieces, pieces.index(sentence)) if sentence in pieces else None
    return [sentence] if head is None else [pieces[head], sentence]


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
