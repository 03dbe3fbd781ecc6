"""The title and the date that a document gives itself, in every format that has a place for them; and the captions of tables."""

import io
import json
import zipfile
from email.message import EmailMessage

import pytest

from ingest.blocks import Document, Text
from ingest.readers import read
from ingest.readers.titles import iso_date, own_title
from tests.ingest.packed import docx, odt, paragraph, table, zipped
from tests.ingest.pages import Page, column, write_pdf

CORE = '<cp xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:date>2019-01-01</dc:date></cp>'
BODY = ["The keeper climbs the tower every evening and trims the lamp,", "and every morning he puts it out and writes the log."]


@pytest.fixture
def documents(tmp_path):
    """Writes a file and reads it: what it says of itself, in the order of its blocks."""

    def reads(name: str, content: str | bytes | None = None) -> list[Document]:
        if content is not None:
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        found = list(read(tmp_path / name, name, tmp_path, None))
        assert isinstance(found[0], Document), "it comes before what it holds"
        return [each for each in found if isinstance(each, Document)]

    return reads


def with_core(package: bytes, title: str) -> bytes:
    made = io.BytesIO(package)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("docProps/core.xml", CORE.format(title))
    return made.getvalue()


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Lights of\n the coast</title><h1>One</h1><p>a</p><h1>Two</h1>", "Lights of the coast"),
        ("<h1>The <em>only</em> one</h1><p>a</p>", "The only one"),
        ("<h1>One</h1><p>a</p><h1>Two</h1><p>b</p>", ""),
        ("<title>Untitled</title><p>a</p>", ""),
        ("<p>a</p><svg><title>A drawing</title></svg>", ""),
    ],
)
def test_html(documents, page, title):
    assert documents("a.html", page) == [Document(title)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('---\ntitle: "Lights: a log"\ndate: 2023-05-04T10:00:00Z\n---\n# One\n\na', Document("Lights: a log", "2023-05-04")),
        ("---\nTitle: Lights: unquoted\nDate: 2023/05\n---\na", Document("Lights: unquoted", "2023-05")),
        ("---\ntitle: [a, b]\ndate: soon\n---\na", Document("a, b")),
        ("# Lights\n\na\n\n## Ness Head\n\nb", Document("Lights")),
        ("a", Document()),
    ],
)
def test_markdown(documents, text, found):
    assert documents("a.md", text) == [found]


def test_word(documents):
    titled = docx(paragraph("The lights", "Title") + paragraph("Words"))
    assert documents("a.docx", titled) == [Document("The lights")]
    assert documents("a.docx", with_core(titled, "An old template")) == [Document("The lights")]
    plain = docx(paragraph("One", "Heading1") + paragraph("Words"))
    assert documents("a.docx", with_core(plain, "Keepers of the light")) == [Document("Keepers of the light")]
    assert documents("a.docx", with_core(plain, "Microsoft Word - a.doc")) == [Document()]
    assert documents("a.docx", with_core(plain, "<broken")) == [Document()]


def test_powerpoint(documents, tmp_path):
    from pptx import Presentation

    deck = Presentation()
    for words in ("The lights", "Ness Head"):
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = words
    deck.save(tmp_path / "a.pptx")
    assert documents("a.pptx") == [Document("The lights")], "PowerPoint Presentation says nothing"
    deck.core_properties.title = "A year of lights"
    deck.save(tmp_path / "a.pptx")
    assert documents("a.pptx") == [Document("A year of lights")]


def test_workbooks(documents, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.set_properties({"title": "Oil and wicks"})
        book.add_worksheet("S").write(0, 0, "words")
    assert documents("a.xlsx") == [Document("Oil and wicks")]


def test_opendocument(documents):
    body = "<office:text><text:p>Words</text:p></office:text>"
    assert documents("a.odt", odt(body, more={"meta.xml": CORE.format("Keepers")})) == [Document("Keepers")]
    titled = '<office:text><text:p text:style-name="Title">The lights</text:p><text:p>Words</text:p></office:text>'
    assert documents("a.odt", odt(titled)) == [Document("The lights")]


def test_rtf(documents):
    written = rb"{\rtf1\ansi\ansicpg1252{\info{\title K\'fcste und Leuchtt\u252?rme}{\author A}}Words\par}"
    assert documents("a.rtf", written) == [Document("K\u00fcste und Leuchtt\u00fcrme")]
    assert documents("a.rtf", rb"{\rtf1\ansi{\info{\author A}}Words\par}") == [Document()]


def test_e_books_and_notebooks(documents):
    spine = '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
    meta = '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The log</dc:title><dc:date>2001</dc:date></metadata>'
    container = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    book = {"META-INF/container.xml": container, "a.xhtml": "<p>Words</p>",
            "book.opf": f'<package xmlns="http://www.idpf.org/2007/opf">{meta}{spine}</package>'}  # fmt: skip
    assert documents("a.epub", zipped(book)) == [Document("The log")]
    cells = [{"cell_type": "markdown", "source": source, "metadata": {}} for source in ("# Lamps", "words", "# More")]
    assert documents("a.ipynb", json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})) == [Document("Lamps")]


