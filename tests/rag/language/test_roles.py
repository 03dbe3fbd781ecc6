"""rag/language/roles.py: roles and attributes that have been changed about, by a parser of English."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution

import pytest

from rag.language.roles import PIPELINE, misattributed

pytest.importorskip("spacy")
try:
    distribution(PIPELINE)
except PackageNotFoundError:
    pytest.skip("the pipeline is not installed", allow_module_level=True)

TOWER = "The tower of Callow Rock is white, with two red bands, and a tall mast carries the small lamp."
WRECK = "The cutter Dora rammed the barge Ellen in the fog; a tug later towed the barge to the quay."


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Its bands are white.", TOWER),
        ("The tower is red.", TOWER),
        ("The lamp is tall.", TOWER),
        ("The barge Ellen rammed the cutter Dora.", WRECK),
        ("The cutter Dora was rammed by the barge Ellen.", WRECK),
        ("The barge towed a tug to the quay.", WRECK),
    ],
)
def test_what_is_said_of_the_wrong_thing(statement, told):
    assert misattributed(statement, told)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Its bands are red.", TOWER),
        ("The tower is white.", TOWER),
        ("The small lamp is on a tall mast.", TOWER),
        ("The lamp is carried by a mast.", TOWER),
        ("The barge Ellen was rammed by the cutter Dora.", WRECK),
        ("A tug towed the Ellen.", WRECK),
        ("The barge was towed by a tug.", WRECK),
        ("The fog was thick.", WRECK),
        ("", WRECK),
    ],
)
def test_what_stands_in_its_role(statement, told):
    assert misattributed(statement, told) is None
