"""Numbers of paragraphs as Word counts them, through levels, lists that go on, lists that begin anew, and styles."""

import pytest

from ingest.readers.numerals import numeral
from tests.ingest.readers.docx.markup import cell, document, para, part, row, styled


def level(number: int, kind: str, text: str, more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(lists: dict[int, list[str]], numbers: dict[int, tuple[int, str]]) -> dict[str, str]:
    made = "".join(f'<w:abstractNum w:abstractNumId="{id}">{"".join(levels)}</w:abstractNum>' for id, levels in lists.items())
    made += "".join(f'<w:num w:numId="{id}"><w:abstractNumId w:val="{of}"/>{more}</w:num>' for id, (of, more) in numbers.items())
    return {"numbering.xml": part("numbering", made)}


def item(text: str, number: int, at: int = 0) -> str:
    inside = [text] if text else []
    return para(*inside, properties=f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')


LAW = [
    level(0, "decimal", "Rule %1", '<w:pStyle w:val="Head"/>'),
    level(1, "decimal", "%1.%2"),
    level(2, "lowerLetter", "(%3)"),
    level(3, "lowerRoman", "(%4)"),
]
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Head"><w:name w:val="Head"/><w:basedOn w:val="Heading1"/>'
    '<w:pPr><w:numPr><w:numId w:val="20"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="20"/></w:numPr></w:pPr></w:style>'
)


@pytest.fixture
def told(blocks):
    def read(body, lists, numbers, styles=""):
        found, _ = blocks("a.docx", document(body, numbering(lists, numbers), styles=styles))
        return [(text.text, text.locator.heading) for text in found]

    return read


def test_headings_and_clauses_through_their_styles(told):
    body = styled("Head", "Moorings") + styled("Clause", "let for a year") + item("of chain", 20, 2) + item("of rope", 20, 3)
    body += item("of both", 20, 2) + styled("Head", "Fees") + styled("Clause", "due in April")
    body += styled("Clause", "no clause", more='<w:numPr><w:numId w:val="0"/></w:numPr>') + styled("Clause", "late")
    assert told(body, {7: LAW}, {20: (7, "")}, STYLES) == [
        ("1.1 let for a year", "Rule 1 Moorings"),
        ("(a) of chain\n  (i) of rope\n(b) of both", "Rule 1 Moorings"),
        ("2.1 due in April", "Rule 2 Fees"),
        ("no clause", "Rule 2 Fees"),
        ("2.2 late", "Rule 2 Fees"),
    ]


def test_lists_go_on_or_begin_anew(told):
    plain = [level(0, "decimal", "%1.")]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1)")}</w:lvlOverride>'
    body = item("one", 1) + para("between") + item("two", 2) + para("between") + item("five", 3) + item("six", 3) + para("x") + item("A", 4)
    numbers = {1: (7, ""), 2: (7, ""), 3: (7, anew), 4: (8, own)}
    assert [text for text, _ in told(body, {7: plain, 8: plain}, numbers)] == [
        "1. one", "between", "2. two", "between", "5. five\n6. six", "x", "A) A",
    ]  # fmt: skip


def test_levels_that_do_not_begin_anew_and_legal_ones(told):
    law = [level(0, "upperRoman", "%1."), level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')]
    law += [level(2, "decimal", "%1.%3", "<w:isLgl/>"), level(3, "decimal", "%3.%4")]
    body = item("a", 1) + item("b", 1, 1) + item("c", 1) + item("d", 1, 1) + item("e", 1, 2) + item("f", 1, 3)
    assert [text for text, _ in told(body, {7: law}, {1: (7, "")})] == ["I. a\n  1. b\nII. c\n  2. d", "2.1 e", "1.1 f"]


def test_numbers_in_cells_and_of_empty_paragraphs(told):
    plain = [level(0, "decimal", "%1.")]
    rows = "".join(row(cell(item("", 1)), cell(text)) for text in ("Rope", "Sail"))
    body = f"<w:tbl>{row(cell('No'), cell('Thing'))}{rows}</w:tbl>" + item("", 1) + item("four", 1)
    found = told(body, {7: plain}, {1: (7, "")})
    assert found[0][0].split("\n")[2:] == ["| 1. | Rope |", "| 2. | Sail |"]
    assert found[1][0] == "4. four"


def test_lists_that_mean_a_style_of_lists(told):
    styles = '<w:style w:type="numbering" w:styleId="L"><w:name w:val="L"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    lists = {7: ['<w:numStyleLink w:val="L"/>'], 8: [level(0, "lowerLetter", "%1)")]}
    assert told(item("x", 1) + item("y", 1), lists, {1: (7, ""), 2: (8, "")}, styles)[0][0] == "a) x\nb) y"


@pytest.mark.parametrize("numbers", [{1: (7, "")}, {1: (99, "")}, {}])
def test_loops_and_holes_in_the_numbering_only_lose_the_numbers(told, numbers):
    styles = '<w:style w:type="numbering" w:styleId="L"><w:name w:val="L"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    styles += '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>'
    styles += '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>'
    body = item("x", 1) + styled("A", "y")
    assert [text for text, _ in told(body, {7: ['<w:numStyleLink w:val="L"/>']}, numbers, styles)] == ["x", "y"]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (4, "lowerRoman", "iv"), (1999, "upperRoman", "MCMXCIX"), (28, "lowerLetter", "bb"), (3, "ordinal", "3rd"), (12, "ordinal", "12th"),
        (21, "ordinalText", "Twenty-first"), (112, "cardinalText", "One hundred twelve"), (7, "decimalZero", "07"),
        (12, "chineseCounting", "十二"),
        (3, "decimalEnclosedCircle", "③"), (2, "russianLower", "б"), (9, "unheardOf", "9"), (10**6, "lowerLetter", "1000000"),
        (0, "upperRoman", "0"),
    ],
)  # fmt: skip
def test_numerals(number, kind, text):
    assert numeral(number, kind) == text
