"""The words of a running paragraph while a page is walked, with what its small elements say, and the notes that are due after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest.readers.html.fields import FIELDS, ticked
from ingest.readers.html.inline import around, note_marks, spoken
from ingest.readers.html.notes import notes_by_mark
from ingest.readers.html.shown import BREAK

_LOOK_BACK = 80  # characters before a raised figure


class Words:
    """What was said of a paragraph, and whether any of it is not in italics."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.plain = False
        self.italic = 0
        self.due: list[tuple[str, Any]] = []  # marks with their notes, which are told when the paragraph ends
        self.told: set[Any] = set()  # notes that are, or are due
        self._marks: frozenset[str] = frozenset()
        self._note_of: dict[Any, Any] = {}
        self._abbreviations: set[str] = set()
        self._after: int | None = None  # how many pieces there were after the last field
        self._ticked = False  # whether that was one to be ticked

    def learn(self, tree: Any) -> None:
        """Looks for the notes of a page, and for what refers to them."""
        self._marks, self._note_of = note_marks(tree), notes_by_mark(tree)

    def say(self, words: str | None) -> bool:
        """Adds words; whether there is more in them than white space."""
        if words:
            self.pieces.append(words)
        if not words or not words.strip():
            return False
        self.plain = self.plain or not self.italic
        return True

    def take(self) -> str:
        """All that was said; nothing is left."""
        words = "".join(self.pieces)
        self.pieces, self._after = [], None
        return words

    def _is_taken(self) -> bool:
        """Whether what was said last belongs to the field before: nothing was said since, or the words of a box that is ticked."""
        if self._after is None:
            return False
        since = "".join(self.pieces[self._after :]).replace(BREAK, "").strip()
        return not since or (self._ticked and not since.endswith(":"))

    def speak(self, element: Any) -> str:
        """What is to be said for an element that says other than its text; its note is due then."""
        words = spoken(element, "".join(self.pieces[-3:])[-_LOOK_BACK:], self._marks, self._is_taken())
        if element.tag in FIELDS and words:
            self._after, self._ticked = len(self.pieces) + 1, ticked(element)
        if words.startswith(":") and self.pieces:
            self.pieces[-1] = self.pieces[-1].rstrip()
        if (note := self._note_of.get(element)) is not None and note not in self.told and words.startswith(("[", "(")):
            self.told.add(note)
            self.due.append((words.strip(), note))
        return words

    def around(self, element: Any, walk: Callable[[Any], None], say: Callable[[str], None]) -> None:
        """Walks an element within a line, and says what stands before and after its words."""
        before, after = around(element)
        if after and element.tag in ("abbr", "acronym"):  # once in a page is enough
            after = "" if after in self._abbreviations else after
            self._abbreviations.add(after)
        say(before)
        walk(element)
        say(after)


def note_words(mark: str, words: str) -> str:
    """A note under its mark, without the mark that it begins with itself and the sign that leads back."""
    words = words.replace("\n", " ").strip("↩↑^ \ufe0e")
    bare = mark.strip("[]() ")
    for begun in (mark, f"{bare}.", f"[{bare}]"):
        words = words.removeprefix(begun).strip()
    return f"{mark} {words}" if words else ""
