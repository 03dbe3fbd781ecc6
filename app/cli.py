"""The command line: `diptych COMMAND`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from app.commands import asking, holding, measuring, running
from app.options import WRONG
from app.output import out, say

app = typer.Typer(
    name="diptych",
    help="Ask a folder of documents and pictures, and see what every sentence rests on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from rag import __version__

        out.print(f"diptych {__version__}", markup=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version.")] = False,
) -> None:
    """What stands before a command; the docstring of the app is its help."""


COMMANDS: dict[str, Callable[..., Any]] = {
    "ingest": holding.ingest,
    "watch": holding.watch,
    "search": asking.search,
    "ask": asking.ask,
    "batch": asking.batch,
    "eval": measuring.evaluate,
    "compare": measuring.compare,
    "gold": measuring.gold,
    "adapt": measuring.adapt,
    "chat": running.chat,
    "list": holding.list_sources,
    "show": holding.show,
    "remove": holding.remove,
    "rebuild": holding.rebuild,
    "status": holding.status,
    "doctor": running.doctor,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def main() -> None:
    """The console script. Wrong words become one line, or with --json one document, and exit status 2."""
    as_json = "--json" in sys.argv[1:]
    try:
        status = app(standalone_mode=False)
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        hint = "See `diptych --help`."
        if as_json:
            print(json.dumps({"error": message(), "hint": hint}, ensure_ascii=False))
        else:
            say(message(), "bold red")
            say(hint)
        status = WRONG
    sys.exit(status if isinstance(status, int) else 0)
