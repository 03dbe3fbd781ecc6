"""What a model that reads is worth beside `quote`: how often its own words are right, pass the check, and what the reader gets in the end.

    .venv/bin/python benchmarks/reading.py NAME=LIBRARY... [--model SPEC]... [--every N] [--show]

asks every Nth answerable question with keywords of each library's gold file (libraries are made by benchmarks/evaluating.py). *Right* is
an answer with all keywords of its question, *partly* one with some, *beside* one with none. Prints rows of the table in answers.md; with
--show also each question, with the verdict and the model's own words, to be judged by eye.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from rag import Library, Settings
from rag.answer.events import Done, Draft
from rag.evaluate.metrics import folded
from rag.evaluate.questions import Asked, load_questions
from rag.records import Answer

ROOT = Path(__file__).parent.parent
COLUMNS = ("corpus", "model", "questions", "own words right", "written", "of these right")
COLUMNS += ("right", "partly", "beside", "refused", "words", "first", "all")


@dataclass(frozen=True)
class Told:
    """An answer with the model's own words, and the seconds to the first of them and to the end."""

    asked: Asked
    answer: Answer
    own: str
    first: float
    seconds: float

    @property
    def written(self) -> bool:
        return bool(self.own) and not self.answer.fallback and not self.answer.refused


def told(library: Library, asked: Asked, model: str) -> Told:
    began, own, first, answer = time.perf_counter(), "", None, None
    for event in library.stream(asked.question, history=asked.history, k=asked.k, source=asked.source, model=model):
        if isinstance(event, Draft):
            first, own = first or time.perf_counter() - began, own + event.text
        if isinstance(event, Done):
            answer = event.answer
    assert answer is not None
    seconds = time.perf_counter() - began
    return Told(asked, answer, own, first or seconds, seconds)


def held(asked: Asked, text: str | None) -> float:
    """The share of the keywords of a question that a text holds."""
    return mean(float(folded(word) in folded(text or "")) for word in asked.keywords)


def row(corpus: str, model: str, found: Sequence[Told]) -> str:
    shares = [held(each.asked, each.answer.answer) for each in found]
    own = [held(each.asked, each.own) == 1 for each in found]
    written = [right for right, each in zip(own, found, strict=True) if each.written]
    refused = mean(bool(each.answer.refused) for each in found)
    cells = [
        f"{mean(own):.2f}" if any(each.own for each in found) else "",
        f"{len(written) / len(found):.2f}" if any(each.own for each in found) else "",
        f"{mean(written):.2f}" if written else "",
        f"{mean(share == 1 for share in shares):.2f}",
        f"{mean(0 < share < 1 for share in shares):.2f}",
        f"{mean(share == 0 for share in shares) - refused:.2f}",
        f"{refused:.2f}",
        f"{mean(len((each.answer.answer or '').split()) for each in found):.0f}",
        f"{median(each.first for each in found):.1f}",
        f"{median(each.seconds for each in found):.1f}",
    ]
    return f"| {corpus} | `{model}` | {len(found)} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="+", metavar="NAME=LIBRARY")
    parser.add_argument("--model", action="append", default=[])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    words = parser.parse_args()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name, _, folder in (each.partition("=") for each in words.libraries):
        gold = ROOT / "data/gold/sample.jsonl" if name == "sample" else ROOT / f"benchmarks/gold/{name}.jsonl"
        asked = [each for each in load_questions(gold) if each.answerable and each.keywords and not each.image][:: words.every]
        with Library.open(Path(folder), Settings(library=Path(folder)), create=False) as library:
            for model in words.model or ["quote", "packaged:qwen2.5-0.5b", "packaged:qwen2.5-1.5b"]:
                told(library, asked[0], model)  # loads it
                found = [told(library, each, model) for each in asked]
                print(row(name, model, found), flush=True)
                for each in found if words.show else ():
                    verdict = "written " if each.written else "refused " if each.answer.refused else "replaced"
                    print(f"    {verdict} {held(each.asked, each.own):.1f} {each.asked.question} {each.asked.keywords}\n        {each.own}")


if __name__ == "__main__":
    main()
