"""Workbooks as they are shown: number formats, formulas, raised and struck figures, hidden cells, heads of several rows, remarks."""

import io
import zipfile

import pytest
import xlsxwriter

from ingest.readers.sheet.formats import shown, worded


@pytest.fixture
def book(blocks):
    """Reads a workbook that the function given writes; its texts."""

    def reads(write, change=None):
        data = io.BytesIO()
        with xlsxwriter.Workbook(data, {"in_memory": True}) as made:
            write(made)
        content = data.getvalue() if change is None else changed(data.getvalue(), change)
        found, _ = blocks("a.xlsx", content)
        return found

    return reads


def changed(package: bytes, change: dict[str, tuple[str, str]]) -> bytes:
    """A package some of whose parts have other words in them, or are new where nothing is to be replaced."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(data, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name in change:
                old, new = (each.encode() for each in change[name])
                assert old in text
                text = text.replace(old, new)
            target.writestr(name, text)
        for name in change.keys() - set(source.namelist()):
            target.writestr(name, change[name][1])
    return data.getvalue()


def rows(text) -> list[str]:
    return [line for line in text.text.split("\n") if "---" not in line]


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (0.0825, "0.00%", "8.25%"),
        (-77.5, '"$"#,##0.00_);("$"#,##0.00)', "($77.50)"),
        (9876.5, "#,##0.00 [$€-407]", "9,876.50 €"),
        (123, "0000000", "0000123"),
        (2.5, "[h]:mm", "60:00"),
        (3_450_000, '0.0,,"M"', "3.5M"),
        (1.75, "# ?/?", "1 3/4"),
        (0.00042, "0.0E+00", "4.2E-04"),
        (45_413, "d mmmm yyyy", "1 May 2024"),
        (45_413, "d. mmmm yyyy", "1. May 2024"),
        (45_413, "dd.mm.yyyy", "2024-05-01"),
        (45_413.5625, "m/d/yy h:mm", "2024-05-01 13:30"),
        (0.5625, "h:mm AM/PM", "1:30 PM"),
        (0, '#,##0;-#,##0;"none"', "none"),
        (12, ";;;", ""),
        (0.1 + 0.2, "General", "0.3"),
        (2.675, "0.00", "2.68"),
        (-2.5, "0.0", "-2.5"),
        (1234.5, "[$£-809]#,##0.00", "£1,234.50"),
        (3, '0" kg"_)', "3 kg"),
        (1234567, "_-* #,##0.00 _€_-", "1,234,567.00"),
        (12, "", "12"),
        (-0.5, "[h]:mm", "-0.5"),
        (1e300, "0.00", "1e+300"),
        (5, "0" * 300, "5"),
    ],
)
def test_numbers_are_written_as_their_format_shows_them(number, code, text):
    assert shown(float(number), code) == text


def test_days_may_be_counted_from_1904_and_texts_have_formats_too():
    assert shown(43_951.0, "yyyy-mm-dd", from_1904=True) == "2024-05-01"
    assert (worded("12", '@" litres"'), worded("12", "@"), worded("12", ";;;")) == ("12 litres", "12", "")


def test_a_formula_that_was_never_calculated_is_told(book):
    def write(made):
        sheet = made.add_worksheet()
        sheet.write_row("A1", ["Pier", "Ships"])
        sheet.write_row("A2", ["East", 3])
        sheet.write("A3", "All")
        sheet.write_formula("B3", "=SUM(B2:B2)")  # with a 0 that no one calculated
        sheet.write("A4", "Twice")
        sheet.write_formula("B4", "=B2*2", None, 6)
        sheet.write("A5", "Size")
        sheet.write_formula("B5", '=IF(B2>9,"many","few")', None, "few")

    (table,) = book(write)
    assert rows(table)[2:] == ["| All | =SUM(B2:B2) (not calculated) |", "| Twice | 6 |", "| Size | few |"]


def test_raised_lowered_and_struck_runs_and_cells(book):
    def write(made):
        high, low, gone = (made.add_format(each) for each in ({"font_script": 1}, {"font_script": 2}, {"font_strikeout": True}))
        sheet = made.add_worksheet()
        sheet.write_row("A1", ["What", "Remark"])
        sheet.write("A2", "Salt")
        sheet.write_rich_string("B2", "10", high, "-3", " of H", low, "2", "O, ", gone, "40", "55 crowns")
        sheet.write("A3", "Old fee", gone)
        sheet.write("B3", 12)

    (table,) = book(write)
    assert rows(table)[1:] == ["| Salt | 10⁻³ of H₂O, 55 crowns |", "|  | 12 |"]


def test_hidden_rows_and_columns_go_and_what_a_click_shows_stays(book):
    def write(made):
        sheet = made.add_worksheet()
        for at, row in enumerate([["Boat", "Key", "Port"], ["Wren", "k1", "East"], ["Tern", "k2", "West"], ["Gull", "k3", "South"]]):
            sheet.write_row(at, 0, row)
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        folded = made.add_worksheet()
        folded.write_column("A1", ["Boat", "Wren", "Tern"])
        folded.write_column("B1", ["Port", "East", "West"])
        folded.autofilter("A1:B2")
        folded.filter_column("B", "x == North")
        folded.set_row(1, None, None, {"hidden": True})
        folded.set_row(2, None, None, {"hidden": True, "level": 1})

    first, second = book(write)
    assert rows(first) == ["| Boat | Port |", "| Wren | East |", "| Gull | South |"]
    assert first.locator.cells == "A1:C4"
    assert rows(second) == ["| Boat | Port |", "| Wren | East |", "| Tern | West |"]


def test_a_head_of_several_rows_is_one_and_merged_cells_are_told_in_each(book):
    def write(made):
        sheet = made.add_worksheet()
        sheet.merge_range("A1:C1", "Rents of 2026")
        sheet.merge_range("A2:A3", "Berth")
        sheet.merge_range("B2:C2", "Rent (crowns)")
        sheet.write_row("B3", ["summer", "winter"])
        sheet.write_row("A4", ["Inner", 40, 25])
        sheet.merge_range("A5:C5", "East side")
        sheet.write("A6", "Outer")
        sheet.merge_range("B6:C6", "not let")

    title, table = book(write)
    assert (title.text, table.lead) == ("Rents of 2026", "Rents of 2026")
    assert rows(table) == [
        "| Berth | Rent (crowns) summer | Rent (crowns) winter |",
        "| Inner | 40 | 25 |",
        "| East side |  |  |",
        "| East side: Outer | not let | not let |",
    ]
    assert table.locator.cells == "A4:C6"


def test_a_first_row_of_data_is_no_head(book):
    (table,) = book(lambda made: [made.add_worksheet(), *[made.worksheets()[0].write_row(n, 0, [f"Pier {n}", n * 2.5]) for n in range(3)]])
    assert rows(table) == ["|  |  |", "| Pier 0 | 0 |", "| Pier 1 | 2.5 |", "| Pier 2 | 5 |"]


def test_notes_boxes_charts_and_margins_are_told_with_their_cells(book):
    def write(made):
        sheet = made.add_worksheet("Oil")
        sheet.write_row("B2", ["Pier", "Litres"])
        sheet.write_row("B3", ["East", 40])
        sheet.write_row("B4", ["West", 55])
        sheet.write_comment("C4", "Read off twice", {"author": "Ina Berg"})
        sheet.insert_textbox("B8", "The gauge sticks")
        sheet.set_header("&LHarbour office&RPage &P of &N")
        sheet.data_validation("C3", {"validate": "any", "input_title": "Litres", "input_message": "Whole ones only"})
        chart = made.add_chart({"type": "column"})
        chart.add_series({"name": "Oil used", "categories": "=Oil!$B$3:$B$4", "values": "=Oil!$C$3:$C$4"})
        chart.set_title({"name": "Oil by pier"})
        made.add_chartsheet("Picture").set_chart(chart)

    found = book(write)
    assert [(text.text.split("\n")[0], text.locator.sheet, text.locator.cells) for text in found] == [
        ("| Pier | Litres |", "Oil", "B2:C4"),
        ("Head or foot of the printed page: Harbour office", "Oil", None),
        ("Note by Ina Berg on C4 (Pier: West, Litres: 55): Read off twice", "Oil", "C4"),
        ("Hint for C3 (Pier: East, Litres: 40): Litres: Whole ones only", "Oil", "C3"),
        ("The gauge sticks", "Oil", "B8:E14"),
        ("Chart: Oil by pier", "Picture", "A1"),
        ("|  | Oil used |", "Picture", "A1"),
    ]


def test_threaded_comments_have_their_authors_and_stand_once(book):
    space = 'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    relation = '<Relationship Id="rIdT" Type="http://schemas.microsoft.com/office/2017/10/relationships/{}" Target="{}"/></Relationships>'

    def write(made):
        sheet = made.add_worksheet()
        sheet.write_row("A1", ["Pier", "Litres"])
        sheet.write_row("A2", ["East", 40])
        sheet.write_comment("B2", "[Threaded comment] Your version cannot show this", {"author": "tc={1}"})

    found = book(
        write,
        {
            "xl/worksheets/_rels/sheet1.xml.rels": ("</Relationships>", relation.format("threadedComment", "../threadedComments/t.xml")),
            "xl/_rels/workbook.xml.rels": ("</Relationships>", relation.format("person", "persons/person.xml")),
            "xl/threadedComments/t.xml": (
                "",
                f'<ThreadedComments {space}><threadedComment ref="B2" personId="p" id="1"><text>Too much?</text></threadedComment>'
                '<threadedComment ref="B2" personId="q" id="2" parentId="1"><text>No.</text></threadedComment></ThreadedComments>',
            ),
            "xl/persons/person.xml": (
                "",
                f'<personList {space}><person displayName="Ina" id="p"/><person displayName="Bo" id="q"/></personList>',
            ),
        },
    )
    assert [text.text for text in found[1:]] == [
        "Comment by Ina on B2 (Pier: East, Litres: 40): Too much?",
        "Answer by Bo on B2 (Pier: East, Litres: 40): No.",
    ]


def test_sheets_of_an_open_document_are_told_as_they_are_shown(blocks):
    names = {"office": "office", "table": "table", "text": "text", "style": "style", "fo": "xsl-fo-compatible", "svg": "svg-compatible"}
    spaces = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in names.items())
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    spaces += ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'

    def cell(words, more="", inside=""):
        return f"<table:table-cell {more}>{inside}<text:p>{words}</text:p></table:table-cell>"

    styles = """<style:style style:name="gone"><style:text-properties style:text-line-through-style="solid"/></style:style>
    <style:style style:name="high" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
    <style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>"""
    lines = [
        cell("Item") + cell("Key") + cell("Value"),
        cell("Rate") + cell("k") + cell("7.5%", 'office:value-type="percentage" office:value="0.075"'),
        cell("Day") + cell("k") + cell("05/01/24", 'office:value-type="date" office:date-value="2024-05-01"'),
        cell("Month") + cell("k") + cell("May 2024", 'office:value-type="date" office:date-value="2024-05-01"'),
        cell("Salt")
        + cell("k")
        + cell('10<text:span text:style-name="high">6</text:span>, <text:span text:style-name="gone">no</text:span>yes'),
        cell("Sum") + cell("k") + '<table:table-cell table:formula="of:=SUM([.C2:.C3])"/>',
        cell("Note", "", "<office:annotation><dc:creator>Ina</dc:creator><text:p>Ask first</text:p></office:annotation>")
        + cell("k")
        + cell("x"),
    ]
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    body += f'<table:table-row table:visibility="collapse">{cell("hidden") * 3}</table:table-row>'
    body += f"<table:table-row>{cell('Last')}{cell('k')}{cell('z')}</table:table-row>"
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    frame = "<draw:frame><svg:desc>A red buoy</svg:desc></draw:frame><draw:custom-shape><text:p>Mind the gap</text:p></draw:custom-shape>"
    content = f"""<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>
    <office:body><office:spreadsheet>
    <table:table table:name="S">{columns}<table:shapes>{frame}</table:shapes>{body}</table:table>
    <table:table table:name="T" table:style-name="off"><table:table-row>{cell("secret")}</table:table-row></table:table>
    </office:spreadsheet></office:body></office:document-content>"""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("content.xml", content)
    found, _ = blocks("a.ods", data.getvalue())
    assert rows(found[0]) == [
        "| Item | Value |",
        "| Rate | 7.5% |",
        "| Day | 2024-05-01 |",
        "| Month | May 2024 |",
        "| Salt | 10⁶, yes |",
        "| Sum | =SUM(C2:C3) (not calculated) |",
        "| Note | x |",
        "| Last | z |",
    ]
    assert found[0].locator.cells == "A1:C9"
    assert [text.text for text in found[1:]] == [
        "Note by Ina on A7 (Item: Note): Ask first",
        "Drawing at A1 (Item): A red buoy",
        "Mind the gap",
    ]
