"""The words of a Word document as one sees them: results of fields, filled controls, nothing hidden or struck out, raised digits raised."""

import pytest

from tests.ingest.packed import docx
from tests.ingest.readers.docx.markup import cell, control, field, para, row, run, styled


@pytest.fixture
def told(blocks):
    return lambda body, **named: [text.text for text in blocks("a.docx", docx(body, **named))[0]]


BOX = "<w:ffData><w:checkBox><w:default w:val='0'/>{}</w:checkBox></w:ffData>"
CHOICE = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="red"/><w:listEntry w:val="green"/></w:ddList></w:ffData>'
FIELDS = {
    "a merged field": (field("MERGEFIELD Name \\* MERGEFORMAT", run("Kit")), "Kit"),
    "one that was never merged": (field("MERGEFIELD Name"), "«Name»"),
    "a simple one": (f'<w:fldSimple w:instr=" DATE ">{run("3 May")}</w:fldSimple>', "3 May"),
    "a typed one": (field("FORMTEXT", run("typed"), "<w:ffData><w:textInput/></w:ffData>"), "typed"),
    "a ticked box": (field("FORMCHECKBOX", None, BOX.format("<w:checked/>")), "☒"),
    "a ticked box with the empty result that Word keeps": (field("FORMCHECKBOX", "", BOX.format("<w:checked/>")), "☒"),
    "a chosen one with an empty result": (field("FORMDROPDOWN", "", CHOICE), "green"),
    "a box not ticked": (field("FORMCHECKBOX", None, BOX.format("")), "☐"),
    "a choice": (field("FORMDROPDOWN", None, CHOICE), "green"),
    "one in another's code": (field(f'IF </w:instrText></w:r>{field("X", run("no"))}<w:r><w:instrText>="1"', run("yes")), "yes"),
    "a fraction of old": (field("EQ \\f(5,8)"), "5/8"),
    "a root of old": (field("EQ \\r(3,27)"), "∛(27)"),
    "a sign": (field('SYMBOL 176 \\f "Symbol" \\s 12'), "°"),
    "a button": (field("MACROBUTTON NoMacro [Name]"), "[Name]"),
    "a silent one": (field("XE Tower", run("no")), ""),
    "a cross-reference": (field("REF _Ref1 \\r \\h", run("4.2")), "4.2"),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_fields_show_their_results(told, case):
    markup, text = FIELDS[case]
    assert told(para("It is ", markup, "."))[0] == f"It is {text}."


def test_a_list_of_contents_goes_and_what_follows_stays(told):
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    inner = f"<w:hyperlink>{run('Lens')}{field('PAGEREF a', run('5'))}</w:hyperlink>"
    body = para(begin, "Lamp 4") + para(inner) + para('<w:r><w:fldChar w:fldCharType="end"/></w:r>') + para("After.")
    gallery = control('<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>', para("Lamp 4"))
    assert told(gallery + body) == ["After."]


def test_a_field_without_end_hides_nothing(told):
    assert told(para('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "stays") + para("and this")) == ["stays", "and this"]


def test_controls_with_what_fills_them(told):
    box = '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:checked w14:val="{}"/></w14:checkbox>'
    body = para("Name: ", control("<w:text/>", run("Ina")), "; colour: ", control("<w:dropDownList/>", run("green")), "; ")
    ticked, empty = control(box.format(1), run("☒")), control(box.format(0), "")
    body += para(ticked, " rope ", empty, " sail ", control("<w:showingPlcHdr/><w:text/>", run("Click here")))
    body += control("<w:date/>", para("3 May"))
    assert told(body) == ["Name: Ina; colour: green;", "☒ rope ☐ sail", "3 May"]


def test_wrappers_of_any_kind_are_read(told):
    words = "".join(
        f'<w:{name} w:val="rtl">{run(name + " ")}</w:{name}>' for name in ("bdo", "dir", "smartTag", "customXml", "ins", "later")
    )
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('みなと')}</w:rt><w:rubyBase>{run('港')}</w:rubyBase></w:ruby></w:r>"
    table = f"<w:tbl>{control('', row(cell('a'), control('', cell('b'))))}{row(cell('c'), cell('d'))}</w:tbl>"
    assert told(para(words, ruby) + f"<w:customXml>{table}</w:customXml>") == [
        "bdo dir smartTag customXml ins later 港(みなと)",
        "| a | b |\n| --- | --- |\n| c | d |",
    ]


STYLES = "".join(
    f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{id}"/>{above}<w:rPr>{look}</w:rPr></w:style>'
    for kind, id, above, look in (
        ("character", "Hid", "", "<w:vanish/>"),
        ("character", "Under", '<w:basedOn w:val="Hid"/>', ""),
        ("character", "Struck", "", "<w:dstrike/>"),
        ("paragraph", "Para", "", "<w:vanish/>"),
    )
)


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        ("<w:vanish/>", False), ('<w:vanish w:val="0"/>', True), ('<w:rStyle w:val="Hid"/>', False), ('<w:rStyle w:val="Under"/>', False),
        ('<w:rStyle w:val="Hid"/><w:vanish w:val="false"/>', True),
        ("<w:strike/>", False), ("<w:dstrike/>", False),
        ("<w:specVanish/>", False),
        ('<w:rStyle w:val="Struck"/>', False), ('<w:strike w:val="off"/>', True), ("<w:webHidden/>", True), ("<w:b/>", True),
    ],
)  # fmt: skip
def test_hidden_and_struck_words_go(told, look, seen):
    assert told(para("Seen", run(" or not", look), "."), styles=STYLES) == ["Seen or not." if seen else "Seen."]


