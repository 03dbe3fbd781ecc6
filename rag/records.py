"""The frozen records that pass between the rooms: what is stored, what is found, what is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Any, Literal

from rag.language import tabular
from rag.language.fold import folded_form

Modality = Literal["text", "image", "example"]  # an example is never a hit
Span = tuple[float, float]

HEADING_SEPARATOR = " > "
INSIDE = "Text in the picture: "
GUESS_MARK = "May show (guessed from the pixels): "


def clock(seconds: float) -> str:
    """Seconds as a player shows them, "12:31" or "1:02:05"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True)
class Locator:
    """Where in its file something stands.

    `page` is 1-based, `heading` the path of headings joined by " > ", `bbox` the page fractions (left, top, right, bottom), `time` the
    seconds of a recording from one to another. `said` tells, within them, when each line of the passage is said.
    """

    page: int | None = None
    heading: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    slide: int | None = None
    sheet: str | None = None
    cells: str | None = None
    line: int | None = None
    time: Span | None = None
    said: tuple[Span, ...] = ()

    @property
    def moment(self) -> str:
        """The beginning of `time` as a player shows it, "12:31" or "1:02:05"; nothing where there is none."""
        return clock(self.time[0]) if self.time else ""

    def lines(self, first: int, last: int) -> Locator:
        """The place of the lines from one to another of a passage that is said line by line; this one where it is not."""
        said = self.said[first : last + 1]
        return replace(self, time=(said[0][0], said[-1][1]), said=said) if said else self

    def to_dict(self) -> dict[str, Any]:
        always = {"page": self.page, "heading": self.heading, "bbox": list(self.bbox) if self.bbox else None}
        where_set = {name: value for name in ("slide", "sheet", "cells", "line") if (value := getattr(self, name)) is not None}
        return always | where_set | ({"time": list(self.time)} if self.time else {})

    def to_store(self) -> dict[str, Any]:
        """What `from_dict` makes the same locator of."""
        return self.to_dict() | ({"said": [list(span) for span in self.said]} if self.said else {})

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Locator:
        bbox, time = values.get("bbox"), values.get("time")
        said = tuple((start, end) for start, end in values.get("said") or ())
        return cls(**(values | {"bbox": tuple(bbox) if bbox else None, "time": (time[0], time[1]) if time else None, "said": said}))


@dataclass(frozen=True)
class Place:
    """What gives a passage its meaning beside its own words; what is not known is empty.

    `title` is the document's own title, `name` its file's name in words, `heading` the path of headings, `lead` what it goes on from: the
    head of a list, the caption of a table, a sentence that ends in a colon. `sheet` is the sheet of a workbook, `date` the document's own
    date (ISO 8601).
    """

    title: str = ""
    name: str = ""
    heading: str = ""
    sheet: str = ""
    lead: str = ""
    date: str = ""

    @cached_property
    def above(self) -> str:
        """One line that stands over the passage for whoever searches, weighs or checks it: what none of the parts behind it says again."""
        parts = [self.date, self.name, self.title, *self.heading.split(HEADING_SEPARATOR), self.sheet, self.lead]
        kept: list[str] = []
        for part in reversed([" ".join(part.split()) for part in parts]):
            if part and _plain(part) not in f" {_plain(HEADING_SEPARATOR.join(kept))} ":
                kept.insert(0, part)
        return HEADING_SEPARATOR.join(kept)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True)
