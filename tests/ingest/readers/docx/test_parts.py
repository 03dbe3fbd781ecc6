"""What stands beside the body of a Word document: notes, comments, heads and feet, text boxes, charts, diagrams, embedded files."""

import io
import zipfile

import pytest

from ingest.blocks import Passed
from ingest.readers import read
from tests.ingest.packed import DRAWING, docx, paragraph, zipped
from tests.ingest.readers.docx.markup import cell, document, field, para, part, related, row, run, styled

REFERENCE = '<w:r><w:{}Reference w:id="{}"/></w:r>'


@pytest.fixture
def told(blocks):
    def read(body, parts=None, more="", **named):
        found, _ = blocks("a.docx", document(body, parts or {}, more, **named))
        return [text.text for text in found]

    return read


@pytest.fixture
def passed(tmp_path):
    def read_all(body, parts=None, more=""):
        path = tmp_path / "a.docx"
        path.write_bytes(document(body, parts or {}, more))
        return {block.kind: block.count for block in read(path, "a.docx", tmp_path, None) if isinstance(block, Passed)}

    return read_all


def drawing(inside: str, alt: str = "", more: str = "") -> str:
    graphic = f'<a:graphic><a:graphicData uri="x">{inside}</a:graphicData></a:graphic>'
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Shape 1" descr="{alt}" {more}/>{graphic}</wp:inline></w:drawing></w:r>'


def test_comments_and_notes_with_their_marks(told):
    parts = {
        "comments.xml": part("comments", f'<w:comment w:id="0" w:author="Mara Lind">{para("too low")}</w:comment>'),
        "endnotes.xml": part("endnotes", f'<w:endnote w:id="3">{para("An endnote.")}</w:endnote>'),
    }
    foot = f'<w:footnote w:id="2">{para("<w:r><w:footnoteRef/></w:r>", " At Dover.")}</w:footnote>'
    foot += f'<w:footnote w:id="4">{para("* Mine")}</w:footnote>'
    custom = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="4"/><w:t>*</w:t></w:r>'
    body = para("Tide", REFERENCE.format("footnote", 2), " rises", REFERENCE.format("comment", 0), REFERENCE.format("endnote", 3), custom)
    more = related(c=("comments", "comments.xml"), e=("endnotes", "endnotes.xml"))
    assert told(body + para("After."), parts, more, footnotes=foot) == [
        "Tide[1] rises[i]*", "[1] At Dover.", "Comment by Mara Lind: too low", "[i] An endnote.", "* Mine", "After.",
    ]  # fmt: skip


def test_a_note_in_a_table_stands_below_it(told):
    foot = f'<w:footnote w:id="2">{para("At ebb.")}</w:footnote>'
    rows = row(cell("Quay"), cell(para("Depth", REFERENCE.format("footnote", 2)))) + row(cell("A"), cell("2"))
    assert told(f"<w:tbl>{rows}</w:tbl>", footnotes=foot) == ["| Quay | Depth[1] |\n| --- | --- |\n| A | 2 |", "[1] At ebb."]


def test_heads_and_feet_are_told_once_at_the_end(told):
    page = para("Page ", field("PAGE", run("3")), " of ", field("NUMPAGES", run("9")))
    parts = {
        "header1.xml": part("hdr", para("Harbour office") + page),
        "footer1.xml": part("ftr", para("Fees") + para("Copy for the crew")),
        "footer2.xml": part("ftr", para("Copy for the crew") + f"<w:sdt><w:sdtContent>{page}</w:sdtContent></w:sdt>"),
        "footer3.xml": part("ftr", para("Not used")),
    }
    more = related(**{name[:-4]: (name[:6], name) for name in parts})
    used = "".join(f'<w:{name[:6]}Reference r:id="{name[:-4]}"/>' for name in list(parts)[:3])
    body = styled("Heading1", "Fees") + para("55 crowns") + f"<w:sectPr>{used}</w:sectPr>"
    assert told(body, parts, more) == ["55 crowns", "Harbour office", "Copy for the crew"]


