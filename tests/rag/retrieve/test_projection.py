"""The map of a library: every passage and picture once, kept in its folder until it holds something else."""

from __future__ import annotations

import numpy as np
import pytest

from ingest import ingest
from rag import Library, Settings
from rag.retrieve import projection
from tests.corpus import copied


@pytest.fixture
def own(library, tmp_path):
    folder = copied(library, tmp_path / "library")
    with Library.open(folder, Settings(library=folder)) as opened:
        yield opened


def test_all_are_shown_and_a_question_lies_near_what_answers_it(own):
    stages = []
    made = own.projection(lambda *told: stages.append(told))
    counts = own.catalog.counts()
    assert len(made.ids) == made.of == counts["passages"] + counts["figures"]
    assert made.places.min() == 0 and made.places.max() == 1
    assert [stage for stage, *_ in stages] == ["vectors", "places"]
    (vector,) = own.encoders.text.encode_query(["In which year was the light at Hollin Point built?"])
    distance = np.linalg.norm(made.places - made.place(vector), axis=1)
    nearest = own.catalog.records([int(made.ids[distance.argmin()])])
    assert any("Hollin Point" in each.record.words for each in nearest.values())


def test_it_is_kept_until_the_library_holds_something_else(own, tmp_path, monkeypatch):
    first = own.projection()
    with monkeypatch.context() as patched:
        patched.setattr(projection.plane, "laid_out", lambda _: pytest.fail("it was kept"))
        again = own.projection()
    assert np.array_equal(first.ids, again.ids) and np.array_equal(first.places, again.places)
    assert np.allclose(first.vectors, again.vectors, atol=1e-3)
    (tmp_path / "kiln.md").write_text("# The kiln\n\nThe kiln of Ottery burns lime for three days.\n")
    ingest([tmp_path / "kiln.md"], own)
    assert own.projection().of == first.of + 1


def test_of_many_a_part_is_shown_and_what_is_not_has_a_place(own, monkeypatch):
    monkeypatch.setattr(projection, "SHOWN", 10)
    made = own.projection()
    ids = own.catalog.ids()
    step = -(-len(ids) // 10)
    assert made.ids.tolist() == ids[::step] and made.of == len(ids) and len(made.ids) <= 10
    (vector,) = own.store.vectors([ids[1]]).values()
    x, y = made.place(vector)
    assert 0 <= x <= 1 and 0 <= y <= 1


def test_a_damaged_file_is_made_anew(own):
    first = own.projection()
    (own.folder / projection.FILE).write_bytes(b"PK\x03\x04 no more")
    assert np.array_equal(own.projection().ids, first.ids)
    own.catalog.writer.remove([])
    assert np.load(own.folder / projection.FILE)["ids"].tolist() == first.ids.tolist()
