"""rag/storage/index.py: which kind of index is chosen, for how many rows and where."""

from __future__ import annotations

import pytest

from rag.storage.index import QUANTISED_FROM, building, choose

LIMIT = 1_000


@pytest.mark.parametrize(
    ("rows", "now", "server", "cloud", "kind"),
    [
        (LIMIT, "FLAT", False, False, "FLAT"),
        (LIMIT + 1, "FLAT", False, False, "HNSW"),
        (LIMIT // 2 + 1, "IVF_FLAT", False, False, "HNSW"),
        (LIMIT // 2, "IVF_FLAT", False, False, "FLAT"),
        (LIMIT + 1, "FLAT", True, False, "HNSW"),
        (QUANTISED_FROM + 1, "HNSW", True, False, "HNSW_PQ"),
        (QUANTISED_FROM - 1, "HNSW", True, False, "HNSW"),
        (QUANTISED_FROM - 1, "IVF_SQ8", True, False, "HNSW_PQ"),
        (QUANTISED_FROM // 2, "HNSW_PQ", True, False, "HNSW"),
        (QUANTISED_FROM + 1, "IVF_FLAT", False, False, "HNSW"),
        (10, "FLAT", True, True, "AUTOINDEX"),
    ],
)
def test_the_kind_goes_by_rows_with_room_to_and_fro(rows, now, server, cloud, kind):
    assert choose(rows, now, limit=LIMIT, server=server, cloud=cloud) == kind


@pytest.mark.parametrize("dimension", [384, 1000, 512, 7, 1])
def test_product_quantisation_divides_the_dimension(dimension):
    parts = building("HNSW_PQ", 10**7, dimension)["m"]
    assert dimension % parts == 0 and 1 <= parts <= max(1, dimension // 4)
