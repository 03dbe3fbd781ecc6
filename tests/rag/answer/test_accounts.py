"""rag/answer/accounts.py: the rows of accounts that answer are quoted, though they are called otherwise than the question calls them."""

from __future__ import annotations

import pytest

from ingest import ingest
from rag import Library, Settings

REPORT = """# Marlin Boats plc, annual report 2022

## Management's discussion

Cash flow from operations pays for what we invest. The cash flow of a yard is that of its slips: operating activities, we believe, will
remain strong, and capital expenditure will go on as the board decides. We are proud of our people and of the boats that they build.

## Consolidated statements of cash flows

| (in thousands) | 2022 | 2021 |
|---|---|---|
| Operating activities: Net income | 4,310 | 3,905 |
| Operating activities: Depreciation | 1,020 | 990 |
| Operating activities: Change in inventories | (212) | 144 |
| Operating activities: Net cash provided by operating activities | 5,118 | 5,039 |
| Investing activities: Purchases of property, plant and equipment | (2,764) | (1,880) |
| Investing activities: Proceeds from the sale of a slip | 95 | 0 |
| Financing activities: Dividends paid | (1,200) | (1,100) |

## Margins

| (percent of sales) | 2022 | 2021 |
|---|---|---|
| Net sales | 100.0% | 100.0% |
| Gross profit | 31.5% | 30.2% |

## Consolidated statements of income

| (in thousands) | 2022 | 2021 |
|---|---|---|
| Net sales | 48,220 | 45,170 |
| Cost of sales | 33,031 | 31,529 |
| Gross profit | 15,189 | 13,641 |
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    (folder / "marlin-2022.md").write_text(REPORT, "utf-8")
    (folder / "yard.md").write_text(
        "# The yard\n\nThe yard lies at the mouth of the Osk. Boats have been built there since 1811.\n", "utf-8"
    )
    with Library.open(folder / "library", Settings(library=folder / "library")) as library:
        assert not ingest([folder / "marlin-2022.md", folder / "yard.md"], library).failed
        yield library


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("What was Marlin's cash flow from operations in FY2022?", "5,118"),
        ("How much capital expenditure did Marlin have in 2022?", "2,764"),
        ("What was the gross margin of Marlin Boats in FY22?", "15,189"),
    ],
)
def test_the_row_is_quoted_first(report, question, figure):
    answer = report.ask(question, model="quote")
    assert not answer.refused and figure in answer.citations[0].quote
