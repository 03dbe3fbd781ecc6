"""rag/retrieve/cards.py, aim.py and pointed.py: a question leads to the document that its names and periods mean, and to the page that it
names; what only points stands behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.language.periods import Period
from rag.language.question import understood
from rag.records import Place
from rag.retrieve.aim import aimed
from rag.retrieve.cards import card, meant
from rag.retrieve.scope import named
from tests.written import library_of

MILLS = {"OSS": "Ossett Mills", "BRK": "Barkham Weavers", "TAN": "Tanfield Dye Works"}
ENDS = {"2021 Q1": "March 31, 2021", "2021 Q2": "June 30, 2021", "2021 Q3": "September 30, 2021"}
PAGE = """# {mill}

Quarterly report on Form 9-M for the quarterly period ended {end}.

## Results

Net sales of cloth were {sales} thousand florins. The looms ran day and night, and the weavers were paid by the yard.

## Costs

Wool was bought at {wool} florins a bale from the hill farms.
"""
GUIDE = """# Guide to the warehouse

## Contents

Racks ........ 2
Fire buckets ........ 3
Hoists ........ 5
Wool presses ........ 9

## Fire buckets

Fire buckets hang at every second pillar and are filled with sand on Mondays.
"""
STRANGER = "# Notes on trade\n\nOssett cloth is heavier than ours, and Ossett is far away.\n\n## Looms\n\nA loom is oiled twice a day.\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    texts = {"warehouse.md": GUIDE, "trade.md": STRANGER}
    for at, (ticker, mill) in enumerate(MILLS.items()):
        for quarter, (period, end) in enumerate(ENDS.items()):
            text = PAGE.format(mill=mill, end=end, sales=400 + 10 * at + quarter, wool=70 + 10 * at + quarter)
            texts[f"{period} {ticker}.md"] = text
    with library_of(texts, tmp_path_factory.mktemp("mills")) as library:
        yield library


def first(library, question):
    return library.search(question, k=5).hits[0]


@pytest.mark.parametrize(
    "question, source, words",
    [
        ("What were the net sales of Ossett in Q2 2021?", "2021 Q2 OSS.md", "401"),
        ("What were Barkham's net sales in the third quarter of 2021?", "2021 Q3 BRK.md", "412"),
        ("What did Tanfield pay for wool in the quarter ended March 31, 2021?", "2021 Q1 TAN.md", "90"),
        ("What did Barkham pay for wool in the latest quarter?", "2021 Q3 BRK.md", "82"),
        ("What were the net sales of Tanfield in the most recent 9-M?", "2021 Q3 TAN.md", "422"),
    ],
)
def test_the_report_that_is_meant_comes_first(library, question, source, words):
    hit = first(library, question)
    assert hit.source == source
    assert words in hit.text


def test_a_name_leads_to_whose_document_it_is(library):
    found = library.search("What were the net sales of Ossett?", k=5)
    assert {hit.source for hit in found.hits[:3]} == {"2021 Q1 OSS.md", "2021 Q2 OSS.md", "2021 Q3 OSS.md"}


def test_the_card_of_a_document(library):
    cards = {each.source: each for each in map(card, library.catalog.openings())}
    report = cards["2021 Q2 OSS.md"]
    assert report.quarters == {Period(2021, 2)}
    assert report.ends == ((2021, 6),)
    assert {"ossett", "mills", "oss", "9-m"} <= report.words
    assert cards["trade.md"].quarters == set()


def test_two_names_are_meant_by_their_initials(library):
    cards = [card(each) for each in library.catalog.openings()]
    found = meant("How did OnM's sales grow?", cards, lambda name, versions: 1.0)
    assert {each.source[-6:] for each in cards if each.version in found.best} == {"OSS.md"}


def test_the_report_on_the_last_quarter_tells_of_the_year(library):
    opening = next(each for each in library.catalog.openings() if each.source == "2021 Q3 OSS.md")
    cards = [
        card(replace(opening, version=at, place=Place(name=name))) for at, name in enumerate(("Ossett 2021", "Ossett 2021 Q4", "Q3 2021"))
    ]
    found = meant("What did Ossett sell in 2021?", cards, lambda name, versions: 1.0)
    assert found.best == {0, 1}
    assert found.fits[2] < 1


def test_a_document_alone_is_searched_as_a_report_where_its_period_is_asked(library):
    def aim(text, source):
        asked = understood(text)
        within = library.catalog.versions(source)
        return aimed(asked.parts[0], asked.parts[0].text, asked.whole, library.catalog, library.store, within, None)

    asked, other = aim("How much debt had Ossett in Q2 2021?", "2021 Q2 OSS.md"), aim("How much debt had Ossett in 1950?", "2021 Q2 OSS.md")
    assert asked.sure and asked.words.startswith("How much debt had in ?")
    assert not other.sure and other.words == "How much debt had Ossett in 1950?"


def test_names_that_all_write_of_mean_no_document(library):
    cards = list(map(card, library.catalog.openings()))
    assert not meant("How is a loom oiled?", cards, lambda name, versions: 1.0).best
    own = meant("What does Ossett sell?", cards, lambda name, versions: 1.0)
    assert own.best
    assert own.words == "What does sell?"
    assert not meant("What does Ossett sell?", cards, lambda name, versions: 0.2).best


def test_the_latest_is_of_those_that_are_named(library):
    assert named(understood("What did Ossett sell in the latest quarter?"), library.catalog) == ("2021 Q3 OSS.md",)
    assert named(understood("What did Ossett sell in the last year?"), library.catalog) == ()


def test_what_only_points_stands_behind_what_tells(library):
    hits = library.search("Where are the fire buckets?", k=8, source="warehouse.md").hits
    assert "second pillar" in hits[0].text
    asked = library.search("Show me the table of contents with racks, fire buckets, hoists and wool presses", k=8, source="warehouse.md")
    assert "Racks" in asked.hits[0].own


def test_a_figure_and_a_section_by_their_numbers(tmp_path):
    parts = [
        f"## {number}.{part} Rules of the {thing}\n\nThe keeper minds the {thing} at {5 + part} o'clock, with rule {number}{part}.\n\n"
        f"Table {3 * number + part}: Stores for the {thing}, {10 * number + part} in all.\n"
        for number in (1, 2, 3)
        for part, thing in enumerate(("lamp", "bell", "boat"), 1)
    ]
    with library_of({"rules.md": "# Rules\n\n" + "\n".join(parts)}, tmp_path) as library:
        assert "rule 23" in library.search("What does the keeper mind by section 2.3?", k=3).hits[0].own
        assert "Table 8:" in library.search("How many stores does Table 8 count?", k=3).hits[0].own


def test_in_a_report_a_matter_is_searched_for_by_the_lines_of_an_account(library):
    def aim(text):
        asked = understood(text)
        return aimed(asked.parts[0], asked.parts[0].text, asked.whole, library.catalog, library.store, None, None)

    report, elsewhere = aim("How much debt had Ossett in Q2 2021?"), aim("Who writes of debt?")
    assert report.sure and "debt" in report.words and report.words.endswith("(commercial paper, term debt, notes, interest expense)")
    assert not elsewhere.sure and elsewhere.words == "Who writes of debt?"
