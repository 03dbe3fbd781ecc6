"""E-books: reading order, headings, pictures, and what must not be read."""

import zipfile

import pytest

from ingest.blocks import Document, Figure, Text
from rag.errors import ReadError
from tests.ingest.packed import zipped
from tests.ingest.samples import picture

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
OPF = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Lights of the coast</dc:title><dc:creator>A. Keeper</dc:creator><dc:creator>B. Keeper</dc:creator><dc:date>1911</dc:date>
</metadata><manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="rest" href="text/one%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="cover" href="images/cover.png" media-type="image/png" properties="cover-image"/>
</manifest><spine toc="ncx"><itemref idref="nav"/><itemref idref="two"/><itemref idref="one"/><itemref idref="rest"/>
<itemref idref="gone"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>
<nav epub:type="landmarks"><ol><li><a href="text/one.xhtml">Wrong</a></li></ol></nav>
<nav epub:type="toc"><ol><li><span>Part I</span><ol><li><a href="text/two.xhtml#start">Chapter 2: The lamp</a></li></ol></li>
<li><a href="text/one.xhtml">The tower</a></li></ol></nav></body></html>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>Part I</text></navLabel><content src="x.xhtml"/>
<navPoint><navLabel><text>Chapter 2: The lamp</text></navLabel><content src="text/two.xhtml#start"/></navPoint></navPoint>
<navPoint><navLabel><text>The tower</text></navLabel><content src="text/one.xhtml"/></navPoint></navMap></ncx>"""
PARTS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": OPF,
    "OEBPS/nav.xhtml": NAV,
    "OEBPS/toc.ncx": NCX,
    "OEBPS/text/two.xhtml": """<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>
<body><h1>Chapter 2</h1><p>Whale oil&#160;burned<a id="x"/> until <span epub:type="pagebreak" title="7">7</span>1860.</p>
<h2>Glass</h2><img src="../images/l%C3%A4ns.png" alt="The lens"/></body></html>""",
    "OEBPS/text/one.xhtml": "<html><body><p>Stone by stone.</p><img src='../images/cover.png' alt='again'/></body></html>",
    "OEBPS/text/one b.xhtml": "<html><body><p>It rose.</p></body></html>",
    "OEBPS/images/cover.png": picture(size=(90, 120)),
    "OEBPS/images/l\u00e4ns.png": picture(),
}


def book(**changed: str | bytes | None) -> bytes:
    """The e-book with parts changed, or with None taken out; a key's last part of a path is enough."""
    parts = dict(PARTS)
    for name, content in changed.items():
        key = next((key for key in parts if key.rpartition("/")[2].partition(".")[0] == name), name)
        if content is None:
            del parts[key]
        else:
            parts[key] = content
    return zipped(parts)


EPUB2 = {"nav": None, "book": OPF.replace(' properties="nav"', "").replace(' properties="cover-image"', "").replace(
    "</metadata>", '<meta name="cover" content="cover"/></metadata>')}  # fmt: skip


@pytest.mark.parametrize("changed", [{}, EPUB2], ids=["epub3", "epub2"])
def test_documents_come_in_reading_order_under_book_and_chapter(blocks, changed):
    found, (cover, lens) = blocks("a.epub", book(**changed))
    assert [(text.locator.heading, text.text) for text in found] == [
        ("Lights of the coast", "Title: Lights of the coast\nCreator: A. Keeper, B. Keeper\nDate: 1911"),
        ("Lights of the coast > Part I > Chapter 2", "Whale oil burned until 1860."),
        ("Lights of the coast > The tower", "Stone by stone."),
        ("Lights of the coast > The tower", "It rose."),
    ]
    assert (cover.caption, cover.around, cover.origin, cover.image.size) == (
        "Lights of the coast",
        "Cover",
        "OEBPS/images/cover.png",
        (90, 120),
    )
    assert (lens.caption, lens.origin, lens.data) == ("The lens", "../images/l\u00e4ns.png", picture())
    assert lens.locator.heading == "Lights of the coast > Part I > Chapter 2 > Glass"


def test_what_can_be_missing(blocks):
    found, figures = blocks("a.epub", book(nav=None, toc=None, cover=None))
    assert [text.locator.heading for text in found][1:] == ["Lights of the coast > Chapter 2", "Lights of the coast", "Lights of the coast"]
    assert [figure.caption for figure in figures] == ["The lens"]


def test_a_book_in_a_folder_of_its_own_is_found(blocks):
    found, figures = blocks("a.epub", zipped({f"epub/{name}": content for name, content in PARTS.items()}))
    assert len(found) == 4 and len(figures) == 2


def test_a_page_that_is_a_picture(blocks):
    comic = OPF.replace('href="text/one.xhtml" media-type="application/xhtml+xml"', 'href="images/l%C3%A4ns.png" media-type="image/png"')
    _, figures = blocks("a.epub", book(book=comic, two=None))
    assert [figure.origin for figure in figures] == ["OEBPS/images/cover.png", "l\u00e4ns.png"]


