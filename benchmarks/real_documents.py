"""How much of what real documents answer is found: pages by kind of evidence, and the numbers of gold answers.

    real_documents.py pages GOLD.jsonl DOCUMENTS --library DIR [--alone]
    real_documents.py numbers GOLD.csv DOCUMENTS --library DIR
    real_documents.py questions GOLD.csv

`pages` takes rows with "doc", "question", "pages" (from 1; or "evidence" with "evidence_page_num" from 0, and "doc_name") and "kinds":
hit@k is the share of questions of which an evidence page is among the pages of the first k hits, recall@5 the share of those pages; "odd"
and "even" are the first, third and so on of the questions asked, and the others: what is chosen on one half is counted on the other. With
`--alone` each question is asked of its own document. `numbers` takes the columns "Question", "Source Docs", "Question Type", "Answer": of
single-passage questions, the share of the numbers of the gold answer that stand in the first five and ten hits of the right file; "dated"
counts only hits that say for when in their own text, heading, caption or date: the day at which a period of the right file ends, or its
year. The documents are taken in first, where the library has not got them. `questions` prints these questions as a gold file, the numbers
as keywords, for benchmarks/reading.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from ingest import ingest
from rag import Library
from rag.language.dates import dates_of
from rag.language.periods import months, periods
from rag.records import Hit
from rag.retrieve.cards import Card, card

DEEP = 10
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
_NO_FIGURE = re.compile(
    r"\b10-[QK]\b|\bQ[1-4]\b|^\s*\d{1,2}\.\s|\b(?:item|pages?|note) \d+|\b(?:19|20)\d\d\b(?![,.]\d)", re.IGNORECASE | re.MULTILINE
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("pages", "numbers", "questions"))
    parser.add_argument("gold", type=Path)
    parser.add_argument("documents", type=Path, nargs="?")
    parser.add_argument("--library", type=Path)
    parser.add_argument("--alone", action="store_true", help="ask each question of its own document")
    asked = parser.parse_args()
    if asked.what == "questions":
        for n, (row, numbers) in enumerate(_single(asked.gold), 1):
            relevant = [{"source": f"{row['Source Docs'].strip('*')}.pdf"}]
            keywords = [f"{int(each):,}" if each.isdigit() else each for each in numbers]
            print(json.dumps({"id": f"kg{n}", "question": row["Question"], "keywords": keywords, "relevant": relevant}))
        return
    if not asked.documents or not asked.library:
        parser.error("name the DOCUMENTS and the --library")
    with Library.open(asked.library) as library:
        ingest([asked.documents], library)
        for line in _pages(library, asked.gold, asked.alone) if asked.what == "pages" else _numbers(library, asked.gold):
            print(json.dumps(line))


def _pages(library: Library, gold: Path, alone: bool) -> Iterator[dict[str, Any]]:
    sources = {Path(file.source).name: file.source for file in library.catalog.files()}
    by_kind: dict[str, list[tuple[int, float]]] = defaultdict(list)
    asked = 0
    for row in map(json.loads, gold.read_text("utf-8").splitlines()):
        document = row.get("doc") or f"{row['doc_name']}.pdf"
        pages = set(row.get("pages") or [each["evidence_page_num"] + 1 for each in row.get("evidence") or []])
        if not pages or document not in sources:
            continue
        source = sources[document]
        asked += 1
        found = [_on(hit, source) & pages for hit in _hits(library, row["question"], source if alone else None)]
        first = next((rank for rank, each in enumerate(found, 1) if each), DEEP + 1)
        for kind in ("all", "odd" if asked % 2 else "even", *row.get("kinds", ())):
            by_kind[kind].append((first, len(set().union(*found[:5])) / len(pages)))
    for kind, rows in sorted(by_kind.items(), key=lambda each: -len(each[1])):
        hits = {f"hit@{k}": round(fmean(first <= k for first, _ in rows), 3) for k in (1, 5, 10)}
        yield {"kind": kind, "n": len(rows), **hits, "recall@5": round(fmean(recall for _, recall in rows), 3)}


def _numbers(library: Library, gold: Path) -> Iterator[dict[str, Any]]:
    told: list[dict[str, float]] = []
    cards = {Path(each.source).stem: each for each in map(card, library.catalog.openings())}
    for row, numbers in _single(gold):
        right = row["Source Docs"].strip("*")
        hits = [hit for hit in _hits(library, row["Question"], None) if any(right in each.source for each in hit.appearances)]
        dated = [hit for hit in hits if _says_when(hit, cards[right])]
        told.append(
            {
                f"{name} {k}": _share(numbers, [hit for hit in found if hit.rank <= k])
                for name, found in (("first", hits), ("dated", dated))
                for k in (5, DEEP)
            }
        )
    yield {"n": len(told), **{name: round(fmean(each[name] for each in told), 3) for name in told[0]}}


def _single(gold: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """The single-passage questions, with the figures of their answers."""
    with gold.open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            numbers = figures(row["Answer"])
            if row["Question Type"].startswith("Single-Doc Single") and numbers:
                yield row, numbers


def _says_when(hit: Hit, own: Card) -> bool:
    text = "\n".join(filter(None, [hit.text, hit.locator.heading, hit.place.lead, hit.place.date]))
    years = {period.year for period in own.periods} | {year for year, _ in own.ends}
    return not set(own.ends).isdisjoint(months(text)) or any(period.year in years for period in periods(text)[0])


def figures(answer: str) -> list[str]:
    """The numbers of a gold answer that are figures: no dates, years, sources or numbers of lists; without marks between thousands."""
    _, text = dates_of(answer.split("SOURCE")[0])
    found = [number.rstrip(",") for number in _NUMBER.findall(_NO_FIGURE.sub(" ", text))]
    return list(dict.fromkeys(number.replace(",", "") for number in found if re.search(r"[,.]", number) or len(number) > 2))


def _share(numbers: Sequence[str], hits: Sequence[Hit]) -> float:
    text = re.sub(r"(?<=\d),(?=\d)", "", "\n".join(hit.text for hit in hits))
    return fmean(bool(re.search(rf"(?<![\d.]){re.escape(number)}(?!\d|\.\d)", text)) for number in numbers)


def _hits(library: Library, question: str, source: str | None) -> Sequence[Hit]:
    return library.ask(question, k=DEEP, source=source, retrieval_only=True).hits


def _on(hit: Hit, source: str) -> set[int]:
    return {each.locator.page for each in hit.appearances if each.source == source and each.locator.page}


if __name__ == "__main__":
    main()
