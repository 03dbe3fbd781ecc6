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
