"""The passages and pictures that a question points to by the number of a page, a figure, a table or a section."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from rag.language.pointers import LAST, Pointers, is_section, says_label
from rag.records import HEADING_SEPARATOR
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored

FEW = 8  # documents: with more, a page or a figure of any number is nothing that can be looked up
MOST = 100  # records that are looked up
NEXT_PAGE = 0.3  # for the page before or after, since numbers may be printed that are not those of the file


class Pointed:
    """Weighs records by what a question points to; `last` are the last pages of documents, by source."""

    def __init__(self, pointers: Pointers, last: dict[str, int]):
        self._pointers = pointers
        self._last = last

    def weight(self, stored: Stored) -> float:
        """From 0 to 1: how far a record is what the question points to."""
        told: list[float] = []
        if self._pointers.pages:
            told.append(max(self._on(page, stored) for page in self._pointers.pages))
        if self._pointers.labels:
            words = "\n".join(filter(None, [stored.record.caption, stored.record.lead, stored.record.text]))
            told.append(max(says_label(words, *label) for label in self._pointers.labels))
        if self._pointers.sections:
            headings = (stored.record.locator.heading or "").split(HEADING_SEPARATOR)
            told.append(float(any(is_section(heading, number) for heading in headings for number in self._pointers.sections)))
        return fmean(told)

    def _on(self, page: int, stored: Stored) -> float:
        here = stored.record.locator.slide or stored.record.locator.page
        wanted = self._last.get(stored.source) if page == LAST else page
        if here is None or wanted is None:
            return 0.0
        return 1.0 if here == wanted else NEXT_PAGE if abs(here - wanted) == 1 else 0.0


def looked_up(pointers: Pointers, catalog: Catalog, versions: Sequence[int]) -> tuple[Pointed, list[Stored]]:
    """What weighs records, and those of these versions of files that the question points to best."""
    pointed = Pointed(pointers, catalog.last_pages(versions) if LAST in pointers.pages else {})
    if len(versions) > FEW:
        return pointed, []
    weighed = [(pointed.weight(stored), stored) for stored in catalog.of_versions(versions)]
    found = sorted((each for each in weighed if each[0] >= 0.5), key=lambda each: -each[0])
    return pointed, [stored for _, stored in found[:MOST]]
