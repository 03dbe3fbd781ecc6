"""rag/retrieve/stored.py: the stored vectors of a passage are found again by its sentences, and by the rows of its tables in words."""

from __future__ import annotations

import numpy as np

from ingest import ingest
from rag import Library, Settings
from rag.answer.evidence import evidence_of
from rag.retrieve.stored import StoredTokens

TOLLS = """# Tolls of the bridge

The tolls are paid at the north end.

| Load | Toll | Paid in 2031 | Paid in 2030 |
| --- | --- | --- | --- |
| Cart with oxen | 3 groats | 1,204 | 1,117 |
| Sledge | 1 groat | 88 | 93 |
"""


def test_sentences_and_rows_have_their_vectors(tmp_path):
    (tmp_path / "tolls.md").write_text(TOLLS, "utf-8")
    settings = Settings(library=tmp_path / "library")
    with Library.open(settings.library, settings) as library:
        ingest([tmp_path / "tolls.md"], library)
        hits = library.search("What does a cart pay?", k=1).hits
        assert "| Cart with oxen | 3 groats | 1,204 | 1,117 |" in hits[0].text
        stored = StoredTokens(library.catalog, library.searcher.late.tokens, library.encoders.text)
        (passage,) = stored.passages(hits)[1]
        for told, tokens in (("The tolls are paid at the north end.", 4), ("Cart with oxen; 3 groats", 4)):
            vectors = passage.of(told)
            assert vectors is not None and len(vectors) >= tokens
        assert passage.of("Cart with oxen; 3 groats; 1,204") is None
        evidence = evidence_of(library.searcher, hits)
        matches = evidence.matches_in_place("cart")
        assert evidence.statements[int(np.argmax(matches[:, 0]))].text.startswith("| Cart")
