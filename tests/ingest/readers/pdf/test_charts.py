"""Charts drawn in a PDF: bars are no tables, panels are one figure, and a title stands for a caption."""

from __future__ import annotations

import pytest

from tests.ingest.pages import HEIGHT, WIDTH, Page, column, write_pdf
from tests.ingest.readers.pdf.objects import page_with, shown, write_objects
from tests.ingest.readers.pdf.test_legible import LINES


def bars(lengths: list[int], one_path: bool, left: int = 120, bottom: int = 400) -> bytes:
    """Level bars with their values and names beside them."""
    drawn = b"".join(
        b"%d %d %d 16 re%s\n" % (left, bottom + 28 * n, length, b"" if one_path else b" f") for n, length in enumerate(lengths)
    )
    names = shown(*((85, bottom + 4 + 28 * n, f"pier {n}") for n in range(len(lengths))))
    values = shown(*((left + length + 6, bottom + 4 + 28 * n, str(length)) for n, length in enumerate(lengths)))
    return b"0.3 0.4 0.7 rg\n" + drawn + (b"f\n" if one_path else b"") + b"0 g\n" + names + values


@pytest.mark.parametrize("one_path", [False, True])
def test_bars_are_a_figure_and_no_table(tmp_path, blocks, one_path):
    write_objects(tmp_path / "a.pdf", page_with(bars([180, 90, 240, 150, 60, 210], one_path), []))
    texts, (figure,) = blocks("a.pdf")
    assert not texts, "its labels belong to it"
    left, top, right, bottom = figure.locator.bbox
    assert left < 120 / WIDTH and right > 360 / WIDTH and top < 1 - 555 / HEIGHT and bottom > 1 - 401 / HEIGHT


def test_small_panels_over_one_caption_are_one_figure(tmp_path, blocks):
    panels = [(72 + 90 * n, 200, 144 + 90 * n, 270) for n in range(4)]
    page = Page(
        [*column(72, 80, LINES), (72, 300, 10, "Figure 2: Catches of four boats over a year"), *column(72, 500, LINES)], drawn=panels
    )
    write_pdf(tmp_path / "a.pdf", page)
    (figure,) = blocks("a.pdf")[1]
    assert figure.caption == "Figure 2: Catches of four boats over a year"
    assert figure.locator.bbox[0] < 0.13 and figure.locator.bbox[2] > 0.65 and figure.locator.bbox[3] < 0.36


PROSE = [(72, 300 - 14 * n, line) for n, line in enumerate(LINES * 3)]


def titled(tmp_path, *lines: tuple[int, int, int, str]) -> None:
    """A page with a chart of bars from 400 to 556, lines of other sizes at (left, bottom, size), and words of the body below."""
    content = b"".join(b"BT /F %d Tf %d %d Td (%s) Tj ET\n" % (size, left, bottom, line.encode()) for left, bottom, size, line in lines)
    write_objects(tmp_path / "a.pdf", page_with(bars([180, 90, 240, 150, 60, 210], True) + shown(*PROSE) + content, []))


def test_a_large_line_over_a_chart_is_its_title(tmp_path, blocks):
    titled(tmp_path, (85, 590, 14, "Herring landed at Tofte"), (85, 572, 11, "Barrels a year, in thousands"))
    (figure,) = blocks("a.pdf")[1]
    assert figure.caption == "Herring landed at Tofte Barrels a year, in thousands"


def test_words_of_the_body_over_a_chart_are_no_title(tmp_path, blocks):
    titled(
        tmp_path,
        (85, 590, 11, "The log gives the catch of each boat in the"),
        (85, 576, 11, "order of the piers, from the oldest to the new."),
    )
    (figure,) = blocks("a.pdf")[1]
    assert figure.caption is None


def test_the_letters_of_a_drawing_are_taken_as_they_are_written(tmp_path, blocks):
    titled(tmp_path)
    (figure,) = blocks("a.pdf")[1]
    assert figure.inside == "\n".join(f"pier {n} {length}" for n, length in reversed(list(enumerate([180, 90, 240, 150, 60, 210]))))


def test_a_plan_that_fills_its_page_is_a_figure(tmp_path, blocks):
    walls = b"".join(b"%d %d m %d %d l S\n" % (20 + 38 * n, 20, 20 + 38 * (n + 1), 770) for n in range(15))
    write_objects(tmp_path / "a.pdf", page_with(walls + shown((300, 400, "boat store"), (120, 500, "net loft")), []))
    (figure,) = blocks("a.pdf")[1]
    left, top, right, bottom = figure.locator.bbox
    assert (right - left) * (bottom - top) > 0.85 and figure.inside == "net loft\nboat store"
