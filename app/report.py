"""An evaluation, two of them compared, and what a library learnt, on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.output import one_line, out, say

if TYPE_CHECKING:
    from rag.adapt import Report
    from rag.evaluate.agreement import Judgement
    from rag.evaluate.compare import Comparison

CLEAR = 0.05  # a p-value below it is marked
MOST_CHANGED = 20
LEARNT = {"dense": "Words find passages", "visual": "Words find pictures"}


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


def print_judgement(judgement: Judgement) -> None:
    """The mean grade with how often each was given, how far the judge can be believed, and the worst answers with its reasons."""
    for line in judgement.told():
        out.print(one_line(line), markup=False)
    for each in judgement.worst():
        out.print(one_line(f"{each.grade}  {each.case.id}: {each.reason}"), markup=False)


def print_comparison(found: Comparison) -> None:
    """A line a measure, then what differs in the settings, and the questions that changed."""
    from rich.text import Text

    head = ("", "n", "A", "B", "B - A", "95 %", "p", "better", "worse", "same")
    line = "{:26}{:>5}{:>9}{:>9}{:>9}{:>18}{:>9} {:>7}{:>7}{:>6}".format
    out.print(Text(line(*head), style="dim"))
    for group, measures in found.measures.items():
        for name, each in measures.items():
            low, high = each.interval
            clear = each.p < CLEAR
            numbers = (f"{each.a:.4g}", f"{each.b:.4g}", f"{each.difference:+.3g}", f"{low:+.2g} to {high:+.2g}")
            cells = (f"{group} {name}", each.n, *numbers, f"{each.p:.4f}", each.wins, each.losses, each.ties)
            out.print(Text(line(*cells) + " *" * clear, style="bold" if clear else ""))
    out.print(f"{found.n} questions in both. * p below {CLEAR:g}, each measure by itself.", markup=False)
    for name, (one, other) in found.settings.items():
        out.print(Text(one_line(f"{name}: {one} -> {other}")))
    for change in found.changed[:MOST_CHANGED]:
        ranks = " -> ".join(", ".join("none" if rank is None else str(rank) for rank in run) or "no needs" for run in change["ranks"])
        refused = " -> ".join("refused" if run else "answered" for run in change["refused"])
        changes = [f"ranks {ranks}", refused if change["refused"][0] != change["refused"][1] else ""]
        out.print(Text(one_line(f"{change['gain']:+.3f}  {change['id']}: {change['question']} ({'; '.join(filter(None, changes))})")))
    if len(found.changed) > MOST_CHANGED:
        say(f"and {len(found.changed) - MOST_CHANGED} more; --json names them all.")
    for words, ids in (("only in A", found.only_a), ("only in B", found.only_b), ("not the same question in both", found.unlike)):
        if ids:
            say(f"Not compared, {words}: {one_line(', '.join(ids))}", "yellow")


def print_adapted(report: Report) -> None:
    """For each route whether it is on, what it was learnt from, and what was gained on what was held back."""
    from rich.text import Text

    for name, route in report.routes.items():
        out.print(Text.assemble((LEARNT[name], "bold"), f": {'on' if route.on else f'as before, since {route.why}'}"))
        pairs = ", ".join(f"{count} by {kind}" for kind, count in route.pairs.items())
        out.print(f"  {sum(route.pairs.values())} pairs{f' ({pairs})' if pairs else ''}", markup=False)
        if route.before and route.after and route.gain:
            low, high = route.gain.interval
            figures = ", ".join(f"{measure} {value:.2f} -> {route.after[measure]:.2f}" for measure, value in route.before.items())
            out.print(f"  of {route.held_back} held back, by this route alone: {figures} (95 %: {low:+.2f} to {high:+.2f})", markup=False)
        for what, each in (("the whole search", route.searched), ("the whole search, on the gold", route.gold)):
            if each:
                out.print(f"  {what}: mrr {each.a:.2f} -> {each.b:.2f} (of {each.n})", markup=False)
    if any(route.on for route in report.routes.values()):
        say("Kept in the library; `diptych adapt --off` takes it back.")
    else:
        say("The library searches as before.")
