"""Slides as one sees them: nothing struck out or hidden, raised digits raised, numbers of lists as shown; comments, diagrams, formulas."""

import io
import zipfile

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PROG_ID
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches

from ingest.blocks import Passed
from ingest.readers import read
from tests.ingest.packed import DRAWING, OFFICE, docx, paragraph, zipped

A = f'xmlns:a="{DRAWING}/main"'
P = "http://schemas.openxmlformats.org/presentationml/2006/main"


@pytest.fixture
def deck():
    return Presentation()


def slide(deck, *paragraphs: str):
    """A slide with a text box of these paragraphs of DrawingML."""
    made = deck.slides.add_slide(deck.slide_layouts[6])
    body = made.shapes.add_textbox(*map(Inches, (1, 1, 4, 1))).text_frame._txBody
    for old in body.findall(f"{{{DRAWING}/main}}p"):
        body.remove(old)
    for each in paragraphs:
        body.append(etree.fromstring(f"<a:p {A}>{each}</a:p>"))
    return made


def run(text: str, look: str = "") -> str:
    return f"<a:r><a:rPr {look}/><a:t>{text}</a:t></a:r>"


@pytest.fixture
def told(deck, tmp_path):
    def reads(parts=None):
        out = io.BytesIO()
        deck.save(out)
        archive = zipfile.ZipFile(out)
        path = tmp_path / "a.pptx"
        path.write_bytes(zipped({name: archive.read(name) for name in archive.namelist()} | (parts or {})))
        return list(read(path, "a.pptx", tmp_path, None))

    return reads


def words(found):
    return [block.text for block in found if hasattr(block, "text")]


def test_struck_words_go_and_raised_and_lowered_ones_stay_so(deck, told):
    slide(
        deck,
        run("Diesel is ") + run("2.10 ", 'strike="sngStrike"') + run("2.45", 'strike="noStrike"') + run(" not", 'strike="dblStrike"'),
        run("10") + run("7", 'baseline="30000"') + run(" H") + run("2", 'baseline="-25000"') + run("O 1") + run("st", 'baseline="30%"'),
        '<a:fld id="{1}" type="datetime1"><a:rPr/><a:t>3 May</a:t></a:fld><a:br/>' + run("next line"),
    )
    assert words(told()) == ["Diesel is 2.45\n10⁷ H₂O 1st\n3 May next line"]


def test_numbers_as_they_are_shown(deck, told):
    def item(kind: str, text: str, more: str = "") -> str:
        return f'<a:pPr {more}><a:buAutoNum type="{kind}"/></a:pPr>{run(text)}'

    slide(
        deck,
        item("arabicPeriod", "one"),
        item("alphaLcParenBoth", "a", 'lvl="1"'),
        item("alphaLcParenBoth", "b", 'lvl="1"'),
        item("arabicPeriod", "two"),
        '<a:pPr><a:buAutoNum type="romanUcPeriod" startAt="4"/></a:pPr>' + run("four"),
    )
    assert words(told()) == ["1. one\n  (a) a\n  (b) b\n2. two\nIV. four"]


def test_formulas_of_either_alternative(deck, told):
    power = "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>7</m:t></m:r></m:sup></m:sSup>"
    formula = f'<a14:m xmlns:a14="a14"><m:oMathPara xmlns:m="m"><m:oMath>{power}</m:oMath></m:oMathPara></a14:m>'
    both = f'<mc:Choice Requires="a14">{formula}</mc:Choice><mc:Fallback>{run("picture")}</mc:Fallback>'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    slide(deck, run("The tank holds ") + f"<mc:AlternateContent {mc}>{both}</mc:AlternateContent>" + run(" litres"))
    assert words(told()) == ["The tank holds 10⁷ litres"]


def test_hidden_slides_and_shapes_go(deck, told):
    slide(deck, run("hidden"))._element.set("show", "0")
    shown = slide(deck, run("shown"))
    shape = shown.shapes.add_textbox(*map(Inches, (1, 3, 2, 1)))
    shape.text_frame.text = "not seen"
    shape._element._nvXxPr.cNvPr.set("hidden", "1")
    found = told()
    assert [(block.text, block.locator.slide) for block in found if hasattr(block, "text")] == [("shown", 2)]
    assert [block for block in found if isinstance(block, Passed)] == [Passed("hidden slides", 1)]


