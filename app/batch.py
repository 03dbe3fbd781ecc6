"""A file of questions through the chat's own pipeline, into a file of answers; what was answered survives an interruption."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import DiptychError, UsageError
from rag.evaluate.questions import Asked, load_questions
from rag.evaluate.run import ask
from rag.library import Library
from rag.records import Answer, Locator

FORMATS = (".csv", ".jsonl", ".md")
NESTED = ("citations", "hits", "grounding", "usage", "timings_ms", "refused")
LARGEST_CELL = 2**31 - 1  # as far as a C long goes everywhere


def run_batch(
    library: Library,
    questions: Path,
    out: Path,
    *,
    model: str | None = None,
    source: str | None = None,
    retrieval_only: bool = False,
    resume: bool = False,
    force: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, of, id: None,
) -> dict[str, Any]:
    """Answer every row of `questions` into `out`, in order; of `source` those that name none. Rows that fail carry their `error`; `resume`
    asks only those and new ones, `force` begins anew.

    While it runs, answers are appended to `out` + ".part"; `out` is written whole at the end.
    Raises UsageError for files that cannot be read or written, where both are one, and where answers are there and neither is wanted.
    """
    if out.suffix.lower() not in FORMATS:
        raise UsageError(f"{out.name} is of no kind that answers can be written to.", f"End its name in {', '.join(FORMATS)}.")
    if resume and out.suffix.lower() == ".md":
        raise UsageError("A Markdown file cannot be resumed.", "Write to .jsonl or .csv.")
    rows = [_narrowed(row, source) for row in load_questions(questions)]
    if out.exists() and out.samefile(questions):
        raise UsageError(f"{out} holds the questions themselves.", "Name another file for the answers.")
    part = out.with_name(out.name + ".part")
    if not resume and not force and (there := next((each for each in (out, part) if each.exists()), None)):
        begun = " is there already" if there == out else " holds what an interrupted run answered"
        goes_on = "" if out.suffix.lower() == ".md" else ", --resume asks only what it does not hold"
        raise UsageError(f"{there}{begun}.", f"Name another file{goes_on}, --force writes it anew.")
    done = _answered(out, part) if resume else {}
    digests = [content(asked, model, retrieval_only) for asked in rows]
    answers: list[dict[str, Any]] = []
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        kept = [row for asked, digest in zip(rows, digests, strict=True) if (row := done.get((asked.id, digest)))]
        part.write_text("".join(_line(row) for row in kept), "utf-8")
        with part.open("a", encoding="utf-8") as journal:
            for count, (asked, digest) in enumerate(zip(rows, digests, strict=True)):
                progress(count, len(rows), asked.id)
                row = done.get((asked.id, digest))
                if row is None:
                    row = _row(library, asked, model, retrieval_only) | {"content": digest}
                    journal.write(_line(row))
                    journal.flush()
                answers.append(row)
        whole = out.with_name(out.name + ".whole")
        whole.write_text(written(answers, out.suffix.lower()), "utf-8")
        whole.replace(out)
        part.unlink()
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.", "Name a file in a folder that you may write to.") from None
    return {"n": len(answers), "failed": sum(bool(row["error"]) for row in answers), "out": str(out)}


def written(rows: Sequence[dict[str, Any]], suffix: str) -> str:
    """Answers as the text of a file of one of the FORMATS."""
    return _WRITERS[suffix](rows)


def _narrowed(asked: Asked, source: str | None) -> Asked:
    """The row with the source that it is asked of where it names none."""
    return replace(asked, source=source, row=asked.row | {"source": source}) if source and not asked.source else asked


def content(asked: Asked, model: str | None, retrieval_only: bool) -> str:
    """A digest of all that a row asks, and of whom: with another one, the row is asked anew."""
    told = {name: value for name, value in asked.row.items() if name not in ("id", "answerable", "keywords", "relevant")}
    return hashlib.blake2b(json.dumps([told, model, retrieval_only], sort_keys=True).encode(), digest_size=8).hexdigest()


def _row(library: Library, asked: Asked, model: str | None, retrieval_only: bool) -> dict[str, Any]:
    try:
        answer = ask(library, asked, model, retrieval_only)
    except DiptychError as error:
        answer = Answer(asked.question, asked.question, None, (), id=asked.id, refused=None, error=f"{error} {error.hint}".strip())
    return answer.to_dict()


def _answered(out: Path, part: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows answered before, without those that failed."""
    rows: list[dict[str, Any]] = []
    try:
        if out.exists():
            with out.open(encoding="utf-8-sig", newline="") as stream:
                text = stream.read()
            rows += _read_csv(text) if out.suffix.lower() == ".csv" else _read_jsonl(text)
        if part.exists():
            rows += _read_jsonl(part.read_text("utf-8", "replace"))  # an interruption cuts within characters too
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{out} cannot be resumed: {error}.", "Mend or move that file, or leave out --resume to write it anew.") from None
    return {(row["id"], row["content"]): row for row in rows if not row.get("error")}


def _read_jsonl(text: str) -> list[dict[str, Any]]:
    rows = []
    for line in text.split("\n"):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue  # the line that an interruption cut
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("content"), str):
            rows.append(row)
    return rows


def _read_csv(text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    csv.field_size_limit(LARGEST_CELL)
    for cells in csv.DictReader(io.StringIO(text, newline="")):
        row: dict[str, Any] = {name: value or None for name, value in cells.items() if name}
        if not (row.get("id") and row.get("content")):
            continue
        try:
            rows.append(row | {name: json.loads(row[name]) if row.get(name) else None for name in NESTED})
        except (ValueError, RecursionError):
            continue
    return rows


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _jsonl(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(map(_line, rows))


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow({name: json.dumps(value, ensure_ascii=False) if name in NESTED else value for name, value in row.items()})
    return text.getvalue()


def _markdown(rows: Sequence[dict[str, Any]]) -> str:
    pieces = []
    for row in rows:
        pieces.append(f"## {row['id']}: {_plain(row['question'])}\n")
        pieces.append(f"**Failed:** {_plain(row['error'])}\n" if row["error"] and not row["answer"] else f"{_plain(row['answer'] or '')}\n")
        for each in row["citations"] if row["answer"] else row["hits"]:
            page, moment = each["locator"].get("page"), Locator.from_dict(each["locator"]).moment
            where = ", ".join(filter(None, [_plain(each["source"]), f"page {page}" if page else "", moment]))
            told = each.get("quote", each.get("text", ""))
            pieces.append(f"- [{each.get('n', each['rank'])}] {where}: {_plain(told)}")
        pieces.append(f"\n*{row['model'] or ('no search' if row['answer'] else 'retrieval only')}*\n")
    return "\n".join(pieces)


def _plain(text: str) -> str:
    """Text as one line that Markdown does not read as markup of its own."""
    return " ".join(text.split()).replace("<", "&lt;").replace("#", "\\#").replace("|", "\\|").replace("](", "]\\(")


_WRITERS = {".jsonl": _jsonl, ".csv": _csv, ".md": _markdown}
