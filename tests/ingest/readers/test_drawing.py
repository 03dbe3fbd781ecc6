"""Drawings as files."""

import gzip

import pytest

from rag.errors import ReadError

DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><title>The tower</title><desc>In section</desc>
<rect width="100" height="60" fill="red"/><text y="90" font-size="20">Lamp room</text></svg>"""


@pytest.mark.parametrize(("name", "content"), [("plans/tower.svg", DRAWING), ("plans/tower.SVGZ", gzip.compress(DRAWING, mtime=0))])
def test_a_drawing_is_one_figure_with_its_words(blocks, name, content):
    found, (figure,) = blocks(name, content)
    assert not found and (figure.origin, figure.caption, figure.around, figure.data) == (name, "The tower", "In section\nLamp room", None)
    assert figure.image.size == (1000, 500) and figure.image.getpixel((250, 150)) == (255, 0, 0)


def test_an_icon_that_is_named_is_taken_all_the_same(blocks):
    _, (figure,) = blocks("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M0 0h9v9z"/></svg>')
    assert figure.image.size == (1000, 1000) and figure.caption is None and figure.around is None


def test_the_many_words_of_a_map_are_a_text_too(blocks):
    places = "".join(f'<text y="{n}">Harbour {n}</text>' for n in range(300))
    (text,), (figure,) = blocks("map.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="300">{places}</svg>')
    assert "Harbour 299" in text.text and len(figure.around) <= 2000


@pytest.mark.parametrize("content", [b"no drawing", b"<svg", gzip.compress(DRAWING, mtime=0)[:60], DRAWING[:150]])
def test_what_is_no_drawing_is_refused(blocks, content):
    with pytest.raises(ReadError, match="drawing"):
        blocks("a.svg", content)


def test_a_drawing_that_only_defines_is_refused(blocks):
    with pytest.raises(ReadError, match="shows nothing"):
        blocks("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><symbol id="a"><path d="M0 0h9v9z"/></symbol></svg>')
