"""How a follow-up is best made whole: by the rules, by a packaged model, or by a model where the rules see that it leans on what was said.

    .venv/bin/python benchmarks/turning.py sample=LIBRARY debian-edu=LIBRARY kicad=LIBRARY [--model SPEC]... [--part NAME] [--show]

benchmarks/gold/turns.jsonl holds conversations: the turns before are asked with `quote` as a user would ask them, and what the last one
must find is known, with the question that it stands for (`whole`), which shows what could be had. Those of kind "alone" stand by
themselves. The rules were mended on the part "development" alone. Prints the rows of the table in answers.md; --show every turn, too.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, median

from rag import Library, Settings
from rag.answer import chain
from rag.answer.chain import Asked, Turn
from rag.answer.condense import as_told, rewritten, to_the_matter, whole_by_rule
from rag.answer.events import final
from rag.evaluate.metrics import first_met, folded
from rag.evaluate.questions import Asked as Row
from rag.evaluate.questions import load_questions
from rag.llm import choose
from rag.llm.base import stream as generate
from rag.prompts import load
from rag.records import Answer

GOLD = Path(__file__).parent / "gold" / "turns.jsonl"
MODELS = ("packaged:qwen2.5-0.5b", "packaged:qwen2.5-1.5b")
FIRST = 5
COLUMNS = ("part", "made whole by", "lean", "found", "right", "alone", "found", "right", "left as they are", "seconds")
History = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Outcome:
    """What one way made of the last turn of a conversation, and what came of it."""

    row: Row
    whole: str
    found: bool
    right: bool
    seconds: float
    answer: str

    @property
    def alone(self) -> bool:
        return self.row.row["kind"] == "alone"


def conversation(library: Library, row: Row) -> list[dict[str, str]]:
    """The turns before the last one, with what `quote` answers to them."""
    history: list[dict[str, str]] = []
    for asked in row.row["before"]:
        answer = library.ask(asked, history=history, model="quote")
        history += [{"role": "user", "content": asked}, {"role": "assistant", "content": answer.answer or ""}]
    return history


def made_whole(library: Library, rows: Sequence[Row], models: Sequence[str]) -> Iterator[tuple[str, Row, Turn, str, float]]:
    """Each conversation's last turn as each way makes it whole, and the seconds that it took."""
    asked = []
    for row in rows:
        history = conversation(library, row)
        turn = chain.begin(library.basis, Asked(row.question, tuple(history), model="quote"))
        asked.append((row, turn, to_the_matter(history)[-chain.HISTORY_TURNS :]))
    for row, turn, history in asked:
        yield "nothing", row, turn, turn.question.core, 0.0
        began = time.perf_counter()
        ruled = whole_by_rule(turn.question, history)
        yield "rules", row, turn, ruled, time.perf_counter() - began
        yield "hand", row, turn, row.row["whole"], 0.0
    for spec in models:
        by_model(library, spec, *asked[0][1:])  # loads it
        for row, turn, history in asked:
            began = time.perf_counter()
            whole = by_model(library, spec, turn, history)
            seconds = time.perf_counter() - began
            yield f"`{spec}`", row, turn, whole, seconds
            leans = turn.question.points_back
            yield f"`{spec}` where it leans", row, turn, whole if leans else turn.question.core, seconds if leans else 0.0


def by_model(library: Library, spec: str, turn: Turn, history: History) -> str:
    """What a model makes of the question; the question itself where that is none."""
    messages = load("condense", library.settings).render(history=as_told(history), question=turn.question.core)
    written = "".join(piece for piece in generate(choose(library.settings, spec), messages) if isinstance(piece, str))
    return rewritten(written) or turn.question.core


def answered(library: Library, turn: Turn, whole: str) -> Answer:
    """The answer to the turn, its question made whole in this way."""
    turn = replace(turn, question=turn.question.made_whole(whole))
    return final(chain.answer(library.basis, chain.retrieve(library.basis, turn)))


def _outcome(row: Row, answer: Answer, whole: str, seconds: float) -> Outcome:
    found = any(rank is not None and rank <= FIRST for rank in first_met(answer.hits, row.relevant))
    said = folded(answer.answer or "")
    right = found if not row.keywords else not answer.refused and all(folded(word) in said for word in row.keywords)
    return Outcome(row, whole, found, right, seconds, "refused" if answer.refused else answer.answer or "")


def line(part: str, name: str, found: Sequence[Outcome]) -> str:
    """The row of the table for one way."""
    cells = []
    for alone in (False, True):
        some = [each for each in found if each.alone is alone]
        cells += [str(len(some)), f"{mean(each.found for each in some):.2f}", f"{mean(each.right for each in some):.2f}"]
    kept = [each.whole.rstrip("?. ").casefold() == each.row.row["whole"].rstrip("?. ").casefold() for each in found if each.alone]
    seconds = median(each.seconds for each in found)
    return f"| {' | '.join([part, name, *cells, f'{mean(kept):.2f}', f'{seconds:.1f}' if seconds >= 0.05 else '0.0'])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="+", metavar="NAME=LIBRARY")
    parser.add_argument("--model", action="append", metavar="SPEC", help="may be given again; `none` for the rules alone")
    parser.add_argument("--part", choices=("development", "test"))
    parser.add_argument("--show", action="store_true")
    words = parser.parse_args()
    models = [spec for spec in words.model or MODELS if spec != "none"]
    rows = [row for row in load_questions(GOLD) if words.part in (None, row.row["part"])]
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for name, folder in (each.split("=") for each in words.libraries):
        with Library.open(folder, Settings(library=Path(folder), llm="quote"), create=False) as library:
            for way, row, turn, whole, seconds in made_whole(library, [row for row in rows if row.row["corpus"] == name], models):
                outcome = _outcome(row, answered(library, turn, whole), whole, seconds)
                found[row.row["part"], way].append(outcome)
                if words.show:
                    shown = {"way": way, "id": row.id, "kind": row.row["kind"], "part": row.row["part"], "question": row.question}
                    shown |= {"whole": whole, "found": outcome.found, "right": outcome.right, "seconds": round(seconds, 2)}
                    print(json.dumps(shown | {"answer": outcome.answer[:300]}, ensure_ascii=False), flush=True)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for (part, way), some in sorted(found.items(), key=lambda each: each[0][0]):
        print(line(part, way, some))


if __name__ == "__main__":
    main()
