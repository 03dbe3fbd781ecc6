"""The report of an evaluation: a table on screen; metrics and misses as files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.output import out
from rag.errors import UsageError
from rag.evaluate.run import Outcome, misses


def print_metrics(metrics: dict[str, Any]) -> None:
    """Retrieval by modality as a table, then answers and latency."""
    from rich.table import Table

    table = Table("", *metrics["retrieval"]["all"], box=None)
    for kind, values in metrics["retrieval"].items():
        table.add_row(kind, *("-" if value is None else f"{value:g}" for value in values.values()))
    out.print(table)
    for part in ("answer", "latency_ms"):
        told = ", ".join(f"{name} {value:g}" for name, value in metrics[part].items() if value is not None)
        out.print(f"{part}: {told or '-'}", markup=False)


def write_report(folder: Path, metrics: dict[str, Any], outcomes: Sequence[Outcome]) -> None:
    """`metrics.json`, and `misses.jsonl` with every need not met within 5 and what came instead."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", "utf-8")
        lines = (json.dumps(miss, ensure_ascii=False) + "\n" for miss in misses(outcomes))
        (folder / "misses.jsonl").write_text("".join(lines), "utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.", "Name a folder that you may write to.") from None
