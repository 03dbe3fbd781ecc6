"""Formulas as text: nothing runs into its neighbour, and what is raised, lowered or divided stays so."""

import pytest
from lxml import etree

from ingest.readers.math import mathml_text, omml_text
from ingest.readers.scripts import lowered, raised

OMML = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:w="w"'


def run(text: str) -> str:
    return f'<m:r><m:t xml:space="preserve">{text}</m:t></m:r>'


def f(top: str, bottom: str, kind: str = "bar") -> str:
    return f'<m:f><m:fPr><m:type m:val="{kind}"/></m:fPr><m:num>{top}</m:num><m:den>{bottom}</m:den></m:f>'


def sup(base: str, high: str) -> str:
    return f"<m:sSup><m:e>{base}</m:e><m:sup>{high}</m:sup></m:sSup>"


def sub(base: str, low: str) -> str:
    return f"<m:sSub><m:e>{base}</m:e><m:sub>{low}</m:sub></m:sSub>"


def rad(inside: str, degree: str = "") -> str:
    hidden = "" if degree else '<m:radPr><m:degHide m:val="1"/></m:radPr>'
    return f"<m:rad>{hidden}<m:deg>{degree}</m:deg><m:e>{inside}</m:e></m:rad>"


def d(inside: str, begin: str = "(", end: str = ")") -> str:
    return f'<m:d><m:dPr><m:begChr m:val="{begin}"/><m:endChr m:val="{end}"/></m:dPr><m:e>{inside}</m:e></m:d>'


WORD = {
    "a fraction": (f(run("5"), run("8")), "5/8"),
    "a mixed number": (run("2") + f(run("5"), run("8")) + run("mm"), "2 5/8 mm"),
    "sums over a product": (f(run("a+b"), run("2c")), "(a+b)/2c"),
    "a fraction raised": (sup(f(run("1"), run("2")), run("3")), "(1/2)³"),
    "a fraction in brackets raised": (sup(d(f(run("1"), run("2"))), run("n")), "(1/2)ⁿ"),
    "fractions in each other": (f(f(run("1"), run("2")), run("3")), "(1/2)/3"),
    "ten to a negative power": (run("3×") + sup(run("10"), run("−7")), "3×10⁻⁷"),
    "a power of a sum": (sup(run("x"), run("n+1")), "x^(n+1)"),
    "an index and what follows": (sub(run("x"), run("i")) + run("y"), "x_i y"),
    "water": (sub(run("H"), run("2")) + run("O"), "H₂O"),
    "a root": (run("2") + rad(run("x+1")), "2√(x+1)"),
    "a third root": (rad(run("27"), run("3")), "∛(27)"),
    "a fifth root": (run("2") + rad(run("q"), run("5")), "2 ⁵√(q)"),
    "choices": (d(f(run("n"), run("k"), "noBar")), "(n choose k)"),
    "a matrix": (
        d("<m:m>" + "".join(f"<m:mr><m:e>{run(a)}</m:e><m:e>{run(b)}</m:e></m:mr>" for a, b in ("ab", "cd")) + "</m:m>", "[", "]"),
        "[a, b; c, d]",
    ),
    "a sum": (
        '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
        f"<m:sub>{run('i=1')}</m:sub><m:sup>{run('n')}</m:sup><m:e>{sub(run('x'), run('i'))}</m:e></m:nary>",
        "∑_(i=1)^n x_i",
    ),
    "an integral": (f"<m:nary><m:sub>{run('0')}</m:sub><m:sup>{run('1')}</m:sup><m:e>{run('f dx')}</m:e></m:nary>", "∫_0^1 f dx"),
    "a function": (run("2") + f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('x')}</m:e></m:func>", "2 sin x"),
    "a limit": (
        f"<m:func><m:fName><m:limLow><m:e>{run('lim')}</m:e><m:lim>{run('x→0')}</m:lim></m:limLow></m:fName>"
        f"<m:e>{f(run('1'), run('x'))}</m:e></m:func>",
        "lim_(x→0) 1/x",
    ),
    "lines that are aligned": (f"<m:eqArr><m:e>{run('a&amp;=1')}</m:e><m:e>{run('b&amp;=2#(3)')}</m:e></m:eqArr>", "a=1; b=2 (3)"),
    "an isotope": (f"<m:sPre><m:sub>{run('92')}</m:sub><m:sup>{run('235')}</m:sup><m:e>{run('U')}</m:e></m:sPre>", "²³⁵₉₂U"),
    "a mean": (f'<m:acc><m:accPr><m:chr m:val="̅"/></m:accPr><m:e>{run("x")}</m:e></m:acc>', "x̄"),
    "letters of another font": (run("𝑚") + sup(run("𝑐"), run("2")), "mc²"),
    "one part struck out": (run("a") + '<m:r><w:rPr><w:strike/></w:rPr><m:t>9</m:t></m:r>' + run("=4"), "a=4"),
    "one part not struck out": ('<m:r><w:rPr><w:strike w:val="0"/></w:rPr><m:t>9</m:t></m:r>' + run("=4"), "9=4"),
    "an unknown wrapper": (f"<m:later>{f(run('5'), run('8'))}</m:later>", "5/8"),
}  # fmt: skip


