"""From pieces of speech to passages: sentences with their times, parted where one pauses and where a chapter begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.blocks import Text
from rag.language.split import sentences as parted
from rag.records import Locator
from rag.speech.cue import Cue

PAUSE = 2.0  # seconds after which another sentence begins, and mostly another matter
LONG_PAUSE = 10.0
LONGEST = 400  # characters of what has no sentence's end
PARAGRAPH = 600  # characters
SHORT = 150  # characters of a paragraph that only a long pause ends

_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True)
class Chapter:
    """A part of a recording, from `start` up to the next."""

    start: float
    title: str


def passages(cues: Iterable[Cue], chapters: Sequence[Chapter] = ()) -> Iterator[Text]:
    """Paragraphs with one sentence a line, each with its time (`Locator.said`), under the heading of their chapter."""
    held: list[Cue] = []
    under = None
    for sentence in sentences(cues):
        heading = heading_at(sentence.start, chapters)
        size = sum(len(each.text) for each in held)
        silence = sentence.start - held[-1].end if held else 0.0
        paused = silence >= PAUSE and (size >= SHORT or silence >= LONG_PAUSE)
        if held and (heading != under or paused or size + len(sentence.text) > PARAGRAPH):
            yield _paragraph(held, under)
            held = []
        held.append(sentence)
        under = heading
    if held:
        yield _paragraph(held, under)


def heading_at(seconds: float, chapters: Sequence[Chapter]) -> str | None:
    """The title of the chapter in which something begins."""
    begun = [chapter for chapter in chapters if chapter.start - 0.5 <= seconds]  # its first word may be put a little early
    return max(begun, key=lambda chapter: chapter.start).title or None if begun else None


def _paragraph(held: Sequence[Cue], heading: str | None) -> Text:
    said = tuple((round(each.start, 1), round(each.end, 1)) for each in held)
    return Text("\n".join(each.text for each in held), Locator(heading=heading, time=(said[0][0], said[-1][1]), said=said))


def sentences(cues: Iterable[Cue]) -> Iterator[Cue]:
    """The sentences of what is said in the order of its time, however it is cut; a long pause ends one as well."""
    open_ = _Open()
    for cue in cues:
        text = " ".join(cue.text.split())
        if not text:
            continue
        if open_.text and (cue.start - open_.end >= PAUSE or len(open_.text) >= LONGEST):
            yield from open_.done()
        open_.add(Cue(cue.start, max(cue.start, cue.end), text))
        if text.rstrip(_CLOSING).endswith(_ENDS):
            yield from open_.done()
    yield from open_.done()


@dataclass
class _Open:
    """Text whose last sentence goes on, and when its letters are said."""

    text: str = ""
    end: float = 0.0
    _cues: list[tuple[int, Cue]] = field(default_factory=list)

    def add(self, cue: Cue) -> None:
        self.text += " " * bool(self.text)
        self._cues.append((len(self.text), cue))
        self.text += cue.text
        self.end = max(self.end, cue.end)

    def done(self) -> Iterator[Cue]:
        at = 0
        for sentence in parted(self.text):
            found = self.text.find(sentence, at)
            begin = found if found >= 0 else at
            at = min(begin + len(sentence), len(self.text))
            start = self._when(begin)
            yield Cue(start, max(start, self._when(at - 1, after=True)), sentence)
        self.text, self.end, self._cues = "", 0.0, []

    def _when(self, letter: int, after: bool = False) -> float:
        """When a letter is said, were all letters of a cue as long."""
        begin, cue = self._cues[max(bisect_right(self._cues, letter, key=lambda each: each[0]) - 1, 0)]
        share = (letter - begin + after) / max(len(cue.text), 1)
        return cue.start + (cue.end - cue.start) * min(share, 1.0)
