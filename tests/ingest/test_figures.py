"""Opening images safely, and what is said of them."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from ingest.figures import AROUND_CHARACTERS, beside, describes, label, worth_keeping
from rag.errors import ReadError
from rag.pictures.open import open_image, rgb


def file(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noise(*size: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))


def png_header(width: int, height: int) -> bytes:
    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(bytes(1000))) + part(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
def test_every_kind_opens_from_bytes_and_from_a_file(kind, tmp_path):
    data = file(noise(40, 30), kind)
    (tmp_path / "x").write_bytes(data)
    assert open_image(data).size == open_image(tmp_path / "x").size == (40, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_file_cut_short_is_refused(kind):
    data = file(noise(200, 200), kind)
    with pytest.raises(ReadError, match=r"cut short or damaged|known kind"):
        open_image(data[: len(data) // 2])


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize("size", [(10_000, 9_000), (60_000, 60_000)])
def test_a_decompression_bomb_is_refused_before_it_goes_off(size):
    with pytest.raises(ReadError, match="too large"):
        open_image(png_header(*size))


def test_what_is_no_image_is_refused_and_postscript_is_not_run():
    for data in (b"not an image", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"):
        with pytest.raises(ReadError, match="not an image of a known kind"):
            open_image(data)


def test_the_first_frame_of_an_animation_is_shown():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    image = rgb(open_image(file(frames[0], "GIF", save_all=True, append_images=frames[1:])))
    assert image.getpixel((5, 5)) == (255, 0, 0)


def test_the_turn_in_the_metadata_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    assert open_image(file(noise(40, 20), "JPEG", exif=exif)).size == (20, 40)


def test_deep_grey_keeps_its_range():
    values = np.zeros((40, 40), dtype=np.uint16)
    values[:, 20:] = 4095  # 12 bits in 16
    image = open_image(file(Image.fromarray(values), "PNG"))
    assert image.mode == "L" and image.getpixel((0, 0)) == 0 and image.getpixel((30, 0)) == 255


def test_cmyk_and_palettes_become_plain():
    assert open_image(file(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG")).mode == "RGB"
    assert open_image(file(noise(40, 40).quantize(16), "PNG")).mode == "RGB"


def test_what_is_transparent_lies_on_white():
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.putpixel((1, 1), (0, 0, 255, 255))
    flat = rgb(open_image(file(image, "PNG")))
    assert flat.getpixel((0, 0)) == (255, 255, 255) and flat.getpixel((1, 1)) == (0, 0, 255)


def test_icons_rules_and_blanks_are_left_out():
    assert worth_keeping(noise(32, 32))
    assert not worth_keeping(noise(31, 300))
    assert not worth_keeping(noise(700, 34))
    assert not worth_keeping(Image.new("RGB", (300, 300), "white"))
    assert not worth_keeping(Image.new("L", (300, 300)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Figure 3: The lens", "Figure 3"),
        ("Fig. 12 shows", "Fig. 12"),
        ("FIGURE A-1. Plan", "FIGURE A-1"),
        ("Table 2. Lights", "Table 2"),
        ("Figures of speech", None),
        ("See Figure 3", None),
        ("Maps were drawn", None),
    ],
)
def test_labels_of_captions(text, found):
    assert label(text) == found


def test_alt_texts_that_say_nothing():
    assert [describes(text) for text in ("A red tower", "image", "", None, "IMG_0042.jpg", "figure 1", "Logo of the guild")] == [
        *(True, False, False, False, False, False, True)
    ]


def test_the_paragraph_that_speaks_of_the_figure_goes_before_the_nearest():
    near, far = "The tower is white.", "As figure 4 shows, the lens is large."
    assert beside([near, far], "Fig. 4: The lens") == far
    assert beside([near, "As figure 41 shows, it is small."], "Fig. 4: The lens") == near
    shared = "The vapour burner has a mantle of silk."
    assert beside([near, shared], "The burner and its mantle") == shared
    assert beside([near, shared], "The burner") == near, "one word in common may be chance"
    assert beside([], "Fig. 4") is None
    long = beside(["word " * 200], None)
    assert long.endswith("word …") and len(long) <= AROUND_CHARACTERS + 2
