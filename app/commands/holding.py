"""The commands that say what is in the library: ingest, watch, list, show, remove, rebuild, status."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.options import FAILED, Debug, Json, LibraryDir, Run, run
from app.output import held, one_line, out, place, print_report, progress_bar, say, shown, sized

if TYPE_CHECKING:
    from ingest.report import Report


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen; write nothing.")] = False,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Take files and folders into the library; only what is new or changed."""

    def work(at: Run) -> tuple[Any, int]:
        import tempfile

        from ingest import ingest as take_in
        from rag.library import Library

        with tempfile.TemporaryDirectory() as nowhere, progress_bar(json) as progress:
            settings = at.settings
            known = (settings.library / "library.json").exists()
            target = Library.open(nowhere, settings) if dry_run and not known else at.library(create=True)
            with target:
                report = take_in(paths, target, dry_run=dry_run, progress=progress)
                holds = target.catalog.counts()
        if not json:
            print_report(report, dry_run, holds)
        return report.to_dict(), FAILED if report.failed else 0

    run(library, json, debug, work)


def watch(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Take files and folders in, then follow what changes in them, until Ctrl-C."""

    def work(at: Run) -> tuple[Any, int]:
        from app import warm
        from ingest.watch import watch as follow

        with at.library(create=True) as target, warm.serving(target):
            say(f"Following {', '.join(map(str, paths))}. Ctrl-C ends it.", "dim")
            totals = follow(paths, target, told=_say_round, progress=lambda: progress_bar(json))
            holds = target.catalog.counts()
        if not json:
            print_report(totals, False, holds)
        return totals.to_dict(), 0

    run(library, json, debug, work)


def list_sources(library: LibraryDir = None, json: Json = False, debug: Debug = False) -> None:
    """What is in the library."""

    def work(at: Run) -> tuple[Any, int]:
        with at.library() as lib:
            sources = [vars(source) for source in lib.catalog.sources()]
            holds = lib.catalog.counts()
        if not json:
            for each in sources:
                out.print(
                    f"{each['passages']:6} passages {each['figures']:5} pictures {sized(each['bytes']):>9}  {one_line(each['source'])}",
                    markup=False,
                )
            shared = " (a picture that several files show counts once)" if holds["figures"] > holds["pictures"] else ""
            say(f"{held(holds)}{shared}." if sources else "The library is empty. Fill it with `diptych ingest PATH`.")
        return {"sources": sources}, 0

    run(library, json, debug, work)


def show(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A name as `diptych list` shows it.")],
    form: Annotated[str | None, typer.Option("--format", metavar="vtt|md", help="The transcript of a recording.")] = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """What the library holds of a document, in its order; of a recording also as a transcript."""

    def work(at: Run) -> tuple[Any, int]:
        from app import asked
        from app.transcript import FORMS, written
        from rag.errors import UsageError

        if form not in (None, *FORMS):
            raise UsageError(f"There is no format '{form}'.", f"There are {' and '.join(FORMS)}.")
        with at.library() as lib:
            if lib.catalog.file(source) is None:
                raise UsageError(f"'{source}' is not in the library.", asked.sources(lib, [source])[1])
            if form is not None:
                text = written(lib, source, form)
                if not json:
                    out.print(shown(text), markup=False, end="")
                return {"source": source, "format": form, "text": text}, 0
            held = lib.catalog.of([source])
        if not json:
            for each in held:
                out.print(one_line(place(each.source, each.record.locator)), style="cyan", markup=False)
                out.print(f"{shown(each.record.shown)}\n", markup=False)
        records = [
            {"modality": record.modality, "locator": record.locator.to_dict(), "caption": record.caption, "text": record.shown}
            for record in (each.record for each in held)
        ]
        return {"source": source, "records": records}, 0

    run(library, json, debug, work)


def remove(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Names as `diptych list` shows them.")],
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Take sources out of the library."""

    def work(at: Run) -> tuple[Any, int]:
        with at.library() as lib:
            removal = lib.remove(sources)
        if not json:
            out.print(f"{len(removal.removed)} removed.", markup=False)
            for source in removal.unknown:
                say(f"Not in the library: {source}", "yellow")
        return vars(removal), FAILED if removal.unknown else 0

    run(library, json, debug, work)


def rebuild(library: LibraryDir = None, json: Json = False, debug: Debug = False) -> None:
    """Encode the library anew from its sources, with the encoders of the settings."""

    def work(at: Run) -> tuple[Any, int]:
        from ingest.rebuild import rebuild as make_anew
        from rag.embed.adapter import FILE

        file = at.settings.library / FILE
        adapted = file.exists()
        with progress_bar(json) as progress:
            report = make_anew(at.settings, progress=progress)
        if not json:
            print_report(report, dry_run=False)
        if adapted and not file.exists():
            say("What the library had learnt was for other encoders; `diptych adapt` learns it anew.", "yellow")
        return report.to_dict(), FAILED if report.failed else 0

    run(library, json, debug, work)


def status(library: LibraryDir = None, json: Json = False, debug: Debug = False) -> None:
    """The library's state and sizes."""

    def work(at: Run) -> tuple[Any, int]:
        with at.library() as lib:
            state, sources, unread = lib.status(), lib.catalog.sources(), {}
            if not json:
                from ingest.readers import signature

                unread = lib.catalog.unreadable(signature(lib.settings.sound_model))
        if not json:
            from app.status import print_status

            print_status(state, sources, unread)
        return state, 0

    run(library, json, debug, work)


def _say_round(told: Report | str) -> None:
    """One line for a round of `watch`: at most three names of each kind."""
    if isinstance(told, str):
        say(told, "yellow")
        return
    named = {name: list(map(one_line, getattr(told, name))) for name in ("added", "changed", "renamed", "removed")}
    named["failed"] = [one_line(f"{failure.source} ({failure.reason} {failure.hint})") for failure in told.failed]
    kinds = [f"{name} {', '.join(each[:3])}{f' and {len(each) - 3} more' * (len(each) > 3)}" for name, each in named.items() if each]
    say(f"{time.strftime('%H:%M:%S')}  {'; '.join(kinds) or 'nothing new'}", "yellow" if told.failed else "")
