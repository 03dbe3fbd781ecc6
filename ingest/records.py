"""Rows of a Markdown table as records, "head: value" on a line each: for rows that do not fit below the heads of their columns."""

from __future__ import annotations

import re

_BAR = re.compile(r"(?<!\\)\|")


def cells(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|"))]


def record(head: list[str], row: str) -> list[str]:
    """The values of a row that are not blank, each with the head of its column."""
    values = cells(row)
    names = [*head, *[""] * (len(values) - len(head))]
    return [f"{name}: {value}" if name else value for name, value in zip(names, values, strict=False) if value]
