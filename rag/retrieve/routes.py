"""The three routes of a query to the index: dense, bm25 and visual, each a ranking of record ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.embed.adapter import AS_IT_IS, Adapter
from rag.embed.unit import direction
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored
from rag.storage.index import MOST
from rag.storage.store import Filter, Route, Store

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.embed import Encoders
    from rag.retrieve.centres import Centres

_NUMBER = re.compile(r"(?<![\w.,])(?:\d{4,12}|\d{1,3}(?:,\d{3})+)(?![\w,]|\.\d)")
WORDS = 3.0  # beside a picture of weight 1: in the packaged space pictures are nearer to each other than to words
DEPTH = 50  # candidates of each route, or as many as hits are wanted


@dataclass(frozen=True)
class Probe:
    """One question to the index: on this route, with this query, among rows of this modality; `plain` is the query before an adapter
    turned it, by which it is told how much the route has to say."""

    route: Route
    query: np.ndarray | str
    modality: str | None
    plain: np.ndarray | None = None


def probes(
    encoders: Encoders,
    text: str,
    image: Image | None,
    modality: str | None,
    centres: Centres | None = None,
    words: str | None = None,
    adapter: Adapter = AS_IT_IS,
) -> list[Probe]:
    """What to ask of the index for words, a picture, or both; `words` are searched for by words in place of the `text` that was typed.

    Words go to `dense` and `bm25` for both modalities and to `visual` for pictures. A picture goes to `visual` for pictures; for passages
    to `dense` where the joint space is built on the prose encoder's, else to `visual`. Both together meet in `visual` as one direction,
    and the words alone find passages. In a joint space apart from the prose encoder's, what meets the other kind is first freed of what
    its own kind shares, as `centres` knows it. Words alone are turned as the library's `adapter` learnt it.
    """
    asked: list[Probe] = []
    pictures, passages = modality in (None, "image"), modality in (None, "text")
    looked = encoders.joint.look([image]) if image is not None else None
    words = text if words is None else words
    if words:
        meant = adapter.turned("dense", encoders.text.encode_query([words]))[0]
        asked += [Probe("dense", meant, modality), Probe("bm25", spelled(words), modality)]
    apart = centres if not encoders.joint.in_prose_space else None
    seen = looked.visual[0] if looked else None
    freed = apart.picture(seen) if apart and seen is not None else seen
    if pictures and text:
        meant = encoders.joint.encode_query([text])[0]
        if freed is None:
            plain = None if adapter.visual is None else meant
            asked.append(Probe("visual", adapter.turned("visual", meant[None])[0], "image", plain))
        else:
            told = apart.words(meant) if apart else meant
            meant = composed(told, freed) if encoders.joint.in_prose_space else direction(told + freed)
            asked.append(Probe("visual", meant, "image"))
    elif pictures and seen is not None:
        asked.append(Probe("visual", seen, "image"))
    if looked and passages and not text:
        if looked.prose is not None and not words:
            asked.append(Probe("dense", looked.prose[0], "text"))
        elif looked.prose is None and freed is not None:
            asked.append(Probe("visual", freed, "text"))
    return asked


def composed(words: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """What words and a picture mean together, in the packaged joint space."""
    return direction(WORDS * words + picture)


def spelled(words: str) -> str:
    """Words for BM25, which knows a number only as it is written: 1350 also as 1,350, and 1,350 as 1350."""
    numbers = [number for number in _NUMBER.findall(words) if len(re.sub(r"\D", "", number)) > 3]
    other = [re.sub(r"\D", "", number) if "," in number else f"{int(number):,}" for number in numbers]
    return " ".join([words, *other])


def follow(probe: Probe, store: Store, catalog: Catalog, versions: list[int] | None, depth: int) -> list[tuple[Stored, float]]:
    """The nearest `depth` distinct images and passages, best first, with their scores.

    Twins come once, at their best place; rows of versions that do not count are passed over, and examples too where they are not
    asked for.
    """
    limit = min(depth, MOST)
    where = Filter(probe.modality, versions, examples=False)
    while True:
        found = store.search(probe.route, probe.query, limit, where)
        known = catalog.records([id for id, _ in found])
        distinct: dict[str, tuple[Stored, float]] = {}
        for id, score in found:
            if id in known:
                distinct.setdefault(known[id].twin, (known[id], score))
        if len(distinct) >= depth or len(found) < limit or limit == MOST:
            return list(distinct.values())[:depth]
        limit = min(limit * 4, MOST)


def scores_of_words(words: Sequence[str], store: Store, catalog: Catalog, versions: list[int] | None) -> dict[str, float | None]:
    """The score of the best passage or picture of the route bm25 for each of these words; None for one that the library never met."""
    found = store.best_by_words(words, Filter(None, versions, examples=False))
    known = catalog.records([best[0] for best in found if best])
    scores: dict[str, float | None] = {}
    for word, best in zip(words, found, strict=True):
        if best and best[0] not in known:  # a row that is not committed, or no longer
            further = follow(Probe("bm25", word, None), store, catalog, versions, 1)
            scores[word] = further[0][1] if further else None
        else:
            scores[word] = best[1] if best else None
    return scores
