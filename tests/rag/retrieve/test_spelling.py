"""rag/retrieve/spelling.py: a slip of the pen is mended, what is right as it stands is left alone."""

from __future__ import annotations

import pytest

from rag.language.question import understood
from rag.retrieve.spelling import respelled
from tests.written import library_of

FILES = {
    "wheelwright.md": "# The wheelwright\n\nThe wheelwright Josune Arkwell repaired the carriage of Penderel.\n\n"
    "Her apprentice mixed the varnish.\n",
    "press.md": "# The press\n\nThe printer Halvard bought a lantern and forty barrels of turpentine.\n",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    with library_of(FILES, tmp_path_factory.mktemp("workshop")) as library:
        yield library.searcher


@pytest.mark.parametrize(
    "typed, right",
    {
        "Who was the weelwright?": "Who was the wheelwright?",
        "Who mixed the varnsih?": "Who mixed the varnish?",
        "What did the aprentice mix?": "What did the apprentice mix?",
        "Who bought turpentien?": "Who bought turpentine?",
        "Who bougt the lantern?": "Who bought the lantern?",
        "Whose was the carrage?": "Whose was the carriage?",
        "Carrage of Penderel": "Carriage of Penderel",
        "Who was the weelwright, and who mixed the varnsih?": "Who was the wheelwright, and who mixed the varnish?",
    }.items(),
)
def test_a_slip_is_mended(searcher, typed, right):
    mended = respelled(understood(typed), searcher)
    assert mended.whole == right and mended.asked == typed
    assert " ".join(part.text for part in mended.parts).count("weelwright") == 0


@pytest.mark.parametrize(
    "typed",
    [
        "Who was the painter?",  # the library has "printer"
        "Who was the pointer?",
        "Who carried the lectern?",  # "lantern"
        "Where is the marriage?",  # "carriage"
        "Who sold the barriers?",  # "barrels"
        "What is the varnish of the carriage?",
        "Did she repair carriages?",
        "Who is at the PRINTTER?",
        "What is printr2?",
    ],
)
def test_what_is_right_as_it_stands_is_left(searcher, typed):
    asked = understood(typed)
    assert respelled(asked, searcher) is asked


@pytest.mark.parametrize("name", ["Penderyn", "Halvorsen", "Arkwright", "Harvard", "Arkell", "Josune Arkwood"])
def test_a_name_is_not_bent_into_another(searcher, name):
    assert respelled(understood(f"Where does {name} live?"), searcher).whole == f"Where does {name} live?"


def test_a_word_like_none_is_left(searcher):
    assert respelled(understood("Who owns the xylophonist?"), searcher).whole == "Who owns the xylophonist?"
