"""Rows of a Markdown table as records, "head: value" on a line each: for rows that do not fit below the heads of their columns."""

from __future__ import annotations

from rag.language.tabular import cells


def record(head: list[str], row: str) -> list[str]:
    """The values of a row that are not blank, each with the head of its column."""
    values = cells(row)
    names = [*head, *[""] * (len(values) - len(head))]
    return [f"{name}: {value}" if name else value for name, value in zip(names, values, strict=False) if value]
