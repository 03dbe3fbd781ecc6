"""How well a judge agrees with people: answers that were graded by hand, graded by it too."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from rag.errors import UsageError
from rag.evaluate.judge import NOT_HELD, SCALE, Case, Grade, chosen, grades, judge
from rag.evaluate.metrics import average
from rag.evaluate.run import Outcome
from rag.llm import Model
from rag.settings import PROJECT, Settings

LABELLED = PROJECT / "benchmarks" / "gold" / "judged.jsonl"
"""Of a clone; an installed package has none."""
WORST = 10
BAD = 2  # a grade up to which an answer is among the worst


@dataclass(frozen=True)
class Label:
    """An answer with the grade that a person gave it, and why."""

    case: Case
    label: int
    why: str


@dataclass(frozen=True)
class Agreement:
    """Of `n` labelled answers, over those that got a grade: the share with the same grade and with one at most one off, Cohen's kappa with
    quadratic weights (1968; None where all grades and labels are one), and by how much the judge is kinder than the labels, on average.
    `ungraded` are those whose reply held no grade, `failed` those for which the judge failed."""

    n: int
    exact: float | None
    within_1: float | None
    kappa: float | None
    kinder: float | None
    ungraded: int
    failed: int


@dataclass(frozen=True)
class Judgement:
    """What a judge gave: the grades of an evaluation, and those of the labelled answers beside their labels."""

    model: str
    grades: Sequence[Grade]
    labelled: Sequence[tuple[Label, Grade]] = ()
    answered_by: Sequence[str] = ()

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What the judge failed at, by id, with its error."""
        return [(each.case.id, each.error) for each in (*self.grades, *(grade for _, grade in self.labelled)) if each.error]

    def worst(self) -> list[Grade]:
        """The answers of the lowest grades, in the order of the questions."""
        bad = [each for each in self.grades if each.grade is not None and each.grade <= BAD]
        return sorted(bad, key=lambda each: each.grade or 0)[:WORST]

    def told(self) -> list[str]:
        """The figures in words, each line a sentence or two."""
        figures = self.to_dict()
        shares = ", ".join(f"{count} × {grade}" for grade, count in reversed(figures["distribution"].items()))
        rest = {"replies held no grade": figures["ungraded"], "could not be judged": figures["failed"]}
        lost = "".join(f" {count} {what}." for what, count in rest.items() if count)
        mean = "–" if figures["mean"] is None else f"{figures['mean']:.2f}"
        lines = [
            f"Graded by {self.model}: {mean} of 4 on average over {figures['n']} answers ({shares}); "
            f"{figures['by_rule']} of them, the refusals, by rule.{lost}"
        ]
        if self.model in self.answered_by:
            lines.append("The judge wrote the answers itself: models tend to be kind to their own.")
        return [*lines, *self._believed(figures["agreement"])]

    def _believed(self, found: dict[str, Any] | None) -> list[str]:
        if not found:
            return ["How far this judge can be believed was not measured: there are no answers graded by hand (--labels)."]
        if found["exact"] is None:
            return [f"How far this judge can be believed is unknown: it graded none of {found['n']} answers that were graded by hand."]
        kappa = "–" if found["kappa"] is None else f"{found['kappa']:.2f}"
        bent = "stricter" if found["kinder"] < 0 else "kinder"
        lost = f"; {found['ungraded'] + found['failed']} got no grade" if found["ungraded"] + found["failed"] else ""
        return [
            f"On {found['n']} answers graded by hand it gives the same grade to {found['exact']:.0%}, one at most one off to "
            f"{found['within_1']:.0%}, and is {abs(found['kinder']):.2f} grades {bent} on average; "
            f"weighted kappa {kappa}{lost}."
        ]

    def to_dict(self) -> dict[str, Any]:
        """The figures: `n` graded of those that could be, their mean, how many have each grade, and the agreement."""
        given = [each.grade for each in self.grades if each.grade is not None]
        return {
            "model": self.model,
            "n": len(given),
            "mean": average(map(float, given)),
            "distribution": {str(grade): given.count(grade) for grade in sorted(SCALE)},
            "by_rule": sum(each.by == "rule" for each in self.grades),
            "ungraded": sum(each.grade is None and each.error is None for each in self.grades),
            "failed": sum(each.error is not None for each in self.grades),
            "agreement": asdict(agreement(self.labelled)) if self.labelled else None,
        }


