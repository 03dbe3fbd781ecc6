"""What is added to the time of a model that reads: to its first word, and to each sentence by the check.

    .venv/bin/python benchmarks/writing.py LIBRARY GOLD.jsonl [--model SPEC] [--every N]      prints rows

*First word*: from the question to the model's first word, against the search alone and the bare model on the same prompt, one after the
other; before each the model reads something else, so that neither finds its prompt read already. *Check*: what the check takes of the time
that the model took to write; it goes on writing meanwhile.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from langchain_core.messages import HumanMessage

from rag import Library, Settings
from rag.answer import chain
from rag.answer.compose import Draftsman
from rag.answer.events import Draft
from rag.evaluate.questions import load_questions
from rag.llm import choose

ELSE = [HumanMessage("Count from one to three.")]


class Heard:
    """Notes what the chain asks of the model, and what the check takes."""

    def __init__(self) -> None:
        self.asked: tuple[Any, Any] | None = None
        self.checks: list[float] = []
        self._generate, self._check = chain.generate, Draftsman.check

    def generate(self, model: Any, messages: Any) -> Iterator[Any]:
        self.asked = (model, messages)
        return self._generate(model, messages)

    def check(self, draftsman: Draftsman, piece: Any) -> Any:
        began = time.perf_counter()
        try:
            return self._check(draftsman, piece)
        finally:
            self.checks.append(time.perf_counter() - began)


def until_first(pieces: Iterator[Any], kind: type) -> float:
    """Seconds until the first piece of this kind; the rest is let go."""
    began = time.perf_counter()
    for piece in pieces:
        if isinstance(piece, kind):
            break
    seconds = time.perf_counter() - began
    pieces.close()  # type: ignore[attr-defined]
    return seconds


def main(words: list[str]) -> None:
    model = words.pop(words.index("--model") + 1) if "--model" in words else "packaged:qwen2.5-0.5b"
    every = int(words.pop(words.index("--every") + 1)) if "--every" in words else 6
    folder, gold = (Path(word) for word in words if not word.startswith("--"))
    asked = [each for each in load_questions(gold) if each.answerable and not each.history and not each.image][::every]
    heard, ours, theirs, writing = Heard(), [], [], []
    with (
        Library.open(folder, Settings(library=folder), create=False) as library,
        patch.object(chain, "generate", heard.generate),
        patch.object(Draftsman, "check", lambda *each: heard.check(*each)),
    ):
        until_first(library.stream(asked[0].question, model=model), Draft)
        for each in asked:
            heard.asked = None
            _read_else(heard, library, model)
            first = until_first(library.stream(each.question, model=model), Draft)
            if heard.asked is None or heard.asked[1] is ELSE:
                continue  # it was refused
            prompt = heard.asked
            _read_else(heard, library, model)
            library.encoders.text._alone.cache_clear()  # type: ignore[attr-defined]
            began = time.perf_counter()
            library.search(each.question)
            searched = time.perf_counter() - began
            ours.append(first)
            theirs.append(searched + until_first(heard._generate(*prompt), str))
            heard.checks.clear()
            began = time.perf_counter()
            answer = library.ask(each.question, model=model)
            if heard.checks and answer.timings_ms.get("generate"):
                writing.append(sum(heard.checks) / (answer.timings_ms["generate"] / 1000))
    more = statistics.median(a - b for a, b in zip(ours, theirs, strict=True)) * 1000
    print("| what | ours | against | theirs | difference | wanted |\n|---|---|---|---|---|---|")
    told = f"{statistics.median(ours):.2f} s | search and bare model | {statistics.median(theirs):.2f} s | {more:.0f} ms | at most 50 ms"
    print(f"| first word of `{model}`, {len(ours)} questions | {told} |")
    share = statistics.median(writing)
    print(f"| check of what it writes, {len(writing)} answers | {share:.2f} | of the time of writing | 1 | | at most 0.25 |")


def _read_else(heard: Heard, library: Library, model: str) -> None:
    """Have the model read another prompt."""
    for _ in heard._generate(choose(library.settings, model), ELSE):
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