def test_nothing_outside_the_archive_is_opened(blocks, tmp_path):
    (tmp_path / "secret.png").write_bytes(picture(seed=7))
    references = [
        "../../../secret.png", "../../secret.png", f"{tmp_path}/secret.png", f"file://{tmp_path}/secret.png", "http://127.0.0.1:9/x.png",
        "..%2F..%2F..%2Fsecret.png", "//host/secret.png", "",
    ]  # fmt: skip
    page = "<p>Words</p>" + "".join(f"<img src='{reference}'>" for reference in references) + "<img src='/OEBPS/images/l%C3%A4ns.png'>"
    found, figures = blocks("a.epub", book(one=page, two=None, cover=None))
    assert [figure.origin for figure in figures] == ["/OEBPS/images/l\u00e4ns.png"] and found[1].text == "Words"


def test_entities_of_the_package_are_not_opened(blocks, tmp_path):
    (tmp_path / "secret.txt").write_text("TOP SECRET")
    doctype = f'<!DOCTYPE package [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    found, _ = blocks("a.epub", book(book=doctype + OPF.replace("A. Keeper", "A. Keeper &x;")))
    assert not any("SECRET" in text.text for text in found) and "A. Keeper" in found[0].text


ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">
<EncryptionMethod Algorithm="{}"/><CipherData><CipherReference URI="OEBPS/{}"/></CipherData></EncryptedData></encryption>"""


def test_protected_books_are_refused_and_hidden_fonts_are_not(blocks):
    key = "META-INF/encryption.xml"
    protected = ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "text/one.xhtml")
    with pytest.raises(ReadError, match="protected against copying"):
        blocks("a.epub", book(**{key: protected}))
    assert len(blocks("b.epub", book(**{key: ENCRYPTION.format("http://www.idpf.org/2008/embedding", "a.otf")}))[0]) == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no book", "damaged or cut short"),
        (book()[:400], "damaged or cut short"),
        (zipped({"a.txt": "x"}), "no e-book"),
        (book(book=None), "package file is missing"),
        (book(book="<package/>"), "names no document"),
        (book(book="<package"), "damaged"),
        (book(container="<container/>"), "where its package file is"),
        (book(one="<div>" * 5000 + "x"), "nested too deeply"),
        (book(two=b"\x00\x01\x02" * 500), "not text"),
    ],
)
def test_what_is_no_whole_book_is_refused(blocks, content, reason):
    with pytest.raises(ReadError, match=reason) as refused:
        blocks("a.epub", content)
    assert refused.value.hint


def test_it_is_read_as_it_comes(tmp_path):
    """A damaged second chapter is met only after the first one has been given."""
    from ingest.readers import read

    (tmp_path / "a.epub").write_bytes(book(one="<div>" * 5000))
    given = read(tmp_path / "a.epub", "a.epub", tmp_path, None)
    assert next(given) == Document("Lights of the coast")
    assert isinstance(next(given), Text) and isinstance(next(given), Figure) and "Whale oil" in next(given).text
    with pytest.raises(ReadError):
        list(given)


def test_a_bomb_is_refused(tmp_path, blocks):
    with zipfile.ZipFile(tmp_path / "a.epub", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, bytes(40_000_000) if name.endswith("one.xhtml") else content)
    with pytest.raises(ReadError, match="A chapter of it is over"):
        blocks("a.epub")


def test_formulas_and_styles_of_the_book(blocks):
    fraction = "<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mfrac><m:mn>5</m:mn><m:mn>8</m:mn></m:mfrac></m:math>"
    page = "<html><head><link rel='stylesheet' href='../look.css'/></head><body><p>A dose of " + fraction
    page += " grams, <span class='old'>once 2</span> 3 times, 10<span class='up'>7</span>.</p></body></html>"
    sheet = ".old { text-decoration: line-through } .up { vertical-align: super }"
    found, _ = blocks("a.epub", zipped(PARTS | {"OEBPS/text/one.xhtml": page, "OEBPS/look.css": sheet}))
    assert "A dose of 5/8 grams, 3 times, 10⁷." in [text.text for text in found]


def test_a_mark_of_a_note_is_no_part_of_the_number_before_it(blocks):
    page = (
        "<html xmlns:epub='http://www.idpf.org/2007/ops'><body><p>Bearing 045<a epub:type='noteref' href='notes.xhtml#n1'>1</a>, then 090"
    )
    page += "<a role='doc-noteref' href='#n2'>2</a> and 12<a href='two.xhtml'>0</a>.</p></body></html>"
    found, _ = blocks("a.epub", zipped(PARTS | {"OEBPS/text/one.xhtml": page}))
    assert "Bearing 045[1], then 090[2] and 120." in [text.text for text in found]
