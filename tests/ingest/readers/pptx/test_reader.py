"""PowerPoint: slides in reading order with their titles, lists, tables, charts, pictures and notes; logos left out."""

import io
import zipfile
from datetime import date

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.readers import office
from rag.errors import ReadError
from tests.ingest.packed import zipped
from tests.ingest.samples import picture

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 1, 5, 6


@pytest.fixture
def deck():
    return Presentation()  # 10 by 7.5 inches


@pytest.fixture
def shown(blocks, deck):
    return lambda: blocks("a.pptx", saved(deck))


def saved(deck) -> bytes:
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def slide(deck, layout=BLANK, title=None):
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def words(shapes, text, left=1.0, top=1.0, width=2.0, height=0.5):
    shapes.add_textbox(*map(Inches, (left, top, width, height))).text_frame.text = text


def show(shapes, data, alt="", left=1.0, top=1.0, width=2.0, height=1.0):
    made = shapes.add_picture(io.BytesIO(data), *map(Inches, (left, top, width, height)))
    made._element.nvPicPr.cNvPr.set("descr", alt)


def told(found) -> list[tuple[str, str | None, int | None]]:
    return [(text.text, text.locator.heading, text.locator.slide) for text in found[0]]


def test_slides_with_their_titles_lists_and_notes(deck, shown):
    one = slide(deck, TITLE_AND_CONTENT, "The\nLens")
    body = one.placeholders[1].text_frame
    body.text = "bends light"
    inner = body.add_paragraph()
    inner.text, inner.level = "all of it", 1
    body.add_paragraph().text = "is heavy"
    one.notes_slide.notes_text_frame.text = "Say this.\nAnd that."
    slide(deck, TITLE_ONLY, "Only a title")
    words(slide(deck).shapes, "No title")
    assert told(shown()) == [
        ("- bends light\n  - all of it\n- is heavy", "The Lens", 1),
        ("Say this.\nAnd that.", "The Lens", 1),
        ("Only a title", None, 2),
        ("No title", None, 3),
    ]


def test_reading_order_goes_by_place_and_keeps_groups_together(deck, shown):
    shapes = slide(deck).shapes
    words(shapes, "bottom", 1, 6)
    words(shapes, "right", 6, 2.1)
    words(shapes, "left", 1, 2.2)
    words(shapes, "top", 5, 0.5)
    group = shapes.add_group_shape()
    words(group.shapes, "g2", 4, 5)
    words(group.shapes, "g1", 4, 3)
    words(shapes, "beside the group", 7, 4)
    assert [text for text, *_ in told(shown())] == ["top", "left", "right", "g1", "g2", "beside the group", "bottom"]


def test_numbered_paragraphs_and_furniture(deck, shown):
    one = slide(deck, TITLE_AND_CONTENT, "Steps")
    frame = one.placeholders[1].text_frame
    frame.text = "first"
    frame.add_paragraph().text = "second"
    for paragraph in frame.paragraphs:
        paragraph._p.get_or_add_pPr().insert(0, paragraph._p.makeelement(f"{A}buAutoNum", {"type": "arabicPeriod"}))
    for layout_shape in deck.slide_layouts[TITLE_AND_CONTENT].placeholders:
        if layout_shape.placeholder_format.type.name in ("DATE", "FOOTER", "SLIDE_NUMBER"):
            one.shapes.clone_placeholder(layout_shape)
            one.shapes[-1].text_frame.text = "secret footer"
    assert told(shown()) == [("1. first\n2. second", "Steps", 1)]


def test_tables_keep_every_row_whole(deck, shown):
    made = slide(deck, TITLE_ONLY, "Lights").shapes.add_table(3, 2, *map(Inches, (1, 2, 4, 2))).table
    for row, texts in enumerate([("Name", "Year"), ("Port|land", "1791\nstone"), ("", "1885")]):
        for column, text in enumerate(texts):
            made.cell(row, column).text = text
    made.cell(1, 0).merge(made.cell(2, 0))
    (found,), _ = shown()
    assert found.kind == "table" and found.locator.heading == "Lights"
    assert found.text == "| Name | Year |\n| --- | --- |\n| Port\\|land | 1791 stone |\n| Port\\|land | 1885 |"


