"""rag/evaluate/support.py: which texts bear a sentence, and how an answer's sentences and citations are counted."""

from __future__ import annotations

import pytest

from rag.evaluate.support import Support, bears, support
from rag.records import Answer, Citation, Hit, Locator, Routes

LIGHT = "The light at Hollin Point was built in 1791 by Marta Quill. It stands 31 m above the sea and shows two white flashes."


@pytest.mark.parametrize(
    ("sentence", "borne"),
    [
        ("The light at Hollin Point was built in 1791 by Marta Quill.", True),
        ("Marta Quill built it in 1791.", True),
        ("The light was built in 1792 by Marta Quill.", False),  # another number
        ("The light was built in 1791 by John Quill.", False),  # another name
        ("It stands 31 m above the sea, painted yellow, beside three chimneys and an old stone quay.", False),  # mostly other words
        ("Standing above the sea, it shows 2 white flashes.", True),  # other forms of the words, a spelled number
        ("Flashing seen afar.", False),  # one of three words
        ("Flashing seen.", True),  # one of two; a word that begins a sentence is no name
        ("Quill's light.", True),
    ],
)
def test_a_text_bears_a_sentence(sentence, borne):
    assert bears([LIGHT], sentence) is borne


@pytest.mark.parametrize(
    ("text", "sentence", "borne"),
    [
        ("It cost 1,200 crowns.", "It cost 1200 crowns.", True),
        ("It cost 1\u202f200 crowns.", "It cost 1,200 crowns.", True),
        ("It cost 12.00 crowns.", "It cost 1,200 crowns.", False),
        ("Sixty-one lives were lost.", "61 lives were lost.", True),
        ("Sixty lives and one dog were lost.", "61 lives were lost.", False),
        ("The ferry sails at 14:20.", "The ferry sails at 14:30.", False),
        ("灯台は赤い", "灯台は白い", True),  # four of five signs
        ("灯台は赤い", "猫が好き", False),
    ],
)
def test_numbers_and_signs(text, sentence, borne):
    assert bears([text], sentence) is borne


def hit(rank: int, text: str, guess: str = "") -> Hit:
    return Hit(rank, 1.0, "text", f"{rank}.md", None, None, Locator(), text + guess, None, (), Routes(), evidence=text)


def answer(text: str, *cited: tuple[int, str]) -> Answer:
    """`cited`: rank and quote of citation 1, 2, ..."""
    hits = (
        hit(1, LIGHT),
        hit(2, "Ness Head was lit in 1834. Its horn sounds every 30 seconds."),
        hit(3, "a lamp", " May show: a tabby cat"),
    )
    citations = tuple(Citation(n, f"{rank}.md", Locator(), "text", quote, None, rank) for n, (rank, quote) in enumerate(cited, 1))
    return Answer("q", "q", text, hits, citations=citations)


BUILT, LIT = (1, "was built in 1791"), (2, "Ness Head was lit in 1834")


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        (answer("The light was built in 1791. [1] Ness Head was lit in 1834. [2]", BUILT, LIT), Support(2, 2, 2, 2)),
        (answer("The light was built in 1791. [1] Ness Head was lit in 1834. [1]", BUILT), Support(2, 1, 2, 1)),
        # two passages bear it together, and neither alone: both count
        (answer("Hollin Point was built in 1791 and Ness Head was lit in 1834. [1][2]", BUILT, LIT), Support(1, 1, 2, 2)),
        # the second bears nothing of it, and is not needed
        (answer("The light at Hollin Point was built in 1791. [1][2]", BUILT, LIT), Support(1, 1, 2, 1)),
        (answer("It was painted in 1999. [unverified] The light was built in 1791. [1]", BUILT), Support(2, 1, 1, 1)),
        # quotes that follow each other, each with its own citation
        (
            answer("“The light at Hollin Point was built in 1791” [1] “The light stands 31 m above the sea.” [1]", BUILT),
            Support(2, 2, 2, 2),
        ),
        (answer("The light “Hollin Point” [1] was built in 1791 [1].", BUILT), Support(1, 1, 1, 1)),
        # a quote that does not stand in its hit; a guess from the pixels
        (answer("The light was built in 1791. [1]", (1, "was surely built in 1791")), Support(1, 0, 1, 0)),
        (answer("A tabby cat is shown there. [1]", (3, "a lamp")), Support(1, 0, 1, 0)),
        (answer("The light was built in 1791. [7]", BUILT), Support(1, 0, 1, 0)),
        (answer(""), Support(0, 0, 0, 0)),
    ],
)
def test_sentences_and_citations_are_counted(given, counted):
    assert support(given) == counted
