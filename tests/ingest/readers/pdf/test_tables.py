"""Tables in PDFs: found with their head and their cells, and nothing that only looks like one."""

import pytest

from tests.ingest.pages import Page, column, write_pdf

ROWS = [("Rock", "oil", "1791"), ("Point", "gas", "1802"), ("Isle", "oil", "1845"), ("Head", "coal", "1870")]
LEFTS = (80, 220, 360)
PROSE = "Plain words of the body stand here in lines that are all of one size, as in most books."


def cells(rows, top: float, step: float = 16, lefts=LEFTS) -> list[tuple]:
    return [(left, top + step * n, 10, cell) for n, row in enumerate(rows) for left, cell in zip(lefts, row, strict=True) if cell]


def of_kind(found, kind: str) -> list[str]:
    return [each.text for each in found if each.kind == kind]


def test_a_table_between_level_rules_has_its_head_and_stands_between_its_paragraphs(tmp_path, blocks):
    words = [
        (72, 60, 15, "The lights"), *column(72, 90, [PROSE] * 2), *cells([("Light", "Fuel", "Lit")], 150), *cells(ROWS, 170),
        *column(72, 260, [PROSE] * 2),
    ]  # fmt: skip
    rules = [(72, y, 460, y) for y in (138, 156, 226)]
    write_pdf(tmp_path / "a.pdf", Page(words, rules=rules))
    found, figures = blocks("a.pdf")
    assert [each.kind for each in found] == ["prose", "table", "prose"] and not figures
    assert found[1].text == (
        "| Light | Fuel | Lit |\n| --- | --- | --- |\n"
        "| Rock | oil | 1791 |\n| Point | gas | 1802 |\n| Isle | oil | 1845 |\n| Head | coal | 1870 |"
    )
    assert (found[1].locator.heading, found[1].locator.page) == ("The lights", 1)


@pytest.mark.parametrize("top", [132, 244])
def test_the_caption_above_or_below_a_table_leads_it(tmp_path, blocks, top):
    words = [*column(72, 60, [PROSE] * 3), *cells([("Light", "Fuel", "Lit")], 156), *cells(ROWS, 176), *column(72, 290, [PROSE] * 2)]
    rules = [(72, y, 460, y) for y in (144, 162, 232)]
    write_pdf(tmp_path / "a.pdf", Page([*words, (72, top, 10, "Table 2: What the lights burned")], rules=rules))
    assert [each.lead for each in blocks("a.pdf")[0] if each.kind == "table"] == ["Table 2: What the lights burned"]


def test_cells_of_several_lines_in_a_grid_are_one(tmp_path, blocks):
    words = [
        (80, 112, 10, "Light"), (220, 112, 10, "What hap-"), (220, 124, 10, "pened there"), (80, 142, 10, "Rock"),
        (220, 142, 10, "The lamp went out,"), (220, 154, 10, "and was lit again."), (80, 172, 10, "Point"), (220, 172, 10, "Nothing."),
    ]  # fmt: skip
    rules = [(72, y, 400, y) for y in (100, 130, 160, 180)] + [(x, 100, x, 180) for x in (72, 210, 400)]
    write_pdf(tmp_path / "a.pdf", Page([*words, *column(72, 220, [PROSE])], rules=rules))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert table.split("\n") == [
        "| Light | What happened there |",
        "| --- | --- |",
        "| Rock | The lamp went out, and was lit again. |",
        "| Point | Nothing. |",
    ]


def test_a_description_that_goes_on_below_is_of_the_row_above(tmp_path, blocks):
    rows = [("lamp", "burns whale oil and is trimmed"), ("", "every four hours"), ("lens", "turns"), ("horn", "sounds in fog")]
    words = [*cells([("Part", "What it does")], 112, lefts=(80, 200)), *cells(rows, 132, 12, (80, 200))]
    write_pdf(tmp_path / "a.pdf", Page(words, rules=[(72, y, 420, y) for y in (100, 117, 174)]))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert "| lamp | burns whale oil and is trimmed every four hours |\n| lens | turns |" in table


