"""Word and PowerPoint before 2007, and what is of another format than its suffix says."""

import pytest

from ingest.blocks import Document, Passed, Text
from ingest.readers import read
from rag.errors import ReadError
from tests.ingest.old_office import DELETED, HIDDEN, STRUCK, compound, doc, para, ppt, record, row, slide, words
from tests.ingest.samples import sample


@pytest.fixture
def told(tmp_path):
    """Gives (heading, text) of every Text of a file, and the rest of its blocks but the Document."""

    def give(name: str, data: bytes):
        path = tmp_path / name
        path.write_bytes(data)
        found = list(read(path, name, tmp_path, None))
        texts = [(block.locator.heading, block.text) for block in found if isinstance(block, Text)]
        return texts, [block for block in found if not isinstance(block, Text | Document)]

    return give


def test_a_doc_is_read_with_its_headings_tables_and_notes(told):
    made = doc(
        para("Café – the lamp", style=1),
        para("It burns colza oil."),
        para("Costs", style=2),
        *row("Part", "Price"),
        *row("Wick", ""),
        *row("Glass", "9 €"),
        para("Behind the table, ключ."),
        notes=[para("\x02 A note on oil.")],
        heads=[para("A running head")],
    )
    texts, rest = told("a.doc", made)
    assert texts == [
        ("Café – the lamp", "It burns colza oil."),
        ("Café – the lamp > Costs", "| Part | Price |\n| --- | --- |\n| Wick |  |\n| Glass | 9 € |"),
        ("Café – the lamp > Costs", "Behind the table, ключ."),
        ("Café – the lamp > Costs", "A note on oil."),
    ]
    assert rest == []


def test_what_is_hidden_struck_out_or_a_code_of_a_field_is_left_out(told):
    made = doc(
        para("The fee is ", ("40 ", STRUCK), ("45 ", DELETED), "55 crowns", ("secret", HIDDEN), "."),
        para("See \x13 HYPERLINK http://x.example \x14the\x1epage\x15 and\x0bmore.\x01"),
    )
    texts, rest = told("a.doc", made)
    assert texts == [(None, "The fee is 55 crowns."), (None, "See the-page and\nmore.")]
    assert rest == [Passed("pictures in .doc files", 1)]


def test_a_protected_doc_and_a_strange_one_are_one_line_each(told):
    with pytest.raises(ReadError, match="password"):
        told("a.doc", doc(para("x"), flags=0x0100))
    with pytest.raises(ReadError, match="no document of Word"):
        told("a.doc", compound({"Contents": b"x" * 600}))


def test_a_file_of_another_program_says_what_to_do(told):
    with pytest.raises(ReadError, match="no file of Office 97") as refused:
        told("a.doc", b"\xffWPC\x10\0\0\0" + bytes(600))
    assert ".docx" in refused.value.hint
    with pytest.raises(ReadError, match="no file of Office 97"):
        told("b.doc", b'<?xml version="1.0"?><w:wordDocument xmlns:w="x"><w:body/></w:wordDocument>')
    with pytest.raises(ReadError, match="not a workbook"):
        told("b.xls", b'<?xml version="1.0"?>\n<Workbook>\t<Worksheet/></Workbook>')


def test_slides_are_read_in_their_order_with_titles_from_the_outline_and_notes(told):
    outline = words("The lamp", 0) + words("It burns colza.\rIt is cleaned at noon.", 1)
    made = ppt(
        (slide(words("Größe ключ", 0), words("31 metres")), b""),
        (slide(ref(0), ref(1)), outline),
        (slide(words("Not to be seen"), hidden=True), b""),
        notes={2: "Say it slowly."},
        edits=2,
    )
    texts, rest = told("a.ppt", made)
    assert texts == [
        ("Größe ключ", "31 metres"),
        ("The lamp", "It burns colza.\nIt is cleaned at noon."),
        ("The lamp", "Say it slowly."),
    ]
    assert rest == [Passed("hidden slides", 1)]


def ref(number: int) -> bytes:
    """Where a slide shows a text of its outline."""
    return record(0x0F9E, number.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.doc", rb"{\rtf1\ansi The bell of Ness.}", "The bell of Ness."),
        ("a.doc", b"<html><body><p>The bell of Ness.</p></body></html>", "The bell of Ness."),
        ("a.xls", b"<table><tr><td>bell<td>Ness<tr><td>1<td>2</table>", "| bell | Ness |\n| --- | --- |\n| 1 | 2 |"),
        ("a.doc", b"The bell of Ness.\r\n", "The bell of Ness."),
        ("a.xls", "bell\tNess\n1\t2\n".encode("utf-16"), "| bell | Ness |\n| --- | --- |\n| 1 | 2 |"),
        ("a.docx", doc(para("The bell of Ness.")), "The bell of Ness."),
        ("a.pptx", ppt((slide(words("The bell of Ness.")), b"")), "The bell of Ness."),
        ("a.doc", b"Date: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>The bell of Ness.</p>", "The bell of Ness."),
    ],
)
def test_a_file_under_another_suffix_is_read_as_what_it_is(told, name, data, words):
    assert [text for _, text in told(name, data)[0]] == [words]


@pytest.mark.parametrize(("kind", "name"), [(".docx", "a.doc"), (".pptx", "a.doc"), (".pdf", "a.doc"), (".xlsx", "a.doc")])
def test_present_formats_under_old_suffixes(told, kind, name):
    assert told(name, sample(kind)) == told(f"b{kind}", sample(kind)) or told(name, sample(kind))[0]


def test_circles_among_edits_and_places_end(told):
    made = ppt((slide(words("One")), b""), edits=2)
    at, user = made.rindex(b"\xf5\x0f"), made.index(b"\xf6\x0f")
    broken = bytearray(made)
    broken[at + 14 : at + 18] = made[user + 14 : user + 18]  # the last edit says that the one before is itself
    assert told("a.ppt", bytes(broken))[0] == [(None, "One")]
