"""rag/language/measures.py: measures, and the lines that tell them."""

from __future__ import annotations

from rag.language.accounts import Statement
from rag.language.measures import called, made_of, statements


def test_a_measure_gives_its_lines():
    assert "total current liabilities" in made_of("What is the working capital of the mill?")
    assert "depreciation and amortization" in made_of("How high was EBITDA in FY2021?")
    assert "inventories" in made_of("What is the inventory turnover?")


def test_what_the_question_names_is_not_added():
    assert "cost of sales" not in made_of("What is the inventory turnover, with the cost of sales at 400?")


def test_no_measure_no_lines():
    assert made_of("How deep is the harbour at Ossett?") == ""
    assert made_of("Who pays the capitation and the margin of the road?") == ""


def test_few_lines_of_many_measures():
    assert len(made_of("working capital, EBITDA, ROA, ROE, free cash flow, days sales outstanding, quick ratio").split(", ")) <= 15


def test_what_an_account_calls_otherwise():
    assert "finished goods" in called("How high were the inventory levels of the mill?")
    assert "research and development" in called("What did the mill spend on R&D?")
    assert "net cash provided by operating activities" in called("How much was the cash flow from operations?")
    assert "statements of operations" in called("How did sales change, going by the P&L statement?")
    assert "commercial paper" not in called("Did the debt in commercial paper grow?")
    assert called("What is the debt-to-equity ratio?") == called("Who keeps the inventor's notes?") == ""


def test_the_statements_that_tell_of_a_measure():
    assert statements("What is the quick ratio?") == (Statement.BALANCE,)
    assert statements("What is the inventory turnover?") == (Statement.INCOME, Statement.BALANCE)
    assert statements("How high was free cash flow?") == (Statement.CASH,)
    assert statements("How has the effective tax rate changed?") == (Statement.INCOME,)
    assert statements("Is the mill capital-intensive?") == tuple(Statement)
    assert statements("How large is the year end PP&E, by the balance sheet?") == (Statement.BALANCE,)
    assert statements("Which region had the highest EBITDAR?") == statements("Which debt securities are listed?") == ()
