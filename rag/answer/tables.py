"""Questions that a table answers as a whole: its rows that have a value, the one with the most, how many there are.

A table of a library may be cut over many passages; all of them are read here. What is found are rows, quoted as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.cells import LIGHT, Table, as_asked, covered, rows_having, rows_marked, values_of
from rag.answer.evidence import Evidence, Statement, statements
from rag.answer.quote import MEMBERS, Quote, ranked
from rag.language.fold import folded_form
from rag.language.injections import gives_orders
from rag.language.names import names
from rag.language.numbers import counted
from rag.language.question import Part
from rag.language.split import folded
from rag.language.stems import akin
from rag.language.superlatives import STANDING, Comparison, columns_meant, comparatives, compared, counted_thing, places_meant, sums_meant
from rag.language.words import REQUEST, asks_for_reason, form_words, meaning, own_words, words
from rag.records import Hit
from rag.retrieve.search import Searcher

FEW_ROWS = 3  # that one name may stand in
SHORT_TABLE = 12  # rows
LOOKED_AT = 6  # statements: where none of the best is a row, no table is meant
MOST_ROWS = 20_000

COUNTED = ("items", "rows", "entries", "lines", "records", "table", "list", "file", "all", "number", "total", "many", "much", "count")
CALLED = {  # columns that tell a kind of thing
    "person": ("name",),
    "telephone": ("telephone", "phone", "tel", "mobile"),
    "mail": ("mail", "e-mail", "email"),
}
SAYING = {"telephone": frozenset(("phone", "telephone", "number")), "mail": frozenset(("e-mail", "email", "mail", "address"))}
_TOTAL = re.compile(r"(?:grand |sub)?(?:total|sum|subtotal|average|mean)s?\b", re.IGNORECASE)
_REQUEST = re.compile(rf"^\W*(?:please )?{REQUEST}\b", re.IGNORECASE)
_DURATION = re.compile(
    r"(?=\d)(?:(\d+)\s?(?:h|hrs?|hours?)\b\.?,?\s*)?(?:(\d+)\s?(?:min|mins|minutes?)\b\.?,?\s*)?"
    r"(?:(\d+)\s?(?:s|secs?|seconds?)\b)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-−(]?[$€£¥]?\s?(?:\d{1,3}(?:[ ,'’\u00a0\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?")


@dataclass(frozen=True)
class Tabled:
    """Rows that answer, as quotes; `said` is what is told of them in front: how many they are. `hits` are the pieces of the table."""

    quotes: tuple[Quote, ...]
    said: str
    hits: tuple[Hit, ...]


def tabled(part: Part, evidence: Evidence, searcher: Searcher) -> Tabled | None:
    """What a table answers to a question; None where the question asks for no such thing, or no table among the best statements is meant.

    Raises StoreError.
    """
    comparison, thing = compared(part.text), counted_thing(part.text)
    prose = comparison or thing or part.seeks == "time" or asks_for_reason(part.text)  # of a day the prose tells more: tables have the year
    if not prose and (cells := _looked_up(part, evidence)):
        return Tabled(tuple(_quotes(evidence.statements[cells[0].lead or 0], cells)), "", ())
    if not (comparison or thing or part.every or part.which):
        return None
    best = list(ranked(part, evidence))
    first = evidence.statements[best[0]] if best else None
    near = [evidence.statements[at] for at in best[:LOOKED_AT]]
    near += [each for each in evidence.statements if each.kind == "head" and (thing or each.hit.rank == 1)]
    for each in near:
        if each.kind not in ("row", "head"):
            continue
        head = each if each.kind == "head" else evidence.statements[each.lead] if each.lead is not None else None
        if head is None or head.kind != "head":
            continue
        table, hits = _whole(head, evidence, searcher)
        leads = first is not None and first.kind == "row" and first.lead is not None and evidence.statements[first.lead].text == head.text
        if found := _answer(part, table, comparison, thing, leads):
            rows, said = found
            return Tabled(tuple(_quotes(table.head, rows)), said, tuple(hits))
    return None


def _looked_up(part: Part, evidence: Evidence) -> list[Statement]:
    """The rows of which a question names one cell, as it stands, and the head of another column: "the price of tar", "Who keeps Hart
    Point?"; of one that names no cell and only heads ("How tall is the tower?") the rows of a short table. None where it asks for more than
    that, or many rows may be meant."""

    def above(row: Statement) -> list[str]:
        return [word.lower() for word in words(row.hit.place.above)]

    asked = as_asked(part.text)
    form = form_words(part.text) | LIGHT
    places = places_meant(part.text)
    form |= SAYING.get(part.seeks or "", frozenset()) | (STANDING if places else frozenset())
    meant = [word.lower() for word in meaning(_REQUEST.sub("", own_words(part.text))) if word.lower() not in form]
    attributes = columns_meant(part.text)
    asked_for = [*attributes, *sums_meant(part.text), *CALLED.get(part.seeks or "", ()), *places]
    found: list[Statement] = []
    unnamed: list[Statement] = []
    for row in evidence.statements:
        head = evidence.statements[row.lead] if row.kind == "row" and row.lead is not None else None
        if head is None or head.kind != "head" or len(head.cells) != len(row.cells):
            continue
        cells = [" ".join(map(str.lower, words(cell))) for cell in row.cells]
        named = {at for at, cell in enumerate(cells) if len(cell) > 2 and f" {cell} " in asked}
        named = named or {at for at, cell in enumerate(row.cells) if any(len(one) > 2 and f" {one} " in asked for one in values_of(cell))}
        rest = [word for word in meant if not any(word in cells[at].split() or word.removesuffix("s") in cells[at].split() for at in named)]
        wanted = {
            at
            for at, name in enumerate(head.cells)
            if at not in named and cells[at] and any(akin(word, column.lower()) for column in words(name) for word in (*rest, *asked_for))
        }
        told = [word.lower() for at in (*named, *wanted) for word in (*words(row.cells[at]), *words(head.cells[at]))]
        whole = all(any(akin(word, other) for other in (*told, *above(row))) or columns_meant(f"how {word}") for word in rest)
        kept = found if len(named) == 1 else unnamed if attributes and not named and not names(part.text) else None
        if kept is not None and wanted and whole and row.text not in [other.text for other in kept]:
            kept.append(row)
    if not found and len({row.group for row in unnamed}) == 1:
        return unnamed if len(unnamed) <= SHORT_TABLE else []
    return found if len(found) <= FEW_ROWS else []


def _answer(part: Part, table: Table, comparison: Comparison | None, counted: str, first: bool) -> tuple[Sequence[Statement], str] | None:
    """The rows that answer, with what is said in front of them; None where the question narrows in ways that no cell tells."""
    kept, named = rows_having(part.text, table)
    marked = rows_marked(part.text, table) if part.which or part.every or counted else None
    if marked:
        rows, said = marked
        kept, named = [row for row in kept if row in rows], named | said
    if counted:
        noun = words(counted)[-1].lower()
        heads = words(" ".join([table.head.hit.place.above, *table.head.cells]))
        about = noun in COUNTED or any(akin(noun, word.lower()) for word in (*heads, *named)) or _one_by_name(kept, table, part.text)
        if not kept or not about or not covered(part.text, table, {*named, noun, *COUNTED}, bool(marked)):
            return None
        if _measured(noun, table):
            return (kept, "") if named and len(kept) < len(table.rows) else None
        return kept, "" if _one_by_name(kept, table, part.text) else f"{len(kept):,}"
    if comparison:
        column = _compared_column(part.text, table, comparison)
        if column is None or not covered(part.text, table, {*named, *comparison.said, *COUNTED}):
            return None
        measured = [(value, row) for row in kept if column < len(row.cells) and (value := _value(row.cells[column])) is not None]
        if not measured or len({unit for (_, unit), _ in measured}) > 1:
            return None
        least = comparison.least
        if comparison.by_age is not None:
            least = comparison.by_age == all(1000 <= value <= 2100 for (value, _), _ in measured)
        order = sorted({value for (value, _), _ in measured}, reverse=not least)
        wanted = order[comparison.place - 1 : comparison.place - 1 + comparison.most]
        return ([row for (value, _), row in measured if value in wanted], "") if wanted else None
    if not named or not (part.every or first or marked) or not 0 < len(kept) < len(table.rows):
        return None
    return (kept, "") if covered(part.text, table, {*named, *COUNTED, *comparatives(part.text)}, bool(marked)) else None


def _measured(noun: str, table: Table) -> bool:
    """Whether a column tells how many there are of what is counted: "Hours", with figures below it."""
    for at, name in enumerate(table.head.cells[1:], 1):
        filled = list(filter(None, table.column(at)))
        named = any(akin(noun, word.lower()) for word in words(name)[-1:])
        if named and sum(_value(cell) is not None for cell in filled) > len(filled) / 2:
            return True
    return False


def _one_by_name(kept: Sequence[Statement], table: Table, question: str) -> bool:
    """Whether a question names the one row that is kept: then it asks for what a cell of it tells ("How many nails are there?")."""
    if len(kept) != 1 or len(table.rows) < 2:
        return False
    asked = f" {' '.join(word.lower() for word in words(question))} "
    name = " ".join(map(str.lower, words(kept[0].cells[0])))
    names = [" ".join(map(str.lower, words(cell))) for cell in table.column(0)]
    measured = any(_value(cell) for cell in kept[0].cells[1:])
    return measured and any(map(str.isalpha, name)) and not counted(name).dates and f" {name} " in asked and names.count(name) == 1


def _compared_column(question: str, table: Table, comparison: Comparison) -> int | None:
    numeric = [at for at in range(len(table.head.cells)) if _numeric(table.column(at))]
    asked = [word.lower() for word in meaning(question)]
    heads = {at: [word.lower() for word in words(table.head.cells[at])] for at in numeric}
    by_adjective = [at for at in numeric if any(akin(word, column) for word in heads[at] for column in comparison.columns)]
    by_name = [at for at in numeric if any(akin(word, other) for word in heads[at] for other in asked)]
    if by_name and not by_adjective:
        return by_name[0]
    return by_adjective[0] if by_adjective else (numeric[0] if len(numeric) == 1 and comparison.columns else None)


def _numeric(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    return len(filled) > 1 and sum(_value(cell) is not None for cell in filled) >= 0.8 * len(filled)


def _value(cell: str) -> tuple[float, str] | None:
    """The number that a cell begins with and its unit, of a sum or a measure; a duration ("1 h 40 min") in seconds. None where it has
    none, or is a date."""
    text = folded_form(cell.strip())
    if (span := _DURATION.fullmatch(text)) and any(span.groups()):
        return sum(int(count or 0) * length for count, length in zip(span.groups(), (3600, 60, 1), strict=True)), "s"
    found = _NUMBER.match(text)
    if not found or counted(text).dates:
        return None
    unit = re.match(r"\s*([^\W\d_]*)", text[found.end() :])
    return (-1 if found[0][0] in "-−(" else 1) * float(re.sub(r"[^\d.]", "", found[0])), unit[1].lower() if unit else ""


def _whole(head: Statement, evidence: Evidence, searcher: Searcher) -> tuple[Table, list[Hit]]:
    """The table under a head, over all the passages that it was cut into, and these as hits: those that were found keep their ranks."""
    hit = head.hit
    known = {each.id: each for each in evidence.hits}
    stored = [each for each in searcher.catalog.of([hit.source]) if not each.record.image]
    place = (hit.locator.heading, hit.locator.sheet)
    pieces = [
        each
        for each in stored
        if (each.record.locator.heading, each.record.locator.sheet) == place and head.text in folded(each.record.text)
    ]
    hits: list[Hit] = []
    rows: list[Statement] = []
    rank = max((each.rank for each in evidence.hits), default=0)
    for each in pieces:
        joined = known.get(each.id)
        if joined is None:
            rank += 1
            joined = searcher.hit(rank, 0.0, [each])
        inside = [other for other in statements([joined]) if other.kind == "row"]
        fresh = [row for row in inside if row.text in folded(each.record.text)]
        hits.append(joined)
        rows += [row for row in fresh if not _TOTAL.match(row.cells[0]) and not gives_orders(row.text)]
        if len(rows) > MOST_ROWS:
            break
    return Table(head, tuple(rows) or tuple(each for each in evidence.statements if each.group == head.group and each.kind == "row")), hits


def _quotes(head: Statement, rows: Sequence[Statement]) -> list[Quote]:
    """Rows as quotes, those that follow each other as one."""
    found: list[Quote] = []
    shown = rows[:MEMBERS]
    for row in shown:
        before = found[-1] if found and found[-1].hit is row.hit else None
        joined = f"{before.sentence} {row.text}" if before else ""
        if before and joined in folded(row.hit.evidence):
            found[-1] = Quote(row.hit, (*before.statements, row), before.score, head)
        else:
            found.append(Quote(row.hit, (row,), 1.0, head))
    if len(rows) > len(shown) and found:
        found[-1] = Quote(found[-1].hit, found[-1].statements, found[-1].score, head, len(rows) - len(shown))
    return found
