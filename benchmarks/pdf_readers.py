"""Readers of PDFs side by side, on a folder of documents that the user names: pages a second, tables with heads, signs in cells alone.

    .venv/bin/python benchmarks/pdf_readers.py FOLDER [--wanted wanted.jsonl] [--readers ours liteparse pdfplumber]

Each line of `wanted.jsonl` is {"file": ..., "page": ..., "value": "1,234", "head": ["Three Months", "2021"]}: a value of a table that
stands under a head with these words. Other readers are measured where they are installed; none of them is a dependency of the project.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

Table = list[list[str]]  # rows of cells, the first the head
Pages = dict[int, tuple[str, list[Table], int]]  # by number: the words outside tables, the tables, how many headings

_SIGN = re.compile(r"[$€£)%]|\)%")
_VALUE = re.compile(r"[$€£]?\s?\(?\d[\d,.]*\)?%?")


def ours(path: Path) -> Pages:
    from ingest.blocks import Text
    from ingest.readers.pdf.reader import read

    pages: dict[int, tuple[list[str], list[Table], set[str]]] = {}
    for block in read(path, path.name, path.parent, None):
        if isinstance(block, Text):
            words, tables, headings = pages.setdefault(block.locator.page or 0, ([], [], set()))
            headings.add(block.locator.heading or "")
            if block.kind == "table":
                tables.extend(_markdown(block.text))
            else:
                words.append(block.text)
    return {page: ("\n".join(words), tables, len(headings)) for page, (words, tables, headings) in pages.items()}


def liteparse(path: Path) -> Pages:
    from liteparse import LiteParse  # type: ignore[import-not-found]

    found = LiteParse(ocr_enabled=False, output_format="markdown", quiet=True).parse(str(path))
    pages = {}
    for page in found.pages:
        text = getattr(page, "markdown", None) or page.text
        lines = [line for line in text.split("\n") if not line.startswith("|")]
        pages[page.page_num] = "\n".join(lines), list(_markdown(text)), sum(line.startswith("#") for line in lines)
    return pages


def pdfplumber(path: Path) -> Pages:
    import pdfplumber as library  # type: ignore[import-not-found]

    pages = {}
    with library.open(path) as document:
        for page in document.pages:
            tables = [[[" ".join((cell or "").split()) for cell in row] for row in table] for table in page.extract_tables() if table]
            pages[page.page_number] = page.extract_text() or "", tables, 0
            page.close()
    return pages


READERS: dict[str, Callable[[Path], Pages]] = {"ours": ours, "liteparse": liteparse, "pdfplumber": pdfplumber}


def _markdown(text: str) -> Iterator[Table]:
    table: Table = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            if set(line) - set("|-: "):
                table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
        elif table:
            yield table
            table = []


def _headed(table: Table) -> bool:
    """Whether the first row has words over columns of figures, and no figures itself."""
    return any(table[0][1:]) and not any(_VALUE.fullmatch(cell) and not re.fullmatch(r"(?:19|20)\d\d", cell) for cell in table[0])


def _stands(pages: Pages, wanted: dict[str, object]) -> bool:
    """Whether the value stands in a table of its page in a column whose head has all the words."""
    _, tables, _ = pages.get(int(str(wanted["page"])), ("", [], 0))
    for table in tables:
        for row in table[1:]:
            for n, cell in enumerate(row):
                head = table[0][n] if n < len(table[0]) else ""
                if str(wanted["value"]) in cell and all(str(word).lower() in head.lower() for word in wanted["head"]):  # type: ignore[attr-defined]
                    return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wanted", type=Path)
    parser.add_argument("--readers", nargs="+", default=list(READERS), choices=list(READERS))
    given = parser.parse_args()
    wanted = [json.loads(line) for line in given.wanted.read_text().splitlines() if line] if given.wanted else []
    for name in given.readers:
        counts = Counter[str]()
        seconds = 0.0
        for path in sorted(given.folder.glob("*.pdf")):
            start = time.process_time()
            try:
                pages = READERS[name](path)
            except ImportError:
                break
            except Exception:  # a crash is what is counted
                counts["crashes"] += 1
                continue
            seconds += time.process_time() - start
            tables = [table for _, tables, _ in pages.values() for table in tables if len(table) > 1 and max(map(len, table)) > 1]
            counts["pages"] += len(pages)
            counts["tables"] += len(tables)
            counts["headed"] += sum(map(_headed, tables))
            counts["signs"] += sum(any(_SIGN.fullmatch(cell) for row in table for cell in row) for table in tables)
            counts["headings"] += sum(headings for _, _, headings in pages.values())
            last = Counter(re.sub(r"\d+", "#", text.strip().split("\n")[-1]) for text, _, _ in pages.values() if text.strip())
            counts["repeated last lines"] += sum(count for count in last.values() if count > 2)
            counts["values under their heads"] += sum(_stands(pages, each) for each in wanted if each["file"] == path.name)
        else:
            print(f"{name}: {counts['pages'] / max(seconds, 0.01):.0f} pages a CPU second, {dict(counts)} of {len(wanted)} wanted")
            continue
        print(f"{name}: not installed")


if __name__ == "__main__":
    main()
