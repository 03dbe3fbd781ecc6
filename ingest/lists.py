"""Heads and what they lead: what is a list, what is the head of one or the caption of a table, and what of these is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.blocks import Text
from ingest.figures import label

LEAD_WORDS = 30
_LEAD_CHARACTERS = 240
_CAPTION_WORDS = 15  # of a line without a label above a table

_ITEM = re.compile(r"\s*(?:[-*+•·▪◦‣●○■–—]\s+|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,5})[.)]\s+)\S")
_DEFINED = re.compile(r"(?m)^\S.*\n {2}\S")  # a term and, below, what it means
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+")

Section = tuple[str | None, int | None, str | None]


def section(text: Text) -> Section:
    """What a passage does not go beyond."""
    return text.locator.heading, text.locator.slide, text.locator.sheet


def is_list(text: Text) -> bool:
    """Whether it is one or more items of a list, its head not among them."""
    return text.kind == "prose" and bool(_ITEM.match(text.text) or _DEFINED.match(text.text))


def is_head(text: Text) -> bool:
    """Whether a paragraph ends in a colon: what follows belongs to it."""
    return text.kind == "prose" and _ends_in_colon(text.text)


def is_caption(text: Text) -> bool:
    """Whether a paragraph right above a table can be its caption: it is labelled as one, or a short line that is no sentence."""
    words = text.text.strip()
    if text.kind != "prose" or is_list(text):
        return False
    if (label(words) or "").lower().startswith("table"):
        return True
    return "\n" not in words and len(words.split()) <= _CAPTION_WORDS and not words.endswith((".", "!", "?", ";", ",", "。"))


def lead_of(text: str) -> str:
    """What of a head stands over the passages that go on from it: of a long one the last sentence, of a long caption the first words."""
    folded = " ".join(text.split())
    if len(folded.split()) <= LEAD_WORDS and len(folded) <= _LEAD_CHARACTERS:
        return folded
    if not _ends_in_colon(folded):
        return " ".join(folded[:_LEAD_CHARACTERS].split()[:LEAD_WORDS])
    return " ".join(_SENTENCES.split(folded)[-1][-_LEAD_CHARACTERS:].split()[-LEAD_WORDS:])


def led(texts: Iterable[Text]) -> Iterator[Text]:
    """The texts as they come, with their `lead`: lists, tables and code below a head, items that go on, tables below their caption."""
    before: Text | None = None
    head = going_on = ""
    for text in texts:
        if before is None or section(before) != section(text):
            before, head, going_on = None, "", ""
        lead, listed = text.lead, is_list(text)
        if not lead and text.kind == "table":
            lead = head or (_above(before, text) if before else "")
        elif not lead:
            lead = head if text.kind == "code" else (head or going_on) if listed else ""
        text = replace(text, lead=lead)
        yield text
        last = line_leads(text)[-1] if text.kind == "prose" else ""
        head = "" if not is_head(text) or (listed and going_on) else lead_of(text.text)
        going_on = last or (lead if listed else "")
        before = text


def _above(before: Text, table: Text) -> str:
    """What leads a table by the text before it: its caption, or a table with the same columns that it goes on from."""
    if before.kind == "table":
        return before.lead if before.text.split("\n", 1)[0] == table.text.split("\n", 1)[0] else ""
    return lead_of(before.text) if is_caption(before) else ""


def line_leads(text: Text) -> list[str]:
    """For each line of a text, what leads a part that begins with it: the head in it above the items among which the line is, else its
    own lead."""
    leads: list[str] = []
    plain: list[str] = []
    lead, blank = text.lead, False
    for line in text.text.split("\n"):
        if not line.strip():
            leads.append(lead)
            blank, plain = True, []
            continue
        if line[0].isspace() or _ITEM.match(line):
            plain = []
        else:
            lead = "" if blank else lead
            plain.append(line)
        leads.append(lead)
        if plain and _ends_in_colon(line):
            lead = lead_of("\n".join(plain))
        blank = False
    return leads


def _ends_in_colon(text: str) -> bool:
    return text.rstrip().endswith((":", "："))
