"""rag/llm/repeats.py: where a model begins to repeat itself."""

from __future__ import annotations

import pytest

from rag.llm.repeats import WithoutRepeats


def passed(*pieces: str) -> tuple[str, bool]:
    text = WithoutRepeats()
    out = "".join(text.feed(piece) for piece in pieces)
    return out + text.rest(), text.repeating


@pytest.mark.parametrize(
    "text, out, repeating",
    [
        ("The light is white and tall. It was built in 1791.", "The light is white and tall. It was built in 1791.", False),
        ("The light is white and tall. The light is white and tall. The", "The light is white and tall.", True),
        (
            "The light is white and tall [1]. The light is white and tall [2].",
            "The light is white and tall [1]. The light is white and tall [2].",
            False,
        ),
        ("1. Yes.\n2. Yes.\n3. Yes.\n", "1. Yes.\n2. Yes.\n3. Yes.\n", False),
        ("No. No. No. No. No.", "No. No.", True),
        ("The light is white and tall. The light is white", "The light is white and tall. The light is white", False),
    ],
    ids=["no repeat", "a sentence again", "another citation", "a list", "a word for ever", "a beginning that stops"],
)
def test_an_answer_ends_where_it_repeats_itself(text, out, repeating):
    assert passed(text) == (out, repeating)
    assert passed(*text) == (out, repeating), "letter by letter too"


def test_a_loop_without_sentences_ends_too():
    text, repeating = passed("and the sea and the wind and the light " * 20)
    assert repeating and len(text) < 200
