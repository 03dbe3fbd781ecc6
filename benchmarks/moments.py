"""How near the moments are that are found in recordings and films: the questions of data/gold/spoken.jsonl over the whole sample.

    .venv/bin/python benchmarks/moments.py [LIBRARY]

*found* is the rank of the first hit that is said or shown within five seconds of the gold's time; *cited* is the moment at which the
answer of `quote` opens the player, the nearest of its citations. Prints the table of moments.md. Needs the model of speech (`make speech`).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ingest import ingest
from rag import Library, Settings
from rag.evaluate.metrics import CUTS, NEAR
from rag.evaluate.questions import load_questions
from rag.evaluate.run import evaluate
from rag.records import clock

DATA = Path(__file__).parent.parent / "data"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(sys.argv[1] if len(sys.argv) > 1 else folder)
        with Library.open(place, Settings(library=place)) as library:
            print(f"{len(ingest([DATA / 'sample'], library).failed)} files not taken")
            measure(library)


def measure(library: Library) -> None:
    met, near = [], 0
    print("| question | time | found | cited |\n|---|---|---|---|")
    outcomes = evaluate(library, load_questions(DATA / "gold" / "spoken.jsonl"), model="quote")
    for outcome in outcomes:
        wanted = {need["source"]: need["time"] for need in outcome.asked.relevant}
        found = min((rank for rank in outcome.ranks if rank), default=None)
        met.append(found or 1000)
        cited = [
            (each.locator.time[0], each.locator.time[0] - wanted[each.source])
            for each in (outcome.answer.citations if outcome.answer else ())
            if each.locator.time and each.source in wanted
        ]
        at, away = min(cited, key=lambda each: abs(each[1]), default=(None, 1000.0))
        near += abs(away) <= NEAR
        time = clock(next(iter(wanted.values())))
        print(f"| {outcome.asked.question} | {time} | {found or '-'} | {clock(at) if at is not None else '-'} |")
    hits = ", ".join(f"hit@{k} {sum(rank <= k for rank in met) / len(met):.2f}" for k in CUTS)
    print(f"\n{hits}; a citation begins within {NEAR:g} s: {near / len(met):.2f} (n = {len(met)})")


if __name__ == "__main__":
    main()
