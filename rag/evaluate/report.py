"""The report folder of an evaluation: figures and outcomes as files to compare, and a page with plots and every miss."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.agreement import Judgement
from rag.evaluate.judge import SCALE
from rag.evaluate.metrics import NAMES
from rag.evaluate.plots import NAMED, ablation, plots
from rag.evaluate.run import Outcome
from rag.evaluate.summary import MISSED_BEYOND, measured, misses, summary
from rag.library import Library
from rag.records import Hit

THUMBNAIL = 180  # pixels
EXCERPT = 220  # characters

_SECRET = re.compile(r"//[^/@\s]*@")  # user and password in an address


def prepare(folder: Path) -> None:
    """Make the folder, before long work is done for it. Raises UsageError where it cannot be written."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.html").touch()


def write_report(folder: Path, library: Library, gold: Path, outcomes: Sequence[Outcome], judgement: Judgement | None = None) -> None:
    """`report.html` with its plots as PNG beside it, `metrics.json`, `run.json` (what was measured), `outcomes.jsonl` and `misses.jsonl`;
    where a judge was asked, `grades.jsonl`.

    Raises UsageError where the folder cannot be written.
    """
    metrics, made, drawn = summary(outcomes, judgement), _run(library, gold, outcomes), plots(outcomes)
    if judgement:
        made["judge"] = judgement.model
    texts = {
        "metrics.json": json.dumps(metrics, indent=2) + "\n",
        "run.json": json.dumps(made, indent=2, ensure_ascii=False) + "\n",
        "outcomes.jsonl": _lines(rows(outcomes)),
        "misses.jsonl": _lines(misses(outcomes)),
        "report.html": page(metrics, made, drawn, outcomes, judgement),
    }
    if judgement:
        texts["grades.jsonl"] = _lines(graded(judgement))
    prepare(folder)
    with _writing(folder):
        (folder / "grades.jsonl").unlink(missing_ok=True)  # of an earlier run
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8", errors="replace")
        for name, png in drawn.items():
            (folder / f"{name}.png").write_bytes(png)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.", "Name a folder that you may write to.") from None


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """One row a question: what was asked and needed, the ranks, its measures, and where its hits stand."""
    return [
        {
            "id": outcome.asked.id,
            "question": outcome.asked.question,
            "query": outcome.answer and outcome.answer.query,
            "answerable": outcome.asked.answerable,
            "needs": list(outcome.asked.relevant),
            "ranks": outcome.ranks,
            "apart": dict(outcome.apart),
            "measures": measures,
            "refused": outcome.answer and outcome.answer.refused,
            "chance": outcome.answer and outcome.answer.chance,
            "answer": outcome.answer and outcome.answer.answer,
            "hits": [
                {"rank": hit.rank, "modality": hit.modality, "source": hit.source, "origin": hit.origin, "locator": hit.locator.to_dict()}
                for hit in (outcome.answer.hits if outcome.answer else ())
            ],
            "error": outcome.error,
        }
        for outcome, measures in zip(outcomes, measured(outcomes), strict=True)
    ]


def graded(judgement: Judgement) -> list[dict[str, Any]]:
    """One row an answer that was judged, those with labels last: what the judge was shown, its grade and its reason."""
    both = [(None, grade) for grade in judgement.grades] + [(label.label, grade) for label, grade in judgement.labelled]
    return [
        {**vars(grade.case), "label": label, "grade": grade.grade, "reason": grade.reason, "by": grade.by, "error": grade.error}
        for label, grade in both
    ]


def page(
    metrics: Mapping[str, Any],
    made: Mapping[str, Any],
    drawn: Mapping[str, bytes],
    outcomes: Sequence[Outcome],
    judgement: Judgement | None = None,
) -> str:
    """The report as one HTML page that needs no other file; all text in it is escaped."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["figure"] = _figure
    template = environment.from_string(files("rag.evaluate").joinpath("report.html").read_text("utf-8"))
    return template.render(
        metrics=metrics,
        made=made,
        measures=NAMES,
        named=NAMED,
        plots={name: _uri(png, "png") for name, png in drawn.items()},
        ablation=ablation(outcomes),
        misses=_missed(outcomes),
        beyond=MISSED_BEYOND,
        judgement=judgement,
        scale=SCALE,
        failures=[outcome for outcome in outcomes if outcome.error],
    )


def _missed(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Each question with a need that was not met in time: the needs, and what came instead."""
    found = []
    for outcome in outcomes:
        needs = [
            {"rank": rank, "words": ", ".join(f"{name} “{value}”" for name, value in need.items())}
            for need, rank in zip(outcome.asked.relevant, outcome.ranks, strict=True)
            if rank is None or rank > MISSED_BEYOND
        ]
        if needs:
            came = outcome.answer.hits[:MISSED_BEYOND] if outcome.answer else ()
            found.append({"outcome": outcome, "needs": needs, "came": [_came(hit) for hit in came]})
    return found


def _came(hit: Hit) -> dict[str, Any]:
    text = " ".join(hit.own.split())
    where = (hit.source, hit.locator.heading, f"page {hit.locator.page}" if hit.locator.page else None)
    return {
        "rank": hit.rank,
        "modality": hit.modality,
        "place": " · ".join(filter(None, where)),
        "text": text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…",
        "picture": _thumbnail(hit.media) if hit.media else None,
    }


@lru_cache(maxsize=1024)
def _thumbnail(path: str) -> str | None:
    """The picture as a small data URI; None where it cannot be read."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.thumbnail((THUMBNAIL, THUMBNAIL))
            out = io.BytesIO()
            image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB").save(out, "WEBP", quality=80)
    except (OSError, ValueError):
        return None
    return _uri(out.getvalue(), "webp")


def _run(library: Library, gold: Path, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What was measured, with what, when; passwords left out."""
    state = library.status()
    try:
        own = version("diptych")
    except PackageNotFoundError:
        own = None
    settings = library.settings.model_dump(mode="json", exclude={"milvus_token"})
    return {
        "gold": gold.name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": own,
        "models": sorted({outcome.answer.model for outcome in outcomes if outcome.answer and outcome.answer.model}),
        "settings": {name: _SECRET.sub("//", value) if isinstance(value, str) else value for name, value in settings.items()},
        "encoders": state["encoders"] | {"adapted": _adapted(state["adapter"])},
        "library": {name: state[name] for name in ("files", "passages", "figures", "pictures", "language", "bytes")},
    }


def _adapted(card: Mapping[str, Any] | None) -> str | None:
    """The routes on which the library searches as it learnt, and when that was."""
    return f"{', '.join(name for name, route in card['routes'].items() if route['on'])}, {card['at']}" if card else None


def _figure(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and value < 10 else f"{value:,.0f}"


def _lines(values: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _uri(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