def test_files_in_shapes_are_read_on_their_slide(deck, told):
    slide(deck, run("first"))
    made = slide(deck, run("second"))
    file = io.BytesIO(docx(paragraph("Twelve coils of rope.")))
    made.shapes.add_ole_object(file, PROG_ID.DOCX, *map(Inches, (1, 3, 2, 1)))
    found = [(block.text, block.locator.slide) for block in told() if hasattr(block, "text")]
    assert found == [("first", 1), ("second", 2), ("Twelve coils of rope.", 2)]


def test_damaged_shapes_are_counted_and_the_rest_is_read(deck, told):
    made = slide(deck, run("whole"))
    for at in range(2):
        shape = made.shapes.add_textbox(*map(Inches, (1, 3 + at, 2, 1)))
        shape.text_frame.text = "damaged"
        named = shape._element.nvSpPr if at else shape._element.spPr.find(f"{{{DRAWING}/main}}xfrm").find(f"{{{DRAWING}/main}}off")
        if at:
            named.remove(named.cNvPr)
        else:
            named.set("x", "½")
    found = told()
    assert words(found) == ["whole"]
    assert [block for block in found if isinstance(block, Passed)] == [Passed("damaged shapes", 2)]


def test_comments_of_both_kinds_with_their_authors(deck, told):
    slide(deck, run("Catch"))
    old = f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0"><p:text>too small</p:text></p:cm></p:cmLst>'
    reply = f'<n:reply authorId="{{B}}"><n:txBody><a:p>{run("agreed")}</a:p></n:txBody></n:reply>'
    said = f"<n:replyLst>{reply}</n:replyLst><n:txBody><a:p>{run('source?')}</a:p></n:txBody>"
    new = f'<n:cmLst xmlns:n="n" {A}><n:cm authorId="{{A}}">{said}</n:cm></n:cmLst>'
    names = f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="Mara Lind"/></p:cmAuthorLst>'
    newer = '<n:authorLst xmlns:n="n"><n:author id="{A}" name="Ina Kay"/><n:author id="{B}" name="Otto"/></n:authorLst>'
    for holder, kind, target in (
        (deck.slides[0].part, "comments", "/ppt/comments/c1.xml"),
        (deck.slides[0].part, "comments", "/ppt/comments/c2.xml"),
        (deck.part, "commentAuthors", "/ppt/a1.xml"),
        (deck.part, "authors", "/ppt/a2.xml"),
    ):
        text = {"c1": old, "c2": new, "a1": names, "a2": newer}[target[-6:-4]]
        holder.relate_to(Part(PackURI(target), "application/xml", deck.part.package, text.encode()), f"{OFFICE}/{kind}")
    assert words(told()) == ["Catch", "Comment by Mara Lind: too small", "Comment by Ina Kay: source?", "Comment by Otto: agreed"]


def test_descriptions_of_drawings_and_merged_heads(deck, told):
    made = slide(deck, run("Site"))
    arrow = made.shapes.add_shape(13, *map(Inches, (1, 3, 2, 1)))
    arrow._element._nvXxPr.cNvPr.set("descr", "An arrow to the pier")
    table = made.shapes.add_table(3, 3, *map(Inches, (1, 5, 4, 2))).table
    for at, texts in enumerate((("Site", "Depth (m)", ""), ("", "at ebb", "at flood"), ("Quay", "2", "5"))):
        for column, text in enumerate(texts):
            table.cell(at, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    assert words(told()) == [
        "Site",
        "An arrow to the pier",
        "| Site | Depth (m) at ebb | Depth (m) at flood |\n| --- | --- | --- |\n| Quay | 2 | 5 |",
    ]


def test_what_lies_beside_the_slide_goes_and_what_reaches_into_it_stays(deck, told):
    shown = slide(deck, run("shown"))
    for at, text in (((-5, 1, 4, 1), "left"), ((1, 8, 4, 1), "below"), ((-1, 3, 4, 1), "reaches in"), ((0, 5, 0, 0), "of no size")):
        shown.shapes.add_textbox(*map(Inches, at)).text_frame.text = text
    group = shown.shapes.add_group_shape()
    group.shapes.add_textbox(*map(Inches, (12, 1, 2, 1))).text_frame.text = "in a group"
    assert words(told()) == ["shown", "reaches in", "of no size"]
