"""Words inside pictures, read by the packaged models."""

import threading
import time

import pytest
from PIL import Image, ImageDraw, ImageFont


def written(*lines: tuple[int, int, str], size=(800, 400), font: int = 28, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, size, "white")
    for left, top, line in lines:
        ImageDraw.Draw(image).text((left, top), line, fill="black", font=ImageFont.load_default(font))
    return image


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_lines_come_in_reading_order(ocr, mode):
    image = written((40, 40, "Fresnel lens"), (40, 85, "built in 1791"), (500, 85, "brass frame"), (40, 300, "Scale 1:200"), mode=mode)
    assert ocr.read(image) == "Fresnel lens\nbuilt in 1791 brass frame\n\nScale 1:200"


def test_what_is_transparent_is_read_on_white(ocr):
    image = Image.new("RGBA", (400, 120), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((30, 30), "North Light", fill="black", font=ImageFont.load_default(36))
    assert ocr.read(image) == "North Light"


def test_pictures_without_words_give_nothing(ocr):
    assert ocr.read(Image.new("RGB", (300, 300), "navy")) == ""
    circle = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(circle).ellipse((50, 50, 250, 250), fill="red")
    assert ocr.read(circle) == ""


def test_strips_and_huge_images_take_no_longer_than_others(ocr):
    ocr.read(written((40, 40, "warm")))
    start = time.perf_counter()
    assert "Hello 42" in ocr.read(written((20, 4, "Hello 42"), size=(1500, 40)))
    ocr.read(written((4, 20, "H"), size=(40, 1500)))
    assert "Hello 42" in ocr.read(written((400, 400, "Hello 42"), size=(6000, 4000), font=200))
    assert time.perf_counter() - start < 40  # the strips alone took a minute at the detector's own scale


def test_several_threads_may_read_at_once(ocr):
    found = {}

    def read(n: int) -> None:
        found[n] = ocr.read(written((30, 30, f"Light number {n}"), size=(420, 120)))

    threads = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: f"Light number {n}" for n in range(4)}


def test_the_name_tells_engine_and_version(ocr):
    assert ocr.name.startswith("rapidocr-3.")
