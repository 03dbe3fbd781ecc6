"""Tables of figures in PDFs: every row tells what it is of, for when, and with its signs."""

import pytest

from ingest.blocks import Text
from ingest.readers.pdf.heads import spans
from ingest.readers.pdf.labels import Labelled, told, whole
from ingest.readers.pdf.values import Cell, cells
from rag.pictures.layout import Line
from tests.ingest.pages import Page, column, write_pdf

PROSE = "Plain words of the body stand here in lines that are all of one size, as in most books."
RIGHTS = (300, 380, 460, 540)


def tables(found) -> list[Text]:
    return [each for each in found if each.kind == "table"]


def figures(top: float, texts, rights=RIGHTS, size: float = 10) -> list[tuple]:
    """Words that end at about the same place, as figures under one another do."""
    return [(right - 0.56 * size * len(text), top, size, text) for text, right in zip(texts, rights, strict=False) if text]


def accounts(top: float = 200) -> list[tuple]:
    rows = [
        ("Receipts:", 60, ()),
        ("Dues of ships", 72, ("4,310", "3,900", "8,110", "7,020")),
        ("Gifts", 72, ("190", "(75)", "410", "—")),
        ("Total receipts", 60, ("4,500", "3,825", "8,520", "7,020")),
        ("Outlay:", 60, ()),
        ("Oil", 72, ("1,100", "990", "2,230", "1,870")),
    ]
    words = [(272, top - 40, 10, "Three months ended"), (437, top - 40, 10, "Six months ended")]
    words += figures(top - 26, ("June 30,",) * 4) + figures(top - 14, ("1907", "1906", "1907", "1906"))
    for n, (label, left, values) in enumerate(rows):
        words += [(left, top + 14 * n, 10, label), *figures(top + 14 * n, values)]
        if n == 1:
            words += [(right - 45, top + 14, 10, "£") for right in RIGHTS]
    return words


HEADS = [f"{length} months ended June 30, {year}" for length in ("Three", "Six") for year in (1907, 1906)]


def test_every_column_has_its_whole_head_and_every_row_its_group(tmp_path, blocks):
    words = [
        *column(60, 60, [PROSE] * 3),
        (60, 130, 10, "The lights took in and spent (in pounds):"),
        *accounts(),
        *column(60, 320, [PROSE]),
    ]
    write_pdf(tmp_path / "a.pdf", Page(words))
    found, _ = blocks("a.pdf")
    (table,) = tables(found)
    assert table.text.split("\n") == [
        f"|  | {' | '.join(HEADS)} |",
        "| --- | --- | --- | --- | --- |",
        "| Receipts: Dues of ships | £4,310 | £3,900 | £8,110 | £7,020 |",
        "| Receipts: Gifts | 190 | (75) | 410 | — |",
        "| Total receipts | 4,500 | 3,825 | 8,520 | 7,020 |",
        "| Outlay: Oil | 1,100 | 990 | 2,230 | 1,870 |",
    ]
    assert table.lead == "The lights took in and spent (in pounds):"
    assert found[-1].kind == "prose" and found[-1].text == PROSE


def test_a_table_that_goes_on_overleaf_has_its_heads_there_too(tmp_path, blocks):
    rest = [word for n in range(4) for word in ((72, 60 + 14 * n, 10, f"Lamp {n}"), *figures(60 + 14 * n, (f"{n},105", "17", "23", "40")))]
    write_pdf(tmp_path / "a.pdf", Page(accounts(560)), Page([*rest, *column(60, 200, [PROSE] * 4)]))
    first, second = tables(blocks("a.pdf")[0])
    assert second.locator.page == 2 and second.text.split("\n")[0] == first.text.split("\n")[0]
    assert "| Lamp 0 | 0,105 | 17 | 23 | 40 |" in second.text


def test_prose_beside_figures_and_a_list_of_contents_are_no_tables_of_figures(tmp_path, blocks):
    prose = [
        "the keepers of the north say that they",
        "have more oil than in the years before.",
        "and that the lamps burn longer for it,",
        "while those of the south say little of",
        "it and ask for coal.",
    ]
    beside = [word for n, line in enumerate(prose) for word in ((60, 60 + 14 * n, 10, line), (330, 60 + 14 * n, 10, f"{40 + n}"))]
    contents = [word for n in range(5) for word in ((60, 60 + 14 * n, 10, f"The {'ABCDE'[n]} light"), (400, 60 + 14 * n, 10, str(n + 1)))]
    write_pdf(tmp_path / "a.pdf", Page(beside), Page(contents))
    assert not tables(blocks("a.pdf")[0])