def mail(subject: str, date: str, text: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = subject, "keeper@example.org", date
    made.set_content(text)
    return made


def test_mail(documents, blocks):
    made = mail("Fog signal", "Tue, 04 Mar 2025 23:30:00 -0800", "The horn is broken.")
    made.add_attachment(mail("Re: horn", "Sat, 01 Mar 2025 10:00:00 +0000", "It was well."))
    made.add_attachment(b"<title>Plan of the horn</title><h2>Parts</h2><p>A reed.</p>", "text", "html", filename="plan.html")
    found = documents("a.eml", bytes(made))
    first, inner = Document("Fog signal", "2025-03-04"), Document("Fog signal", "2025-03-01")
    assert [each for n, each in enumerate(found) if not n or each != found[n - 1]] == [first, inner, first]
    assert blocks("a.eml")[0][-1].locator.heading == "Fog signal > plan.html > Plan of the horn > Parts"
    assert documents("b.eml", bytes(mail("Fog", "someday", "Words")))[0] == Document("Fog")
    raw = "Subject: Größe\nDate: Fri, 03 May 2024 10:00:00 +0000\n\nvierzig Meter\n".encode("latin-1")
    assert documents("c.eml", raw)[0] == Document("Größe", "2024-05-03")


@pytest.mark.parametrize(
    ("meta", "sizes", "title"),
    [
        ("Lights of the coast", (20, 10, 14), "Lights of the coast"),
        (None, (20, 10, 14), "The log of Ness Head"),
        ("Microsoft Word - log.doc", (20, 10, 14), "The log of Ness Head"),
        (None, (14, 10, 14), ""),  # it looks as every heading does
        (None, (10, 10, 14), ""),
    ],
)
def test_pdf(documents, tmp_path, meta, sizes, title):
    top, body, heading = sizes
    pages = [
        Page([*([(72, 90, top, "The log of Ness Head")] if not n else []), *column(72, 130, BODY, body), (72, 200, heading, f"Year {word}"),
              *column(72, 230, BODY, body)])
        for n, word in enumerate(("one", "two"))
    ]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", *pages, title=meta)
    assert documents("a.pdf") == [Document(title)]


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - report.doc", "untitled", "Untitled-1", "Document1", "PowerPoint Presentation", "report_final", "smith 2020.pdf",
     "keeper-report-1907", "20230401-17", "Scan 23", "Scanned from a Xerox", "WorkCentre_7845", "file:///tmp/a.html",
     "C:\\a\\b", "", None, "\x00", "A"],
)  # fmt: skip
def test_titles_that_say_nothing(title):
    assert own_title(title) == ""


@pytest.mark.parametrize(
    "title", ["Q3 2023 Results", "Scanning the sky", "The lights.", "Al-Jazeera", "报告", "Word order in Latin", "Index of lights"]
)
def test_titles_that_say_something(title):
    assert own_title(f" {title}\n") == title


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-05-01", "2024-05-01"), ("2024-5-1T10:00", "2024-05-01"), ("2024.05", "2024-05"), ("2024", "2024"), ("2024-13-01", ""),
        ("Tue, 04 Mar 2025 09:30:00 +0100", "2025-03-04"), ("Mon, 99 Foo 2020", ""), ("01/02/2023", ""), ("20230", ""), (None, ""),
    ],
)  # fmt: skip
def test_dates(written, date):
    assert iso_date(written) == date


def leads(found: list[Text]) -> list[tuple[str, str]]:
    return [(each.kind, each.lead) for each in found]


def test_captions_lead_their_tables(blocks):
    rows = [["light", "metres"], ["Ness Head", "31"]]
    html = "<table><caption>Heights <b>of lights</b></caption><tr><th>light<th>metres<tr><td>Ness Head<td>31</table>"
    assert leads(blocks("a.html", html)[0]) == [("prose", ""), ("table", "Heights of lights")]
    above = docx(paragraph("Words") + paragraph("Hoehen der Lichter", "Caption") + table(rows))
    assert leads(blocks("a.docx", above)[0]) == [("prose", ""), ("prose", ""), ("table", "Hoehen der Lichter")]
    below, _ = blocks("b.docx", docx(table(rows) + paragraph("Table 1: Heights", "Caption") + paragraph("Words")))
    assert leads(below) == [("prose", ""), ("table", "Table 1: Heights"), ("prose", "")]


def test_the_title_above_the_table_of_a_sheet_leads_it(blocks, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("S")
        for n, row in enumerate([["Heights in metres"], ["light", "height"], *([f"light {n}", n] for n in range(5))]):
            sheet.write_row(n, 0, row)
    assert leads(blocks("a.xlsx")[0]) == [("prose", ""), ("table", "Heights in metres")]
