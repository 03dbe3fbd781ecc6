"""What answering holds in memory over a large library, against its models and its vectors alone (Linux).

    .venv/bin/python benchmarks/memory.py LIBRARY [QUESTIONS]      a library that benchmarks/searching.py --libraries has made

The floor is a process that has the encoders at work and holds every vector of the library as a NumPy array. Each side is a process of its
own, with that of the index; what counts is what they hold in the end, shared memory by its part.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rag import Library, Settings

# isort: split
import numpy as np
from processes import megabytes, tree

ASKED = 30


def held() -> float:
    """MB that this process and those that it started hold now."""
    return sum(map(megabytes, tree(os.getpid())))


def answering(folder: Path, questions: Sequence[str]) -> float:
    """After these questions, answered by `quote`."""
    with Library.open(folder, Settings(library=folder), create=False) as library:
        for question in questions:
            library.ask(question, model="quote")
        return held()


def floor(folder: Path, questions: Sequence[str]) -> float:
    """The encoders, which have read as many questions and as many passages as an answer has them read, beside the vectors."""
    with Library.open(folder, Settings(library=folder), create=False) as library:
        encoders, ids = library.encoders, library.catalog.ids()
        dense = np.zeros((len(ids), encoders.text.dimension), np.float32)
        pictures = sum(1 for each in library.catalog.all_records() if each.record.image)
        visual = np.zeros((pictures, encoders.joint.dimension), np.float32)
        dense += 1e-3  # zeros are not held
        visual += 1e-3
    for question in questions:
        encoders.text.encode_query([question])
        encoders.joint.encode_query([question])
        list(encoders.text.encode_both([question] * 12))
    return held()


def alone(side: str, folder: str, questions: Sequence[str]) -> float:
    told = subprocess.run([sys.executable, __file__, side, folder], input=json.dumps(questions), check=True, capture_output=True, text=True)
    return float(told.stdout)


def main(words: list[str]) -> None:
    sides = {"answering": answering, "floor": floor}
    if words[0] in sides:
        print(sides[words[0]](Path(words[1]), json.load(sys.stdin)))
        return
    from records import questions

    folder, number = words[0], int(words[1]) if len(words) > 1 else ASKED
    ours, theirs = (alone(side, folder, questions()[:number]) for side in sides)
    print("| what | ours | against | theirs | ratio | wanted |\n|---|---|---|---|---|---|")
    cells = f"{ours:.0f} MB | its models and its vectors | {theirs:.0f} MB | {ours / theirs:.2f} | at most 1.5"
    print(f"| memory after {number} answers over {Path(folder).name} records | {cells} |")


if __name__ == "__main__":
    main(sys.argv[1:])
