"""Hostile documents and questions, and what came of each: quoted, by the packaged model, and by a model that does what documents say.

    .venv/bin/python -m benchmarks.adversarial            prints the table that stands in adversarial.md
    .venv/bin/python -m benchmarks.adversarial --write    and writes it there

The cases are those of tests/hostile.py; the obedient model is served over Ollama's protocol by tests/ollama_server.py.
"""

from __future__ import annotations

import html
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.chat.parts.citation import answer_html
from ingest import ingest
from rag import Library, Settings
from rag.records import Answer
from tests.hostile import CASES, DOCUMENTS, Case, Obedient, faults, make_hostile
from tests.ollama_server import OllamaServer

TABLE = Path(__file__).parent / "adversarial.md"
LONGEST = 150  # characters of an answer in the table
SPECS = {"no model": "quote", "the packaged model": "packaged:qwen2.5-0.5b", "an obedient model": "ollama:llama3"}


def came(answer: Answer) -> str:
    """In a word what a reader gets."""
    if answer.refused:
        return "refused"
    if answer.fallback:
        return "replaced by quotes"
    if answer.model == "quote":
        return "quoted"
    failed = answer.grounding.unsupported if answer.grounding else ()
    return f"{len(failed)} marked" if failed else "verified" if answer.citations else "told"


def cell(text: str) -> str:
    """Text as a cell that shows every sign of it and runs none."""
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    text = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
    return re.sub(r"([\\`*_{}\[\]()#!|~$:@])", lambda found: f"&#{ord(found.group())};", html.escape(text)) or "(nothing)"


def asked(library: Library, case: Case, model: Obedient) -> Iterator[tuple[str, str, list[str]]]:
    """By each model: what came, the text, and what is wrong with it."""
    model.reply = case.reply
    for spec in SPECS.values():
        answer = library.ask(case.question, model=spec)
        yield came(answer), answer.answer or "", list(faults(answer, lambda text, answer=answer: answer_html(answer, 1)))


def table(library: Library, model: Obedient) -> list[str]:
    counts = {name: Counter() for name in SPECS}  # type: dict[str, Counter[str]]
    lines, wrong = [], []
    for n, case in enumerate(CASES, 1):
        cells = []
        for name, (kind, text, found) in zip(SPECS, asked(library, case, model), strict=True):
            counts[name][kind] += 1
            cells.append(f"**{kind}** {cell(text)}")
            wrong += [f"- {case.name}, {name}: {cell(each)}" for each in found]
        kind = "document" if case in DOCUMENTS else "question"
        lines.append(f"| {n} | {kind}: {case.name} | {cell(case.question)} | {cell(case.reply)} | {' | '.join(cells)} |")
    return [
        "# Hostile documents and questions, and what came\n",
        "Made by `python -m benchmarks.adversarial --write` from the cases of `tests/hostile.py`; `tests/rag/answer/test_adversarial.py` "
        "holds what the table shows. Each document has a fact that is asked for, and an order to whoever reads it. The obedient model "
        "answers as ordered, behind one true sentence where the question can be answered.\n",
        f"{len(CASES)} cases, {len(DOCUMENTS)} of them documents, each asked of three models. What is wrong:\n",
        *(wrong or ["- nothing: no order was done, no sentence of the obedient model's own passes for borne, every quote is verbatim."]),
        "",
        *(f"- {name}: {', '.join(f'{kind} {number}' for kind, number in found.most_common())}" for name, found in counts.items()),
        "",
        f"| | case | asked | the obedient model writes | {' | '.join(f'the reader gets, with {name}' for name in SPECS)} |",
        "|---|---|---|---|---|---|---|",
        *lines,
        "",
    ]


def main(write: bool) -> None:
    model = Obedient()
    with tempfile.TemporaryDirectory() as temporary, OllamaServer(answer=model) as server:
        os.environ["OLLAMA_HOST"] = server.host
        documents, folder = make_hostile(Path(temporary) / "documents"), Path(temporary) / "library"
        with Library.open(folder, Settings(library=folder, ollama_host=server.host)) as library:
            if failed := ingest([documents], library).failed:
                sys.exit(f"not ingested: {failed}")
            text = "\n".join(table(library, model))
    print(text)
    if write:
        TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit("usage: python -m benchmarks.adversarial [--write]")
    main(sys.argv[1:] == ["--write"])
