"""What a model that reads is worth beside `quote`: how often its own words are right, pass the check, and what the reader gets in the end.

    .venv/bin/python benchmarks/reading.py NAME=LIBRARY[=GOLD.jsonl]... [--model SPEC]... [--every N] [--keep FILE.jsonl]

asks every Nth answerable question with keywords of each library's gold file (libraries are made by benchmarks/evaluating.py). *Right* is
an answer with all keywords of its question, *partly* one with some, *beside* one with none; *cited* is the share of answers that cite a
passage which the gold file names. *False* is an answer headed by a model's own words that gold/answers.jsonl labels so; what it does not
know is told behind the row. Prints rows of the table in answers.md. --keep writes each answer down, with the model's own words, to be
judged by eye; what stands there already is not asked again.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from rag import Library, Settings
from rag.answer.events import Done, Draft
from rag.evaluate.metrics import folded, meets
from rag.evaluate.questions import Asked, load_questions

ROOT = Path(__file__).parent.parent
MODELS = ("quote", "packaged:qwen2.5-0.5b", "packaged:qwen2.5-1.5b")
COLUMNS = ("corpus", "model", "questions", "own words right", "written", "of these right")
COLUMNS += ("right", "partly", "beside", "false", "refused", "cited", "words", "first", "all")
LABELLED = ROOT / "benchmarks" / "gold" / "answers.jsonl"


def told(library: Library, asked: Asked, model: str) -> dict[str, Any]:
    """An answer with the model's own words, and the seconds to the first of them and to the end."""
    began, own, first, answer = time.perf_counter(), "", None, None
    for event in library.stream(asked.question, history=asked.history, k=asked.k, source=asked.source, model=model):
        if isinstance(event, Draft):
            first, own = first or time.perf_counter() - began, own + event.text
        if isinstance(event, Done):
            answer = event.answer
    assert answer is not None
    seconds = time.perf_counter() - began
    cited = [hit for hit in answer.hits if hit.rank in {citation.rank for citation in answer.citations}]
    return {
        "question": asked.question,
        "keywords": asked.keywords,
        "own": own,
        "written": bool(own) and not answer.fallback and not answer.refused,
        "refused": bool(answer.refused),
        "answer": answer.answer or "",
        "quotes": [citation.quote for citation in answer.citations],
        "cited": any(meets(hit, need) for hit in cited for need in asked.relevant),
        "first": round(first or seconds, 2),
        "seconds": round(seconds, 2),
    }


def held(row: dict[str, Any], text: str) -> float:
    """The share of the keywords of a question that a text holds."""
    return mean(float(folded(word) in folded(text)) for word in row["keywords"])


def labels() -> dict[tuple[str, str], str]:
    """What was found by hand about what a model wrote, by the question and the words."""
    rows = (json.loads(each) for each in LABELLED.read_text("utf-8").splitlines())
    return {(each["question"], each["own"]): each["own_label"] for each in rows if each.get("own")}


def line(corpus: str, model: str, found: Sequence[dict[str, Any]], known: dict[tuple[str, str], str]) -> str:
    """The row of the table for the answers of one model."""
    shares = [held(each, each["answer"]) for each in found if not each["refused"]]
    own = [held(each, each["own"]) == 1 for each in found]
    written = [right for right, each in zip(own, found, strict=True) if each["written"]]
    wrote = any(each["own"] for each in found)
    judged = [known.get((each["question"], each["own"])) for each in found if each["written"]]
    unknown = judged.count(None)
    cells = [
        f"{mean(own):.2f}" if wrote else "",
        f"{len(written) / len(found):.2f}" if wrote else "",
        f"{mean(written):.2f}" if written else "",
        *(f"{sum(share) / len(found):.2f}" for share in zip(*((each == 1, 0 < each < 1, each == 0) for each in shares), strict=True)),
        f"{judged.count('false') / len(found):.2f}",
        f"{mean(each['refused'] for each in found):.2f}",
        f"{mean(each['cited'] for each in found if not each['refused']):.2f}",
        f"{mean(len(each['answer'].split()) for each in found):.0f}",
        f"{median(each['first'] for each in found):.1f}",
        f"{median(each['seconds'] for each in found):.1f}",
    ]
    return f"| {corpus} | `{model}` | {len(found)} | {' | '.join(cells)} |" + (f" {unknown} not labelled" if unknown else "")


def answers(library: Library, corpus: str, model: str, asked: Sequence[Asked], keep: Path | None) -> Iterator[dict[str, Any]]:
    """The answers to all questions, those that were kept before as they stand."""
    kept = [json.loads(each) for each in keep.read_text("utf-8").splitlines()] if keep and keep.exists() else []
    known = {(each["corpus"], each["model"], each["id"]): each for each in kept}
    if any((corpus, model, each.id) not in known for each in asked):
        told(library, asked[0], model)  # loads it
    for each in asked:
        row = known.get((corpus, model, each.id))
        if row is None:
            row = {"corpus": corpus, "model": model, "id": each.id, **told(library, each, model)}
            if keep:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
        yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="+", metavar="NAME=LIBRARY[=GOLD]")
    parser.add_argument("--model", action="append", default=[])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    words = parser.parse_args()
    known = labels()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name, folder, *gold in (each.split("=") for each in words.libraries):
        path = Path(gold[0]) if gold else ROOT / ("data/gold/sample.jsonl" if name == "sample" else f"benchmarks/gold/{name}.jsonl")
        asked = [each for each in load_questions(path) if each.answerable and each.keywords and not each.image][:: words.every]
        with Library.open(Path(folder), Settings(library=Path(folder)), create=False) as library:
            for model in words.model or MODELS:
                print(line(name, model, list(answers(library, name, model, asked, words.keep)), known), flush=True)


if __name__ == "__main__":
    main()
