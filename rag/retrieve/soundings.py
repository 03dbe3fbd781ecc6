"""What sounds like some words or like a recording: pieces of recordings in a joint space of words and sounds, as their passages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import nlargest

import numpy as np

from rag.speech.joint import SECONDS, SoundEncoder, unpacked
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored


@dataclass(frozen=True)
class Soundings:
    """The recordings of a library, by how they sound."""

    encoder: SoundEncoder
    catalog: Catalog

    def nearest(self, wanted: np.ndarray, versions: list[int] | None, depth: int) -> list[Stored]:
        """The passages that stand, with words or without, at the `depth` pieces nearest to a vector, best first, each with the time of its
        best piece. Only these versions of files count (None: all)."""
        counted = None if versions is None else set(versions)
        found: list[tuple[float, str, int]] = []
        for source, version, kept in self.catalog.contents.soundings(self.encoder.name):
            if counted is None or version in counted:
                cosines = unpacked(kept, len(wanted)) @ wanted
                found += [(float(cosines[at]), source, int(at)) for at in np.argsort(-cosines)[:depth] if cosines[at]]
        passages: dict[str, list[Stored]] = {}
        nearest: dict[str, Stored] = {}
        for _, source, at in nlargest(depth, found):
            if source not in passages:
                passages[source] = [each for each in self.catalog.of([source]) if not each.record.image and each.record.locator.time]
            if stored := _at(passages[source], float(at * SECONDS)):
                nearest.setdefault(stored.twin, stored)
        return list(nearest.values())


def _at(passages: list[Stored], start: float) -> Stored | None:
    """The passage that takes most of the piece that begins there, with the time of the piece; None where there is none."""
    end = start + SECONDS

    def within(stored: Stored) -> float:
        begin, stop = stored.record.locator.time or (0.0, 0.0)
        return min(end, stop) - max(start, begin)

    best = max(passages, key=within, default=None)
    if best is None or within(best) <= 0:
        return best
    begin, stop = best.record.locator.time or (0.0, 0.0)
    place = replace(best.record.locator, time=(max(start, begin), min(end, stop)))
    return replace(best, record=replace(best.record, locator=place))
