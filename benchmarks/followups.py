"""What the follow-up questions are worth: how many come, whether they are answered, and with something new.

    .venv/bin/python benchmarks/followups.py LIBRARY data/gold/sample.jsonl [--model SPEC] [--tokens N] [--every N] [--show]

Asks every Nth answerable question of a gold file with `quote`, takes the follow-ups that are offered, and asks each of them in the same
conversation. They are made by rule; with --model by that one alone, which is shown --tokens of passages. Prints a row of the table in
benchmarks/answers.md; with --show every question with what it led to, too.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from rag import Library, Settings
from rag.answer import followups
from rag.evaluate.questions import load_questions
from rag.evaluate.run import ask
from rag.llm import choose
from rag.records import Answer


def cited(answer: Answer) -> set[tuple[str, str]]:
    """The passages and pictures that an answer cites."""
    by_rank = {hit.rank: hit for hit in answer.hits}
    found = set()
    for citation in answer.citations:
        hit = by_rank[citation.rank]
        pieces = [" ".join(text.split()) for text, _ in hit.pieces] or [hit.text]
        found.add((hit.source, hit.media or next((text for text in pieces if citation.quote in text), pieces[0])))
    return found


@contextmanager
def by_model(spec: str | None, tokens: int) -> Iterator[list[str]]:
    """Have `spec` make the follow-ups, be it as small as it may; every question that it writes goes into the list."""
    lines: list[str] = []
    if spec is None:
        yield lines
        return
    written = followups._by_model

    def heard(*given: Any) -> list[followups.Candidate]:
        found = written(*given)
        lines.extend(each.question for each in found)
        return found

    with (
        patch.object(followups, "choose", lambda settings, spec: replace(choose(settings, spec), small=False)),
        patch.object(followups, "MODEL_CONTEXT", tokens),
        patch.object(followups, "_by_model", heard),
        patch.object(followups, "_by_rule", lambda *given: []),
    ):
        yield lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--model", metavar="SPEC")
    parser.add_argument("--tokens", type=int, default=followups.MODEL_CONTEXT)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    words = parser.parse_args()
    counts, seconds = [], []
    offered = answered = fresh = 0
    with (
        Library.open(words.library, Settings(library=words.library, llm="quote"), create=False) as library,
        by_model(words.model, words.tokens) as lines,
    ):
        for asked in [each for each in load_questions(words.gold) if each.answerable][:: words.every]:
            answer = ask(library, asked, "quote", False)
            start = time.perf_counter()
            questions = library.follow_ups(answer, model=words.model)
            seconds.append(time.perf_counter() - start)
            counts.append(len(questions))
            history = [*asked.history, {"role": "user", "content": asked.question}, {"role": "assistant", "content": answer.answer or ""}]
            if words.show:
                print(f"\n{asked.question}")
            for question in questions:
                again = library.ask(question, history=history, model="quote")
                offered += 1
                answered += again.refused is False
                fresh += again.refused is False and bool(cited(again) - cited(answer))
                if words.show:
                    print(f"    {question}  {'refused' if again.refused else again.answer}", flush=True)
    shares = [f"{counts.count(number) / len(counts):.2f}" for number in range(4)]
    worth = [f"{answered / offered:.3f}", f"{fresh / answered:.3f}"] if answered else ["", ""]
    times = [f"{np.median(seconds):.2f} s", f"{np.quantile(seconds, 0.95):.2f} s"]
    print("\n| corpus | questions | none | one | two | three | answered | of these, with a new passage | median | 95th percentile |")
    print("|" + "---|" * 10)
    print(f"| {' | '.join([words.gold.stem, str(len(counts)), *shares, *worth, *times])} |")
    if words.model:
        print(f"\n`{words.model}` wrote {len(lines)} questions that are clear by themselves, {len(set(lines))} of them different.")


if __name__ == "__main__":
    main()
