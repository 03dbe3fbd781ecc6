"""Word documents: styles by their meaning, pictures with captions, notes where they are referred to; and nothing opened from outside."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from rag.errors import ReadError
from tests.ingest.packed import OFFICE, docx, inline_picture, listed, paragraph, table, zipped
from tests.ingest.samples import picture

NOTE = '<w:footnote w:id="2"><w:p><w:r><w:t>By Snell, 1621.</w:t></w:r></w:p></w:footnote>'
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'


@pytest.fixture
def word(blocks):
    return lambda body, *args, **named: blocks("a.docx", docx(body, *args, **named))


def told(found) -> list[tuple[str, str | None]]:
    return [(text.text, text.locator.heading) for text in found[0]]


def test_title_and_six_levels_of_headings_make_the_path(word):
    body = paragraph("All of Lights", "Title") + paragraph("before")
    body += "".join(paragraph(f"H{level}", f"Heading{level}") for level in range(1, 7)) + paragraph("deep")
    body += paragraph("Second", "Heading2") + paragraph("up again") + paragraph("Alone", "Heading1")
    assert told(word(body)) == [
        ("before", "All of Lights"),
        ("deep", "All of Lights > H1 > H2 > H3 > H4 > H5 > H6"),
        ("up again", "All of Lights > H1 > Second"),
        ("Alone", "All of Lights"),
    ]


def test_styles_mean_what_they_are_based_on(word):
    mine = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/>{}</w:style>'
    styles = mine.format("A1", "Bob's heading", '<w:basedOn w:val="A2"/>') + mine.format("A2", "x", '<w:basedOn w:val="Heading2"/>')
    styles += mine.format("B", "Outlined", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    styles += mine.format("C", "No heading", '<w:basedOn w:val="Heading1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
    styles += mine.format("D", "Loop", '<w:basedOn w:val="D"/>')
    body = paragraph("One", "B") + paragraph("Two", "A1") + paragraph("plain", "C") + paragraph("loop", "D")
    assert told(word(body, styles=styles)) == [("plain", "One > Two"), ("loop", "One > Two")]


def test_headings_by_id_alone_where_the_document_has_no_styles(blocks):
    archive = zipfile.ZipFile(io.BytesIO(docx(paragraph("Lens", "Heading1") + paragraph("Glass", "Heading2") + paragraph("bends"))))
    data = zipped({name: archive.read(name) for name in archive.namelist() if not name.endswith("styles.xml")})
    assert told(blocks("a.docx", data)) == [("bends", "Lens > Glass")]


def test_lists_tables_and_code(word):
    body = listed("one", 1) + listed("inner", 1, 1) + listed("two", 1) + paragraph("between") + listed("first", 2) + listed("second", 2)
    body += paragraph("Table 1: Years", "Caption") + table([["Name", "Year"], ["Port|land", "1791"], ["<w:p/>", "1885"]])
    body += paragraph("def f():", "Code") + paragraph("", "Code") + paragraph("    return 1", "Code") + paragraph("end")
    found, _ = word(body)
    assert [(text.text, text.kind) for text in found] == [
        ("- one\n  - inner\n- two", "prose"),
        ("between", "prose"),
        ("1. first\n2. second", "prose"),
        ("Table 1: Years", "prose"),
        ("| Name | Year |\n| --- | --- |\n| Port\\|land | 1791 |\n|  | 1885 |", "table"),
        ("def f():\n\n    return 1", "code"),
        ("end", "prose"),
    ]


def test_merged_cells_keep_every_row_whole(word):
    cells = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = [
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Lights</w:t></w:r></w:p></w:tc>',
        cells.format(' w:val="restart"', "Portland") + "<w:tc><w:p><w:r><w:t>1791</w:t></w:r></w:p></w:tc>",
        cells.format("", "") + "<w:tc><w:p><w:r><w:t>1885</w:t></w:r></w:p></w:tc>",
    ]
    found, _ = word("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")
    assert [text.text for text in found] == ["Lights", "|  |  |\n| --- | --- |\n| Portland | 1791 |\n| Portland | 1885 |"]
    assert found[1].lead == "Lights"


def test_notes_stand_below_the_paragraph_that_refers_to_them(word):
    body = (
        paragraph("Lens", "Heading1") + paragraph("Glass bends light", more=REFERENCE) + paragraph("Lamp", "Heading1") + paragraph("Oil.")
    )
    assert told(word(body, footnotes=NOTE)) == [
        ("Glass bends light[1]", "Lens"),
        ("[1] By Snell, 1621.", "Lens"),
        ("Oil.", "Lamp"),
    ]


def test_runs_that_word_parted_are_one_and_formulas_are_kept(word):
    run = '<w:r w:rsidR="00{}"><w:rPr><w:lang w:val="{}"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    body = "<w:p>" + run.format(1, "en", "The li") + "<w:proofErr/>" + run.format(2, "de", "ghthouse ")
    body += "<m:oMath><m:r><m:t>E=m</m:t></m:r><m:r><m:t>c2</m:t></m:r></m:oMath>"
    body += '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>3</w:t></w:r></w:p>'
    assert told(word(body)) == [("The lighthouse E=mc2³", None)]


def test_what_word_adds_by_itself_and_deleted_words_go(word):
    body = paragraph("Lens ..... 3", "TOC1") + "<w:p><w:r><w:t>Stays</w:t></w:r><w:del><w:r><w:delText>goes</w:delText></w:r></w:del></w:p>"
    assert told(word(body)) == [("Stays", None)]


@pytest.mark.parametrize("above", [False, True])
def test_a_picture_with_its_caption_and_alt_text(word, above):
    caption, shown = paragraph("The tower at night", "Caption"), paragraph("", more=inline_picture("a", "A red tower"))
    other = paragraph("", more=inline_picture("b"))
    body = paragraph("Towers", "Heading1") + paragraph("It was built in 1791.") + (caption + shown if above else shown + caption)
    _, figures = word(body + paragraph("Then this one.") + other, {"a.png": picture(1), "b.png": picture(2)})
    assert [figure.caption for figure in figures] == ["The tower at night", None]
    assert figures[0].around == "A red tower\nIt was built in 1791."
    assert [(figure.origin, figure.locator.heading, figure.data) for figure in figures] == [
        (None, "Towers", picture(1)),
        (None, "Towers", picture(2)),
    ]
    assert np.array_equal(np.asarray(figures[0].image), np.asarray(Image.open(io.BytesIO(picture(1)))))


def test_captions_go_to_the_pictures_before_them_where_several_follow_each_other(word):
    pairs = "".join(paragraph("", more=inline_picture(id)) + paragraph(f"Picture {id}", "Caption") for id in "abc")
    _, figures = word(pairs, {f"{id}.png": picture(ord(id)) for id in "abc"})
    assert [(figure.caption, figure.data) for figure in figures] == [(f"Picture {id}", picture(ord(id))) for id in "abc"]


def test_a_picture_without_caption_has_its_alt_text(word):
    _, (figure,) = word(paragraph("", more=inline_picture("a", "A red tower")), {"a.png": picture()})
    assert figure.caption == "A red tower"


def test_text_boxes_are_read_once(word):
    inside = "<w:txbxContent>" + paragraph("boxed") + "</w:txbxContent>"
    both = f"<mc:Choice>{inside}</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
    body = paragraph("a", more=f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>")
    body += paragraph(
        "b", more=f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{inside}</w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )
    assert sorted(told(word(body))) == [("a", None), ("b", None), ("boxed", None), ("boxed", None)]


def test_pictures_outside_the_document_are_not_opened(word, tmp_path):
    (tmp_path / "out.png").write_bytes(picture())
    linked = inline_picture("z").replace("r:embed", "r:link")
    for target in ("out.png", f"file://{tmp_path}/out.png", "http://127.0.0.1:9/x.png"):
        related = f'<Relationship Id="z" Type="{OFFICE}/image" Target="{target}" TargetMode="External"/>'
        assert word(paragraph("Words", more=linked), more=related)[1] == []
    related = f'<Relationship Id="z" Type="{OFFICE}/image" Target="../../out.png"/>'
    found = word(paragraph("Words", more=inline_picture("z")), more=related)
    assert (told(found), found[1]) == ([("Words", None)], [])


def test_icons_and_damaged_pictures_are_passed_over(word):
    media = {"a.png": picture(size=(16, 16)), "b.png": picture()[:300], "c.emf": b"\x01\0\0\0 no picture", "d.png": picture()}
    _, figures = word("".join(paragraph("", more=inline_picture(id)) for id in "abcd"), media)
    assert [figure.data for figure in figures] == [picture()]


def test_entities_are_not_opened(blocks, tmp_path):
    (tmp_path / "secret.txt").write_text("TOP SECRET")
    archive = zipfile.ZipFile(io.BytesIO(docx(paragraph("ENTITY"))))
    parts = {name: archive.read(name).decode() for name in archive.namelist()}
    doctype = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    parts["word/document.xml"] = doctype + parts["word/document.xml"].replace("ENTITY", "Words &x; stay")
    assert told(blocks("a.docx", zipped(parts))) == [("Words stay", None)]


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)

BROKEN = {
    "cut": (lambda: docx(paragraph("a"))[:-200], "damaged or cut short"),
    "other": (lambda: b"just some words", "damaged or cut short"),
    "zip": (lambda: zipped({"a.txt": "words"}), "not a Word document"),
    "xml": (lambda: docx("<w:p>"), "A part of it is damaged"),
    "deep": (lambda: docx("<w:p>" * 5000 + "</w:p>" * 5000), "A part of it is damaged: Excessive depth"),
    "bomb": (lambda: docx(" " * 50_000_000), "over 40 MB of markup"),
    "long": (lambda: docx(paragraph("words " * 1_500_000)), "over 8 MB of text"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500), "protected by a password"),
    "old": (lambda: OLE + "WordDocument".encode("utf-16-le") + bytes(500), "Office before 2007"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_said_in_one_line(blocks, case):
    made, reason = BROKEN[case]
    with pytest.raises(ReadError, match=reason) as refused:
        blocks("a.docx", made())
    assert refused.value.hint and "\n" not in str(refused.value)


def test_a_part_that_is_encrypted_in_the_zip_is_a_password(blocks):
    data = bytearray(docx(paragraph("a")))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := data.find(sign, at)) >= 0:
            data[at + flags] |= 1
            at += 4
    with pytest.raises(ReadError, match="protected by a password"):
        blocks("a.docx", bytes(data))