@dataclass(frozen=True)
class Bench:
    """A judge at hand, with the answers that people graded; made before the long work, so that what is wrong is told first."""

    model: Model
    settings: Settings
    labels: Sequence[Label]

    @classmethod
    def of(cls, settings: Settings, spec: str | None, labels: Path | None, retrieval_only: bool) -> Bench | None:
        """None where no judge is asked for. Raises UsageError where there is nothing to judge, or by whom; ModelError."""
        if spec is None:
            if labels is not None:
                raise UsageError("Labels are for a judge.", "Name one with --judge SPEC.")
            return None
        if retrieval_only:
            raise UsageError("There are no answers to judge.", "Leave out --retrieval-only, or --judge.")
        known = load_labels(labels or LABELLED) if labels or LABELLED.is_file() else []
        return cls(chosen(settings, spec), settings, known)

    def judge(self, outcomes: Sequence[Outcome], progress: Callable[[int, int], None] = lambda done, of: None) -> Judgement:
        """Grade the answers, then those with labels; `progress` counts both."""
        of = len(outcomes) + len(self.labels)
        given = judge(outcomes, self.model, self.settings, lambda done, _: progress(done, of))
        again = grades([each.case for each in self.labels], self.model, self.settings, lambda done, _: progress(len(outcomes) + done, of))
        writers = {outcome.answer.model for outcome in outcomes if outcome.answer and outcome.answer.model}
        return Judgement(self.model.name, given, list(zip(self.labels, again, strict=True)), sorted(writers))


def load_labels(path: Path) -> list[Label]:
    """The lines of a file of labelled answers. Raises UsageError, with the line, for what is none."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Name a .jsonl file of labelled answers.") from None
    return [_label(line, f"{path.name}, line {number}", f"l{number}") for number, line in enumerate(lines, 1) if line.strip()]


def agreement(labelled: Sequence[tuple[Label, Grade]]) -> Agreement:
    """The judge's grades against the labels."""
    pairs = [(label.label, grade.grade) for label, grade in labelled if grade.grade is not None]
    apart = [grade - label for label, grade in pairs]
    return Agreement(
        n=len(labelled),
        exact=average(float(each == 0) for each in apart),
        within_1=average(float(abs(each) <= 1) for each in apart),
        kappa=_kappa(pairs),
        kinder=round(mean(apart), 4) if apart else None,
        ungraded=sum(grade.grade is None and grade.error is None for _, grade in labelled),
        failed=sum(grade.error is not None for _, grade in labelled),
    )


def _kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    if len({value for pair in pairs for value in pair}) < 2:
        return None
    labels, given = zip(*pairs, strict=True)
    return round(float(cohen_kappa_score(labels, given, labels=sorted(SCALE), weights="quadratic")), 4)


def _label(line: str, where: str, id: str) -> Label:
    try:
        row = json.loads(line)
        case = Case(str(row.get("id") or id), row["question"], NOT_HELD if row["gold"] is None else row["gold"], row["answer"])
        label, why = row["label"], row.get("why") or ""
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        label, case, why = None, None, ""
    if (
        case is None
        or type(label) is not int
        or label not in SCALE
        or not all(isinstance(each, str) for each in (*vars(case).values(), why))
    ):
        raise UsageError(
            f"{where}: this is no labelled answer.",
            'Write {"question": "...", "gold": "...", "answer": "...", "label": 0 to 4, "why": "..."}.',
        )
    return Label(case, label, why)
