"""rag/retrieve/scope.py: which documents a question names, and which it only seems to."""

from __future__ import annotations

import pytest

from rag.language.question import understood
from rag.retrieve.scope import named, whole_documents
from tests.written import library_of

FILES = {
    "minutes-2022-11-04.md": "# Minutes of the guild\n\nThe guild bought a kiln for ninety florins.\n",
    "minutes-2023-02-10.md": "# Minutes of the guild\n\nThe guild sold the old kiln to a baker.\n",
    "minutes-2022-12-30.md": "# Minutes of the guild\n\nThe guild met in the snow.\n",
    "sandal-q3-2021.txt": "Sandal earned forty florins in the third quarter.\n",
    "sandal-q4-2021.txt": "Sandal earned fifty florins in the fourth quarter.\n",
    "ossett-q4-2023.txt": "Ossett earned sixty florins in the fourth quarter.\n",
    "weir survey.md": "# Survey of the weir\n\nThe weir leaks at the third pile.\n",
    "clay/pits.md": "# Pits\n\nThe red pit is nine metres deep.\n",
    "clay/deep/notes.md": "# Notes\n\nThe blue pit is flooded.\n",
    "glaze/notes.md": "# Notes\n\nThe green glaze is made of copper.\n",
    "burton/kiln log.md": "# Kiln log of Burton\n\nTwo pots cracked on Monday.\n",
    "wharram/kiln log.md": "# Kiln log of Wharram\n\nNine tiles cracked on Sunday.\n",
    "tools.csv": "tool,price\nrib,4\nloop,7\n",
    "mytools.csv": "tool,price\nwheel,90\n",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    with library_of(FILES, tmp_path_factory.mktemp("pottery")) as library:
        yield library.catalog


@pytest.mark.parametrize(
    "asked, sources",
    {
        "What is in tools.csv?": {"tools.csv"},
        "what is in TOOLS.CSV": {"tools.csv"},
        "Which is the dearest tool in mytools.csv?": {"mytools.csv"},
        'What does "weir survey.md" say about the piles?': {"weir survey.md"},
        "What does notes.md say about the pit?": {"clay/deep/notes.md", "glaze/notes.md"},
        "What does glaze/notes.md say about copper?": {"glaze/notes.md"},
        "How do tools.csv and mytools.csv differ?": {"tools.csv", "mytools.csv"},
        "What is in saws.csv?": set(),
        "What is in tools.csv.bak?": set(),
        "How wide is the kiln, e.g. in feet?": set(),
    }.items(),
)
def test_a_file_that_is_named(catalog, asked, sources):
    assert set(named(understood(asked), catalog)) == sources


@pytest.mark.parametrize(
    "asked, sources",
    {
        "How deep is the pit in the folder clay?": {"clay/pits.md", "clay/deep/notes.md"},
        "How deep is the pit in the clay folder?": {"clay/pits.md", "clay/deep/notes.md"},
        "What stands in the folder deep about pits?": {"clay/deep/notes.md"},
        "What stands in the folder clay/deep about pits?": {"clay/deep/notes.md"},
        "What stands in the folder straw about pits?": set(),
        "What is in the folder lay?": set(),
    }.items(),
)
def test_a_folder_that_is_named(catalog, asked, sources):
    assert set(named(understood(asked), catalog)) == sources


@pytest.mark.parametrize(
    "asked, sources",
    {
        "What was decided in the latest minutes?": {"minutes-2023-02-10.md"},
        "What do the most recent minutes say about the kiln?": {"minutes-2023-02-10.md"},
        "What did Sandal earn by the latest Sandal figures?": {"sandal-q4-2021.txt"},
        "Who was the last miller of the town?": set(),
        "Who was the last secretary of the minutes?": set(),
        "What was the last Sandal potter paid?": set(),
        "What is the latest price of a rib?": set(),
    }.items(),
)
def test_the_latest_of_a_kind_by_the_dates_in_their_names(catalog, asked, sources):
    assert set(named(understood(asked), catalog)) == sources


@pytest.mark.parametrize(
    "asked, sources",
    {
        "What does the weir survey say about the piles?": {"weir survey.md"},
        "According to the minutes, who bought the kiln?": set(),
        "What cracked at Burton according to the kiln log?": {"burton/kiln log.md"},
        "What cracked at Tanfield according to the kiln log?": set(),
        "What does the kiln survey say about the piles?": set(),
        "According to the uploaded document, which pile leaks?": set(),
        "Which pile of the weir leaks?": set(),
    }.items(),
)
def test_the_one_document_that_a_mention_can_mean(catalog, asked, sources):
    assert set(named(understood(asked), catalog)) == sources


def test_a_whole_that_is_named_is_that_document(catalog):
    assert whole_documents(understood("What is weir survey.md about?"), catalog) == ("weir survey.md",)
    assert whole_documents(understood("Summarize the weir survey."), catalog) == ("weir survey.md",)


def test_a_whole_of_a_kind_is_those_of_that_kind(catalog):
    assert set(whole_documents(understood("Summarize the spreadsheet."), catalog)) == {"tools.csv", "mytools.csv"}


def test_a_whole_that_may_be_any_is_all(catalog):
    assert set(whole_documents(understood("Summarize everything."), catalog)) == set(FILES)
    assert set(whole_documents(understood("What are these documents about?"), catalog)) == set(FILES)


def test_all_that_a_mention_can_mean_are_summed_up_together(catalog):
    found = set(whole_documents(understood("Give me a summary of the minutes."), catalog))
    assert found == {name for name in FILES if name.startswith("minutes")}
