"""What stands above a passage (its Place), cut to what of it fits: it may take a third of the encoder's limit, no more."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from semantic_text_splitter import TextSplitter

from rag.language.fold import folded_form
from rag.records import HEADING_SEPARATOR, Place

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CHARACTERS_A_TOKEN = 16  # some tokenizers make one token of the longest word or of any white space: this bounds a passage's length
TITLE_WORDS = 15
_MAX_PLACES = 100_000
_LONGEST = 5_000  # characters of one part that are looked at
_SHARES = ("title", "name", "sheet", "lead", "heading")  # of what is left after the easy cuts, the first go first


class Above:
    """Fits places into a third of `limit` tokens; each place once."""

    def __init__(self, tokenizer: Tokenizer, limit: int):
        self._tokenizer = tokenizer
        self._most = limit // 3
        self._fitted: dict[Place, Place] = {}

    def exact(self, text: str) -> int:
        """The tokens of a text in the form in which it is searched, special ones counted."""
        text = folded_form(text)
        return max(len(self._tokenizer.encode(text).ids), -(-len(text) // CHARACTERS_A_TOKEN))

    def fitted(self, place: Place) -> Place:
        """`place` where its line fits; else with the first 15 words of the title, then with the last parts of the heading path, then with
        the beginning of each part, then without title, name, sheet, lead."""
        if place not in self._fitted:
            if len(self._fitted) >= _MAX_PLACES:
                self._fitted.clear()
            self._fitted[place] = self._cut(Place(**{each.name: _encodable(getattr(place, each.name)) for each in fields(place)}))
        return self._fitted[place]

    def _fits(self, place: Place) -> bool:
        return self.exact(place.above) <= self._most

    def _cut(self, place: Place) -> Place:
        if self._fits(place):
            return place
        place = replace(place, title=" ".join(place.title.split()[:TITLE_WORDS]))
        parts = place.heading.split(HEADING_SEPARATOR)
        while len(parts) > 1 and not self._fits(place):
            parts.pop(0)
            place = replace(place, heading=HEADING_SEPARATOR.join(parts))
        for name in _SHARES:
            if not self._fits(place):
                place = replace(place, **{name: self._begun(getattr(place, name), self._most // 3)})
        for name in _SHARES:
            if not self._fits(place):
                place = replace(place, **{name: ""})
        return place

    def _begun(self, text: str, most: int) -> str:
        if self.exact(text) <= most:
            return text
        return next(iter(TextSplitter.from_callback(self.exact, max(most, 1)).chunks(text[:_LONGEST])), "")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
