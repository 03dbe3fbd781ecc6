"""Workbooks: tables with their cells, values as one would write them, pictures, and what cannot be read."""

import datetime
import io
import shutil
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from ingest.blocks import Text
from ingest.chunk import chunk
from ingest.readers import read
from rag.errors import ReadError
from tests.ingest.samples import picture

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture
def workbook(tmp_path):
    """Writes a.xlsx from sheets of {cell: value} and gives its bytes; `also` may write further into the workbook."""

    def makes(sheets: dict[str, dict[str, object]], also=None) -> bytes:
        data = io.BytesIO()
        with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
            date, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            for name, cells in sheets.items():
                sheet = book.add_worksheet(name)
                for cell, value in cells.items():
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(cell, value, moment if isinstance(value, datetime.datetime) else date)
                    else:
                        sheet.write(cell, value)
            if also:
                also(book)
        return data.getvalue()

    return makes


def grid(at: str, *rows: list[object]) -> dict[str, object]:
    column, row = ord(at[0]), int(at[1:])
    return {f"{chr(column + n)}{row + m}": value for m, values in enumerate(rows) for n, value in enumerate(values) if value != ""}


def test_a_table_has_its_sheet_its_cells_and_values_as_one_would_write_them(blocks, workbook):
    cells = grid(
        "B3",
        ["Name", "Built", "Seen", "Height", "Lit"],
        ["North", datetime.date(1791, 5, 4).replace(year=1991), datetime.datetime(2024, 1, 5, 13, 45), 30.0, True],
        ["South | old", "", "", 0.1 + 0.2, False],
    )
    ((text,), _) = blocks("a.xlsx", workbook({"Lights": cells}))
    assert text.text.split("\n") == [
        "| Name | Built | Seen | Height | Lit |",
        "| --- | --- | --- | --- | --- |",
        "| North | 1991-05-04 | 2024-01-05 13:45 | 30 | TRUE |",
        "| South \\| old |  |  | 0.3 | FALSE |",
    ]
    assert (text.kind, text.locator.sheet, text.locator.heading, text.locator.cells) == ("table", "Lights", "Lights", "B3:F5")


def test_blank_rows_and_columns_part_a_sheet(blocks, workbook):
    cells = grid("A1", ["a", "b"], [1, 2]) | grid("D1", ["c", "d"], [3, 4], [5, 6]) | grid("A5", ["e", "f"], [7, 8])
    texts, _ = blocks("a.xlsx", workbook({"S": cells}))
    assert [(text.locator.cells, text.text.split("\n")[0]) for text in texts] == [
        ("A1:B2", "| a | b |"),
        ("D1:E3", "| c | d |"),
        ("A5:B6", "| e | f |"),
    ]


def test_a_title_above_a_table_is_not_its_header(blocks, workbook):
    texts, _ = blocks("a.xlsx", workbook({"S": grid("A1", ["The lights of the coast"], ["Name", "Year"], ["North", 1791])}))
    assert [(text.text.split("\n")[0], text.locator.cells) for text in texts] == [
        ("The lights of the coast", "A1"),
        ("| Name | Year |", "A2:B3"),
    ]


def test_one_column_is_lines_and_long_notes_stand_alone(blocks, workbook):
    cells = grid("C2", ["Oil"], ["Wicks"], ["First line\nsecond line"], ["Glass"])
    texts, _ = blocks("a.xlsx", workbook({"S": cells}))
    assert [(text.text, text.locator.cells, text.kind) for text in texts] == [
        ("Oil\nWicks", "C2:C3", "prose"),
        ("First line\nsecond line", "C4", "prose"),
        ("Glass", "C5", "prose"),
    ]


def test_rows_that_are_wide_or_wordy_are_records(blocks, workbook):
    story = "The keeper climbs the tower every evening. " * 20
    texts, _ = blocks("a.xlsx", workbook({"S": grid("A1", ["Name", "Story"], ["North", story], ["South", "short"])}))
    assert (texts[0].text, texts[0].locator.cells) == (f"Name: North\nStory: {story.strip()}", "A2:B2")
    assert (texts[1].text.split("\n")[::2], texts[1].locator.cells) == (["| Name | Story |", "| South | short |"], "A3:B3")
    wide = {
        f"{chr(65 + n // 26 - 1) if n > 25 else ''}{chr(65 + n % 26)}{row}": f"{'h' if row == 1 else 'v'}{n}"
        for n in range(40)
        for row in (1, 2)
    }
    ((record,), _) = blocks("b.xlsx", workbook({"S": wide}))
    assert record.text.split("\n") == [f"h{n}: v{n}" for n in range(40)] and record.locator.cells == "A2:AN2"


