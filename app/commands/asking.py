"""The commands that ask the library: search, ask, batch."""

from __future__ import annotations

import json as json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.options import FAILED, Debug, Json, K, LibraryDir, Model, Picture, Run, Sound, Source, run
from app.output import counted, errors, out, print_hits, print_sources, progress_bar, say, shown

if TYPE_CHECKING:
    from rag.records import Answer


def search(
    query: Annotated[str, typer.Argument(help="Words to search for.")] = "",
    image: Picture = None,
    audio: Sound = None,
    k: K = None,
    modality: Annotated[str | None, typer.Option(metavar="text|image", help="Only passages, or only pictures.")] = None,
    source: Source = None,
    no_rerank: Annotated[bool, typer.Option("--no-rerank", help="Keep the order of the fused routes.")] = False,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Neighbours of words, of a picture or recording, or of both: passages and pictures."""

    def work(at: Run) -> tuple[Any, int]:
        from rag.errors import UsageError

        if not query.strip() and image is None and audio is None:
            raise UsageError("There is nothing to search for.", "Give words, a picture with --image, or a recording with --audio.")
        if modality not in (None, "text", "image"):
            raise UsageError(f"There is no modality '{modality}'.", "It is text or image.")
        from app import asked, warm

        how: dict[str, Any] = {"k": k, "modality": modality, "rerank": False if no_rerank else None}
        found, hint = None if image or audio or source else warm.search(at.settings, {"query": query, **how}), ""
        if found is None:
            with at.library() as lib:
                wanted, hint = asked.sources(lib, source)
                found = lib.search(query, image=image, audio=audio, source=wanted, **how)
        if not json:
            print_hits(found.hits)
            if not found.hits:
                say("Nothing was found.")
        if hint:
            say(hint, "yellow")
        return found.to_dict(), 0

    run(library, json, debug, work)


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
        from app import warm
        from rag.errors import UsageError

        if not question.strip():
            raise UsageError("The question is empty.", 'Write for instance: diptych ask "When was the light built?"')
        turns = _history(history)
        answer, hint = None if image or source else warm.ask(at.settings, {"question": question, "history": turns, "model": model}), ""
        if answer is None:
            answer, hint = _written(at, question, turns, image, model, source)
        if not json:
            out.print(shown(answer.answer or ""), markup=False)
            print_sources(answer, image is not None)
        if hint:
            say(hint, "yellow")
        return answer.to_dict(), FAILED if answer.error else 0

    run(library, json, debug, work)


def batch(
    questions: Annotated[Path, typer.Argument(help="A .txt, .csv or .jsonl file of questions.")],
    output: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="A .csv, .jsonl or .md file for the answers.")],
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Only the hits, no answers.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Ask only what OUT does not hold yet, and what failed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write OUT anew where it is there already.")] = False,
    model: Model = None,
    source: Source = None,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """A file of questions through the chat's own pipeline."""

    def work(at: Run) -> tuple[Any, int]:
        from app import asked
        from app.batch import run_batch
        from rag.errors import UsageError

        if not retrieval_only:
            asked.model(at.settings, model)
        with at.library() as lib, progress_bar(json) as progress:
            wanted, hint = asked.sources(lib, source)
            if hint:
                raise UsageError("There is nothing to ask.", hint)
            done = run_batch(
                lib,
                questions,
                output,
                model=model,
                source=wanted,
                retrieval_only=retrieval_only,
                resume=resume,
                force=force,
                progress=lambda count, of, id: progress("batch", count, of, id),
            )
        if not json:
            out.print(f"{counted(done['n'], 'answer')} in {done['out']}, {done['failed']} failed.", markup=False)
        return done, FAILED if done["failed"] else 0

    run(library, json, debug, work)


def _written(
    at: Run, question: str, history: list[dict[str, str]], image: Path | None, model: str | None, source: list[str] | None
) -> tuple[Answer, str]:
    """The answer by this process, its sentences shown as they are checked; and a hint where a source is not there."""
    from app import asked
    from rag.answer.events import Checked, Done
    from rag.llm import preload

    asked.known_model(at.settings, model)
    with at.library() as lib:
        wanted, hint = asked.sources(lib, source)
        preload(lib.settings, model)
        for event in lib.stream(question, history=history, image=image, model=model, source=wanted):
            if isinstance(event, Checked) and not at.json and errors.is_terminal:
                errors.print(f"  {'✗' if event.reason else '✓'} {shown(event.sentence)}", style="dim", markup=False)
            if isinstance(event, Done):
                answer = event.answer
    return answer, hint


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
