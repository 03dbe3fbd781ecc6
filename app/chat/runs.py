"""Evaluations of a library, kept in its folder: each a folder named by date, questions and model, with figures, answers and report."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from app.chat.jobs import Job, Tell
from app.chat.turn import moved
from rag.errors import UsageError
from rag.records import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from rag.evaluate.questions import Asked
    from rag.evaluate.run import Outcome
    from rag.library import Library

FOLDER = "runs"
CARD, ANSWERS = "card.json", "answers.jsonl"
SEARCH_ONLY = "search"
LONGEST = 40  # letters of a name in the name of the folder


@dataclass(frozen=True)
class Run:
    """What a run measured: `gold` names its questions, of which `n` of `of` were asked with `k` hits; `model` is "search" where nothing was
    answered."""

    id: str
    gold: str
    model: str
    at: str
    n: int
    of: int
    k: int


class Runs:
    """The runs of one library for all sessions of the process; one is under way at a time, and no page that is left ends it."""

    def __init__(self, library: Library):
        self.library = library
        self.folder = library.folder / FOLDER
        self.job: Job[Run] | None = None
        self._stopped = threading.Event()
        self._guard = threading.Lock()

    @property
    def running(self) -> Job[Run] | None:
        return self.job if self.job is not None and not self.job.done else None

    def start(self, questions: Sequence[Asked], gold: str, *, model: str | None, k: int) -> Job[Run]:
        """Ask the questions, with `model` (None: only search), and keep what came. Raises UsageError where a run is under way."""
        with self._guard:
            if self.running is not None:
                raise UsageError("Another run is under way.", "Wait for it, or stop it.")
            self._stopped.clear()
            self.job = Job(lambda tell: self._work(questions, gold, model, k, tell))
        return self.job

    def stop(self) -> None:
        """End the run after the question that is being asked; what was asked is kept."""
        self._stopped.set()

    def listed(self) -> list[Run]:
        """The runs that are kept, the latest first."""
        found = [run for card in self.folder.glob(f"*/{CARD}") if (run := _read(card))]
        return sorted(found, key=lambda run: (run.at, run.id), reverse=True)

    def path(self, run: Run) -> Path:
        """The folder of a run, in the form that `diptych compare` reads."""
        return self.folder / run.id

    def metrics(self, run: Run) -> dict[str, Any]:
        """The contract's figures."""
        metrics: dict[str, Any] = json.loads((self.path(run) / "metrics.json").read_text("utf-8"))
        return metrics

    def rows(self, run: Run) -> list[dict[str, Any]]:
        """A row for each question: needs, ranks, measures."""
        return [json.loads(line) for line in (self.path(run) / "outcomes.jsonl").read_text("utf-8").splitlines()]

    def answers(self, run: Run) -> list[Answer]:
        """What came for each question, in the same order."""
        lines = (self.path(run) / ANSWERS).read_bytes().splitlines()
        return [moved(_json().validate_json(line), self.library.folder / "media") for line in lines]

    def delete(self, run: Run) -> None:
        rmtree(self.path(run), ignore_errors=True)

    def _work(self, questions: Sequence[Asked], gold: str, model: str | None, k: int, tell: Tell) -> Run:
        from app.asked import model as check
        from rag.evaluate.report import prepare, write_report
        from rag.evaluate.run import evaluate

        if model is not None:
            check(self.library.settings, model)
        at = datetime.now().astimezone()
        name = f"{at:%Y-%m-%d-%H%M%S}-{_short(Path(gold).stem)}-{_short(model or SEARCH_ONLY)}"
        folder = next(each for n in count(1) if not (each := self.folder / (name if n == 1 else f"{name}-{n}")).exists())
        prepare(folder)
        try:
            outcomes = evaluate(
                self.library,
                questions,
                retrieval_only=model is None,
                model=model,
                k=k,
                ablation=any(asked.relevant for asked in questions),
                progress=lambda done, of: tell(f"{done} / {of}", done / of),
                stop=self._stopped.is_set,
            )
            if not outcomes:
                raise UsageError("The run was stopped before its first question.", "Start it again.")
            write_report(folder, self.library, Path(gold), outcomes)
        except Exception:
            rmtree(folder, ignore_errors=True)
            raise
        run = Run(folder.name, gold, model or SEARCH_ONLY, at.isoformat(timespec="seconds"), len(outcomes), len(questions), k)
        (folder / ANSWERS).write_bytes(b"".join(_json().dump_json(_answer(each)) + b"\n" for each in outcomes))
        (folder / CARD).write_text(json.dumps(asdict(run), ensure_ascii=False), "utf-8")  # last: without it there is no run
        return run


def _answer(outcome: Outcome) -> Answer:
    asked = outcome.asked
    return outcome.answer or Answer(asked.question, asked.question, None, (), id=asked.id, refused=None, error=outcome.error)


def _read(card: Path) -> Run | None:
    """The run of a folder; None where it is of another make."""
    try:
        run = Run(**json.loads(card.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return run if run.id == card.parent.name else None


def _short(name: str) -> str:
    return re.sub(r"[^\w.]+", "-", name).strip("-.")[-LONGEST:] or "questions"


@cache
def _json() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