def test_a_value_that_spans_rows_is_in_each_of_them(blocks, workbook):
    def merged(book):
        book.worksheets()[0].merge_range("A2:A3", "North")

    ((text,), _) = blocks("a.xlsx", workbook({"S": grid("A1", ["Coast", "Light"], ["", "Rock"], ["", "Cape"])}, merged))
    assert text.text.split("\n")[2:] == ["| North | Rock |", "| North | Cape |"]


def test_a_long_table_keeps_its_header_and_true_cells_in_every_passage(blocks, workbook, tokenizer):
    rows = [[f"light {n}", n, 1700 + n % 300, "x" * 20] for n in range(2, 12_002)]
    texts, _ = blocks("a.xlsx", workbook({"S": grid("A1", ["Name", "Row", "Year", "Note"], *rows)}))
    assert len(texts) > 10
    at = 1
    for passage in chunk(texts[:3] + texts[-3:], tokenizer):
        lines = passage.text.split("\n")
        numbers = [int(line.split(" | ")[1]) for line in lines[2:]]
        assert lines[0] == "| Name | Row | Year | Note |"
        first = at if at == 1 else numbers[0]
        assert passage.locator.cells == f"A{first}:D{numbers[-1]}"
        at = numbers[-1] + 1
    assert at == 12_002


def test_hidden_and_empty_sheets_are_left_out(blocks, workbook):
    def hidden(book):
        book.get_worksheet_by_name("Lists").hide()

    texts, _ = blocks("a.xlsx", workbook({"Shown": {"A1": "words"}, "Empty": {}, "Lists": {"A1": "secret"}}, hidden))
    assert [text.text for text in texts] == ["words"]


def test_pictures_lie_on_their_cells(blocks, workbook):
    def drawn(book):
        sheet = book.get_worksheet_by_name("Towers")
        sheet.insert_image("D5", "tower.png", {"image_data": io.BytesIO(picture()), "description": "The red tower at dusk"})

    sheets = {"First": {"A1": "x"}, "Towers": grid("A1", ["Name", "Year"], ["Red tower", 1791])}
    texts, (figure,) = blocks("a.xlsx", workbook(sheets, drawn))
    assert (figure.caption, figure.origin, figure.data) == ("The red tower at dusk", None, picture())
    assert (figure.locator.sheet, figure.locator.heading) == ("Towers", "Towers") and figure.locator.cells.startswith("D5:")
    assert "Red tower" in figure.around and len(texts) == 2


def test_old_and_open_workbooks(blocks, tmp_path):
    shutil.copy(DATA / "lights.xls", tmp_path / "a.xls")
    ((text,), _) = blocks("a.xls")
    assert text.text.split("\n")[2:] == ["| Northern light | 1991-05-04 | 30 |", "| Südlicht | 2001-01-01 | 41.5 |"]
    assert (text.locator.sheet, text.locator.cells) == ("Lights", "B2:D4")
    ((text,), _) = blocks("b.ods", ods("<table:table-cell office:value-type='string'><text:p>Name</text:p></table:table-cell>" * 2))
    assert (text.text.split("\n")[0], text.locator.cells) == ("| Name | Name |", "A1:B1")


def ods(row: str) -> bytes:
    data = io.BytesIO()
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = f'<office:spreadsheet><table:table table:name="S"><table:table-row>{row}</table:table-row></table:table></office:spreadsheet>'
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {spaces}><office:body>{content}</office:body></office:document-content>")
    return data.getvalue()


def test_the_name_in_the_library_and_the_contents_decide(workbook, tmp_path):
    (tmp_path / "upload.ods").write_bytes(workbook({"S": {"A1": "words"}}))
    _, text = read(tmp_path / "upload.ods", "a.xlsx", tmp_path, None)
    assert isinstance(text, Text) and text.text == "words"


