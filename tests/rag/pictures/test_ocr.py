"""Words inside pictures, read by the packaged models."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from rag.pictures.ocr import MAX_SIDE, Ocr


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


def test_nothing_is_searched_where_no_edge_is(monkeypatch):
    monkeypatch.setattr("rapidocr.RapidOCR", None)  # it cannot be loaded
    slope = np.linspace(0, 255, 900, dtype=np.uint8)
    assert Ocr().read(Image.fromarray(np.tile(slope, (700, 1)))) == ""
    with pytest.raises(TypeError):
        Ocr().read(written((40, 40, "Fresnel lens")))


def test_large_pictures_are_read_in_windows_without_a_seam(ocr):
    """Lines all over, across the borders of windows, and wide empty areas, in which the detector alone sees lines that are none."""
    lines = [
        (60, 40, "Pilot stairs"),
        (700, 640, "Harbour master at the western pier"),
        (1300, 700, "Fog bell"),
        (120, 1400, "Keeper 1791"),
    ]
    found = ocr.read(written(*lines, size=(2000, 1500), font=32)).split()
    assert sorted(found) == sorted(" ".join(line for _, _, line in lines).split())
    assert ocr.read(written((900, 700, "Beacon"), size=(2000, 1500), font=32)) == "Beacon"


def test_a_small_sign_in_a_photograph_is_read(ocr):
    hills = np.add.outer(np.linspace(40, 160, 900), 40 * np.sin(np.arange(1600) / 90)) + np.random.default_rng(0).normal(0, 8, (900, 1600))
    photograph = Image.fromarray(hills.clip(0, 255).astype(np.uint8)).convert("RGB")
    assert ocr.read(photograph) == ""
    ImageDraw.Draw(photograph).text((1250, 700), "Harbour 27", fill="white", font=ImageFont.load_default(28))
    assert ocr.read(photograph.filter(ImageFilter.GaussianBlur(0.6))) == "Harbour 27"


@pytest.mark.skipif(sys.platform != "linux", reason="reads the size of the process from /proc")
def test_a_large_picture_leaves_little_memory_behind():
    program = """
from PIL import Image, ImageDraw, ImageFont
from rag.pictures.ocr import Ocr
ocr = Ocr(threads=1)
image = Image.new("RGB", (2000, 2000), "white")
for top in (300, 900, 1500):
    ImageDraw.Draw(image).text((100, top), "light " * 20, fill="black", font=ImageFont.load_default(30))
assert ocr.read(image).count("light") > 50
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 350_000


def test_strips_and_huge_images_are_no_more_pixels_than_others(ocr, monkeypatch):
    ocr.read(written((40, 40, "warm")))
    seen: list[int] = []
    detector = ocr._engine.text_det._whole
    look = detector.session

    def counted(pixels):
        seen.append(pixels.shape[-2] * pixels.shape[-1])
        return look(pixels)

    monkeypatch.setattr(detector, "session", counted)
    assert "Hello 42" in ocr.read(written((20, 4, "Hello 42"), size=(1500, 40)))
    ocr.read(written((4, 20, "H"), size=(40, 1500)))
    assert 0 < sum(seen) < 1_000_000  # 20 million each at the detector's own scale, which takes a minute
    seen.clear()
    assert "Hello 42" in ocr.read(written((400, 400, "Hello 42"), size=(6000, 4000), font=200))
    assert 0 < sum(seen) < 1.2 * MAX_SIDE * MAX_SIDE * 4000 / 6000


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


LETTER = ["Dear Mr Ragnvald,", "the rigging of your sloop comes to 730 crowns,", "with the new shrouds and stays.", "Signe Aas, rigger"]


def letter(ink="black", paper="white") -> Image.Image:
    image = Image.new("RGB", (900, 420), paper)
    for n, line in enumerate(LETTER):
        ImageDraw.Draw(image).text((60, 60 + 80 * n), line, fill=ink, font=ImageFont.load_default(28))
    return image


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_picture_that_lies_on_its_side_or_stands_on_its_head_is_read_from_its_first_line_on(ocr, turn):
    found = ocr.paragraphs(letter().rotate(turn, expand=True))
    assert " ".join(each.text for each in found).split() == " ".join(LETTER).split()
    left, top, right, bottom = found[0].box
    middle = (left + right) / 2, (top + bottom) / 2  # where the first lines stand in the picture as it was given
    assert {0: middle[1] < 0.5, 90: middle[0] < 0.5, 180: middle[1] > 0.5, 270: middle[0] > 0.5}[turn]
    assert {0: left < 0.1, 90: bottom > 0.9, 180: right > 0.9, 270: top < 0.1}[turn]


@pytest.mark.parametrize("turn", [-7, 3, 11])
def test_lines_that_slope_are_kept_apart(ocr, turn):
    image = Image.new("RGB", (1000, 600), "white")
    for left in (60, 540):
        for n, line in enumerate(["one light", "two lights", "three lights", "four lights"]):
            ImageDraw.Draw(image).text((left, 120 + 60 * n), line, fill="black", font=ImageFont.load_default(28))
    read = ocr.read(image.rotate(turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC))
    assert read.split() == [word for n in ("one light", "two lights", "three lights", "four lights") for word in (n + " " + n).split()]


@pytest.mark.parametrize("turn", [90, 270])
def test_the_label_of_an_upright_axis_is_read_either_way(ocr, turn):
    image = Image.new("RGB", (700, 500), "white")
    pen = ImageDraw.Draw(image)
    pen.line([(100, 40), (100, 440), (650, 440)], fill="black", width=3)
    for n in range(5):
        pen.rectangle([150 + 100 * n, 440 - 60 * (n + 1), 200 + 100 * n, 440], fill="navy")
        pen.text((150 + 100 * n, 450), str(1919 + n), fill="black", font=ImageFont.load_default(20))
    name = Image.new("RGB", (260, 34), "white")
    ImageDraw.Draw(name).text((4, 2), "Herring landed", fill="black", font=ImageFont.load_default(26))
    image.paste(name.rotate(turn, expand=True), (30, 120))
    assert "Herring landed" in ocr.read(image) and "1919 1920 1921 1922 1923" in ocr.read(image)


@pytest.mark.parametrize(("ink", "paper"), [("#808080", "#888888"), ("#f6f6f6", "white"), ("#282a30", "#1e1e22"), ("#c83c3c", "#3c783c")])
def test_grey_on_grey_and_colours_of_one_brightness_are_read(ocr, ink, paper):
    assert ocr.read(letter(ink, paper)).split() == " ".join(LETTER).split()


def test_white_words_without_a_background_are_read(ocr):
    image = Image.new("RGBA", (700, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((40, 60), "Ebb tide at Vesla", fill="white", font=ImageFont.load_default(40))
    ImageDraw.Draw(image).ellipse((600, 80, 640, 120), fill="navy")
    assert ocr.read(image) == "Ebb tide at Vesla"
