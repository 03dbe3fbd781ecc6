"""OpenDocument as one sees it: what is hidden or struck out gone, raised digits raised, lists counted, forms filled, feet told once."""

import pytest

from ingest.blocks import Passed
from ingest.readers import read
from tests.ingest.packed import OPENDOCUMENT, odt

LOOKS = "".join(
    f'<style:style style:name="{name}" style:family="{family}"><style:text-properties {look}/></style:style>'
    for name, family, look in (
        ("Struck", "text", 'style:text-line-through-style="solid" style:text-line-through-type="single"'),
        ("Kept", "text", 'style:text-line-through-style="none" style:text-line-through-type="none"'),
        ("Hidden", "text", 'text:display="none"'),
        ("Gone", "paragraph", 'style:text-line-through-type="double"'),
        ("High", "text", 'style:text-position="super 58%"'),
        ("Higher", "text", 'style:text-position="33% 58%"'),
        ("Low", "text", 'style:text-position="sub 58%"'),
        ("Lower", "text", 'style:text-position="-33% 58%"'),
        ("Even", "text", 'style:text-position="0% 100%"'),
    )
)
LISTS = """<text:list-style style:name="L">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="3"/></text:list-style>
<text:list-style style:name="M"><text:list-level-style-number text:level="1" style:num-format="1" style:num-list-format="Rule %1%:"/>
<text:list-level-style-bullet text:level="2" text:bullet-char="-"/></text:list-style>
<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="1" style:num-prefix="Part "/>
<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>"""


@pytest.fixture
def told(blocks):
    def reads(body, styles="", **named):
        found, _ = blocks("a.odt", odt(f"<office:text>{body}</office:text>", styles=styles, **named))
        return [(text.text, text.locator.heading) for text in found]

    return reads


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(level: int, text: str, more: str = "") -> str:
    return f'<text:h text:outline-level="{level}" {more}>{text}</text:h>'


def span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def listed(*items: str, style: str = "", more: str = "") -> str:
    named = f'text:style-name="{style}"' if style else ""
    made = "".join(item if item.startswith("<text:list-item") else f"<text:list-item>{item}</text:list-item>" for item in items)
    return f"<text:list {named} {more}>{made}</text:list>"


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text)}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_hidden_and_struck_words_go_and_raised_ones_stay_so(told):
    body = p(f"The fee is {span('Struck', '40 ')}{span('Hidden', 'secret ')}55. {span('Struck', 'all ' + span('Kept', 'kept') + ' gone')}")
    body += p(f"10{span('High', '7')} H{span('Low', '2')}O x{span('Higher', 'k+1')} y{span('Lower', '1')} {span('Even', 'z')}")
    body += p(f"gone {span('Kept', 'but this')}", "Gone")
    body += f'<text:section text:display="none">{p("no")}</text:section><text:section text:is-hidden="true">{p("no")}</text:section>'
    body += p('<text:hidden-paragraph text:is-hidden="true"/>no')
    assert [text for text, _ in told(body, LOOKS)] == ["The fee is 55. kept", "10⁷ H₂O x^(k+1) y₁ z", "but this"]


def test_fields_and_wrappers_show_their_words(told):
    hidden = '<text:hidden-text text:is-hidden="{}" text:string-value="{}"/>'
    fields = "<text:date>3 May</text:date> <text:bookmark-ref>4.2</text:bookmark-ref>"
    body = p(f"{hidden.format('true', 'no')}{hidden.format('false', 'yes')} {fields}")
    body += p('<text:drop-down><text:label text:value="red"/>green</text:drop-down> <text:later>wrapped</text:later>')
    body += p("<text:ruby><text:ruby-base>港</text:ruby-base><text:ruby-text>みなと</text:ruby-text></text:ruby>")
    assert [text for text, _ in told(body)] == ["yes 3 May 4.2", "green wrapped", "港(みなと)"]


def test_numbers_of_headings_and_lists(told):
    deep = listed(p("a"), p("b") + listed(p("deep")))
    body = h(1, "Moorings") + h(2, "Chains") + listed(p("one") + deep, p("two") + p("and more"), style="L", more='xml:id="l1"')
    body += p("between") + listed(p("three"), style="L", more='text:continue-list="l1"') + p("x") + listed(p("anew"), style="L")
    body += p("y") + listed('<text:list-item text:start-value="7">' + p("seven") + "</text:list-item>", style="L")
    body += h(1, "Fees") + h(2, "Bare", 'text:is-list-header="true"') + listed(p("r1") + listed(p("point")), p("r2"), style="M")
    body += p("z") + listed(listed(p("goes on")), style="L", more='text:continue-list="l1"')
    path = "Part 1 Moorings > 1.1 Chains"
    assert told(body, LISTS) == [
        ("1. one\n  (a) a\n  (b) b", path), ("1.b.1 deep", path), ("2. two\n   and more", path), ("between", path), ("3. three", path),
        ("x", path), ("1. anew", path), ("y", path), ("7. seven", path),
        ("Rule 1: r1", "Part 2 Fees > Bare"), ("- point", "Part 2 Fees > Bare"),
        ("Rule 2: r2", "Part 2 Fees > Bare"), ("z", "Part 2 Fees > Bare"), ("(a) goes on", "Part 2 Fees > Bare"),
    ]  # fmt: skip


