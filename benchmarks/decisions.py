"""What each decision of the search is worth: the gold of several corpora, asked with each decision taken back, one at a time.

    .venv/bin/python benchmarks/decisions.py NAME=LIBRARY...

NAME is `sample` or a gold file of benchmarks/gold; LIBRARY holds that corpus, ingested. Prints a Markdown table, for each corpus hit@5 and
MRR@10 of text and of pictures; then what the rerank takes of time, and its vectors of disk.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from rag import Library, Settings
from rag.evaluate.questions import Asked, load_questions
from rag.evaluate.run import evaluate
from rag.evaluate.summary import summary
from rag.language import question
from rag.retrieve import ranking, rerank, search, second_stage
from rag.retrieve.ranking import Wish
from rag.storage.catalog import Catalog
from rag.storage.tokens import TokenStore

ROOT = Path(__file__).parent.parent
Change = Callable[[Library], Any]


def constant(module: Any, name: str, value: Any) -> Change:
    return lambda library: patch.object(module, name, value)


@contextmanager
def without_rerank(library: Library) -> Iterator[None]:
    library.settings = library.settings.model_copy(update={"rerank": False})
    yield
    library.settings = library.settings.model_copy(update={"rerank": True})


@contextmanager
def whole_vectors(library: Library) -> Iterator[None]:
    """Token vectors as the encoder gives them, 4 bytes a coordinate, in memory."""
    records = list(library.catalog.all_records())
    texts = [stored.record.words for stored in records]
    kept = {records[at].id: rerank.content(texts[at], tokens) for at, _, tokens in library.encoders.text.encode_both(texts)}
    nothing = np.zeros((0, library.encoders.text.dimension), dtype=np.float32)
    with (
        patch.object(TokenStore, "fetch", lambda self, ids: {id: kept.get(id, nothing) for id in ids}),
        patch.object(rerank, "unpacked", lambda vectors, dimension: vectors if isinstance(vectors, np.ndarray) else nothing),
        patch.object(rerank, "rotated", lambda vectors: vectors),
    ):
        yield


@contextmanager
def dense_alone(library: Library) -> Iterator[None]:
    with (
        without_rerank(library),
        patch.object(search, "probes", lambda *args, **named: [p for p in _probes(*args, **named) if p.route == "dense"]),
    ):
        yield


@contextmanager
def bm25_alone(library: Library) -> Iterator[None]:
    with (
        without_rerank(library),
        patch.object(search, "probes", lambda *args, **named: [p for p in _probes(*args, **named) if p.route == "bm25"]),
    ):
        yield


_probes = search.probes
_alone = patch.object(Catalog, "around", lambda self, passage: (None, None))

DECISIONS: dict[str, Sequence[Change]] = {
    "as shipped": (),
    "the dense route alone": (dense_alone,),
    "the bm25 route alone": (bm25_alone,),
    "no rerank: the routes fused by rank": (without_rerank,),
    "late interaction over 20 candidates, not 50": (constant(search, "RERANKED", 20),),
    "token vectors whole, not two bits a coordinate": (whole_vectors,),
    "late interaction not steadied by dense and bm25 ranks": (constant(ranking, "ROUTES_WEIGHT", 0.0),),
    "steadied with weight 0.5, not 0.1": (constant(ranking, "ROUTES_WEIGHT", 0.5),),
    "the weakest third of the words not counted again": (constant(ranking, "WEAKEST", 0.0),),
    "numbers count no more than other words": (constant(second_stage, "NUMBERS", 0.0),),
    "passages not raised to the best of their section": (constant(ranking, "SECTION", 0.0),),
    "passages shown without their neighbours": (lambda library: _alone,),
    "editions of a passage not folded": (constant(search, "says_the_same", lambda *_: False),),
    "pictures' words count in full in plain questions": (constant(ranking, "PICTURE_REST", 1.0),),
    "pictures not lifted where one is asked for": (constant(ranking, "LEAN", ranking.LEAN | {Wish.PICTURE: 1.0}),),
    "the visual route counts alike, however clear": (constant(ranking, "DIM", 1.0),),
    "the visual route left out": (constant(ranking, "SIGHT", dict.fromkeys(Wish, 1e-9) | {Wish.LIKENESS: 1.0}),),
    "follow-ups judged as a whole only": (constant(second_stage, "own_words", lambda text: text),),
    "a question in parts asked as one": (constant(question, "parted", lambda text: (text,)),),
}


def measured(library: Library, questions: Sequence[Asked], changes: Sequence[Change]) -> list[float]:
    with ExitStack() as stack:
        for change in changes:
            stack.enter_context(change(library))
        found = summary(evaluate(library, questions, retrieval_only=True))["retrieval"]
    return [found[kind][metric] for kind in ("text", "image") for metric in ("hit@5", "mrr@10")]


def pace(library: Library, questions: Sequence[Asked]) -> str:
    texts = [asked.question for asked in questions if not asked.image]
    took = {judged: [] for judged in (20, search.RERANKED)}  # type: dict[int, list[float]]
    for judged in took:
        with patch.object(search, "RERANKED", judged):
            took[judged] = sorted(library.search(text).timings_ms["rerank"] for text in texts)
    counts = library.catalog.counts()
    bytes_each = library.tokens.size() / (counts["passages"] + counts["figures"])
    times = ", ".join(
        f"{each[len(each) // 2]:.0f} ms for {judged} candidates (95 in 100 under {each[len(each) * 95 // 100]:.0f} ms)"
        for judged, each in took.items()
    )
    return f"the rerank takes {times}; token vectors take {bytes_each:,.0f} bytes a passage or figure"


def main(named: Sequence[str]) -> None:
    corpora = [name.partition("=")[::2] for name in named]
    gold = {name: ROOT / "data/gold/sample.jsonl" if name == "sample" else ROOT / f"benchmarks/gold/{name}.jsonl" for name, _ in corpora}
    heads = [f"{name} {kind} {metric}" for name, _ in corpora for kind in ("text", "picture") for metric in ("hit@5", "MRR")]
    print(f"| | {' | '.join(heads)} |\n|{'---|' * (len(heads) + 1)}")
    with ExitStack() as stack:
        opened = [stack.enter_context(Library.open(Path(path), Settings(library=Path(path)), create=False)) for _, path in corpora]
        for title, changes in DECISIONS.items():
            values = [
                value
                for (name, _), library in zip(corpora, opened, strict=True)
                for value in measured(library, load_questions(gold[name]), changes)
            ]
            print(f"| {title} | {' | '.join(f'{value:.3f}' for value in values)} |", flush=True)
        print()
        for (name, _), library in zip(corpora, opened, strict=True):
            print(f"{name}: {pace(library, load_questions(gold[name]))}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not all("=" in named for named in sys.argv[1:]):
        sys.exit("usage: decisions.py NAME=LIBRARY...")
    main(sys.argv[1:])
