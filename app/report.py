"""The report of an evaluation on screen."""

from __future__ import annotations

from typing import Any

from app.output import out


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