def test_a_line_over_a_grid_is_its_head_and_a_cell_that_spans_rows_is_told_in_each(tmp_path, blocks):
    words = [(90, 95, 10, "Pier"), (190, 95, 10, "Depth"), (290, 95, 10, "Lamp")]
    words += [(90, 125, 10, "North"), (190, 116, 10, "4.1"), (290, 116, 10, "red"), (190, 134, 10, "4.6"), (290, 134, 10, "green")]
    words += [(90, 152, 10, "South"), (190, 152, 10, "3.0"), (290, 152, 10, "white")]
    rules = [(80, y, 360, y) for y in (104, 140, 158)] + [(180, 122, 360, 122)] + [(x, 104, x, 158) for x in (80, 180, 280, 360)]
    write_pdf(tmp_path / "a.pdf", Page([*words, *column(60, 220, [PROSE] * 3)], rules=rules))
    (table,) = tables(blocks("a.pdf")[0])
    assert table.text.split("\n") == [
        "| Pier | Depth | Lamp |",
        "| --- | --- | --- |",
        "| North | 4.1 | red |",
        "| North | 4.6 | green |",
        "| South | 3.0 | white |",
    ]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((("Net income", 0, 60), ("$", 100, 105), ("1,234", 120, 150),
          ("$", 180, 185), ("(56", 200, 218), (")", 219, 222)), ["$1,234", "$(56)"]),
        ((("Rate", 0, 20), ("7.5", 100, 115), ("%", 118, 126), ("—", 200, 208)), ["7.5%", "—"]),
        ((("Dues (1)", 0, 40), ("12,000", 100, 130), ("NM", 200, 215)), ["12,000", "NM"]),
    ],
)  # fmt: skip
def test_signs_of_money_brackets_and_per_cents_stand_with_their_values(pieces, expected):
    parts = tuple(Line(text, left, 0, right, 10, 10) for text, left, right in pieces)
    line = Line(" ".join(part.text for part in parts), 0, 0, parts[-1].right, 10, 10, parts=parts)
    label, *values = cells(line)
    assert not label.is_value and [value.text for value in values] == expected and all(value.is_value for value in values)


def test_a_head_stands_over_the_middle_of_what_it_spans():
    columns = [(100, 140), (160, 200), (220, 260), (300, 340)]
    over = [Cell("Three months", 150, 210), Cell("Change", 302, 338)]
    assert spans(over, columns, {}) == [(0, 3), (3, 4)]
    assert spans([Cell("1907", 150, 210)], columns, {0: (1, 2)}) == [(1, 2)], "a rule under it tells more"


def test_a_label_of_two_lines_is_one_and_what_is_indented_is_of_its_group():
    def row(label, indent, top, *values):
        return Labelled(label, indent, top, top + 10, list(values) or [""], right=indent + 150)

    rows = [
        row("Lamps", 10, 0),
        row("Oil for the lamps of the", 20, 14),
        row("north", 24, 24, "5"),
        row("Wicks", 20, 38, "7"),
        row("Boats", 10, 52, "9"),
    ]
    assert [(each.label, each.values) for each in told(whole(rows))] == [
        ("Lamps: Oil for the lamps of the north", ["5"]),
        ("Lamps: Wicks", ["7"]),
        ("Boats", ["9"]),
    ]


def test_rules_round_the_head_alone_make_it_the_head_of_the_figures_below(tmp_path, blocks):
    words = [(90, 112, 10, "(in pounds)"), *figures(112, ("1906", "1907"), (300, 380))]
    rows = [("Dues", "4,310", "3,900"), ("Gifts", "190", "75"), ("Oil sold", "20", "31")]
    for n, (label, *values) in enumerate(rows):
        words += [(90, 134 + 14 * n, 10, label), *figures(134 + 14 * n, values, (300, 380))]
    rules = [(80, y, 400, y) for y in (100, 118)] + [(x, 100, x, 118) for x in (80, 240, 320, 400)]
    write_pdf(tmp_path / "a.pdf", Page([*words, *column(60, 220, [PROSE] * 3)], rules=rules))
    (table,) = tables(blocks("a.pdf")[0])
    assert table.text.split("\n")[0] == "| (in pounds) | 1906 | 1907 |" and "| Dues | 4,310 | 3,900 |" in table.text