def test_columns_with_figures_are_a_table_without_rules(tmp_path, blocks):
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 60, [PROSE] * 3), *cells([("Light", "Fuel", "Lit"), *ROWS], 120)]))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert table.startswith("| Light | Fuel | Lit |") and table.endswith("| Head | coal | 1870 |")


def test_a_table_over_two_pages_is_two_with_the_head_that_each_shows(tmp_path, blocks):
    pages = [
        Page([*cells([("Light", "Fuel", "Lit")], 112), *cells(ROWS[at : at + 2], 132)], rules=[(72, y, 460, y) for y in (100, 118, 154)])
        for at in (0, 2)
    ]
    write_pdf(tmp_path / "a.pdf", *pages)
    found, _ = blocks("a.pdf")
    assert [(each.kind, each.locator.page, each.text.split("\n")[0]) for each in found] == [
        ("table", 1, "| Light | Fuel | Lit |"),
        ("table", 2, "| Light | Fuel | Lit |"),
    ]


FORM = [("Name:", "______", "Date:"), ("Street:", "______", "Town: 12"), ("Phone:", "______", "Age: 40"), ("Light:", "______", "No. 7")]
CONTENTS = [("1", "The tower", "1"), ("2", "The lamp and its keepers", "2"), ("3", "The horn", "3"), ("4", "The boat", "4")]
STEPS = [("1.", "Trim the wick", "12"), ("2.", "Fill the lamp", "8"), ("3.", "Wind the clock", "4"), ("4.", "Write the log", "2")]
INDEX = [
    ("anchor, 12", "lamp, 3", "rope, 71"),
    ("boat, 14", "lens, 4", "sail, 80"),
    ("crane, 9", "log, 61", "tide, 7"),
    ("dog, 2", "oil, 5", "wick, 3"),
]


@pytest.mark.parametrize("rows", [FORM, CONTENTS, STEPS, INDEX], ids=["form", "contents", "steps", "index"])
def test_what_stands_in_columns_is_not_always_a_table(tmp_path, blocks, rows):
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 60, [PROSE] * 3), *cells(rows, 120)]))
    found, _ = blocks("a.pdf")
    assert not of_kind(found, "table")
    text = " ".join(each.text for each in found)
    assert all(cell in text for row in rows for cell in row), "and nothing is lost"


def test_a_frame_around_two_columns_of_prose_is_no_table(tmp_path, blocks):
    left = [
        "The first light on the rock was made",
        "of wood and burned in a storm of the",
        "winter. The second one was built from",
        "granite",
    ]
    right = [
        "The lens came later and was turned by",
        "a clockwork that the keepers wound up",
        "every four hours of the night. A well",
        "of oil",
    ]
    rules = [(60, 90, 540, 90), (60, 180, 540, 180), (60, 90, 60, 180), (540, 90, 540, 180)]
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 110, left), *column(320, 110, right)], rules=rules))
    found, _ = blocks("a.pdf")
    assert not of_kind(found, "table") and "winter. The second one was built from granite" in " ".join(each.text for each in found)


def test_the_labels_of_a_chart_are_no_table(tmp_path, blocks):
    labels = cells([("10", "20", "30"), ("11", "21", "31"), ("12", "22", "32"), ("13", "23", "33")], 160, 30, (120, 220, 320))
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 60, [PROSE] * 3), *labels], drawn=[(100, 130, 400, 300)]))
    assert not of_kind(blocks("a.pdf")[0], "table")


