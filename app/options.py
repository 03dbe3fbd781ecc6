"""The options that every command takes, and how a command runs: settings, library, errors, exit status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.output import Output, say

if TYPE_CHECKING:
    from rag.library import Library
    from rag.settings import Settings

LibraryDir = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help="The library folder.", show_default="the setting `library`")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="SPEC", help="auto, ollama:TAG, packaged:qwen2.5-0.5b, gguf:PATH, quote, or provider:model."),
]
K = Annotated[int | None, typer.Option("-k", min=1, help="How many hits.", show_default="8")]
Source = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="WORD",
        help="Only these: a name or glob (* crosses /), kind:pdf, year:2024, since:2024-03, until:2024-03-15, days:30. Again for more.",
    ),
]
Picture = Annotated[Path | None, typer.Option("--image", metavar="FILE", help="A picture as part of the question.")]

Sound = Annotated[Path | None, typer.Option("--audio", metavar="FILE", help="A recording to search with.")]

FAILED = 1  # done, with failures that the output lists
WRONG = 2  # wrong usage, or a state to mend first


@dataclass
class Run:
    """One command at work."""

    output: Output
    folder: Path | None

    @property
    def json(self) -> bool:
        return self.output.json

    @property
    def settings(self) -> Settings:
        from rag.settings import Settings

        return Settings.load(library=self.folder)

    def library(self, create: bool = False) -> Library:
        from rag.library import Library

        settings = self.settings
        return Library.open(settings.library, settings, create=create)


def run(library: Path | None, as_json: bool, debug: bool, work: Callable[[Run], tuple[Any, int]]) -> None:
    """Do `work`, which gives the JSON document and the exit status; errors become one line (or one document) and status 2."""
    output = Output(as_json)
    try:
        document, status = _guarded(work, Run(output, library), debug)
        if as_json:
            output.document(document)
    finally:
        output.close()
    if status:
        raise typer.Exit(status)


def _guarded(work: Callable[[Run], tuple[Any, int]], run: Run, debug: bool) -> tuple[Any, int]:
    from rag.errors import DiptychError

    try:
        return work(run)
    except typer.Exit:
        raise
    except DiptychError as error:
        if debug:
            raise
        return _told(run, str(error), error.hint), WRONG
    except KeyboardInterrupt:
        return _told(run, "Stopped.", "Run the same command again; what was done is kept."), 130
    except Exception as error:
        if debug:
            raise
        what = " ".join(str(error).split())[:300] or type(error).__name__
        return _told(
            run, f"Something went wrong inside Diptych: {what}", "Run the command again with --debug and report what it shows."
        ), WRONG


def _told(run: Run, message: str, hint: str) -> dict[str, str]:
    if not run.json:
        say(message, "bold red")
        if hint:
            say(hint)
    return {"error": message, "hint": hint}
