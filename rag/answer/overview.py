"""What a document is about as a whole, told section by section by its own sentences; and which documents mention a thing.

Sentences are chosen by how near they come to the middle of the whole (the centroid of the token vectors that are stored; as in Radev et al.
2004, "Centroid-based summarization of multiple documents"), not by likeness to the word "summary". The first of a document and of a section
is preferred, since documents begin with what they are about.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

import numpy as np

from rag.answer.evidence import Evidence, Statement
from rag.answer.quote import Quote
from rag.embed.compact import unpacked
from rag.language.injections import gives_orders
from rag.language.words import meaning, without_article
from rag.records import Hit, Search
from rag.retrieve.search import Searcher
from rag.storage.entries import Stored

SECTIONS = 10  # told of one document, or documents of several
WORDS = 220  # of all that is told
READ = 600  # passages whose vectors are read
FIRST = 0.15  # for the first sentence of a passage, as a cosine
BEGINS = 0.2  # for a passage that begins its document
SHORTEST, LONGEST = 5, 45  # words of a sentence that tells of a whole
ROWS = 12  # of a table
MENTIONS = 40  # documents


def survey(searcher: Searcher, sources: Sequence[str], query: str, k: int = SECTIONS) -> Search:
    """The passages that tell most of these sources as a whole, by source and section, in the order of the files. Raises StoreError."""
    stored = [each for each in searcher.catalog.of(sources) if not each.record.image]
    if not stored:
        stored = searcher.catalog.of(sources)[:k]
        return Search(query, tuple(searcher.hit(rank, 1.0 / rank, [each]) for rank, each in enumerate(stored, 1)), {}, tuple(sources))
    step = -(-len(stored) // READ)
    read = stored[::step]
    vectors = _means(searcher, read)
    middle = {source: _mean([vectors[each.id] for each in each_of]) for source, each_of in groupby(read, lambda each: each.source)}
    begins = {next(each_of).id for _, each_of in groupby(read, lambda each: each.source)}
    worth = {each.id: float(vectors[each.id] @ middle[each.source]) + BEGINS * (each.id in begins) for each in read}
    best: dict[tuple[str, str | None], Stored] = {}
    for each in read:
        section = (each.source, each.record.locator.heading if len(middle) == 1 else None)
        if section not in best or worth[each.id] > worth[best[section].id]:
            best[section] = each
    kept = sorted(best.values(), key=lambda each: -worth[each.id])[:k]
    if len(kept) < k:
        rest = sorted((each for each in read if each not in kept), key=lambda each: -worth[each.id])
        kept += rest[: k - len(kept)]
    order = {source: at for at, source in enumerate(sources)}
    kept.sort(key=lambda each: (order.get(each.source, 0), each.id))
    hits = tuple(searcher.hit(rank, round(1.0 / rank, 6), [each]) for rank, each in enumerate(kept, 1))
    return Search(query, hits, {}, tuple(sources))


def told(evidence: Evidence) -> list[Quote]:
    """Of each passage that was surveyed the sentence that tells most of the whole, of a table its first rows; WORDS words in all."""
    found: list[Quote] = []
    by_hit = {hit.rank: [at for at, each in enumerate(evidence.statements) if each.hit is hit] for hit in evidence.hits}
    means = evidence.means
    middle = _mean(list(means))
    left = WORDS
    each_has = max(1, WORDS // max(1, 24 * len(by_hit)))
    for hit in evidence.hits:
        rows = [evidence.statements[at] for at in by_hit[hit.rank] if evidence.statements[at].kind == "row"]
        if rows and len(rows) >= len(by_hit[hit.rank]) // 2:
            quote = _rows(hit, rows, evidence)
            found.append(quote)
            left -= len(quote.sentence.split())
            continue
        fit = [at for at in by_hit[hit.rank] if _tells(evidence.statements[at])] or by_hit[hit.rank][:1]
        first = min(fit, default=-1)
        best = sorted(fit, key=lambda at: -(float(means[at] @ middle) + FIRST * (at == first)))[:each_has]
        for at in sorted(best):
            words = len(evidence.statements[at].text.split())
            if found and words > left:
                continue
            left -= words
            each = evidence.statements[at]
            if found and found[-1].hit is hit and found[-1].statements[-1] is evidence.statements[at - 1]:
                found[-1] = Quote(hit, (*found[-1].statements, each), 1.0)
            else:
                found.append(Quote(hit, (each,), 1.0))
    return found


def mentions(searcher: Searcher, what: str, query: str, among: Collection[str]) -> Search:
    """One passage of each document `among` these sources that has the words, as hits."""
    asked = without_article(what.strip(" \"'“”‘’"))
    found = searcher.catalog.holding(asked)
    if not found:
        held = [searcher.catalog.holding(word) for word in meaning(what)]
        sources = set.intersection(*({each.source for each in part} for part in held)) if held else set()
        found = [each for each in held[-1] if each.source in sources] if held else []
    by_source = {each.source: each for each in reversed(found)}
    kept = [by_source[source] for source in sorted(by_source) if source in among][:MENTIONS]
    return Search(query, tuple(searcher.hit(rank, round(1.0 / rank, 6), [each]) for rank, each in enumerate(kept, 1)), {})


def mentioning(evidence: Evidence, what: str) -> list[Quote]:
    """Of each document that mentions a thing the sentence that does."""
    found = []
    asked = [word.lower() for word in meaning(what)] or [what.lower()]
    for hit in evidence.hits:
        mine = [each for each in evidence.statements if each.hit is hit]
        best = max(mine, key=lambda each: sum(word in each.text.lower() for word in asked), default=None)
        if best is not None:
            found.append(Quote(hit, (best,), 1.0))
    return found


def _rows(hit: Hit, rows: Sequence[Statement], evidence: Evidence) -> Quote:
    head = evidence.statements[rows[0].lead] if rows[0].lead is not None and evidence.statements[rows[0].lead].kind == "head" else None
    kept = tuple(rows[:ROWS])
    return Quote(hit, kept, 1.0, head, len(rows) - len(kept))


def _tells(each: Statement) -> bool:
    words = len(each.text.split())
    return (
        each.kind in ("prose", "item")
        and SHORTEST <= words <= LONGEST
        and not each.text.endswith((":", "?"))
        and not gives_orders(each.text)
    )


def _means(searcher: Searcher, stored: Sequence[Stored]) -> dict[int, np.ndarray]:
    dimension = searcher.encoders.text.dimension
    packed = searcher.late.tokens.fetch([each.id for each in stored])
    return {each.id: _mean(list(unpacked(packed.get(each.id, b""), dimension))) for each in stored}


def _mean(vectors: Sequence[np.ndarray]) -> np.ndarray:
    """Their mean, of unit length; what is like nothing where there are none."""
    total = np.sum(vectors, axis=0) if len(vectors) else np.zeros(1, dtype=np.float32)
    length = float(np.linalg.norm(total))
    return total / length if length else total
