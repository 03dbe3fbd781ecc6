"""Files of questions: .txt, .csv, .tsv and .jsonl, for batch and for evaluation."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import UsageError

LISTS = ("history", "keywords", "relevant")
NEED: dict[str, tuple[type, ...]] = {
    "source": (str,), "text": (str,), "image": (str,), "page": (int,), "modality": (str,), "time": (int, float),
}  # fmt: skip
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # how Excel's "Unicode text" begins
SEPARATORS = ",;\t"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Asked:
    """One row: a question with how to ask it and, in gold, what should come. `image` is the path of `image_query`."""

    id: str
    question: str
    history: tuple[dict[str, str], ...] = ()
    image: Path | None = None
    k: int | None = None
    modality: str | None = None
    source: str | None = None
    answerable: bool = True
    answer: str | None = None
    keywords: tuple[str, ...] = ()
    relevant: tuple[dict[str, Any], ...] = ()
    row: dict[str, Any] = field(default_factory=dict, compare=False)


def load_questions(path: Path) -> list[Asked]:
    """The rows of a file, in order. Raises UsageError, with the line, for what does not parse, and for a doubled id."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.", "Name a .txt, .csv or .jsonl file of questions.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Give a UTF-8 text file; Excel calls it 'CSV UTF-8'.") from None
    rows = _ROWS.get(path.suffix.lower())
    if rows is None:
        raise UsageError(f"{path.name} is of no kind that holds questions.", "Give a .txt, .csv or .jsonl file.")
    asked: list[Asked] = []
    lines: dict[str, int] = {}
    for number, (line, row) in enumerate(rows(text, path.name), 1):
        each = _asked(row, number, f"{path.name}, line {line}", path.parent)
        if each.id in lines:
            raise UsageError(
                f"{path.name}, line {line}: the id '{each.id}' stands in line {lines[each.id]} already.", "Give each row its own id."
            )
        lines[each.id] = line
        asked.append(each)
    if not asked:
        raise UsageError(f"{path.name} holds no question.", "Write one question a line.")
    return asked


def _text_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, question in enumerate(text.splitlines(), 1):
        if question.strip():
            yield line, {"question": question.strip()}


def _jsonl_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        try:
            row = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{name}, line {line}: this is no JSON ({error}).", "Write one JSON object a line.") from None
        if not isinstance(row, dict):
            raise UsageError(f"{name}, line {line}: this is no JSON object.", 'Write for instance {"question": "..."}.')
        yield line, row


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", delimiter=_separator(text))
    try:
        columns = [column.strip().lower() for column in reader.fieldnames or ()]
        if columns and "question" not in columns:
            raise UsageError(
                f"{name} has no column 'question'; its columns are {', '.join(map(repr, reader.fieldnames or ()))}.",
                "Name one 'question' in the first line; a file of questions alone can be a .txt, one a line.",
            )
        reader.fieldnames = columns
        for cells in reader:
            if any(cells.get("") or ()):
                raise UsageError(f"{name}, line {reader.line_num}: more cells than columns.", "Put texts with commas in quotation marks.")
            row = {column: value for column, value in cells.items() if column and value}
            if not row:
                continue
            for column in LISTS:
                if column in row:
                    try:
                        row[column] = json.loads(row[column])
                    except (ValueError, RecursionError):
                        raise UsageError(
                            f"{name}, line {reader.line_num}: '{column}' is no JSON list.", 'Write for instance ["1791"].'
                        ) from None
            yield reader.line_num, row
    except csv.Error as error:
        raise UsageError(f"{name}, line {reader.line_num}: {error}.", "Give a CSV file with a header line.") from None


def _separator(text: str) -> str:
    """What stands between the columns: that by which one of them is 'question', else that which makes most columns of the first line."""

    def columns(separator: str) -> list[str]:
        return [column.strip().lower() for column in next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])]

    with suppress(csv.Error):
        return max(SEPARATORS, key=lambda each: ("question" in columns(each), len(columns(each))))
    return ","


_ROWS = {".txt": _text_rows, ".jsonl": _jsonl_rows, ".csv": _csv_rows, ".tsv": _csv_rows}


def _asked(row: dict[str, Any], number: int, where: str, folder: Path) -> Asked:
    def wrong(what: str, hint: str) -> UsageError:
        return UsageError(f"{where}: {what}.", hint)

    row = json.loads(LONE_SURROGATE.sub("\ufffd", json.dumps(row, ensure_ascii=False)))
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        raise wrong("there is no question", "Every row needs a 'question'.")
    modality = row.get("modality") or None
    if modality not in (None, "text", "image"):
        raise wrong(f"the modality is '{modality}'", "It is 'text' or 'image'.")
    for column in LISTS:
        if not isinstance(row.get(column) or [], list):
            raise wrong(f"'{column}' is no list", "docs/evaluation.md tells the form of question files.")
    history = row.get("history") or []
    if not all(
        isinstance(turn, dict) and isinstance(turn.get("content"), str) and turn.get("role") in ("user", "assistant") for turn in history
    ):
        raise wrong("'history' is not made of turns", 'Write [{"role": "user", "content": "..."}, ...].')
    if not isinstance(row.get("answer") or "", str):
        raise wrong("'answer' is no text", "Write the gold answer in words.")
    source = row.get("source") or ""
    if isinstance(source, list) and all(isinstance(each, str) for each in source):
        source = "\n".join(source)
    for column, value in (("source", source), ("image_query", row.get("image_query") or "")):
        if not isinstance(value, str) or "\0" in value:
            raise wrong(f"'{column}' is no name", "Write it as a text.")
    relevant = row.get("relevant") or []
    if not all(isinstance(need, dict) and _is_need(need) for need in relevant):
        raise wrong("'relevant' is not made of what can be found", f"""Write [{{"source": "...", "text": "..."}}], of {", ".join(NEED)}.""")
    try:
        k = int(row["k"]) if row.get("k") not in (None, "") else None
    except (ValueError, TypeError, OverflowError):
        k = 0
    if k is not None and k < 1:
        raise wrong(f"k is '{row['k']}'", "It is a whole number from 1.")
    answerable = row.get("answerable")
    return Asked(
        id=str(row["id"]) if row.get("id") not in (None, "") else f"q{number}",
        question=question.strip(),
        history=tuple({"role": turn["role"], "content": turn["content"]} for turn in history),
        image=folder / row["image_query"] if row.get("image_query") else None,
        k=k,
        modality=modality,
        source=source or None,
        answerable=str(answerable).strip().lower() not in ("false", "0", "no") if answerable is not None else True,
        answer=(row.get("answer") or "").strip() or None,
        keywords=tuple(map(str, row.get("keywords") or [])),
        relevant=tuple(relevant),
        row=row,
    )


def _is_need(need: dict[str, Any]) -> bool:
    """Whether an entry of `relevant` names something, each by a value of its kind."""
    named = need.keys() & NEED.keys()
    return bool(named) and all(type(need[name]) in NEED[name] for name in named) and need.get("modality", "text") in ("text", "image")