def test_what_is_no_workbook_or_a_locked_one_is_said(blocks, workbook):
    whole = workbook({"S": {"A1": "words", "B2": 3}})
    for cut in (whole[:200], whole[: len(whole) // 2], whole[:-30]):
        with pytest.raises(ReadError, match="damaged or cut short"):
            blocks("a.xlsx", cut)
    with pytest.raises(ReadError, match="not a workbook"):
        blocks("a.xls", bytes(range(256)))
    old = (DATA / "lights.xls").read_bytes()
    name = "EncryptedPackage".encode("utf-16-le")  # the stream of a newer workbook with a password
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + bytes([18])
    assert entry in old
    with pytest.raises(ReadError, match="protected by a password"):
        blocks("a.xlsx", old.replace(entry, name.ljust(64, b"\0") + bytes([len(name) + 2])))
    with pytest.raises(ReadError, match="damaged or cut short"):
        blocks("a.xls", old[:3000])


def test_a_cell_far_out_is_refused_before_it_floods_the_memory(blocks, workbook):
    with pytest.raises(ReadError, match="more than 8,000,000 cells") as refused:
        blocks("a.xlsx", workbook({"S": {"A1": 1, "XFD1048576": 2}}))
    assert refused.value.hint
    texts, _ = blocks("b.xlsx", workbook({"S": {"A1": "here", "Z20000": "there"}}))
    assert [text.locator.cells for text in texts] == ["A1", "Z20000"]


def test_old_workbooks_that_would_flood_the_memory_are_refused(blocks):
    old = (DATA / "lights.xls").read_bytes()
    (fat,) = struct.unpack_from("<I", old, 0x4C)
    (directory,) = struct.unpack_from("<I", old, 0x30)
    at = 512 * (fat + 1) + 4 * directory
    circle = old[:at] + struct.pack("<I", directory) + old[at + 4 :]
    with pytest.raises(ReadError, match="damaged or cut short"):
        blocks("a.xls", circle)
    label = struct.pack("<HHHH", 0xFD, 10, 2, 1)  # row 2, column 1, from 0
    assert old.count(label) == 1
    with pytest.raises(ReadError, match="more than 8,000,000 cells"):
        blocks("b.xls", old.replace(label, struct.pack("<HHHH", 0xFD, 10, 60_000, 60_000)))
    top, bottom = struct.pack("<HHII", 0x200, 14, 1, 4), struct.pack("<HHII", 0x200, 14, 4, 1)
    assert old.count(top) == 1
    with pytest.raises(ReadError, match="more than 8,000,000 cells"):
        blocks("c.xls", old.replace(top, bottom))


def test_what_an_open_document_repeats_is_weighed(blocks):
    cell = "<table:table-cell office:value-type='string'%s><text:p>x</text:p></table:table-cell>"
    often = cell % " table:number-columns-repeated='16000'"
    rows = f"{often}</table:table-row><table:table-row table:number-rows-repeated='90000'>{often}"
    with pytest.raises(ReadError, match="more than 8,000,000 cells"):
        blocks("a.ods", ods(rows))
    blank = "<table:table-cell table:number-columns-repeated='16383'/></table:table-row>"
    rows = f"{cell % ''}{blank}<table:table-row table:number-rows-repeated='1048575'><table:table-cell/>"
    ((text,), _) = blocks("b.ods", ods(rows))
    assert (text.text, text.locator.cells) == ("x", "A1")


def test_open_documents_that_are_locked_or_not_well_formed_are_refused(blocks):
    whole = ods("<table:table-cell office:value-type='string'><text:p>x</text:p></table:table-cell>")
    for old, new, reason in [
        (b"<manifest/>", b'<m:manifest xmlns:m="m"><m:encryption-data/></m:manifest>', "protected by a password"),
        (b"</table:table-row>", b"</table:table-r0w>", "damaged or cut short"),
    ]:
        data = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(data, "w") as changed:
            for name in source.namelist():
                changed.writestr(name, source.read(name).replace(old, new))
        with pytest.raises(ReadError, match=reason):
            blocks("a.ods", data.getvalue())


def test_lines_below_a_title_over_several_columns_are_lines_too(blocks, workbook):
    cells = {"A2": "all sums in EUR", **grid("A4", ["Month", "Rent", "Food"], ["May", 800, 410], ["June", 800, 395])}
    data = workbook({"Budget": cells}, lambda book: book.worksheets()[0].merge_range("A1:C1", "Household budget"))
    found, _ = blocks("a.xlsx", data)
    assert [(text.kind, text.text.split("\n")[0], text.locator.cells) for text in found] == [
        ("prose", "Household budget", "A1"),
        ("prose", "all sums in EUR", "A2"),
        ("table", "| Month | Rent | Food |", "A4:C6"),
    ]