class Record:
    """A passage, one appearance of a figure, or an example, as the library keeps it.

    `text` is evidence: the passage itself, or the figure's caption, the words around it and the words read inside it.
    `guess` is what the figure's pixels are taken for: searchable, never evidence. `image` is the figure's key in `Media`. A passage that
    `continues` goes on in the section of the passage before it in the same file. An example is a question, its `caption`, with the
    answer that somebody gave it. `title`, `name`, `lead` and `date` are as in Place.
    """

    modality: Modality
    text: str
    locator: Locator = Locator()
    caption: str | None = None
    origin: str | None = None
    image: str | None = None
    guess: str | None = None
    continues: bool = False
    title: str = ""
    name: str = ""
    lead: str = ""
    date: str = ""

    @property
    def place(self) -> Place:
        """What gives it its meaning."""
        return Place(self.title, self.name, self.locator.heading or "", self.locator.sheet or "", self.lead, self.date)

    @property
    def shown(self) -> str:
        """All that is known in words, with the guess marked as one."""
        return "\n".join(filter(None, [self.text, self.guess and GUESS_MARK + self.guess]))

    @property
    def words(self) -> str:
        """What is searched word by word: the place and the evidence with its tables in words, the guess without its mark; ligatures and
        wide letters as plain ones."""
        return self._searched(tabular.told)

    @property
    def gist(self) -> str:
        """What the encoder reads: the same without the figures of tables."""
        return self._searched(tabular.gist)

    def _searched(self, tables: Callable[[str], str]) -> str:
        return folded_form("\n".join(filter(None, [self.place.above, tables(self.text), self.guess])))


@dataclass(frozen=True)
class Appearance:
    """One place that shows an image, or that holds a passage."""

    source: str
    origin: str | None
    caption: str | None
    locator: Locator

    def to_dict(self) -> dict[str, Any]:
        return {"source": self.source, "origin": self.origin, "caption": self.caption, "locator": self.locator.to_dict()}


@dataclass(frozen=True)
class Routes:
    """The rank that each route gave a hit; None where the route did not bring it."""

    dense: int | None = None
    bm25: int | None = None
    visual: int | None = None
    rerank: int | None = None
    sound: int | None = None
    sounds_like: int | None = None

    def to_dict(self) -> dict[str, int | None]:
        """Of the last two, which only recordings come by, where they are set."""
        return {name: rank for name, rank in asdict(self).items() if not name.startswith("sound") or rank is not None}


@dataclass(frozen=True)
class Hit:
    """One neighbour of a query: a passage or a picture, with every place that it appears in.

    `place` is what gives it its meaning, `evidence` is `text` without the guess; `media` is the path of a readable image file. Where
    passages of one section were joined, `pieces` are these with their places, first the one that was found, whose place is `locator`.
    """

    rank: int
    score: float
    modality: Modality
    source: str
    origin: str | None
    caption: str | None
    locator: Locator
    text: str
    media: str | None
    appearances: tuple[Appearance, ...]
    routes: Routes
    evidence: str = ""
    id: int = 0
    place: Place = Place()
    pieces: tuple[tuple[str, Locator], ...] = ()

    @property
    def own(self) -> str:
        """The passage that was found, without those that were joined to it; of a picture, all its `text`."""
        return self.pieces[0][0] if self.pieces else self.text

    def where(self, quote: str) -> Locator:
        """The place of the piece in which `quote` (white space folded) stands, of a recording that of its lines in which it is said;
        `locator` where it stands in none."""
        pieces = self.pieces or ((self.evidence, self.locator),)
        return next((_within(text, place, quote) for text, place in pieces if quote in " ".join(text.split())), self.locator)

    def to_dict(self) -> dict[str, Any]:
        return {
            "rank": self.rank,
            "score": self.score,
            "modality": self.modality,
            "source": self.source,
            "origin": self.origin,
            "caption": self.caption,
            "locator": self.locator.to_dict(),
            "text": self.text,
            "media": self.media,
            "appearances": [appearance.to_dict() for appearance in self.appearances],
            "routes": self.routes.to_dict(),
        }


def _within(text: str, place: Locator, quote: str) -> Locator:
    lines = next(filter(lambda lines: len(lines) == len(place.said), map(_lines, [text, *text.split("\n\n")])), [])
    begin = " ".join(lines).find(quote) if quote else -1
    if begin < 0:
        return place
    ends = list(accumulate(len(line) + 1 for line in lines))  # where the next line begins
    first, last = (next(n for n, end in enumerate(ends) if at < end) for at in (begin, begin + len(quote) - 1))
    return place.lines(first, last)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip() and not line.startswith(INSIDE)]


@dataclass(frozen=True)
class Search(Sequence[Hit]):
    """What a search brought: a sequence of hits, with the milliseconds of each stage (encode, retrieve, rerank, total).

    `scope` are the sources that the question named, which alone were searched; empty where it named none.
    """

    query: str
    hits: tuple[Hit, ...]
    timings_ms: dict[str, float]
    scope: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, at: Any) -> Any:
        return self.hits[at]

    def to_dict(self) -> dict[str, Any]:
        return {"query": self.query, "hits": [hit.to_dict() for hit in self.hits], "timings_ms": self.timings_ms}


