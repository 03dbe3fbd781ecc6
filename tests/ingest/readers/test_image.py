"""Image files of kinds that Pillow may or may not open here."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rag.errors import ReadError
from rag.pictures import open as pictures

HEIC = (Path(__file__).parents[2] / "data/turned.heic").read_bytes()


def test_heic_is_read_upright(blocks):
    pytest.importorskip("pi_heif")
    _, (figure,) = blocks("turned.HEIC", HEIC)
    assert figure.image.size == (64, 96) and figure.origin == "turned.HEIC" and figure.data == HEIC
    red, blue = figure.image.getpixel((32, 20)), figure.image.getpixel((32, 76))
    assert red[0] > 150 > red[2] and blue[2] > 150 > blue[0]


@pytest.mark.parametrize("name", ["a.heic", "a.heif", "wrong suffix.jpg"])
def test_without_its_library_heic_names_what_to_install(blocks, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    pictures.formats.cache_clear()
    try:
        with pytest.raises(ReadError, match="HEIC pictures need a library") as refused:
            blocks(name, HEIC)
        assert "pip install 'diptych[heic]'" in refused.value.hint
    finally:
        monkeypatch.undo()
        pictures.formats.cache_clear()


def test_avif_is_read(blocks):
    out = io.BytesIO()
    Image.fromarray(np.full((40, 60, 3), (200, 30, 30), dtype=np.uint8)).save(out, "AVIF")
    _, (figure,) = blocks("a.avif", out.getvalue())
    assert figure.image.size == (60, 40) and abs(figure.image.getpixel((30, 20))[0] - 200) < 10


@pytest.mark.parametrize("name", ["a.heic", "a.avif"])
@pytest.mark.parametrize("content", [HEIC[:700], HEIC[:40], b"no picture"])
def test_what_is_cut_short_is_refused(blocks, name, content):
    with pytest.raises(ReadError, match=r"not an image of a known kind|cut short or damaged"):
        blocks(name, content)


def test_each_page_of_a_tiff_is_a_figure(blocks):
    pages = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    _, figures = blocks("log.tiff", out.getvalue())
    assert [(each.locator.page, each.image.getpixel((5, 5)), each.origin) for each in figures] == [
        (1, (255, 0, 0), "log.tiff"), (2, (0, 128, 0), "log.tiff"), (3, (0, 0, 255), "log.tiff")
    ]  # fmt: skip
    _, (alone,) = blocks("a.tif", _one_page())
    assert alone.locator.page is None and alone.data


def _one_page() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "TIFF")
    return out.getvalue()


def test_a_file_s_description_is_the_caption_and_its_keywords_stand_beside(blocks):
    tags = Image.Exif()
    tags[0x010E] = "The winch of the slipway"
    tags[0x9C9E] = "iron;pawl\0".encode("utf-16-le")
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=tags)
    _, (figure,) = blocks("DSC_4.jpg", out.getvalue())
    assert (figure.caption, figure.around) == ("The winch of the slipway", "iron, pawl")
