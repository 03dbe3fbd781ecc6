"""rag/language/accounts.py: a statement of accounts is known by its caption and its rows."""

from __future__ import annotations

from rag.language.accounts import LEAST, Statement, captioned, named, rows

SHEET = """| (thousand florins) | June 30, 2021 | June 30, 2020 |
| --- | --- | --- |
| Assets: Current assets: Cash and cash equivalents | 40 | 35 |
| Assets: Current assets: Inventories (Note 3) | 210 | 190 |
| Total current assets | 260 | 230 |
| Property, plant and equipment, net | 900 | 880 |
| Total assets | 1,160 | 1,110 |
| Current liabilities: Accounts payable | 80 | 75 |
| Total current liabilities | 130 | 120 |
| Commitments (see Note 9) | | |"""
SEGMENTS = """| | Spinning | Dyeing |
| --- | --- | --- |
| Net sales | 300 | 120 |
| Looms | 40 | 0 |
| Weavers | 90 | 12 |"""


def test_the_rows_of_a_statement():
    assert len(rows(Statement.BALANCE, SHEET)) == 7
    assert len(rows(Statement.INCOME, SHEET)) < LEAST
    assert len(rows(Statement.CASH, SHEET)) < LEAST
    assert len(rows(Statement.INCOME, SEGMENTS)) == 1


def test_a_row_without_figures_is_none_and_a_text_has_none():
    assert not rows(Statement.BALANCE, "| | 2021 |\n| --- | --- |\n| Total assets | |")
    assert not rows(Statement.BALANCE, "Total assets were 1,160 thousand florins.")


def test_a_caption_begins_a_line():
    assert captioned(Statement.BALANCE, "OSSETT MILLS\nConsolidated Balance Sheets (unaudited)")
    assert captioned(Statement.INCOME, "Condensed consolidated statements of operations")
    assert captioned(Statement.CASH, "Consolidated Statement of Cash Flows")
    assert not captioned(Statement.BALANCE, "We believe that the cloth that we keep in the store is well told on the balance sheet.")
    assert not captioned(Statement.INCOME, "Consolidated Balance Sheets")


def test_statements_as_they_are_named():
    assert named("Going by the P&L statement and the statement of financial position") == (Statement.INCOME, Statement.BALANCE)
    assert named("as the cash flow statement has it") == (Statement.CASH,)
    assert named("Who made a statement of the mill's income?") == ()
