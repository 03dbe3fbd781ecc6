"""The commands that measure search and answers, and learn from what belongs together: eval, compare, gold, adapt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.options import FAILED, Debug, Json, LibraryDir, Model, Run, run
from app.output import out, progress_bar, say


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
        from app import asked
        from app.report import print_judgement, print_metrics
        from rag.evaluate.agreement import Bench
        from rag.evaluate.questions import load_questions
        from rag.evaluate.report import prepare, write_report
        from rag.evaluate.run import evaluate as measure
        from rag.evaluate.summary import summary

        questions = load_questions(gold)
        judgement = None
        if not retrieval_only:
            asked.model(at.settings, model)
        with at.library() as lib, progress_bar(json) as progress:
            bench = Bench.of(lib.settings, judge, labels, retrieval_only)
            if output is not None:
                prepare(output)
            outcomes = measure(
                lib,
                questions,
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


def adapt(
    gold: Annotated[
        Path | None, typer.Option("--gold", metavar="GOLD.jsonl", help="Questions with what should be found, to learn from too.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Take back what was learnt.")] = False,
    library: LibraryDir = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Learn from the library how its own words and pictures belong together; kept where the search gains by it."""

    def work(at: Run) -> tuple[Any, int]:
        from app.chat.shelf import Shelf
        from app.gold import asked
        from app.report import print_adapted
        from rag.adapt import adapt as learn
        from rag.adapt import forget
        from rag.evaluate.questions import load_questions

        with at.library() as lib, progress_bar(json) as progress:
            if off:
                gone = forget(lib)
                if not json:
                    say("The library searches as it did before." if gone else "The library was not adapted.")
                return {"forgotten": gone}, 0
            questions = [*(load_questions(gold) if gold else ()), *asked(Shelf(lib))]
            report = learn(lib, questions, progress=lambda stage, count, of: progress(stage, count, of, ""))
        if not json:
            print_adapted(report)
        return report.to_dict(), 0

    run(library, json, debug, work)
