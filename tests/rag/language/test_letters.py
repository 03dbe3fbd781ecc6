"""rag/language/letters.py: what directs a letter is told from what stands in it."""

from __future__ import annotations

import pytest

from rag.language.letters import asks_of_letter, directs

MAIL = "From: Ada Brann\nTo: Cole Dunn\nSubject: The weir\n\nDear Mr Dunn,\n\nthe weir leaks. To: be mended soon."


@pytest.mark.parametrize(
    "line", ["From: Ada Brann", "To: Cole Dunn", "Subject: The weir", "Dear Mr Dunn,", "Hi Ada,", "Dear Sir or Madam", "Kind regards, Ada"]
)
def test_what_directs_a_mail(line):
    assert directs(line, MAIL)


@pytest.mark.parametrize(
    "line", ["the weir leaks.", "Dear is what the weir costs us.", "Hi there are two weirs.", "Weir: open", "Yours is the weir."]
)
def test_what_stands_in_it(line):
    assert not directs(line, MAIL)


def test_a_fact_that_is_called_so_directs_nothing():
    assert not directs("From: the upper pond", "From: the upper pond\nTo: the mill race\nDepth: 40 cm")


def test_questions_for_what_directs():
    assert asks_of_letter("To whom did she complain?") and asks_of_letter("Who wrote about the weir?")
    assert not asks_of_letter("What did Mr Dunn pay?")
