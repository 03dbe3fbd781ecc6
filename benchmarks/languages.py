"""Which language a question is taken to be in: every English question of the gold, and questions in 25 languages.

    .venv/bin/python benchmarks/languages.py

benchmarks/gold/languages.jsonl has the questions in other languages, and English ones with foreign names in them.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rag.language import detect
from rag.language.detect import language_of

ROOT = Path(__file__).parents[1]
LANGUAGES = Path(__file__).parent / "gold" / "languages.jsonl"
SURES = (0.4, 0.5, 0.55, 0.6, 0.65, 0.7)


def questions() -> list[tuple[str, str]]:
    """Each question once, with its language."""
    rows = [json.loads(line) for line in LANGUAGES.read_text("utf-8").splitlines()]
    found = [(row["language"], row["question"]) for row in rows]
    for path in sorted([*(ROOT / "data" / "gold").glob("*.jsonl"), *LANGUAGES.parent.glob("*.jsonl")]):
        if path != LANGUAGES:
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            found += [("en", line.get("question") or line["statement"]) for line in lines]
    return list(dict.fromkeys(found))


def judged(asked: Sequence[tuple[str, str]]) -> tuple[Counter[str], Counter[str]]:
    """How many are told right, wrongly and not at all: of those in English, of the others."""
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for language, question in asked:
        found = language_of(question)
        counts[language != "en"]["right" if found == language else "wrong" if found else "not told"] += 1
    return counts


def main() -> None:
    began = time.perf_counter()
    language_of("How high is the tower?")
    print(f"The first question takes {time.perf_counter() - began:.1f} s.")
    asked = questions()
    began = time.perf_counter()
    judged(asked)
    print(f"One of {len(asked)} takes {1000 * (time.perf_counter() - began) / len(asked):.2f} ms.\n")
    print("| SURE | English: right | not told | wrong | others: right | not told | wrong |\n|---|---|---|---|---|---|---|")
    for sure in SURES:
        language_of.cache_clear()
        before, detect.SURE = detect.SURE, sure
        cells = [str(count[kind]) for count in judged(asked) for kind in ("right", "not told", "wrong")]
        detect.SURE = before
        print(f"| {sure} | {' | '.join(cells)} |")
    language_of.cache_clear()
    for language, question in asked:
        if (found := language_of(question)) not in (language, ""):
            print(f"{language}, taken for {found}: {question}")


if __name__ == "__main__":
    main()