def test_charts_become_tables_of_their_values(deck, shown):
    shapes = slide(deck, TITLE_ONLY, "Oil").shapes
    data = CategoryChartData()
    data.categories = ["1791", "1792"]
    data.add_series("Portland", (1, 0.1 + 0.2))
    data.add_series("Skerry", (3, None))
    chart = shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *map(Inches, (1, 2, 3, 2)), data).chart
    chart.has_title, chart.chart_title.text_frame.text = True, "Oil burnt"
    scattered = XyChartData()
    points = scattered.add_series("Flashes")
    points.add_data_point(1, 2)
    points.add_data_point(1.5, 4)
    shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *map(Inches, (5, 2, 3, 2)), scattered)
    assert [text for text, *_ in told(shown())] == [
        "Oil burnt",
        "|  | Portland | Skerry |\n| --- | --- | --- |\n| 1791 | 1 | 3 |\n| 1792 | 0.3 |  |",
        "|  | Flashes |\n| --- | --- |\n| 1 | 2 |\n| 1.5 | 4 |",
    ]


def test_charts_of_days_and_of_grouped_categories(deck, shown):
    shapes = slide(deck).shapes
    data = CategoryChartData()
    data.categories = [date(2024, 2, 29), date(2024, 3, 1)]
    data.add_series("Ships", (5, 6))
    shapes.add_chart(XL_CHART_TYPE.LINE, *map(Inches, (1, 1, 3, 2)), data)
    data = CategoryChartData()
    for year in ("1791", "1792"):
        group = data.add_category(year)
        group.add_sub_category("spring")
        group.add_sub_category("autumn")
    data.add_series("Ships", (1, 2, 3, 4))
    shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, (1, 4, 3, 2)), data)
    dated, grouped = (text for text, *_ in told(shown()))
    assert dated.split("\n")[2:] == ["| 2024-02-29 | 5 |", "| 2024-03-01 | 6 |"]
    assert grouped.split("\n")[2:5:2] == ["| 1791 / spring | 1 |", "| 1792 / spring | 3 |"]


def test_pictures_with_description_caption_and_place(deck, shown):
    shapes = slide(deck, TITLE_ONLY, "Towers").shapes
    words(shapes, "The red tower was built in 1791.", 1, 2)
    show(shapes, picture(1), "A red tower", 1, 3, 2, 1.5)
    words(shapes, "Figure 1: At night", 1, 4.6)
    show(shapes, picture(2), "picture2.png", 6, 3, 2, 1.5)
    _, figures = shown()
    assert [(figure.caption, figure.locator.bbox) for figure in figures] == [
        ("Figure 1: At night", (0.1, 0.4, 0.3, 0.6)),
        (None, (0.6, 0.4, 0.8, 0.6)),
    ]
    assert figures[0].around == "A red tower\nThe red tower was built in 1791."
    assert {(figure.origin, figure.locator.heading, figure.locator.slide) for figure in figures} == {(None, "Towers", 1)}
    assert [figure.data for figure in figures] == [picture(1), picture(2)]
    assert np.array_equal(np.asarray(figures[1].image), np.asarray(Image.open(io.BytesIO(picture(2)))))


def test_a_picture_in_a_stretched_group_has_its_place_on_the_slide(deck, shown):
    group = slide(deck).shapes.add_group_shape()
    show(group.shapes, picture(), "A lamp", 2, 2, 2, 2)
    show(group.shapes, picture(1), "A lens", 4, 2, 2, 2)
    group.left, group.top, group.width, group.height = map(Inches, (1, 1.5, 8, 3))  # twice as wide, half as high again
    _, figures = shown()
    assert [(figure.caption, figure.locator.bbox) for figure in figures] == [
        ("A lamp", (0.1, 0.2, 0.5, 0.6)),
        ("A lens", (0.5, 0.2, 0.9, 0.6)),
    ]