def test_a_head_and_the_one_row_below_it_are_a_table(tmp_path, blocks):
    head, row = ("Arrives", "Leaves", "Nights", "Rate"), ("3 May", "7 May", "4", "£310.00")
    stay = cells([head, row], 120, 14, (80, 180, 260, 340))
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 60, [PROSE] * 2), *stay, *column(72, 190, [PROSE] * 2)]))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert table == "| Arrives | Leaves | Nights | Rate |\n| --- | --- | --- | --- |\n| 3 May | 7 May | 4 | £310.00 |"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("Arrives:", "Leaves:", "Nights:"), ("3 May", "7 May", "4")),  # a form
        (("Harbour office", "Room", "Desk"), ("Mon to Fri", "north wing", "on the left")),  # no figures
        (("Page 3", "Harbour news", "May 2031"), ("Page 4", "Harbour news", "June 2031")),  # no head
        (("Arrives", "Nights"), ("3 May", "4")),  # two columns
    ],
)
def test_two_lines_that_are_no_head_with_its_row_stay_lines(tmp_path, blocks, head, row):
    lines = cells([head, row], 120, 14, LEFTS[: len(head)])
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 60, [PROSE] * 2), *lines, *column(72, 190, [PROSE] * 2)]))
    assert of_kind(blocks("a.pdf")[0], "table") == []


def test_what_goes_on_below_a_cell_is_of_its_row(tmp_path, blocks):
    shows = [("North", "Winter Light", "IMAX", "7:00 PM"), ("South", "The Long Fog", "3D", "4:30 PM"), ("West", "Bells", "IMAX", "9:15 PM")]
    words = [*column(72, 60, [PROSE] * 2), *cells([("Screen", "Film", "Format", "Begins"), *shows], 120, 24, (80, 140, 280, 360))]
    words += [(140, 132 + 24 * n, 8, told) for n, told in enumerate(("142 minutes, with a pause", "98 minutes"), 1)]
    write_pdf(tmp_path / "a.pdf", Page([*words, *column(72, 240, [PROSE] * 2)]))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert table.split("\n")[2:] == [
        "| North | Winter Light 142 minutes, with a pause | IMAX | 7:00 PM |",
        "| South | The Long Fog 98 minutes | 3D | 4:30 PM |",
        "| West | Bells | IMAX | 9:15 PM |",
    ]


def test_lines_with_figures_in_columns_that_rules_part_are_rows(tmp_path, blocks):
    costs = [("Parts", "", "99"), ("Body work", "2", "300"), ("Paint work", "1.5", "225"), ("Supplies", "", "60"), ("Tax", "", "68")]
    words = [*cells([("", "Hours", "Cost"), *costs], 112, 14), *cells([("All", "", "752")], 201, 14)]
    rules = [(72, y, 460, y) for y in (100, 190, 208)] + [(x, 100, x, 208) for x in (72, 210, 460)] + [(350, 100, 350, 190)]
    write_pdf(tmp_path / "a.pdf", Page([*words, *column(72, 260, [PROSE])], rules=rules))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert [line for line in table.split("\n") if "work" in line or "All" in line] == [
        "| Body work | 2 | 300 |",
        "| Paint work | 1.5 | 225 |",
        "| All |  | 752 |",
    ]


def test_a_bold_head_tells_the_columns_of_rows_on_grey_and_white_grounds(tmp_path, blocks):
    rows = [("Wick", "A-12", "450", ""), ("", "B-07", "", "289"), ("Oil", "", "780", ""), ("", "C-15", "", "15"), ("Flag", "D-2", "", "1")]
    lefts = (80, 180, 280, 380)
    head = [(left, 112, 10, told, "bold") for left, told in zip(lefts, ("Goods", "Shelf", "Wanted", "There"), strict=True)]
    grounds = [(72, top, 460, top + 20) for top in (98, 138, 178, 218)]
    write_pdf(tmp_path / "a.pdf", Page([*head, *cells(rows, 132, 20, lefts), *column(72, 280, [PROSE] * 2)], grounds=grounds))
    (table,) = of_kind(blocks("a.pdf")[0], "table")
    assert table.split("\n") == [
        "| Goods | Shelf | Wanted | There |",
        "| --- | --- | --- | --- |",
        "| Wick | A-12 | 450 |  |",
        "|  | B-07 |  | 289 |",
        "| Oil |  | 780 |  |",
        "|  | C-15 |  | 15 |",
        "| Flag | D-2 |  | 1 |",
    ]
