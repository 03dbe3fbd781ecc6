"""rag/language/periods.py: years and quarters as reports write them, and what is none."""

from __future__ import annotations

import pytest

from rag.language.periods import Period, covered, ends, months, periods


@pytest.mark.parametrize(
    "text, found",
    {
        "Revenue in Q3 2021": [Period(2021, 3)],
        "2021 Q3 Ossett": [Period(2021, 3)],
        "OSSETT 2021Q3 EARNINGS": [Period(2021, 3)],
        "the third quarter of 2021": [Period(2021, 3)],
        "the first quarter of fiscal year 2022": [Period(2022, 1)],
        "3Q21 results": [Period(2021, 3)],
        "Q2'21": [Period(2021, 2)],
        "Q4 of FY2021": [Period(2021, 4)],
        "FY21 capital spending": [Period(2021)],
        "fiscal 2021": [Period(2021)],
        "in 2021, 2020 and 2019": [Period(2021), Period(2020), Period(2019)],
        "Ossett 2021 annual": [Period(2021)],
        "12 March 2021": [],
        "2,021 florins and $2021": [],
        "a part 2021-7 and 2021.5 metres": [],
        "the first quarter of the town": [],
    }.items(),
)
def test_periods_as_they_are_written(text, found):
    assert periods(text)[0] == found


def test_what_is_left_has_the_other_words():
    assert periods("Revenue of Ossett in Q3 2021, by mill")[1].split() == ["Revenue", "of", "Ossett", "in", ",", "by", "mill"]


def test_a_period_ends_in_the_month_that_its_last_week_belongs_to():
    assert ends("For the quarterly period ended July 1, 2021, of the mill") == [(2021, 6)]
    assert ends("three months ended 25 June 2021 and six months ended 26 June 2020") == [(2021, 6), (2020, 6)]
    assert ends("The war ended on 8 May 1945.") == []


def test_months_of_days():
    assert months("as of 30 September 2021") == [(2021, 9)]
    assert months("in the autumn") == []


def test_the_last_day_of_what_a_report_is_for():
    assert covered("FORM 9-M\nFor the quarterly period ended July 1, 2021\nOssett Mills") == "2021-07-01"
    assert covered("Annual report for the fiscal year ended: 31 March 1920") == "1920-03-31"
    assert covered("for the transition period from to, or for the fiscal year ended December 3, 2021") == "2021-12-03"
    assert covered("In the year ended December 31, 2021 the mill burnt.") == covered("For the year ended in 2021") == ""
