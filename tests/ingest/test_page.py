"""The page that a source stands on: the quote is marked, the figure is outlined, and nothing else changes."""

import numpy as np
import pytest

from ingest.page import MARKED, OUTLINE, marked, pages
from tests.ingest.pages import Page, column, write_pdf
from tests.ingest.readers.pdf.objects import page_with, shown, write_objects


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    lines = [
        "The lamp of Skerrin Head burns colza oil, and is trim-",
        "med twice a night by the keeper on watch.",
        "Fog was rare that year.",
    ]
    return write_pdf(tmp_path_factory.mktemp("page") / "a.pdf", Page(words=column(72, 100, lines)), Page(words=column(72, 700, lines)))


def rows(image, plain):
    """The share of the page's height at which pixels differ, first and last."""
    changed = np.flatnonzero(np.any(np.asarray(image) != np.asarray(plain), axis=(1, 2)))
    return changed[0] / image.height, changed[-1] / image.height


def test_a_quote_is_marked_over_its_lines_though_the_page_hyphenates_it(pdf):
    plain = marked(pdf, 1)
    image = marked(pdf, 1, quote="colza oil,  and is trimmed\ntwice a night")
    top, bottom = rows(image, plain)
    assert 88 / 792 < top < 96 / 792 and 112 / 792 < bottom < 118 / 792
    assert MARKED in {pixel for _, pixel in image.getcolors(1 << 20)}
    assert rows(marked(pdf, 2, quote="Fog was rare"), marked(pdf, 2))[0] > 0.88


def test_a_figure_is_outlined_and_a_quote_that_is_not_there_marks_nothing(pdf):
    plain = marked(pdf, 1)
    image = marked(pdf, 1, box=(0.25, 0.5, 0.75, 0.6))
    assert image.getpixel((image.width // 2, round(0.5 * image.height) - 3)) == OUTLINE
    assert image.getpixel((image.width // 2, round(0.55 * image.height))) == plain.getpixel((image.width // 2, round(0.55 * image.height)))
    assert np.array_equal(marked(pdf, 1, quote="words of another page"), plain)


def test_a_page_or_a_file_that_is_gone_is_none(pdf, tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    assert pages(pdf) == 2 and pages(tmp_path / "no.pdf") == pages(tmp_path / "broken.pdf") == 0
    assert marked(pdf, 3) is None and marked(tmp_path / "no.pdf", 1) is None and marked(tmp_path / "broken.pdf", 1) is None


def test_a_page_is_as_wide_as_asked_for(pdf):
    assert marked(pdf, 1, width=640).width == 640 and marked(pdf, 2, quote="Fog was rare", width=1280).width == 1280


def test_what_is_filled_in_is_shown(tmp_path):
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/F 4/Rect[200 690 400 712]/T(a)/V(Os)/DA(/F 11 Tf 0 g)>>"
    catalog = b"/AcroForm<</Fields[6 0 R]/DR<</Font 5 0 R>>/DA(/F 11 Tf 0 g)/NeedAppearances true>>"
    write_objects(tmp_path / "form.pdf", page_with(shown((72, 695, "Port:")), [field], catalog))
    write_objects(tmp_path / "bare.pdf", page_with(shown((72, 695, "Port:")), []))
    top, bottom = rows(marked(tmp_path / "form.pdf", 1), marked(tmp_path / "bare.pdf", 1))
    assert 0.09 < top < bottom < 0.14
