"""Which index a field of vectors has: exact while that costs no more than encoding the question, then one of high recall.

Above EXACT_UP_TO rows it is HNSW where the server has it. Milvus Lite 2.5 has IVF_FLAT, whose lists it searches by a number of its own
and not by `nprobe`: the best 50 come with a recall of 0.7 (benchmarks/index.md). So it is asked twice: widely, for the cosine of a hit far
below the last that is wanted, and then for whatever is nearer than that, which looks into every list that may hold some. On a server
with very many rows the vectors are quantised (product quantisation, else one byte a dimension).
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from pathlib import Path
from typing import Any

EXACT = "FLAT"
EXACT_UP_TO = 200_000  # rows: below, exact costs less than encoding the question, or than IVF of that recall (benchmarks/index.md)
QUANTISED_FROM = 5_000_000  # rows, on a server: 8 GB of vectors
WIDE = 16  # times as many candidates as hits are wanted
MOST = 16_384  # rows that one search gives
FILE = "index.json"
INSTEAD = {"HNSW": "IVF_FLAT", "HNSW_PQ": "IVF_SQ8"}  # where a server does not have the first


def choose(rows: int, now: str, *, limit: int, server: bool, cloud: bool) -> str:
    """The kind of index for `rows` vectors; `now` is what they have.

    What is no longer exact stays so until the rows are half of `limit`, so that no library goes to and fro.
    """
    if cloud:
        return "AUTOINDEX"
    if rows <= (limit if now == EXACT else limit // 2):
        return EXACT
    if server and rows > (QUANTISED_FROM // 2 if now in ("HNSW_PQ", "IVF_SQ8") else QUANTISED_FROM):
        return "HNSW_PQ"
    return "HNSW"


def building(kind: str, rows: int, dimension: int) -> dict[str, Any]:
    """The parameters with which an index of that kind is made."""
    if kind == "HNSW":
        return {"M": 16, "efConstruction": 200}
    if kind == "HNSW_PQ":
        parts = next(parts for parts in range(max(1, dimension // 4), 0, -1) if dimension % parts == 0)
        return {"M": 16, "efConstruction": 200, "m": parts, "nbits": 8, "refine": True, "refine_type": "FP16"}
    if kind.startswith("IVF"):
        return {"nlist": _lists(rows)}
    return {}


def searching(kind: str, rows: int, hits: int) -> dict[str, Any]:
    """The parameters with which an index of that kind is searched, for a recall of 0.99 among the best `hits`."""
    if kind == "HNSW":
        return {"ef": max(200, WIDE * hits)}
    if kind == "HNSW_PQ":
        return {"ef": max(200, WIDE * hits), "refine_k": 4}
    if kind == "IVF_SQ8":
        return {"nprobe": max(8, _lists(rows) // 8)}
    return {}


def _lists(rows: int) -> int:
    return max(16, 4 * math.isqrt(rows))


def chosen(folder: Path) -> dict[str, dict[str, Any]]:
    """The index of each field in a library folder as {"dense": {"kind", "rows"}, "visual": ...}; `rows` is None for what is exact."""
    made: dict[str, dict[str, Any]] = {field: {"kind": EXACT, "rows": None} for field in ("dense", "visual")}
    with contextlib.suppress(OSError, ValueError):  # an exact index needs no file, and that of another is written anew on opening
        made |= json.loads((folder / FILE).read_text())
    return made


def note(folder: Path, field: str, kind: str, rows: int) -> None:
    """Keep what index a field has."""
    now = chosen(folder) | {field: {"kind": kind, "rows": None if kind == EXACT else rows}}
    part = folder / f"{FILE}.{os.getpid()}"
    part.write_text(json.dumps(now))
    part.replace(folder / FILE)