def test_text_boxes_with_headings_and_tables_change_no_path(blocks):
    table = f"<w:tbl>{row(cell('k'), cell('v'))}{row(cell('k2'), cell('v2'))}</w:tbl>"
    content = f"<w:txbxContent>{styled('Heading1', 'Aside')}{para('boxed')}{table}</w:txbxContent>"
    body = styled("Heading1", "Lens") + para("before", f"<w:r><w:drawing>{content}</w:drawing></w:r>") + para("after")
    found, _ = blocks("a.docx", document(body, {}))
    assert [(text.text, text.locator.heading) for text in found] == [
        (text, "Lens") for text in ("before", "Aside", "boxed", "| k | v |\n| --- | --- |\n| k2 | v2 |", "after")
    ]


def test_diagrams_in_the_order_of_their_links(told):
    point = '<d:pt modelId="{}"><d:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></d:t></d:pt>'
    points = "".join(point.format(id, words) for id, words in ((1, "Third"), (2, "First"), (3, "Second"), (4, "Under"), (5, "Loose")))
    link = '<d:cxn srcId="{}" destId="{}" srcOrd="{}"/>'
    links = "".join(link.format(*each) for each in ((0, 2, 0), (0, 3, 1), (0, 1, 2), (2, 4, 0), (4, 2, 0)))
    points = f'<d:ptLst><d:pt modelId="0" type="doc"/>{points}</d:ptLst>'
    model = f'<d:dataModel xmlns:d="d" xmlns:a="a">{points}<d:cxnLst>{links}</d:cxnLst></d:dataModel>'
    body = para("Steps:", drawing('<d:relIds xmlns:d="d" r:dm="dm"/>', "Order of work"))
    found = told(body, {"diagrams/data1.xml": model}, related(dm=("diagramData", "diagrams/data1.xml")))
    assert found == ["Steps:", "Order of work", "- First\n  - Under\n- Second\n- Third\n- Loose"]


def chart(title: str, series: str, axes: str = "") -> str:
    named = f"<c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title>" if title else ""
    plot = f"<c:plotArea><c:barChart>{series}</c:barChart>{axes}</c:plotArea>"
    return f'<c:chartSpace xmlns:c="{DRAWING}/chart" xmlns:a="{DRAWING}/main"><c:chart>{named}{plot}</c:chart></c:chartSpace>'


def points(kind: str, values: list[str], form: str = "General") -> str:
    made = "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
    return f"<c:{kind}Ref><c:{kind}Cache><c:formatCode>{form}</c:formatCode>{made}</c:{kind}Cache></c:{kind}Ref>"


def axis(kind: str, title: str) -> str:
    return f"<c:{kind}><c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title></c:{kind}>"


def test_charts_with_the_titles_of_their_axes(told, passed):
    series = f"<c:ser><c:tx>{points('str', ['Quay'])}</c:tx><c:cat>{points('str', ['2021', '2022'])}</c:cat>"
    series += f"<c:val>{points('num', ['0.25', '0.5'], '0%')}</c:val></c:ser>"
    parts = {"chart1.xml": chart("Oil", series, axis("catAx", "Year") + axis("valAx", "Share")), "chart2.xml": chart("Empty", "")}
    more = related(c1=("chart", "chart1.xml"), c2=("chart", "chart2.xml"))
    body = "".join(
        para(drawing(f'<c:chart xmlns:c="{DRAWING}/chart" r:id="{id}"/>', alt)) for id, alt in (("c1", ""), ("c2", "A rising line"))
    )
    assert told(body, parts, more) == [
        "Oil", "| Year | Quay (Share) |\n| --- | --- |\n| 2021 | 25% |\n| 2022 | 50% |", "A rising line", "Empty",
    ]  # fmt: skip
    assert passed(body, parts, more) == {"charts without data": 1}


