"""rag/language/measures.py: measures, and the lines that tell them."""

from __future__ import annotations

from rag.language.measures import called, made_of


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
