"""Where a small model begins to repeat itself, its answer ends."""

from __future__ import annotations

ENDS = ".!?\n"
SHORTEST = 20
"""A sentence of fewer characters ("Yes.", "1.") may come again; not three times in a row, though."""
TAIL = 24


class WithoutRepeats:
    """Passes a text on as it comes, and holds a sentence back as long as it may become one that was said before.

    `repeating` is True from where it did; nothing is passed on after that. `heard` is all that came.
    """

    def __init__(self) -> None:
        self.heard = ""
        self.repeating = False
        self._said: list[str] = []
        self._sentence = ""
        self._passed = 0

    def feed(self, text: str) -> str:
        """What can be passed on now that `text` came."""
        out = ""
        for letter in text:
            if self.repeating:
                break
            self.heard += letter
            self._sentence += letter
            if letter in ENDS:
                out += self._end_sentence()
            elif len(self._sentence) > 3 * TAIL and self._sentence.count(self._sentence[-TAIL:]) >= 3:
                self.repeating = True
        return out if self.repeating or self._may_repeat() else out + self.rest()

    def rest(self) -> str:
        """What was held back, now that nothing comes any more; nothing where it was a repeat."""
        if self.repeating:
            return ""
        held = self._sentence[self._passed :]
        self._passed = len(self._sentence)
        return held

    def _end_sentence(self) -> str:
        words = " ".join(self._sentence.split())
        if words:
            self.repeating = words in self._repeatable()
            self._said.append(words)
        held = self.rest()
        self._sentence, self._passed = "", 0
        return held

    def _may_repeat(self) -> bool:
        words = " ".join(self._sentence.split())
        return any(said.startswith(words) for said in self._repeatable())

    def _repeatable(self) -> list[str]:
        """The sentences that must not come again: the long ones, and a short one that came twice in a row."""
        twice = self._said[-1:] if self._said[-2:-1] == self._said[-1:] else []
        return [said for said in self._said if len(said) >= SHORTEST] + twice