def test_values_of_charts_in_their_formats(told):
    series = f"<c:ser><c:val>{points('num', ['1234.5', '-3'], '$#,##0.00')}</c:val></c:ser>"
    body = para(drawing(f'<c:chart xmlns:c="{DRAWING}/chart" r:id="c1"/>'))
    found = told(body, {"chart1.xml": chart("", series, axis("valAx", "Fees"))}, related(c1=("chart", "chart1.xml")))
    assert found == ["|  | Fees |\n| --- | --- |\n| 1 | $1,234.50 |\n| 2 | -$3.00 |"]


def test_a_table_of_covered_cells_alone_is_nothing(told):
    rows = row(cell("<w:p/>", "<w:vMerge/>"), cell("<w:p/>", "<w:vMerge/>")) * 3
    assert told(f"<w:tbl>{rows}</w:tbl>" + para("after")) == ["after"]


def test_charts_of_the_newer_kinds(told):
    levels = '<x:{0} type="{1}"><x:lvl><x:pt idx="0">{2}</x:pt><x:pt idx="1">{3}</x:pt></x:lvl></x:{0}>'
    data = levels.format("strDim", "cat", "Jan", "Feb") + levels.format("numDim", "val", "4", "7")
    series = '<x:series><x:tx><x:txData><x:v>Gain</x:v></x:txData></x:tx><x:dataId val="0"/></x:series>'
    root = f'<x:chartSpace xmlns:x="x"><x:chartData><x:data id="0">{data}</x:data></x:chartData><x:chart>{series}</x:chart></x:chartSpace>'
    choice = drawing('<x:chart xmlns:x="x" r:id="cx"/>').removeprefix("<w:r>").removesuffix("</w:r>")
    shown = f"<mc:AlternateContent><mc:Choice>{choice}</mc:Choice><mc:Fallback><w:t>none here</w:t></mc:Fallback></mc:AlternateContent>"
    found = told(para(f"<w:r>{shown}</w:r>"), {"cx.xml": root}, related(cx=("chartEx", "cx.xml")))
    assert found == ["|  | Gain |\n| --- | --- |\n| Jan | 4 |\n| Feb | 7 |"]


def test_descriptions_word_art_and_what_is_only_counted(told, passed):
    art = '<w:r><w:pict><v:shape><v:textpath string="GRAND OPENING"/></v:shape></w:pict></w:r>'
    sheet = '<w:r><w:object><v:shape alt="A table of stock"/><o:OLEObject xmlns:o="o" ProgID="Excel.Sheet.12"/></w:object></w:r>'
    body = para(art) + para(sheet) + para(drawing("<a:x/>", "An arrow to the pier")) + para(drawing("<a:x/>", "Secret", 'hidden="1"'))
    body += '<w:altChunk r:id="x"/>' + para(drawing('<pic:pic><a:blip r:embed="m"/></pic:pic>', "A plan of the quay"))
    more = related(m=("image", "media/a.emf"))
    parts = {"media/a.emf": "drawn"}
    assert told(body, parts, more) == ["GRAND OPENING", "A table of stock", "An arrow to the pier", "A plan of the quay"]
    assert passed(body, parts, more) == {
        "documents that are put in as files": 1, "drawings as EMF, WMF or the like": 1, "embedded objects (Excel.Sheet.12)": 1,
    }  # fmt: skip


def test_files_that_are_put_in_are_read_after_all_else(blocks):
    inner = docx(paragraph("Stock", "Heading1") + paragraph("Twelve coils of rope."))
    sheet = '<w:r><w:object><o:OLEObject xmlns:o="o" ProgID="Word.Document.12" r:id="e"/></w:object></w:r>'
    body = para("before", sheet) + '<w:altChunk r:id="e"/>' + para("after")
    data = document(body, {}, related(e=("package", "embeddings/Stock1.docx")))
    archive = zipfile.ZipFile(io.BytesIO(data))
    data = zipped({name: archive.read(name) for name in archive.namelist()} | {"word/embeddings/Stock1.docx": inner})
    found, _ = blocks("a.docx", data)
    assert [(text.text, text.locator.heading) for text in found] == [
        ("before", None),
        ("after", None),
        ("Twelve coils of rope.", "Stock1.docx > Stock"),
    ]


