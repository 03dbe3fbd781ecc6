"""rag/language/numbers.py: numbers, measures, dates and times in their many spellings."""

from __future__ import annotations

import pytest

from rag.language.numbers import counted, lacking, numbers
from rag.language.spelled import in_digits


@pytest.mark.parametrize(
    ("stated", "held"),
    [
        ("25 km", "twenty-five kilometres"),
        ("25 kilometers", "25km"),
        ("5 %", "five per cent"),
        ("5 percent", "5%"),
        ("20 °C", "twenty degrees Celsius"),
        ("5 GB", "5 gigabytes"),
        ("€ 12", "twelve euros"),
        ("$5", "5 dollars"),
        ("1200", "1,200"),
        ("1 200 people", "twelve hundred and 1200"),
        ("41,300 crowns", "forty-one thousand three hundred crowns"),
        ("197 steps", "a hundred and ninety-seven steps"),
        ("3.5 s", "three and a half seconds"),
        ("1.5 miles", "1½ miles"),
        ("0.5 miles", "half a mile"),
        ("5,500,000", "5.5 million"),
        ("1,000,000 litres", "10⁶ litres"),
        ("10^6 litres", "10⁶ litres"),
        ("1912", "it was hung in 1912²"),
        ("25 m²", "an area of 25 m²"),
        ("12 pieces", "a dozen pieces"),
        ("10 km", "from 10 to 12 km"),
        ("58 crowns per year", "| Pay in a year | 58 crowns |, a watch every thirty minutes"),
        ("every 90 seconds", "a blast of 3 seconds in every ninety"),
        ("500 volts", "500V"),
        ("the 3rd year", "the third year"),
        ("once an hour", "hourly"),
        ("12 March 1874", "March 12, 1874"),
        ("12.3.1874", "the 12th of March 1874"),
        ("1874-03-12", "12 Mar 1874"),
        ("March 1874", "on 12 March 1874"),
        ("1874", "on 12 March 1874"),
        ("12 March", "12 March 1874"),
        ("12 March 1874", "Log of 1874. Sunday, 12 March"),
        ("2:30 p.m.", "14:30"),
        ("16:31", "4.31 p.m."),
        ("at 8:30", "between 8.30 and 10.15"),
        ("-5.08", "X is −5.08"),
        ("0.50", "0.5"),
        ("68 hectares", "68 ha"),
        ("one of them", "several"),
        ("the 1850s", "in the 1850s"),
        ("10.0.0.0", "10.0.0.0/8"),
        ("1350", "1 350"),
        ("１，３５０", "1350"),
        ("5 µm", "5 μm"),
        ("+44 7700 900417", "+447700900417"),
    ],
)
def test_what_is_the_same_in_another_spelling(stated, held):
    assert lacking(counted(stated), counted(held)) == []


@pytest.mark.parametrize(
    ("stated", "held", "lacks"),
    [
        ("25 km", "25 miles", ["25 km"]),
        ("25 km", "25 minutes and 30 km", ["25 km"]),
        ("5 GB", "5 MB", ["5 GB"]),
        ("5 GB", "5 GiB", ["5 GB"]),
        ("5 mW", "5 MW", ["5 mW"]),
        ("20 °C", "20 °F", ["20 °C"]),
        ("5 %", "5 of them", ["5 %"]),
        ("twenty-six km", "25 km", ["26 km"]),
        ("5 square metres", "5 metres", ["5 square metres"]),
        ("every minute", "every hour", ["1 minute"]),
        ("12 April 1874", "12 March 1874", ["12 April 1874"]),
        ("13 March 1874", "12 March 1874", ["13 March 1874"]),
        ("12 March 1875", "12 March 1874", ["12 March 1875"]),
        ("3:30 p.m.", "14:30", ["3:30 p.m."]),
        ("5.08", "-5.08", ["5.08"]),
        ("120", "1200", ["120"]),
        ("10 litres", "10⁶ litres", ["10 litres"]),
        ("106 litres", "10⁶ litres", ["106 litres"]),
        ("10⁵ litres", "10⁶ litres", ["10⁵ litres"]),
        ("18", "amd18", ["18"]),
    ],
)
def test_what_is_another_thing(stated, held, lacks):
    assert lacking(counted(stated), counted(held)) == lacks


def test_many_digits_are_read_as_one_number():
    assert in_digits("1" * 20_000) == "1" * 20_000
    assert counted("1" * 20_000).values == {"1" * 20_000}


def test_numbers_in_digits():
    assert numbers("1,200 and twelve hundred, 0.50, 3.1415, on 5 May 1900 at 14:30") == {"1200", "0.5", "3.1415", "5", "1900", "14:30"}