@dataclass(frozen=True)
class Citation:
    """A piece of a hit that a sentence of the answer rests on; `quote` is verbatim, `rank` names the hit."""

    n: int
    source: str
    locator: Locator
    modality: Modality
    quote: str
    media: str | None
    rank: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"locator": self.locator.to_dict()}


@dataclass(frozen=True)
class Unsupported:
    """A sentence that its passages do not bear, and why."""

    sentence: str
    reason: str


@dataclass(frozen=True)
class Grounding:
    """The share of sentences that their passages bear (None where there was nothing to check), and the others."""

    supported: float | None = None
    unsupported: tuple[Unsupported, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens of the prompt and the answer, what the context was allowed, and how many hits went in; `speed` is how many tokens the server
    reads in a second, where the context was cut to what it reads in time."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    context_budget: int = 0
    hits_packed: int = 0
    hits_dropped: int = 0
    speed: float | None = None

    def told(self) -> str:
        """ "5 of 8 hits in the prompt, 1,240 tokens read, 56 written"; nothing where no model read any."""
        if not self.prompt_tokens:
            return ""
        hits = f"{self.hits_packed} of {self.hits_packed + self.hits_dropped} hits in the prompt"
        cut = f"; cut to what is read in time, at {self.speed:.0f} tokens a second" if self.speed else ""
        return f"{hits}, {self.prompt_tokens:,} tokens read, {self.completion_tokens:,} written{cut}"

    def to_dict(self) -> dict[str, int]:
        names = ("prompt_tokens", "completion_tokens", "context_budget", "hits_packed", "hits_dropped")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Answer:
    """A grounded answer, a refusal, or (with `answer` None) the hits alone. `to_dict` is the contract's JSON.

    `chance` is the probability, weighed before anything was written, that the library holds the answer; None where it was not weighed.
    `packed` has the ranks of the hits that were in the prompt, `saw` those of the hits whose picture the model was shown, 0 for the picture
    in the question; both None where no model wrote.
    """

    question: str
    query: str
    answer: str | None
    hits: tuple[Hit, ...]
    id: str = "q1"
    refused: bool | None = False
    fallback: str | None = None
    citations: tuple[Citation, ...] = ()
    model: str | None = None
    grounding: Grounding | None = None
    usage: Usage = Usage()
    timings_ms: dict[str, float] = field(default_factory=dict)
    error: str | None = None
    chance: float | None = None
    packed: tuple[int, ...] | None = None
    saw: tuple[int, ...] | None = None

    def unseen(self, own: bool = False) -> list[str]:
        """What the reader should know of pictures that the writing model was not shown: the one in the question (where it has one, `own`),
        and those that the answer cites."""
        lines: list[str] = []
        if self.saw is None or self.fallback or self.refused:
            return lines
        if own and 0 not in self.saw:
            lines.append("The model has not seen your picture; it was part of the search.")
        if any(citation.modality == "image" and citation.rank not in self.saw for citation in self.citations):
            lines.append("The model has not seen the picture; it had its caption and the words around it and in it.")
        return lines

    def with_id(self, id: str) -> Answer:
        return replace(self, id=id)

    def to_dict(self) -> dict[str, Any]:
        stages = ("encode", "retrieve", "rerank", "first_token", "generate", "total")
        return {
            "id": self.id,
            "question": self.question,
            "query": self.query,
            "answer": self.answer,
            "refused": self.refused,
            "fallback": self.fallback,
            "citations": [citation.to_dict() for citation in self.citations],
            "hits": [hit.to_dict() for hit in self.hits],
            "model": self.model,
            "grounding": self.grounding
            and {"supported": self.grounding.supported, "unsupported": [asdict(each) for each in self.grounding.unsupported]},
            "usage": self.usage.to_dict(),
            "timings_ms": {stage: round(self.timings_ms.get(stage, 0), 1) for stage in stages},
            "error": self.error,
        }