def test_two_styles_that_hide_undo_each_other_as_in_word(told):
    assert told(styled("Para", run("gone"), run("there", '<w:rStyle w:val="Hid"/>')), styles=STYLES) == ["there"]


def test_hidden_rows_and_deleted_rows_and_moved_words(told):
    rows = row(cell("hid"), cell("x"), properties="<w:hidden/>") + row(cell("gone"), cell("x"), properties="<w:del/>")
    body = f"<w:tbl>{rows}{row(cell('a'), cell('b'))}{row(cell('c'), cell('d'))}</w:tbl>"
    body += para(f"<w:moveFrom>{run('from')}</w:moveFrom><w:moveTo>{run('to')}</w:moveTo>")
    body += para("One ", properties="<w:rPr><w:del/></w:rPr>") + para("paragraph")
    assert told(body) == ["| a | b |\n| --- | --- |\n| c | d |", "to", "One paragraph"]


def test_raised_letters_of_several_runs_and_signs_of_fonts(told):
    high, low = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    body = para("10", run("−", high), run("7", f"<w:i/>{high}"), " H", run("2", low), "O, 1", run("st", high), ", x", run("k+1", high))
    body += para("5 ", '<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>', "m ", run("&#xF0B3;", '<w:rFonts w:ascii="Symbol"/>'), " 4")
    assert told(body) == ["10⁻⁷ H₂O, 1st, x^(k+1)", "5 μm ≥ 4"]


def test_letters_in_fonts_of_signs(told):
    fonts = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}"/>'
    assert told(para(run("m", fonts.format("Symbol")), "m ", run("þ", fonts.format("Wingdings")), " þ")) == ["μm ☑ þ"]


def test_a_large_first_letter_begins_its_word(told):
    assert told(para("T", properties='<w:framePr w:dropCap="drop" w:lines="3"/>') + para("he keeper")) == ["The keeper"]


def test_equations_in_a_line_and_of_their_own(told):
    power = "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>7</m:t></m:r></m:sup></m:sSup>"
    fraction = "<m:f><m:num><m:r><m:t>5</m:t></m:r></m:num><m:den><m:r><m:t>8</m:t></m:r></m:den></m:f>"
    body = para("A dose of ", f"<m:oMath>{fraction}</m:oMath>", " grams.") + para(f"<m:oMathPara><m:oMath>{power}</m:oMath></m:oMathPara>")
    assert told(body) == ["A dose of 5/8 grams.", "10⁷"]


def test_the_words_of_a_deleted_column_go(told):
    gone = '<w:cellDel w:id="1" w:author="A"/>'
    rows = [("Item", "Was", "Is"), ("Sink", "120", "140"), ("Tap", "80", "95")]
    table = "".join(row(cell(name), cell(was, gone), cell(price)) for name, was, price in rows)
    assert told(f"<w:tbl>{table}</w:tbl>") == ["| Item | Is |\n| --- | --- |\n| Sink | 140 |\n| Tap | 95 |"]
