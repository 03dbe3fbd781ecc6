"""The statements of the accounts that a question is worked out from, looked up in the documents that it can mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rag.language.accounts import CAPTIONED, LEAST, Statement, captioned, rows
from rag.records import HEADING_SEPARATOR, Record
from rag.retrieve.routes import DEPTH, Probe, follow
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored
from rag.storage.store import Store

NEAR = 2  # rows less than the fullest of a document: the first of those is it, and those behind it tell of its parent or its segments

Sheet: TypeAlias = tuple[str, int | str | None]  # a source, and the page or else the heading


def looked_up(wanted: Iterable[Statement], versions: Sequence[int], catalog: Catalog, store: Store) -> list[Stored]:
    """A passage of each wanted statement in each of these versions of files, those of one kind behind each other. Raises StoreError."""
    found = [_statements(kind, follow(Probe("bm25", kind.value, "text"), store, catalog, list(versions), DEPTH)) for kind in wanted]
    return [each[at] for at in range(max(map(len, found), default=0)) for each in found if at < len(each)]


def _statements(kind: Statement, candidates: Iterable[tuple[Stored, float]]) -> list[Stored]:
    """The fullest passage of the statement of each document, the fullest statement first."""
    sheets: dict[Sheet, list[Stored]] = {}
    for stored, _ in candidates:
        if rows(kind, stored.record.text):
            sheets.setdefault((stored.source, stored.record.locator.page or stored.record.locator.heading), []).append(stored)
    full = {sheet: _full(kind, pieces) for sheet, pieces in sheets.items()}
    found: dict[str, Sheet] = {}
    for sheet in sorted(sheets, key=lambda each: min(stored.id for stored in sheets[each])):
        fullest = max(value for other, value in full.items() if other[0] == sheet[0])
        if full[sheet] >= max(LEAST, fullest - NEAR):
            found.setdefault(sheet[0], sheet)
    return [
        max(sheets[sheet], key=lambda piece: len(rows(kind, piece.record.text)))
        for sheet in sorted(found.values(), key=lambda each: -full[each])
    ]


def _full(kind: Statement, pieces: Sequence[Stored]) -> int:
    """How many rows of such a statement the pieces of one have between them, its caption counted as some."""
    held = frozenset.union(*(rows(kind, piece.record.text) for piece in pieces))
    return len(held) + CAPTIONED * any(captioned(kind, _above(piece.record)) for piece in pieces)


def _above(record: Record) -> str:
    own = record.text[: record.text.find("|")] if "|" in record.text else record.text
    return "\n".join([(record.locator.heading or "").split(HEADING_SEPARATOR)[-1], record.lead, own])
