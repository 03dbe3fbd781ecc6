"""`diptych eval` on the sample and on manuals of Debian: fetched, ingested into libraries of their own, asked, put into one table.

    .venv/bin/python benchmarks/evaluating.py [--model SPEC]... [NAME...]     default: sample debian-edu kicad, and the model `quote`

Several models are asked the same questions, for benchmarks/answers.md: one table for each corpus, one row for each model. Everything goes
into data/eval: documents, libraries, and a report folder for each corpus and model. Manuals are fetched with apt-get once; handbook and
gimp took no part in choosing anything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from corpora import CORPORA, fetch

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "eval"
SEARCH = ("n", "hit@1", "hit@5", "hit@10", "recall@5", "mrr@10", "ndcg@10")
ANSWERS = (
    "n", "keyword_recall", "citation_precision", "supported", "fallback_rate", "words", "refusal_precision", "refusal_recall", "refusal_auc"
)  # fmt: skip


def diptych(*words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "app", *map(str, words), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode == 2:
        sys.exit(f"diptych {words[0]} failed: {done.stdout.decode().strip()}")
    return json.loads(done.stdout)


def evaluated(name: str, models: list[str]) -> dict[str, dict[str, Any]]:
    """The metrics of each model on a corpus."""
    docs = ROOT / "data" / "sample" if name == "sample" else FOLDER / "docs" / name
    gold = ROOT / "data/gold/sample.jsonl" if name == "sample" else ROOT / f"benchmarks/gold/{name}.jsonl"
    if not docs.exists():
        fetch(name, FOLDER / "docs")
    library = FOLDER / f"library-{name}"
    diptych("ingest", docs, "--library", library)
    return {
        model: diptych("eval", gold, "--library", library, "--model", model, "-o", FOLDER / f"report-{name}-{model.replace(':', '-')}")
        for model in models
    }


def row(cells: list[Any]) -> str:
    return f"| {' | '.join('' if cell is None else f'{cell:.3f}' if isinstance(cell, float) else str(cell) for cell in cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", metavar="SPEC", help="may be given again")
    parser.add_argument("names", nargs="*", metavar="NAME", default=["sample", "debian-edu", "kicad"])
    asked = parser.parse_args()
    if unknown := set(asked.names) - {"sample", *CORPORA}:
        parser.error(f"no such corpus: {', '.join(sorted(unknown))}")
    names = asked.names
    if not shutil.which("apt-get"):
        print("There is no apt-get here, which fetches the manuals: the sample alone is measured.", file=sys.stderr)
        names = [name for name in names if name == "sample"]
    models = asked.model or ["quote"]
    found = {name: evaluated(name, models) for name in names}
    print(row(["corpus", "kind", *SEARCH]), f"|{'---|' * (len(SEARCH) + 2)}", sep="\n")
    for name, metrics in found.items():
        for kind, title in (("text", "passages"), ("image", "pictures")):
            print(row([name, title, *(metrics[models[0]]["retrieval"][kind][field] for field in SEARCH)]))
    for name, metrics in found.items():
        print(f"\nAnswers on {name}:\n", row(["model", *ANSWERS, "seconds"]), f"|{'---|' * (len(ANSWERS) + 2)}", sep="\n")
        for model, each in metrics.items():
            print(row([f"`{model}`", *(each["answer"][field] for field in ANSWERS), each["latency_ms"]["total_p50"] / 1000]))
    print(f"\nA report for each corpus and model lies in {FOLDER.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