@pytest.mark.parametrize("case", WORD)
def test_equations_of_word(case):
    markup, text = WORD[case]
    assert omml_text(etree.fromstring(f"<m:oMath {OMML}>{markup}</m:oMath>")) == text


def test_several_equations_of_a_paragraph():
    element = etree.fromstring(f"<m:oMathPara {OMML}><m:oMath>{run('a=1')}</m:oMath><m:oMath>{run('b=2')}</m:oMath></m:oMathPara>")
    assert omml_text(element) == "a=1; b=2"


MATHML = {
    "<mi>d</mi><mo>=</mo><mfrac><mn>5</mn><mn>8</mn></mfrac><mi>mm</mi>": "d = 5/8 mm",
    "<mn>2</mn><mfrac><mn>5</mn><mn>8</mn></mfrac>": "2 5/8",
    "<msup><mn>10</mn><mrow><mo>-</mo><mn>7</mn></mrow></msup>": "10⁻⁷",
    "<msup><mi>x</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msup>": "x^(n+1)",
    "<mo>-</mo><mi>a</mi><mo>+</mo><mo>-</mo><mi>b</mi>": "-a + -b",
    "<msub><mi>C</mi><mn>6</mn></msub><msub><mi>H</mi><mn>12</mn></msub>": "C₆H₁₂",
    "<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>": "√(x + 1)",
    "<mroot><mi>x</mi><mn>4</mn></mroot>": "∜(x)",
    "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>x</mi>": "∑_(i=1)^n x",
    "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup><mi>f</mi>": "∫_0^1 f",
    "<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>": "sin x",
    "<mi>m</mi><mo>&#x2062;</mo><msup><mi>c</mi><mn>2</mn></msup>": "mc²",
    "<mfenced><mi>a</mi><mi>b</mi></mfenced>": "(a, b)",
    "<mfenced open='[' close=']'><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable></mfenced>": "[1, 2]",
    "<mover><mi>v</mi><mo>→</mo></mover>": "v⃗",
    "<semantics><mfrac><mi>a</mi><mi>b</mi></mfrac><annotation>\\frac{a}{b}</annotation></semantics>": "a/b",
    "<semantics><mrow/><annotation encoding='StarMath 5.0'>{a} over {b}</annotation></semantics>": "{a} over {b}",
    "<mi>a</mi><mphantom><mn>9</mn></mphantom>": "a",
    "<mtext>if </mtext><mi>x</mi>": "if x",
    "<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn><mn>235</mn></mmultiscripts>": "²³⁵₉₂U",
    "<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>": "n choose k",
    "<mi>x</mi><mo>&lt;</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>": "x < (a + b)/2",
}


@pytest.mark.parametrize("markup", MATHML)
@pytest.mark.parametrize("space", ["", ' xmlns="http://www.w3.org/1998/Math/MathML"'])
def test_mathml(markup, space):
    assert mathml_text(etree.fromstring(f"<math{space}>{markup}</math>")) == MATHML[markup]


def test_what_says_itself_only_in_other_words():
    assert mathml_text(etree.fromstring('<math alttext="E = mc^2"/>')) == "E = mc^2"


def test_deep_nesting_stays_bounded():
    markup = "<mrow>" * 200 + "<mn>4</mn>" + "</mrow>" * 200
    assert mathml_text(etree.fromstring(f"<math>{markup}</math>")) == "4"
    deep = "<m:e>" * 200 + run("4") + "</m:e>" * 200
    assert omml_text(etree.fromstring(f"<m:oMath {OMML}>{deep}</m:oMath>")) == "4"


@pytest.mark.parametrize(
    ("before", "text", "after", "written"),
    [
        ("10", "6", "", "⁶"), ("10", "−3", "", "⁻³"), ("the 1", "st", " of", "st"), ("x", "n+1", "", "^(n+1)"), ("Kaye", "3", "", "³"),
        ("Sail", "TM", "", "TM"), ("", "note", "", "note"), ("word ", "a remark", "", "a remark"), ("20 ", "o", "C", "°"),
        ("12.5", "a", "", "^a"), ("m", "2", "", "²"), ("n", "n", "", "ⁿ"), ("x", "²", "", "²"),
    ],
)  # fmt: skip
def test_raised_letters(before, text, after, written):
    assert raised(text, before, after) == written


def test_lowered_letters():
    assert [lowered(text) for text in ("2", "12", "max", "+")] == ["₂", "₁₂", "max", "₊"]