@pytest.mark.parametrize(("slides", "on", "left"), [(5, 3, 0), (5, 2, 2), (6, 3, 3), (2, 2, 2)])
def test_logos_on_over_half_of_the_slides_and_three_at_least_go(deck, shown, slides, on, left):
    for number in range(slides):
        made = slide(deck)
        show(made.shapes, picture(100 + number), f"View {number}")
        if number < on:
            show(made.shapes, picture(1), "Our logo", 8, 0)
    _, figures = shown()
    assert [figure.caption for figure in figures].count("Our logo") == left
    assert sum((figure.caption or "").startswith("View") for figure in figures) == slides


def test_icons_and_damaged_pictures_are_passed_over(deck, blocks):
    shapes = slide(deck).shapes
    show(shapes, picture(size=(16, 16)), "icon")
    show(shapes, picture(), "whole")
    show(shapes, picture(3), "damaged", 5)
    archive = zipfile.ZipFile(io.BytesIO(saved(deck)))
    parts = {name: archive.read(name) for name in archive.namelist()}
    (hurt,) = (name for name, data in parts.items() if data == picture(3))
    parts[hurt] = parts[hurt][:300]
    _, figures = blocks("a.pptx", zipped(parts))
    assert [figure.caption for figure in figures] == ["whole"]


def test_slide_shows_and_alternative_content_are_read(deck, blocks):
    words(slide(deck).shapes, "shown")
    archive = zipfile.ZipFile(io.BytesIO(saved(deck)))
    parts = {name: archive.read(name) for name in archive.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"presentation.main+xml", b"slideshow.main+xml")
    name = "ppt/slides/slide1.xml"
    text = parts[name].decode()
    start, end = text.index("<p:sp>"), text.index("</p:sp>") + len("</p:sp>")
    old = text[start:end].replace("shown", "fallback")
    several = f"<mc:Choice Requires='a14'>{text[start:end]}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    parts[name] = f"{text[:start]}<mc:AlternateContent xmlns:mc='{markup}'>{several}</mc:AlternateContent>{text[end:]}".encode()
    assert told(blocks("a.ppsx", zipped(parts))) == [("shown", None, 1)]


def test_a_large_film_is_not_loaded(deck, blocks, monkeypatch):
    words(slide(deck).shapes, "shown")
    archive = zipfile.ZipFile(io.BytesIO(saved(deck)))
    parts = {name: archive.read(name) for name in archive.namelist()} | {"ppt/media/film.mp4": bytes(100_000_000)}
    read: list[int] = []
    taken = office.part

    def counted(archive, name):
        data = taken(archive, name) or b""
        read.append(len(data))
        return data

    monkeypatch.setattr(office, "part", counted)
    assert told(blocks("a.pptx", zipped(parts))) == [("shown", None, 1)]
    assert 0 < sum(read) < 2_000_000


def changed(name: str, data: bytes) -> bytes:
    deck = Presentation()
    words(slide(deck).shapes, "shown")
    archive = zipfile.ZipFile(io.BytesIO(saved(deck)))
    return zipped({each: archive.read(each) for each in archive.namelist()} | {name: data})


BROKEN = {
    "cut": (lambda: changed("x", b"")[:-100], "damaged or cut short"),
    "zip": (lambda: zipped({"a.txt": "words"}), "not a PowerPoint presentation"),
    "xml": (lambda: changed("ppt/slides/slide1.xml", b"<p:sld"), "damaged inside"),
    "types": (lambda: changed("[Content_Types].xml", b"<Types/>"), "damaged inside"),
    "bomb": (lambda: changed("ppt/slides/slide9.xml", b" " * 50_000_000), "over 40 MB of markup"),
    "password": (lambda: bytes.fromhex("d0cf11e0") + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_said_in_one_line(blocks, case):
    made, reason = BROKEN[case]
    with pytest.raises(ReadError, match=reason) as refused:
        blocks("a.pptx", made())
    assert refused.value.hint and "\n" not in str(refused.value)
