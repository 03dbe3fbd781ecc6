"""All ratios in one go, into results.md with the machine and the versions; or a few of them, which fail where one got worse by half.

    .venv/bin/python benchmarks/bench.py [PART...] [--libraries FOLDER]      floor search memory writing starting; all where none is named
    .venv/bin/python benchmarks/bench.py --small                             a minute or two

All of it takes about an hour, in which everything else on the machine is to be quiet. A part that is measured anew takes the place of what
results.md had of it. `--libraries` keeps the libraries of 1,000 to 100,000 records that are made for it, and takes those that are there.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ratios import PROJECT, Bench, Row, measure

HERE = PROJECT / "benchmarks"
WRITTEN = HERE / "results.md"
HEAD = "# Results\n\nWritten by `make bench`. What the rows mean stands at the top of the scripts, what was tried in speed.md."
SIZES = (1_000, 10_000, 100_000)
KNOWN = {"text": 2.1, "pictures": 1.3, "rerank": 21, "search": 0.57}
"""What the rows of `--small` were measured at, the least of several runs: how many times faster ours is. Where the processor has no
instructions for eight bits, texts are only held to what is wanted there."""
WORSE = 1.5
TRIES = 5  # of a row, the best of which counts: another program may have had the cores


def parts(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Of each part its title and its command; `folder` has the libraries."""
    sample, gold = folder / "sample", PROJECT / "data" / "gold" / "sample.jsonl"
    sizes = [str(size) for size in SIZES]
    return {
        "floor": ("Beside the floor", ["speed.py", "--rounds", "3"]),
        "search": ("Search", ["searching.py", *sizes, "--rounds", "1", "--libraries", str(folder)]),
        "memory": ("Memory", ["memory.py", str(folder / sizes[-1])]),
        "writing": ("Beside a model", ["writing.py", str(sample), str(gold)]),
        "starting": ("From `make chat` on", ["starting.py"]),
    }


def whole(named: list[str], folder: Path) -> None:
    """Measure these parts and put them into results.md."""
    from speed import machine

    commands = parts(folder)
    if "writing" in named and not (folder / "sample").exists():
        ingest = [sys.executable, "-m", "app", "ingest", "data/sample", "--library", str(folder / "sample")]
        subprocess.run(ingest, cwd=PROJECT, check=False, stdout=subprocess.DEVNULL)
    for name in named:
        title, (script, *words) = commands[name]
        print(title, flush=True)
        when = f"{time.strftime('%d %B %Y').lstrip('0')}: {machine()}."
        done = subprocess.run([sys.executable, str(HERE / script), *words], cwd=PROJECT, capture_output=True, text=True)
        shown = [word if not word.startswith("/") else Path(word).name for word in words]
        command = " ".join([".venv/bin/python", f"benchmarks/{script}", *shown])
        came = (done.stdout or done.stderr[-500:]).strip()
        told = f"## {title}\n\n    {command}\n\n{when}\n\n{came}\n"
        had = {each.split("\n", 1)[0]: each for each in re.split(r"^(?=## )", _written(), flags=re.M)[1:]}
        had[f"## {title}"] = told
        order = [f"## {title}" for title, _ in commands.values()]
        kept = sorted(had.values(), key=lambda each: order.index(each.split("\n", 1)[0]))
        WRITTEN.write_text("\n".join([f"{HEAD}\n", *(each.strip() + "\n" for each in kept)]), "utf-8")


def _written() -> str:
    return WRITTEN.read_text("utf-8") if WRITTEN.exists() else ""


def small() -> int:
    """How many rows got worse by half."""
    import speed

    worse, bench = 0, Bench()
    try:
        for name, known in KNOWN.items():
            row = searching(bench) if name == "search" else speed.ROWS[name](bench)
            least = 1 if name == "text" and row.least < 2 else known / WORSE
            found = 0.0
            for _ in range(TRIES):
                found = max(found, measure(row, 3).ratio)
                if found >= least:
                    break
            worse += found < least
            print(f"{row.what}: {found:.2f} times as fast as {row.against}; it was {known:g}", flush=True)
    finally:
        bench.close()
    return worse


def searching(bench: Bench) -> Row:
    """A search without reranking, against the encoding of its question and three bare calls of the index."""
    from peers import bare
    from records import Corpus, library

    corpus = Corpus(base=400)
    made = library(corpus, bench.temporary() / "library", SIZES[0])
    forget, floor = corpus.encoders.text._alone.cache_clear, bare(made)  # type: ignore[attr-defined]

    def each(side):
        def run() -> None:
            for question in corpus.questions[:10]:
                forget()
                side(question)

        return run

    ours = each(lambda question: made.search(question, rerank=False))
    return Row("search in 1,000 records, without reranking", "our encoding and three bare calls", 1, ours, each(floor), unit="ms")


def main(words: list[str]) -> int:
    if "--small" in words:
        return small()
    kept = words.pop(words.index("--libraries") + 1) if "--libraries" in words else None
    named = [word for word in words if word != "--libraries"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(kept or temporary).resolve()
        whole(named or list(parts(folder)), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
