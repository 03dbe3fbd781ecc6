"""rag/retrieve/accounts.py: what a question is worked out from is found in the statements of the report that it means."""

from __future__ import annotations

import pytest

from rag.language.accounts import Statement
from rag.retrieve.accounts import looked_up
from tests.written import library_of

ROWS = {
    "Summary of results": ("Operating margin", "Gross margin of the year", "Net sales", "Net income"),
    "Consolidated Statements of Operations": (
        "Total net sales", "Cost of sales", "Gross profit", "Research and development", "Operating income", "Interest expense",
        "Income before income taxes", "Provision for income taxes", "Net income",
    ),
    "Consolidated Balance Sheets": (
        "Cash and cash equivalents", "Accounts receivable, net", "Inventories", "Total current assets", "Property and equipment, net",
        "Total assets", "Accounts payable", "Total current liabilities", "Long-term debt", "Total liabilities", "Retained earnings",
    ),
    "Consolidated Statements of Cash Flows": (
        "Net income", "Depreciation and amortization", "Net cash provided by operating activities", "Purchases of property and equipment",
        "Net cash used in investing activities", "Dividends paid", "Net cash used in financing activities",
        "Cash and cash equivalents at end of year",
    ),
    "Condensed Balance Sheets of the Parent": (
        "Cash and cash equivalents", "Accounts receivable, net", "Inventories", "Total current assets", "Property and equipment, net",
        "Total assets", "Accounts payable", "Total current liabilities", "Long-term debt", "Total liabilities", "Retained earnings",
    ),
}  # fmt: skip
TALK = """## Our {topic}, and what drove it

{turn} of the {topic} is what the keeper tells of here. The {topic} profile is improving, since net sales and revenues grew by more than the
cost of sales, operating income by more than both, and current assets, property, plant and equipment by more than current liabilities, as
the statement of income and the balance sheet have it. Letter {letter}.
"""
TURNS = ("The spring", "The autumn", "The harvest", "The flood", "The frost", "The strike")


def report(mill: str, year: int, figure: int) -> str:
    tables = []
    for caption, rows in ROWS.items():
        lines = [f"| {row} | {figure + 10 * at:,} | {figure + 10 * at + 1:,} |" for at, row in enumerate(rows)]
        tables.append("\n".join([f"## {caption}\n", f"| (florins) | {year} | {year - 1} |", "| --- | --- | --- |", *lines, ""]))
    topics = ("operating margin", "quick ratio", "capital-intensive business")
    talk = [TALK.format(topic=topic, turn=turn, letter=letter) for topic in topics for letter, turn in enumerate(TURNS, 1)]
    return "\n".join([f"# {mill}\n\nAnnual report for the year ended December 31, {year}.\n", *talk, *tables])


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    texts = {"looms.md": "# Looms\n\nA loom is oiled twice a day, and its operating margin is a hair.\n"}
    for at, mill in enumerate(("Ossett", "Barkham")):
        for year in (2020, 2021):
            texts[f"{mill} {year}.md"] = report(f"{mill} Mills", year, 4000 + 1000 * at + 100 * (year - 2020))
    with library_of(texts, tmp_path_factory.mktemp("mills")) as library:
        yield library


def versions(library, source):
    return library.catalog.versions(source)


def test_each_statement_of_a_report_and_not_its_summary_or_its_parent_s(library):
    found = looked_up(Statement, versions(library, "Ossett 2021.md"), library.catalog, library.store)
    assert [each.record.locator.heading.split(" > ")[-1] for each in found] == list(ROWS)[1:4]


def test_of_several_reports_the_first_of_each_kind_come_first(library):
    wanted = (Statement.CASH, Statement.BALANCE)
    found = looked_up(wanted, versions(library, "Ossett*"), library.catalog, library.store)
    assert [each.record.locator.heading.split(" > ")[-1].split()[-1] for each in found] == ["Flows", "Sheets", "Flows", "Sheets"]
    assert len({each.source for each in found}) == 2


def test_what_has_no_accounts_has_no_statements(library):
    assert not looked_up(Statement, versions(library, "looms.md"), library.catalog, library.store)


@pytest.mark.parametrize(
    "question, source, figures",
    [
        ("Does Ossett have an improving operating margin profile as of 2021?", None, ["| Operating income | 4,140 |"]),
        ("Is the quick ratio of Barkham improving in 2020?", None, ["| Total current liabilities | 5,070 |"]),
        ("Is Barkham a capital-intensive business by 2021 data?", None, ["| Total net sales | 5,100 |", "| Total assets | 5,150 |"]),
        ("What drove the operating margin?", "Ossett 2020.md", ["| Operating income | 4,040 |"]),
    ],
)
def test_the_statements_that_a_measure_is_worked_out_from_are_among_the_first(library, question, source, figures):
    hits = library.search(question, k=4, source=source).hits
    assert all(any(figure in hit.text for hit in hits) for figure in figures)


def test_what_is_asked_in_words_is_still_answered_by_words(library):
    assert "oiled twice" in library.search("How often is a loom oiled?", k=1).hits[0].text
    assert "Letter" in "\n".join(hit.text for hit in library.search("What drove Ossett's operating margin in 2021?", k=4).hits)