def test_tables_with_lines_of_heads_and_hidden_rows(told):
    covered = "<table:covered-table-cell/>"
    head = row(cell("Site", 'table:number-rows-spanned="2"'), cell("Depth", 'table:number-columns-spanned="2"'), covered)
    head += row(covered, cell("at ebb"), cell("at flood"))
    body = f"<table:table><table:table-header-rows>{head}</table:table-header-rows>"
    body += row(cell("Quay"), cell("2", 'table:number-columns-repeated="2"')) + row(cell("no"), more='table:visibility="collapse"')
    assert told(body + "</table:table>")[0][0] == "| Site | Depth at ebb | Depth at flood |\n| --- | --- | --- |\n| Quay | 2 | 2 |"


def test_forms_boxes_descriptions_heads_and_feet(told):
    form = (
        '<form:text form:id="c1" form:current-value="Ina Kay"/><form:checkbox form:id="c2" form:label="rope" form:current-state="checked"/>'
    )
    form += (
        '<form:listbox form:id="c3"><form:option form:label="red"/><form:option form:label="green" form:selected="true"/></form:listbox>'
    )
    controls = " ".join(f'<draw:control draw:control="c{number}"/>' for number in (1, 2, 3))
    body = f"<office:forms><form:form>{form}</form:form></office:forms>" + h(1, "Fees") + p(f"Filled: {controls}")
    body += p("<draw:custom-shape><svg:desc>An arrow to the pier</svg:desc></draw:custom-shape>")
    body += p(f"Left<draw:frame><draw:text-box>{h(1, 'Aside')}{p('boxed')}</draw:text-box></draw:frame> and right.")
    pages = p("Page <text:page-number>3</text:page-number> of <text:page-count>9</text:page-count>")
    master = f"<style:master-page><style:header>{p('Harbour office')}</style:header><style:footer>{pages}{p('Fees')}</style:footer>"
    styles = f"<office:document-styles {OPENDOCUMENT}><office:master-styles>{master}</style:master-page></office:master-styles>"
    assert told(body, more={"styles.xml": styles + "</office:document-styles>"}) == [
        ("Filled: Ina Kay ☒ rope green", "Fees"), ("An arrow to the pier", "Fees"), ("Left and right.", "Fees"), ("Aside", "Fees"),
        ("boxed", "Fees"), ("Harbour office", None),
    ]  # fmt: skip


def test_titles_of_axes_and_embedded_sheets(told):
    table = f"<table:table>{row(cell(''), cell('Quay'))}{row(cell('2021'), cell('4'))}</table:table>"
    axes = "".join(
        f'<chart:axis chart:dimension="{at}"><chart:title>{p(title)}</chart:title></chart:axis>'
        for at, title in (("x", "Year"), ("y", "Tons"))
    )
    inside = f"<office:chart><chart:chart><chart:plot-area>{axes}</chart:plot-area>{table}</chart:chart></office:chart>"
    rows = row(cell("Rope"), cell("Price")) + row(cell("hemp"), cell("3"))
    sheet = f"<office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet>"
    parts = {
        f"O{at}/content.xml": f"<office:document-content {OPENDOCUMENT}><office:body>{each}</office:body></office:document-content>"
        for at, each in enumerate((inside, sheet))
    }
    body = "".join(p(f'<draw:frame><draw:object xlink:href="./O{at}"/></draw:frame>') for at in range(2))
    assert [text for text, _ in told(body, more=parts)] == [
        "| Year | Quay (Tons) |\n| --- | --- |\n| 2021 | 4 |",
        "| Rope | Price |\n| --- | --- |\n| hemp | 3 |",
    ]


def test_hidden_slides_are_counted_and_comments_read(tmp_path):
    hidden = '<style:drawing-page-properties presentation:visibility="hidden"/>'
    hidden = f'<style:style style:name="H" style:family="drawing-page">{hidden}</style:style>'
    box = "<draw:frame><draw:text-box>{}</draw:text-box></draw:frame>"
    comment = f"<office:annotation><dc:creator>Mara Lind</dc:creator>{p('too small')}</office:annotation>"
    pages = f'<draw:page>{box.format(p("one"))}{comment}</draw:page><draw:page draw:style-name="H">{box.format(p("no"))}</draw:page>'
    path = tmp_path / "a.odp"
    path.write_bytes(odt(f"<office:presentation>{pages}</office:presentation>", styles=hidden))
    found = list(read(path, "a.odp", tmp_path, None))
    assert [(block.text, block.locator.slide) for block in found if hasattr(block, "text")] == [
        ("one", 1),
        ("Comment by Mara Lind: too small", 1),
    ]
    assert [block for block in found if isinstance(block, Passed)] == [Passed("hidden slides", 1)]


def test_loops_and_depth_stay_bounded(told):
    styles = '<style:style style:name="A" style:family="text" style:parent-style-name="B"/>'
    styles += '<style:style style:name="B" style:family="text" style:parent-style-name="A"/>'
    lists = "<text:list><text:list-item>" * 100 + p("deep") + "</text:list-item></text:list>" * 100
    boxes = "<text:p><draw:frame><draw:text-box>" * 70 + p("deep") + "</draw:text-box></draw:frame></text:p>" * 70
    sections = "<text:section>" * 200 + p("deep") + "</text:section>" * 200
    assert [text for text, _ in told(p(span("A", "loop")) + sections, styles)] == ["loop", "deep"]
    assert told(lists) is not None and told(boxes) is not None
