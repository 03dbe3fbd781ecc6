"""What commands print: one JSON document on standard output, or text for people; progress and messages go to standard error."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from ingest.report import LeftOut, Report
    from rag.records import Answer, Hit

errors = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

CONTROLS = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}  # Unicode's category Cc


class Output:
    """Standard output of one command. With `json`, what libraries print there goes to standard error, and only `document` comes out."""

    def __init__(self, as_json: bool):
        self.json = as_json
        self._real = None
        if as_json:
            sys.stdout.flush()
            self._real = os.dup(1)
            os.dup2(2, 1)

    def document(self, value: Any) -> None:
        """Print the one JSON document."""
        assert self._real is not None
        data = json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
        with os.fdopen(os.dup(self._real), "wb") as stream:
            stream.write(data)

    def close(self) -> None:
        if self._real is not None:
            sys.stdout.flush()
            os.dup2(self._real, 1)
            os.close(self._real)
            self._real = None


def shown(text: str) -> str:
    """Text from documents, models and names as a terminal may get it: control characters, which could steer it, become U+FFFD."""
    return text.translate(CONTROLS)


def one_line(text: str) -> str:
    """`shown`, for what is one line on screen, such as a name."""
    return shown(text).replace("\n", "\ufffd")


def say(line: str, style: str = "") -> None:
    """A message to the user, on standard error."""
    errors.print(Text(shown(line), style=style))


def held(counts: Mapping[str, Any]) -> str:
    """ "61 files, 105 passages, 50 pictures": the same count everywhere; a picture that several files show is one."""
    return ", ".join(counted(counts[name], name.removesuffix("s")) for name in ("files", "passages", "pictures"))


def counted(number: int, what: str) -> str:
    """ "1 picture", "3 pictures"."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def sized(bytes: int) -> str:
    """ "3.1 MB", as file managers say it."""
    size = float(bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit in ("bytes", "kB") else f"{size:.1f} {unit}"


def place(source: str, locator: Any) -> str:
    """ "guide/lights.md · Lights > Fresnel lens · page 3", "talk.mp3 · 12:31"."""
    numbers = [locator.page and f"page {locator.page}", locator.slide and f"slide {locator.slide}"]
    where = [source, locator.heading, *numbers, locator.sheet, locator.moment]
    return one_line(" · ".join(filter(None, where)))


def print_hits(hits: Sequence[Hit]) -> None:
    """Hits for people: place, ranks by route, the beginning of the passage that was found."""
    for hit in hits:
        routes = ", ".join(f"{name} {rank}" for name, rank in hit.to_dict()["routes"].items() if rank)
        out.print(
            Text.assemble((f"{hit.rank:2}. ", "bold"), (place(hit.source, hit.locator), "cyan"), (f"  [{hit.modality}; {routes}]", "dim"))
        )
        text = shown(" ".join(hit.own.split()))
        out.print(Text("    " + (text if len(text) <= 240 else text[:239] + "…")))
        if hit.media:
            out.print(Text(f"    {one_line(hit.media)}", style="dim"))


def print_sources(answer: Answer, own_picture: bool) -> None:
    """What stands under an answer: citations, sentences that failed, pictures that the model has not seen, the model, and a fault."""
    for citation in answer.citations:
        out.print(
            Text.assemble(
                (f"[{citation.n}] ", "bold"), (place(citation.source, citation.locator), "cyan"), f"  {one_line(citation.media or '')}"
            )
        )
    if answer.refused and answer.hits:
        out.print(Text("Nearest in the library:", style="dim"))
        print_hits(answer.hits[:3])
    for each in answer.grounding.unsupported if answer.grounding and not answer.fallback else ():
        say(f"Not borne by the passages: {each.sentence} ({each.reason})", "yellow")
    if answer.fallback:
        say("The model's own text failed its check; these are the passages, quoted.", "yellow")
    for line in answer.unseen(own_picture):
        say(line, "dim")
    if answer.model:
        cost = answer.usage.told()
        say(f"Answered by {answer.model}{f': {cost}' if cost else ''}.", "dim")
    if answer.error:
        say(answer.error, "red")


def print_report(report: Report, dry_run: bool, holds: Mapping[str, Any] | None = None) -> None:
    """The summary of an ingest, one line a failure; `holds` are the counts of the library after it."""
    done = report.to_dict()
    counts = ", ".join(f"{len(done[name])} {name}" for name in ("added", "changed", "unchanged", "renamed", "removed") if done[name])
    out.print(Text(f"{'Would be: ' if dry_run else ''}{counts or 'Nothing to do'}.", style="bold"))
    if not dry_run:
        read = [(report.passages, "passage"), (report.figures, "picture"), (report.examples, "example")]
        told = ", ".join(counted(number, what) for number, what in read if number)
        if told:
            out.print(Text(f"Read {told} in {report.seconds['total']:.1f} s."))
        if holds:
            out.print(Text(f"The library now holds {held(holds)}{_shared(report, holds)}."))
    if report.passed_over:
        kinds = ", ".join(f"{number} {one_line(suffix)}" for suffix, number in report.passed_over.most_common(8))
        more = " and others" if len(report.passed_over) > 8 else ""
        say(f"Passed over, since no reader knows their kind: {kinds}{more}.", "dim")
    for advised, suffixes in _advised(done["advice"]).items():
        say(f"{', '.join(map(one_line, suffixes))}: {advised}", "dim")
    kinds_left_out: dict[str, list[LeftOut]] = {}
    for each in report.left_out:
        kinds_left_out.setdefault(each.kind, []).append(each)
    for what, found in kinds_left_out.items():
        files = [each.source for each in found]
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        say(f"Left out: {one_line(what)}: {sum(each.count for each in found)}, in {one_line(', '.join(files[:3]))}{more}", "dim")
    if report.kept_out:
        stay = "stays" if len(report.kept_out) == 1 else "stay"
        say(f"{counted(len(report.kept_out), 'file')} {stay} out, as removed before; `diptych ingest` takes them in again.", "dim")
    for failure in report.failed:
        say(f"Not taken: {one_line(failure.source)}: {failure.reason} {failure.hint}", "yellow")


def _shared(report: Report, holds: Mapping[str, Any]) -> str:
    """Why fewer pictures are held than were read."""
    return " (a picture that several files show counts once)" if holds["figures"] > holds["pictures"] and report.figures else ""


def _advised(advice: dict[str, str]) -> dict[str, list[str]]:
    """The kinds of files for which there is the same advice."""
    kinds: dict[str, list[str]] = {}
    for suffix, advised in advice.items():
        kinds.setdefault(advised, []).append(suffix)
    return kinds


STAGES = {
    "wait": "waiting for", "discover": "looking", "read": "reading", "encode": "encoding", "listen": "listening", "judge": "judging",
    "pairs": "pairing", "learn": "learning", "search": "searching", "gold": "asking",
}  # fmt: skip
LINE_SECONDS = 15.0


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress]:
    """A bar a stage on standard error, with rate and time left; where that is no terminal, a line now and then."""
    if quiet:
        yield lambda *_: None
    elif not errors.is_terminal:
        yield _lines()
    else:
        with _bars() as progress:
            yield progress


def _lines() -> Progress:
    started: dict[str, float] = {}
    last = time.monotonic()

    def tell(stage: str, done: int, of: int, source: str) -> None:
        nonlocal last
        now = time.monotonic()
        began = started.setdefault(stage, now)
        if now - last < LINE_SECONDS and stage != "wait":
            return
        last = now
        if not done:
            say(f"{STAGES.get(stage, stage)} {one_line(source[-60:])}")
            return
        rate = done / (now - began) if now > began else 0.0
        left = f", {(of - done) / rate:.0f} s left" if rate and of else ""
        say(f"{STAGES.get(stage, stage)} {f'{done} of {of}' if of else done}, {rate:.1f}/s{left} {one_line(source[-60:])}".rstrip())

    return tell


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "", style="dim")

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[source]}", markup=False),
    )
    with Bars(*columns, console=errors, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, of: int, source: str) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=None, source="")
            bars.update(tasks[stage], completed=done, total=of or None, source=one_line(source[-60:]))

        yield tell
