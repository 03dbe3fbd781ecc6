"""Records into a library: encoded, put into the index part by part, and then committed to the catalogue together."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rag.records import Record
from rag.storage.catalog import Catalog
from rag.storage.entries import File
from rag.storage.tokens import TokenStore

if TYPE_CHECKING:
    import numpy as np

    from rag.embed import Encoders
    from rag.storage.store import Row, Store

ENCODED_AT_ONCE = 1024  # records: between such, encoding and writing wait for each other
WRITE_SECONDS = 2.0  # after which what is encoded goes to the index, so that a kill loses no more


@dataclass(frozen=True)
class Indexer:
    """What records are written to. Whoever uses it holds the library's right to write."""

    catalog: Catalog
    tokens: TokenStore
    store: Store
    encoders: Encoders

    def add(
        self,
        batch: Sequence[tuple[File, Collection[Record]]],
        visual: Mapping[str, np.ndarray],
        former: Mapping[Path, Path],
        references: Mapping[Path, Mapping[str, str]],
        keys: Mapping[Path, str],
        progress: Callable[[int], None],
    ) -> None:
        """As `Library.add` tells."""
        from threadpoolctl import threadpool_limits

        begun = self._begun(batch, keys)
        rows = (
            (id, each.file.version, record) for each in begun for id, record in enumerate(each.records, each.first) if id not in each.done
        )
        if done := sum(len(each.done) for each in begun):
            progress(done)
        with threadpool_limits(1, user_api="blas"):  # whoever imported NumPy first: its threads wait spinning for the cores that encode
            while part := list(islice(rows, ENCODED_AT_ONCE)):
                for count in self._written(part, visual):
                    progress(count)
        self.catalog.writer.commit(((each.file, enumerate(each.records, each.first)) for each in begun), former, references)

    def _begun(self, batch: Sequence[tuple[File, Collection[Record]]], keys: Mapping[Path, str]) -> list[_Begun]:
        begun = self.catalog.writer.begin((keys.get(file.path), len(records)) for file, records in batch)
        return [
            _Begun(replace(file, version=version), records, ids.start, frozenset(self.tokens.ids(version)))
            for (file, records), (version, ids) in zip(batch, begun, strict=True)
        ]

    def _written(self, part: Sequence[tuple[int, int, Record]], visual: Mapping[str, np.ndarray]) -> Iterator[int]:
        """Encode (id, version, record) and put them into the index, every few seconds what there is by then, and how many these were; last
        their token vectors: what has these is in the index."""
        from rag.retrieve.rerank import kept
        from rag.storage.store import Row

        records = [record for _, _, record in part]
        texts = [record.gist for record in records]
        passages = iter(self._passage_looks(records))
        looks = [visual[record.image] if record.image else next(passages) for record in records]
        ready: list[tuple[Row, bytes]] = []
        since = time.monotonic()
        for number, (at, vector, each) in enumerate(self.encoders.text.encode_both(texts), 1):
            id, version, record = part[at]
            ready.append((Row(id, version, record.modality, record.words, vector, looks[at]), kept(texts[at], each)))
            if number == len(part) or time.monotonic() - since > WRITE_SECONDS:
                self.store.write([row for row, _ in ready])
                self.tokens.write((row.id, row.version, tokens) for row, tokens in ready)
                yield len(ready)
                ready, since = [], time.monotonic()

    def _passage_looks(self, records: Sequence[Record]) -> Sequence[np.ndarray | None]:
        """Where a picture cannot search the dense field, passages stand in the joint space too."""
        passages = [record.gist for record in records if record.image is None]
        if self.encoders.joint.in_prose_space or not passages:
            return [None] * len(passages)
        return list(self.encoders.joint.encode_passages(passages))


@dataclass(frozen=True)
class _Begun:
    """A file that is being taken in: its version in `file`, the id of its first record, and the ids of those that are in the index."""

    file: File
    records: Collection[Record]
    first: int
    done: frozenset[int] = frozenset()
