"""The chat's words in the reader's language."""

from __future__ import annotations

from string import Formatter

import pytest
from babel.messages.pofile import read_po

from app.chat.language import CATALOGUES, languages


def test_english_comes_first_and_german_is_there():
    assert languages()[0] == "en" and "de" in languages()


@pytest.mark.parametrize("language", languages()[1:])
def test_a_catalogue_says_everything_and_keeps_the_names_in_braces(language):
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    for message in read_po((CATALOGUES / f"{language}.po").open("rb")):
        if message.id:
            ids, strings = ((each,) if isinstance(each, str) else each for each in (message.id, message.string))
            assert all(strings), message.id
            assert all(names(string) == names(ids[-1]) for string in strings), message.id
