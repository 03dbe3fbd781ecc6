"""Cards of addresses (.vcf): each person or firm with its numbers, addresses and days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Text
from ingest.readers.content_lines import ContentLine, content_lines
from ingest.readers.text import whole
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_TOLD = {
    "NICKNAME": "Nickname", "ORG": "Organization", "TITLE": "Title", "ROLE": "Role", "TEL": "Phone", "EMAIL": "E-mail", "ADR": "Address",
    "BDAY": "Birthday", "ANNIVERSARY": "Anniversary", "URL": "Link", "CATEGORIES": "Categories", "NOTE": "Note",
}  # fmt: skip
_UNTOLD = {"pref", "internet", "voice", "x400"}
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T.*)?")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Text a card, under the name on it. Raises ReadError where there is none."""
    card: list[ContentLine] | None = None
    cards = 0
    for line in content_lines(whole(path)):
        if line.name == "BEGIN" and line.text.upper() == "VCARD":
            card = []
        elif line.name == "END" and card is not None:
            cards += 1
            name = _name(card)
            yield Text("\n".join([f"Name: {name}" if name else "", *_told(card)]).strip(), Locator(heading=name or None))
            card = None
        elif card is not None:
            card.append(line)
    if not cards:
        raise ReadError("There is no card of an address in it.", "Give it the suffix of what it is.")


def _name(card: Sequence[ContentLine]) -> str:
    full = next((line.text for line in card if line.name == "FN" and line.text), "")
    parts = next((line.parts for line in card if line.name == "N"), [])
    family, given, middle, prefix, suffix = [*parts, "", "", "", "", ""][:5]
    firm = next((" ".join(line.parts) for line in card if line.name == "ORG"), "")
    return " ".join((full or " ".join(filter(None, (prefix, given, middle, family, suffix))) or firm).split())


def _told(card: Sequence[ContentLine]) -> Iterator[str]:
    for name, told in _TOLD.items():
        for line in card:
            words = ", ".join(" ".join(part.split()) for part in line.parts if part) if line.name == name else ""
            if name in ("BDAY", "ANNIVERSARY"):
                words = _DAY.sub(r"\1-\2-\3", words)
            if words:
                yield f"{told}{_kinds(line)}: {words.removeprefix('tel:')}"


def _kinds(line: ContentLine) -> str:
    """What a number or an address is for, as the card has it ("work", "cell"): of the older kind these are parameters by themselves."""
    bare = [name for name, value in line.parameters.items() if not value and name != "QUOTED-PRINTABLE"]
    kinds = [kind for kind in ",".join([line.parameters.get("TYPE", ""), *bare]).lower().split(",") if kind and kind not in _UNTOLD]
    return f" ({', '.join(kinds)})" if kinds else ""
