"""What a reader yields: what the document says of itself, its texts and figures in reading order, what it could not read or left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rag.records import Locator

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Document:
    """What a document says of itself: its own title, its own date (ISO 8601). It holds for what comes after it, up to the next."""

    title: str = ""
    date: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph, list, table (as Markdown) or piece of code. `locator` has heading path, page, line where they are known.

    `lead` is what it goes on from, where a reader knows: the caption of a table.
    """

    text: str
    locator: Locator = Locator()
    kind: Literal["prose", "table", "code"] = "prose"
    lead: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture as one document shows it.

    `origin` is the path of the image file as the document refers to it (URL-decoded, no query), None where it has no file.
    `around` is the paragraph beside it, of a film what is said meanwhile, with one sentence a line (`Locator.said`). `data` is the image
    file as it came (None where it was cut out of a page). `inside` are the words in it, where the reader has read them already.
    """

    image: Image
    caption: str | None = None
    around: str | None = None
    origin: str | None = None
    locator: Locator = Locator()
    data: bytes | None = field(default=None, repr=False)
    inside: str | None = None


@dataclass(frozen=True)
class Lost:
    """A part of the file, by its name in it, that cannot be read; the rest can."""

    name: str
    reason: str
    hint: str


@dataclass(frozen=True)
class Passed:
    """Parts of the file that a reader does not take, by their kind in the plural ("charts without data"), and how many they are."""

    kind: str
    count: int = 1


@dataclass(frozen=True)
class Example:
    """A question with the answer that somebody gave it; `locator` has its line."""

    question: str
    answer: str
    locator: Locator = Locator()


Block = Document | Text | Figure | Lost | Passed | Example
