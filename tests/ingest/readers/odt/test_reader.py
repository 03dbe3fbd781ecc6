"""OpenDocument: outline, lists, tables, frames with captions, notes; slides of presentations."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from rag.errors import ReadError
from tests.ingest.packed import odt
from tests.ingest.samples import picture


@pytest.fixture
def written(blocks):
    return lambda body, **named: blocks("a.odt", odt(f"<office:text>{body}</office:text>", **named))


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(level: int, text: str) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def frame(name: str, words: str = "", place: str = "") -> str:
    return f'<draw:frame {place}><draw:image xlink:href="Pictures/{name}"/>{words}</draw:frame>'


def told(found) -> list[tuple[str, str | None]]:
    return [(text.text, text.locator.heading) for text in found[0]]


def test_title_and_outline_make_the_path(written):
    styles = '<style:style style:name="P9" style:family="paragraph" style:parent-style-name="Title"/>'
    body = (
        p("All of Lights", "P9") + h(1, "Lens") + h(7, "Glass") + p("bends") + h(2, "Lamp") + p("burns") + p("Old", "Heading_20_1") + p("x")
    )
    assert told(written(body, styles=styles)) == [
        ("bends", "All of Lights > Lens > Glass"),
        ("burns", "All of Lights > Lens > Lamp"),
        ("x", "All of Lights > Old"),
    ]


def test_words_keep_their_spaces_breaks_and_parts(written):
    body = p('The <text:span>red</text:span><text:s text:c="3"/>tower,<text:line-break/>built<text:tab/>in <text:a>1791</text:a>.')
    assert told(written(body)) == [("The red tower,\nbuilt in 1791.", None)]


def test_notes_and_comments_stand_below_and_deletions_go(written):
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body>" + p("By Snell.") + "</text:note-body></text:note>"
    comment = "<office:annotation><dc:creator>Mara Lind</dc:creator>" + p("Really?") + "</office:annotation>"
    deleted = "<text:tracked-changes><text:changed-region>" + p("no") + "</text:changed-region></text:tracked-changes>"
    contents = "<text:table-of-content><text:index-body>" + p("Lens 3") + "</text:index-body></text:table-of-content>"
    body = deleted + contents + h(1, "Lens") + p(f"Glass{note} bends{comment} light.") + h(1, "Lamp") + p("Oil.")
    assert told(written(body)) == [
        ("Glass[1] bends light.", "Lens"),
        ("[1] By Snell.", "Lens"),
        ("Comment by Mara Lind: Really?", "Lens"),
        ("Oil.", "Lamp"),
    ]


def test_lists_tables_and_code(written):
    styles = '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    inner = "<text:list><text:list-item>" + p("inner") + "</text:list-item></text:list>"
    points = f"<text:list-item>{p('one')}{inner}</text:list-item><text:list-item>{p('two')}</text:list-item>"
    body = f'<text:list text:style-name="L">{points}</text:list>'
    cell = "<table:table-cell{}>{}</table:table-cell>"
    rows = ["<table:table-header-rows><table:table-row>" + cell.format("", p("Name")) + cell.format("", p("Year"))]
    rows += ["</table:table-row></table:table-header-rows><table:table-row>"]
    rows += [cell.format(' table:number-rows-spanned="2"', p("Port|land")), cell.format("", p("1791") + p("stone"))]
    rows += ["</table:table-row><table:table-row><table:covered-table-cell/>", cell.format("", p("1885")), "</table:table-row>"]
    body += "<table:table>" + "".join(rows) + "</table:table>"
    body += p("def f():", "Preformatted_20_Text") + p('<text:s text:c="4"/>return 1', "Preformatted_20_Text")
    found, _ = written(body, styles=styles)
    assert [(text.text, text.kind) for text in found] == [
        ("1. one\n  - inner\n2. two", "prose"),
        ("| Name | Year |\n| --- | --- |\n| Port\\|land | 1791 stone |\n| Port\\|land | 1885 |", "table"),
        ("def f():\n    return 1", "code"),
    ]


def test_millions_of_repeated_cells_stay_small(written):
    many = 'table:number-columns-repeated="999999"'
    row = f'<table:table-row table:number-rows-repeated="999999"><table:table-cell {many}>{p("a")}</table:table-cell></table:table-row>'
    found, _ = written(f"<table:table>{row}{row}</table:table>")
    assert sum(len(text.text) for text in found) < 10_000


def test_a_picture_in_a_box_with_its_caption_and_description(written):
    shown = frame("a.png", "<svg:title>Tower</svg:title><svg:desc>A red tower</svg:desc>")
    caption = p(shown + "Figure <text:sequence>1</text:sequence>: At night", "Illustration")
    box = f"<draw:frame><draw:text-box>{caption}</draw:text-box></draw:frame>"
    body = h(1, "Towers") + p("Built in 1791.") + p(box) + p(frame("b.png")) + p("") + p("By day", "Caption")
    _, figures = written(body, media={"a.png": picture(1), "b.png": picture(2)})
    assert [(figure.caption, figure.origin, figure.locator.heading) for figure in figures] == [
        ("Figure 1: At night", None, "Towers"),
        ("By day", None, "Towers"),
    ]
    assert figures[0].around == "A red tower\nBuilt in 1791."
    assert np.array_equal(np.asarray(figures[1].image), np.asarray(Image.open(io.BytesIO(picture(2)))))


def test_charts_and_formulas_inside_are_words(written):
    cells = "".join(f"<table:table-cell>{p(word)}</table:table-cell>" for word in ("", "Oil"))
    more = "".join(f"<table:table-cell>{p(word)}</table:table-cell>" for word in ("1791", "3.5"))
    local = f"<table:table><table:table-row>{cells}</table:table-row><table:table-row>{more}</table:table-row></table:table>"
    chart = odt(f"<office:chart><chart:chart><chart:title>{p('Use')}</chart:title>{local}</chart:chart></office:chart>")
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><msup><mi>c</mi><mn>2</mn></msup><annotation>c^2</annotation></semantics></math>'
    inside = zipfile.ZipFile(io.BytesIO(chart)).read("content.xml")
    held = '<draw:frame><draw:object xlink:href="./{}"/><draw:image xlink:href="./ObjectReplacements/{}"/></draw:frame>'
    body = p(held.format("Object 1", "1")) + p("So " + held.format("Object 2", "2") + "holds.")
    found = written(body, more={"Object 1/content.xml": inside, "Object 2/content.xml": formula})
    assert [text for text, _ in told(found)] == ["Use", "|  | Oil |\n| --- | --- |\n| 1791 | 3.5 |", "So c² holds."]


def test_slides_of_a_presentation(blocks):
    place = 'svg:x="{}cm" svg:y="{}cm"'
    box = "<draw:frame {}><draw:text-box>{}</draw:text-box></draw:frame>"
    title = box.format('presentation:class="title" svg:y="15cm"', p("Lens"))
    shown = (
        box.format(place.format(10, 5), p("right")) + box.format(place.format(1, 5), p("left")) + box.format(place.format(1, 1), p("top"))
    )
    furniture = box.format('presentation:class="footer"', p("secret footer"))
    notes = f"<presentation:notes>{box.format('', p('Say this.'))}</presentation:notes>"
    second = frame("a.png", "<svg:desc>A red tower</svg:desc>")
    pages = f"<draw:page>{shown}{title}{furniture}{notes}</draw:page><draw:page>{second}</draw:page>"
    data = odt(f"<office:presentation>{pages}</office:presentation>", media={"a.png": picture()})
    found, (figure,) = blocks("a.odp", data)
    assert [(text.text, text.locator.heading, text.locator.slide) for text in found] == [
        (word, "Lens", 1) for word in ("top", "left", "right", "Say this.")
    ]
    assert (figure.locator.slide, figure.caption, figure.origin) == (2, "A red tower", None)


@pytest.mark.parametrize("reference", ["../out.png", "http://127.0.0.1:9/x.png", "/out.png", "Pictures/none.png"])
def test_pictures_outside_the_document_are_not_opened(written, tmp_path, reference):
    (tmp_path / "out.png").write_bytes(picture())
    found = written(p("Words") + p(frame("x").replace("Pictures/x", reference)))
    assert (told(found), found[1]) == ([("Words", None)], [])


def test_entities_are_not_opened(blocks, tmp_path):
    (tmp_path / "secret.txt").write_text("TOP SECRET")
    doctype = f'<!DOCTYPE o [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    found = blocks("a.odt", odt(f"<office:text>{p('Words &x; stay')}</office:text>", doctype=doctype))
    assert told(found) == [("Words stay", None)]


BROKEN = {
    "cut": (lambda: odt("<office:text/>")[:-100], "damaged or cut short"),
    "xml": (lambda: odt("<office:text>"), "A part of it is damaged"),
    "bomb": (lambda: odt("<office:text>" + " " * 50_000_000 + "</office:text>"), "over 40 MB of markup"),
    "tags": (lambda: odt("<office:text>" + "<text:p/>" * 800_000 + "</office:text>"), "over 800,000 tags of markup"),
    "none": (lambda: odt("", content="other.xml"), "not an OpenDocument file"),
    "password": (
        lambda: odt("", more={"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        "protected by a password",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_said_in_one_line(blocks, case):
    made, reason = BROKEN[case]
    with pytest.raises(ReadError, match=reason) as refused:
        blocks("a.odt", made())
    assert refused.value.hint and "\n" not in str(refused.value)
