"""RTF: encodings as declared, headings of the outline, lists, tables, footnotes and pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from ingest.blocks import Passed
from ingest.readers import read
from rag.errors import ReadError
from tests.ingest.samples import picture

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fswiss\fcharset204 Arial;}{\f2\fmodern\fcharset128 Mincho;}{\f3\fnil\fcharset78 Osaka;}}"
)


@pytest.fixture
def written(blocks):
    def reads(body: str | bytes, page: int = 1252):
        head = rf"{{\rtf1\ansi\ansicpg{page}\deff0{FONTS}".encode()
        return blocks("a.rtf", head + (body if isinstance(body, bytes) else body.encode("latin-1")) + b"}")

    return reads


def told(found) -> list[tuple[str, str | None]]:
    return [(text.text, text.locator.heading) for text in found[0]]


def test_headings_of_the_outline_make_the_path_and_furniture_goes(written):
    body = r"{\stylesheet{\s1\outlinelevel0 heading 1;}}{\info{\title no}}{\header page 1\par}"
    body += r"\pard\plain\s1\outlinelevel0 Lens\par\pard\outlinelevel2 Glass\par\pard bends\line light\par"
    body += r"\pard\outlinelevel0 Lamp\par\pard oil\par"
    assert told(written(body)) == [("bends\nlight", "Lens > Glass"), ("oil", "Lamp")]


@pytest.mark.parametrize(
    ("page", "body", "text"),
    [
        (1252, rb"Gr\'f6\'dfe \u8212? \ldblquote a\rdblquote", "Größe — “a”"),
        (1251, rb"\'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (1251, "Привет".encode("cp1251"), "Привет"),
        (1252, rb"\f1 \'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (1252, rb"\f2 \'93\'94\'91\'e4", "灯台"),
        (1252, rb"\u-99999? \uc \u999999? \u-10179?\u-8704? \u20142?", "祡 䈿 😀 亮"),
        (1252, rb"\f3 \'93\'94\'91\'e4", "灯台"),
        (99999, rb"caf\'e9", "café"),
        (1252, rb"C:\\cell \{x\}\~y", "C:\\cell {x} y"),
    ],
)
def test_words_in_the_encodings_that_the_file_declares(written, page, body, text):
    assert told(written(body, page)) == [(text, None)]


def test_tables_between_paragraphs(written):
    row = r"\trowd\cellx100\cellx200\pard\intbl {}\cell {}\cell\row"
    body = r"before\par " + row.format("Name", "Year") + row.format("Port|land", r"1791\par stone") + r"\pard between\par "
    body += row.format("a", "b") + row.format("", "c") + r"\pard after\par"
    found, _ = written(body)
    assert [(text.text, text.kind) for text in found] == [
        ("before", "prose"),
        ("| Name | Year |\n| --- | --- |\n| Port\\|land | 1791 stone |", "table"),
        ("between", "prose"),
        ("| a | b |\n| --- | --- |\n|  | c |", "table"),
        ("after", "prose"),
    ]


def test_lists_footnotes_and_links(written):
    body = r"{\listtext\'b7\tab}one\par{\listtext\'b7\tab}two\par "
    body += r"Glass{\super\chftn}{\footnote\pard\plain{\super\chftn} By Snell,\par 1621.} bends "
    body += r'{\field{\*\fldinst{HYPERLINK "http://example.org/"}}{\fldrslt light}}.\par After.\par'
    assert told(written(body)) == [(text, None) for text in ("- one\n- two", "Glass[1] bends light.", "[1] By Snell,\n1621.", "After.")]


def test_pictures_in_both_notations_with_their_captions(written):
    digits = picture(1).hex()
    shown = r"{\*\shppict{\pict{\*\picprop{\sp{\sn a}{\sv {b}}}}\picscalex100\pngblip" + "\n" + digits[:500] + "\n" + digits[500:] + "}}"
    again = r"{\nonshppict{\pict\jpegblip " + digits + "}}"
    drawn = r"{\pict\wmetafile8 0100090000}"
    binary = picture(2)
    body = rf"Before.\par {shown}{again}{drawn}\par Figure 1: The tower\par Middle.\par {{\pict\pngblip\bin{len(binary)} ".encode()
    found, figures = written(body + binary + rb"}\par After.\par")
    assert [(figure.caption, figure.origin, figure.data) for figure in figures] == [
        ("Figure 1: The tower", None, picture(1)),
        (None, None, picture(2)),
    ]
    assert np.array_equal(np.asarray(figures[1].image), np.asarray(Image.open(io.BytesIO(picture(2)))))
    assert [text for text, _ in told((found, figures))] == ["Before.", "Figure 1: The tower", "Middle.", "After."]


def test_embedded_data_and_marks_that_mean_nothing_do_not_show(written):
    body = r"{\*\themedata " + "504b0304" * 2000 + r"}Words \diptychpicture7 stay{\object{\*\objdata " + "0105" * 3000 + "}}"
    assert told(written(body)) == [("Words stay", None)]


@pytest.mark.parametrize("cut", [100, 700, 1500])
def test_a_file_that_is_cut_gives_what_is_there(written, cut):
    body = r"\pard First words.\par " + r"{\pict\pngblip " + picture().hex() + "}"
    assert told(written(body[:cut])) == [("First words.", None)]


def test_what_would_take_forever_takes_a_moment(written):
    assert told(written(r"{\field{\*\fldinst " * 3000 + r"HYPERLINK " * 3000)) == []
    assert told(written("abcdef" * 20_000 + " " + "0" * 1999 + "g")) != []


BROKEN = {
    "other": (b"PK\x03\x04 no words", "not an RTF file"),
    "long": (rb"{\rtf1 " + b"words " * 1_500_000 + b"}", "over 8 MB of text"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_said_in_one_line(blocks, case):
    data, reason = BROKEN[case]
    with pytest.raises(ReadError, match=reason) as refused:
        blocks("a.rtf", data)
    assert refused.value.hint and "\n" not in str(refused.value)


def test_what_is_hidden_deleted_or_struck_out_goes(written):
    body = r"\pard\plain The fee is {\strike 40}{\striked1 41} 55 crowns.{\v  The key is under the mat.}\par "
    body += r"Open \v shut \v0 daily{\deleted  not}.\par {\v whole hidden\par}\pard Next \strike gone\plain  stays.\par"
    assert [text for text, _ in told(written(body))] == ["The fee is 55 crowns.", "Open daily.", "Next stays."]


def test_raised_and_lowered_letters(written):
    body = r"10{\super 7} tons of H{\sub 2}O, x{\super n+1}, the 1{\super st} of May\par m\super 2\nosupersub  of floor\par"
    assert [text for text, _ in told(written(body))] == ["10⁷ tons of H₂O, x^(n+1), the 1st of May", "m² of floor"]


def test_what_is_only_counted(tmp_path):
    drawn, sheet = r"{\pict\wmetafile8 0100090000}", r"{\object\objemb{\*\objdata 0105}{\result{\pict\wmetafile8 01000900}}}"
    path = tmp_path / "a.rtf"
    path.write_text(rf"{{\rtf1 words {drawn}{sheet} more\par}}")
    found = [block for block in read(path, "a.rtf", tmp_path, None) if isinstance(block, Passed)]
    assert found == [Passed("drawings as EMF, WMF or the like", 1), Passed("embedded objects", 1)]


def test_numbers_of_lists_and_headings(written):
    body = r"\pard{\listtext\pard\plain 1.\tab}\ls1 first\par{\listtext\pard\plain (b)\tab}sub\par{\listtext 2.1\tab}clause\par"
    body += r"{\pntext\f0 3)\tab}\pard old\par\pard\outlinelevel0{\listtext Part 2\tab}Fees\par text\par"
    assert told(written(body)) == [
        ("1. first\n(b) sub", None),
        ("2.1 clause", None),
        ("3) old", None),
        ("text", "Part 2 Fees"),
    ]


def test_comments_boxes_and_what_heads_and_feet_say(written):
    comment = r"{\*\atnid ML}{\*\atnauthor Mara Lind}\chatn{\*\annotation{\*\atnref 1}\pard\plain Check this.}"
    box = r"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard\plain Boxed.\par}}{\shprslt{\*\do{\dptxbxtext Boxed.\par}}}}"
    body = (
        rf"Tide rises{comment}.\par Left{box} and right.\par{{\header\pard Harbour office, copy 3\par}}{{\footer Page \chpgn\par}}End.\par"
    )
    assert [text for text, _ in told(written(body))] == [
        "Tide rises.", "Comment by Mara Lind: Check this.", "Left and right.", "Boxed.", "End.", "Harbour office, copy 3",
    ]  # fmt: skip


def test_formulas_and_fields_of_forms(written):
    fraction = r"{\mmath{\*\moMath{\mf{\mfPr{\mctrlPr x}}{\mnum{\mr\mscr0\msty2 5}}{\mden{\mr 8}}}}}"
    power = r"{\mmath{\*\moMathPara{\moMathParaPr}{\*\moMath{\msSup{\me{\mr 10}}{\msup{\mr\u8722 -7}}}}}}"
    ticked = r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres1\ffdefres0}}}{\fldrslt }}"
    chosen = r"{\field{\*\fldinst FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl Wren}{\*\ffl Tern}}}}{\fldrslt }}"
    sign = r'{\field{\*\fldinst SYMBOL 109 \\f "Symbol" \\s 12}{\fldrslt\f3\fs24}}'
    contents = r"{\field{\*\fldinst TOC \\o}{\fldrslt Lens 3\par Lamp 4\par}}"
    assert [text for text, _ in told(written(rf"{contents}{fraction} mm, {power}: {ticked} boat {chosen}, 5 {sign}m\par"))] == [
        "5/8 mm, 10⁻⁷: ☒ boat Tern, 5 μm"
    ]


def test_merged_cells_and_lines_of_heads(written):
    body = r"\trowd\trhdr\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000\pard\intbl Site\cell Depth (m)\cell\cell\row"
    body += r"\trowd\trhdr\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell at ebb\cell at flow\cell\row"
    body += r"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl Quay\cell 2\cell 5\cell\row"
    body += r"\trowd\cellx1000\cellx3010\pard\intbl Pier\cell closed\cell\row\pard end\par"
    found, _ = written(body)
    assert found[0].text.split("\n") == [
        "| Site | Depth (m) at ebb | Depth (m) at flow |", "| --- | --- | --- |", "| Quay | 2 | 5 |", "| Pier | closed | closed |",
    ]  # fmt: skip


@pytest.mark.parametrize("group", [r"{\v ", r"{\footnote ", r"{\*\moMath{\mf ", r"{\field{\*\fldinst TOC ", r"{\shp{\*\shpinst "])
def test_groups_without_end_stay_small(written, group):
    written("Words. " + group * 5000)
