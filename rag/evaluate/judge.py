"""Answers graded by a model: it is shown the gold answer and the answer, and what it replies is read for a grade from 0 to 4."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.condense import as_told
from rag.errors import DiptychError, UsageError
from rag.evaluate.metrics import folded, is_image_need, meets
from rag.evaluate.questions import Asked
from rag.evaluate.run import Outcome
from rag.language.claims import MARK
from rag.language.split import sentences
from rag.llm import Model, Stats, choose
from rag.llm.base import stream as generate
from rag.prompts import Prompt, load
from rag.records import Answer
from rag.settings import Settings

SCALE = {
    4: "right: it says what the gold answer says, in whatever words",
    3: "nearly right: what was asked is answered, but a lesser part of the gold answer is missing or inexact",
    2: "half right: a part of what was asked is answered rightly, another is missing or wrong",
    1: "beside: true perhaps, and about the same thing, but it does not answer the question",
    0: "wrong: it contradicts the gold answer, or it does not answer where the gold answer does",
}
NOT_HELD = "(The documents do not hold the answer. Right is only an answer that says so; one that states something is wrong.)"
LONGEST_ANSWER = 2000  # characters that the judge is shown
LONGEST_GOLD = 1600
LONGEST_REPLY = 800  # characters that are waited for, thoughts apart
LONGEST_THOUGHT = 8000
LONGEST_REASON = 240
FAULTS = 3  # of the model in a row, after which it is asked no more

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_SPELLED = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4"}
_WORDS = "|".join(_SPELLED)
_OF = r"(?:\s*(?:/|out of)\s*(?P<of>\d+))?"
_CLOSE = r"[\"'*_)\]`]*"
_WRITTEN = re.compile(rf"(?P<n>-?\d+(?:\.\d+)?|{_WORDS}){_OF}", re.IGNORECASE)
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
# where a grade may stand: behind its name, at the beginning of the reply, or on a line of its own
_NAMED = re.compile(
    rf"\b(?:grade|score|rating|mark)\b[\"'*_\s]*(?:is|of|[:=–—-])?[\"'*_\s(\[]*(?P<n>\d+(?:\.\d+)?|{_WORDS})\b{_OF}{_CLOSE}", re.IGNORECASE
)
_LEADING = re.compile(
    rf"\A[\"'*_#>(\[`]*(?:[-•]\s+)?(?P<n>\d+(?:\.\d+)?)\b{_OF}{_CLOSE}(?=\s*(?:\Z|[-–—:=.,;(\n]|because\b|since\b)|\s+[A-Z])"
)
_ALONE = re.compile(rf"^[\"'*_#>(\[` \t]*(?P<n>\d|{_WORDS}){_OF}{_CLOSE}[.! \t]*$", re.IGNORECASE | re.MULTILINE)
_LABEL = re.compile(r"^\W*(?:(?:reason|because|explanation|why)\b\s*:?)?\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """What is graded: a question (with the turns before it), the gold answer or what stands in for it, and an answer."""

    id: str
    question: str
    gold: str
    answer: str


@dataclass(frozen=True)
class Grade:
    """What a case got: `grade` is None where the judge's reply holds none (it is the `reason` then), and where the judge failed (`error`).

    Refusals are graded by rule: the gold tells whether they are right.
    """

    case: Case
    grade: int | None
    reason: str
    by: Literal["model", "rule"] = "model"
    error: str | None = None


def chosen(settings: Settings, spec: str) -> Model:
    """The model that judges. Raises UsageError for quotes, ModelUnavailable, ModelUnknown, ModelError, PromptError."""
    model = choose(settings, spec)
    load("judge", settings)
    if model.chat is None:
        which = "'quote'" if spec == "quote" else f"'{spec}' is 'quote' here, which"
        raise UsageError(f"{which} writes no text of its own, so it cannot judge.", "Name a model, for example `ollama:llama3`.")
    return model


def judge(
    outcomes: Sequence[Outcome], model: Model, settings: Settings, progress: Callable[[int, int], None] = lambda done, of: None
) -> list[Grade]:
    """A grade for each answer that came and whose gold has words to go by, in the order of the questions."""
    found: list[Grade | Case] = []
    for outcome in outcomes:
        if outcome.answer is None or outcome.error or outcome.answer.refused is None:
            continue
        if case := case_of(outcome.asked, outcome.answer):
            found.append(_by_rule(case, outcome.asked, outcome.answer) or case)
    by_model = iter(grades([each for each in found if isinstance(each, Case)], model, settings, progress))
    return [next(by_model) if isinstance(each, Case) else each for each in found]


def case_of(asked: Asked, answer: Answer) -> Case | None:
    """A question with its gold and its answer; None where the gold has no words: no answer, no keywords, no text that should be found."""
    gold = _gold(asked, answer)
    question = f"{as_told(asked.history)}\nuser: {asked.question}" if asked.history else asked.question
    return Case(asked.id, question, gold, MARK.sub("", answer.answer or "").strip()) if gold else None


def grades(
    cases: Sequence[Case], model: Model, settings: Settings, progress: Callable[[int, int], None] = lambda done, of: None
) -> list[Grade]:
    """What the model says of each case. Its errors are told in the grades; after FAULTS in a row it is asked no more."""
    prompt = load("judge", settings)
    found: list[Grade] = []
    faults = 0
    for at, case in enumerate(cases):
        progress(at, len(cases))
        found.append(_asked(case, model, prompt) if faults < FAULTS else replace(found[-1], case=case))
        faults = faults + 1 if found[-1].error else 0
    progress(len(cases), len(cases))
    return found


def read_grade(reply: str) -> tuple[int | None, str]:
    """The grade that a reply holds ("4 - the same year", "Score: 3/4", JSON), and its reason.

    None, with the reply, where it holds none, or another on each of two places, or one of another scale.
    """
    text = _THOUGHT.sub("", reply).strip()
    if told := _as_json(text):
        return told
    for pattern in (_NAMED, _LEADING, _ALONE):
        found = list(pattern.finditer(text))
        if found:
            values = {_number(each) for each in found}
            if len(values) > 1 or None in values:
                break
            rest = text[: found[0].start()] + " " + text[found[0].end() :]
            return values.pop(), _line(_LABEL.sub("", rest)) or _line(rest)
    return None, _line(text)


def _gold(asked: Asked, answer: Answer) -> str:
    """The gold answer; without one, what should be found, with the passage around it where it was found, and the keywords."""
    if not asked.answerable:
        return NOT_HELD
    if asked.answer:
        return asked.answer
    lines = []
    for need in asked.relevant:
        if "text" in need and not is_image_need(need):
            hit = next((hit for hit in answer.hits if meets(hit, need)), None)
            lines.append(_around(need["text"], hit.evidence) if hit else need["text"])
    if asked.keywords:
        lines.append(f"The answer must name: {'; '.join(asked.keywords)}")
    return "\n".join(dict.fromkeys(lines))


def _around(snippet: str, passage: str) -> str:
    """The sentence of a passage in which a snippet stands; the snippet where it stands in none alone."""
    return next((sentence for sentence in sentences(passage) if folded(snippet) in folded(sentence)), snippet)


def _by_rule(case: Case, asked: Asked, answer: Answer) -> Grade | None:
    """Of what needs no judge: a refusal, and an answer without words."""
    if answer.refused:
        if asked.answerable:
            return Grade(case, 0, "Refused, and the gold has an answer.", "rule")
        return Grade(case, 4, "Refused, and the documents do not hold the answer.", "rule")
    return None if case.answer else Grade(case, 0, "The answer is empty.", "rule")


def _asked(case: Case, model: Model, prompt: Prompt) -> Grade:
    scale = "\n".join(f"{grade} = {means}" for grade, means in SCALE.items())
    values = {"question": case.question, "gold": _cut(case.gold, LONGEST_GOLD), "answer": _cut(case.answer, LONGEST_ANSWER)}
    reply, note = "", None
    try:
        with closing(generate(model, prompt.render(scale=scale, **values))) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if isinstance(piece, Stats):
                    note = piece.note if piece.truncated else None
                else:
                    reply += piece
                    if len(reply) > LONGEST_THOUGHT or len(_THOUGHT.sub("", reply).strip()) > LONGEST_REPLY:
                        break
    except DiptychError as error:
        return Grade(case, None, "", error=f"{error} {error.hint}".strip())
    return Grade(case, None, "", error=note) if note else Grade(case, *read_grade(reply))


def _as_json(text: str) -> tuple[int | None, str] | None:
    """The grade and the reason of a JSON object; None where there is none with a grade."""
    found = _OBJECT.search(text)
    try:
        told = {str(name).lower(): value for name, value in json.loads(found.group()).items()} if found else {}
    except (ValueError, RecursionError):
        return None
    value = next((told[name] for name in ("grade", "score", "rating", "mark") if name in told), None)
    reason = next((told[name] for name in ("reason", "why", "explanation") if name in told), "")
    written = _WRITTEN.fullmatch(str(value).strip())
    return None if value is None else (_number(written) if written else None, _line(str(reason)))


def _number(found: re.Match[str]) -> int | None:
    """A whole number of the scale."""
    if found["of"] not in (None, "4"):
        return None
    value = float(_SPELLED.get(found["n"].lower(), found["n"]))
    return int(value) if value in SCALE else None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]} …"


def _line(text: str) -> str:
    return _cut(" ".join(text.split()), LONGEST_REASON)
