"""Whether a page's text tells what the page shows, and what is read off the page by OCR where it does not.

A page is looked at in three cases. It has next to no text and something is painted on it: a scan, or letters drawn as outlines. Most of
it is one picture, and it has little text: a scan with a stamp; what the text does not say is added. Or its text looks like noise; then up
to four of its lines are read by OCR where they stand, and where text and OCR agree in less than half of their letters (1 less the edit
distance as a share), the page is read by OCR instead. Lines that the recogniser is unsure of have no say: it does not know every script.

Text looks like noise where PDFium knows no letter for a twentieth of it, where a quarter of the letters stand in words that no language
writes (without a vowel, in ChanGing case, with sYmbol$ inside), or where twenty words of Latin letters hold none of the commonest
words of ten languages (of those of two letters, which chance makes too, not three). A text layer over a scan is always held against
what is seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.readers.pdf.drawings import area, overlap
from ingest.readers.pdf.paragraphs import Paragraph
from rag.pictures.layout import Box, Line, flow
from rag.records import Locator

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.readers.pdf.page import Sheet
    from rag.pictures.ocr import Ocr, Writing

FEW_CHARACTERS = 10  # with fewer a page has no text
STAMP = 600  # characters: with fewer, a page that is all picture may have more words in it
COVERS = 0.6  # of the page
UNMAPPED = 0.05
NOISE = 0.25
LATIN_WORDS = 20
AGREE = 0.5
ASKED = 4  # lines
SURE = 0.8
LEAST_LETTERS = 6  # of a line that is asked, and of a page that is read off
MOST_WEIGHED = 2_000  # characters of a page
_MOST_LINE = 90  # characters

_COMMON = frozenset(
    "the of and to in is for on that with as by at from this are was be an or it not der die und das den von zu mit ist im des ein eine "
    "für auf de la le les et des du en un une est que pour dans el los las y del por con se una il di che e per della non sono o do da os "
    "em uma para com não van het een dat niet op te aan met och att det som på av är till ikke og jeg er til w na się z nie ja on to je v "
    "az egy hogy és nem va".split()
)
_TOKEN = re.compile(r"\S+")
_EDGES = "\"'`“”„‘’«»()[]{}<>.,;:!?…*•·-–—/|"
_ADDRESS = re.compile(r"(?:https?://|www\.|[\w.+-]+@)\S+", re.I)
_SYMBOLS = set('!"#$%&*+<=>?@[\\]^_`{|}~')
_PARTS = re.compile(r"[-–—/'’.·]")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxzçñß]{6,}", re.I)
_CASE = re.compile(r"[a-zß-ÿ]+|[A-ZÀ-Þ]?[a-zß-ÿ]+(?:[A-ZÀ-Þ][a-zß-ÿ]*)?|[A-ZÀ-Þ]+s?")


@dataclass(frozen=True)
class Seen:
    """The paragraphs of a page, and all words that were seen on it; None where nobody looked."""

    paragraphs: list[Paragraph]
    words: str | None = None


def looked_at(sheet: Sheet, number: int, layer: list[Paragraph], shown: Callable[[], Image], ocr: Ocr) -> Seen:
    """The paragraphs of page `number`: those of its text `layer`, those that OCR reads off it, or both. `shown` gives the page as an
    image, and is only asked where it has to be."""
    if sheet.characters < FEW_CHARACTERS:
        if not sheet.painted:
            return Seen(layer)
        found = ocr.paragraphs(shown())
        return Seen(_paragraphs(found, sheet, number) or layer, _words(found))
    runs = [run for run in (*sheet.upright, *sheet.turned) if not run.table]
    covered = any(area(picture.box) > COVERS * sheet.width * sheet.height for picture in sheet.pictures)
    if covered and sheet.characters < STAMP:
        found = ocr.paragraphs(shown())
        boxes = [run.box for run in (*sheet.upright, *sheet.turned)]
        fresh = [each for each in _paragraphs(found, sheet, number) if not _said(each.box, boxes)]
        if sum(len(each.text) for each in fresh) >= LEAST_LETTERS:
            return Seen(sorted([*layer, *fresh], key=lambda each: each.box[1]) if layer else fresh, _words(found))
        return Seen(layer, _words(found))
    if not covered and sheet.unmapped < UNMAPPED and not looks_like_noise(" ".join(run.text for run in runs)[:MOST_WEIGHED]):
        return Seen(layer)
    image = shown()
    if _agrees(runs, sheet, image, ocr):
        return Seen(layer)
    found = ocr.paragraphs(image)
    if sum(map(str.isalpha, _words(found))) < LEAST_LETTERS:
        return Seen(layer)
    return Seen(_paragraphs(found, sheet, number), _words(found))


def looks_like_noise(text: str) -> bool:
    """Whether words that no language writes are many, or common words are none (see the head of this module)."""
    good = bad = latin = 0
    common: set[str] = set()
    accented = sum("À" <= letter <= "ÿ" for letter in text) > 0.5 * max(1, sum(map(str.isalpha, text)))
    for token in _TOKEN.findall(text):
        odd = sum(unicodedata.category(letter) in ("Co", "Cn", "Cc") or letter == "\ufffd" for letter in token)
        bare = token.strip(_EDGES)
        if odd:
            bad += len(token)
        if odd or not any(map(str.isalpha, bare)) or _ADDRESS.match(bare):
            continue
        if _SYMBOLS & set(bare):
            bad += len(bare)
            continue
        for part in filter(str.isalpha, _PARTS.split(bare)):
            common |= {part.lower()} & _COMMON
            latin += part[0] < "\u0250"
            if len(part) > 2 and (verdict := _is_word(part)) is not None:
                good, bad = (good + len(part), bad) if verdict and not accented else (good, bad + len(part))
    return bad > NOISE * (good + bad) > 0 or (latin >= LATIN_WORDS and max(map(len, common), default=0) < 3 and len(common) < 3)


def _is_word(part: str) -> bool | None:
    """Whether letters make what may be a word of a language; None where that cannot be told."""
    if any(letter > "\u024f" for letter in part):
        return True  # of another script, or Vietnamese
    plain = "".join(letter for letter in unicodedata.normalize("NFD", part) if letter.isalpha())
    if not re.search(r"[aeiouyæøœı]", plain, re.I):
        return None if len(part) <= 5 and (part.isupper() or len(part) == 3) else False
    return bool(_CASE.fullmatch(part)) and not _CONSONANTS.search(plain)


def _agrees(runs: Sequence[Line], sheet: Sheet, image: Image, ocr: Ocr) -> bool:
    """Whether lines of the text say what OCR reads where they stand."""
    from rapidfuzz.distance import Levenshtein

    lines = [run for run in runs if run.right - run.left > run.height and len(run.text) < _MOST_LINE]
    lines = [run for run in lines if len("".join(run.text.split())) >= LEAST_LETTERS]
    if not lines:
        return sheet.unmapped < AGREE
    asked = lines[:: -(-len(lines) // ASKED)]
    scale = image.width / sheet.width
    crops = [image.crop(tuple(round(edge * scale) for edge in _wider(run.box))) for run in asked]  # type: ignore[arg-type]
    votes = [
        Levenshtein.normalized_similarity(_folded(run.text), _folded(text))
        for run, (text, score) in zip(asked, ocr.recognised(crops), strict=True)
        if score >= SURE
    ]
    return not votes or sum(votes) / len(votes) >= AGREE


def _wider(box: Box) -> Box:
    margin = 0.1 * (box[3] - box[1])
    return max(0.0, box[0] - margin), max(0.0, box[1] - margin), box[2] + margin, box[3] + margin


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _said(box: Box, boxes: Sequence[Box]) -> bool:
    """Whether text stands where something was read."""
    return sum(overlap(box, other) for other in boxes) > 0.3 * area(box)


def _words(found: Sequence[Writing]) -> str:
    return "\n\n".join(each.text for each in found)


def _paragraphs(found: Sequence[Writing], sheet: Sheet, number: int) -> list[Paragraph]:
    made = []
    for each in found:
        left, top, right, bottom = each.box
        box = left * sheet.width, top * sheet.height, right * sheet.width, bottom * sheet.height
        text = flow(each.text.split("\n"))
        bbox = tuple(round(min(max(edge, 0.0), 1.0), 4) for edge in each.box)
        made.append(Paragraph(text, box, [Line(text, *box)], Locator(page=number, bbox=bbox), number))  # type: ignore[arg-type]
    return made