def test_pages_that_are_put_in_as_files(told):
    page = "<html><body><h1>Lamp</h1><p>burns <s>gas</s> oil</p><img src='http://127.0.0.1:9/x.png'></body></html>"
    mail = f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n{page}\n--b--\n"
    parts = {"a.html": page, "b.mht": mail, "c.txt": "plain words"}
    body = para("before") + "".join(f'<w:altChunk r:id="{id}"/>' for id in "abc")
    found = told(body, parts, related(**{name[0]: ("aFChunk", name) for name in parts}))
    assert found == ["before", "burns oil", "burns oil", "plain words"]


def test_tables_with_lines_of_heads_gaps_and_small_tables_inside(told):
    span, first, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    head = "<w:tblHeader/>"
    rows = row(cell("Site", first), cell("Depth (m)", span), properties=head)
    rows += row(cell("<w:p/>", on), cell("at ebb"), cell("at flood"), properties=head) + row(cell("Quay"), cell("2"), cell("5"))
    inner = f"<w:tbl>{row(cell('mast'), cell('oak'))}{row(cell('keel'), cell('elm'))}</w:tbl><w:p/>"
    second = row(cell("Boat"), cell("Parts")) + row(cell("Wren"), cell(inner)) + row(cell("Tern"), cell("none"))
    gap = row(cell("Name"), cell("Year"), cell("Oil")) + row(cell("1791"), cell("3"), properties='<w:gridBefore w:val="1"/>')
    assert told(para("one").join(f"<w:tbl>{each}</w:tbl>" for each in (rows, second, gap))) == [
        "| Site | Depth (m) at ebb | Depth (m) at flood |\n| --- | --- | --- |\n| Quay | 2 | 5 |",
        "one",
        "| Boat | Parts |\n| --- | --- |\n| Wren | mast: oak; keel: elm |\n| Tern | none |",
        "one",
        "| Name | Year | Oil |\n| --- | --- | --- |\n|  | 1791 | 3 |",
    ]


def test_what_describes_a_table_stands_above_it(told):
    properties = '<w:tblPr><w:tblCaption w:val="Depths at the quay"/><w:tblDescription w:val=""/></w:tblPr>'
    rows = row(cell("Site"), cell("Depth")) + row(cell("Quay"), cell("2"))
    assert told(f"<w:tbl>{properties}{rows}</w:tbl>") == ["Depths at the quay", "| Site | Depth |\n| --- | --- |\n| Quay | 2 |"]


def test_a_cell_that_spans_hundreds_of_rows_is_in_each(told):
    first, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = row(cell("Pier"), cell("No")) + row(cell("North", first), cell("0"))
    rows += "".join(row(cell("<w:p/>", on), cell(str(number))) for number in range(1, 450))
    assert told(f"<w:tbl>{rows}</w:tbl>")[0].split("\n")[2:] == [f"| North | {number} |" for number in range(450)]


def test_boxes_tables_and_wrappers_in_each_other_stay_bounded(told):
    box = "<w:p><w:r><w:txbxContent>" * 60 + para("deep") + "</w:txbxContent></w:r></w:p>" * 60
    tables = "<w:tbl><w:tr><w:tc>" * 60 + para("deep") + "</w:tc></w:tr></w:tbl>" * 60
    wrapped = "<w:p>" + "<w:later>" * 240 + run("deep") + "</w:later>" * 240 + "</w:p>"
    blocks = "<w:later>" * 240 + para("deep") + "</w:later>" * 240
    assert [told(each) for each in (box, tables, wrapped, blocks)] == [["deep"]] * 4
