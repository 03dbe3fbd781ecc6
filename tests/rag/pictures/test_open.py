"""Pictures opened: every depth and space of colours becomes plain pixels, and what is transparent is laid where it is seen."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rag.errors import ReadError
from rag.pictures.open import open_image, open_pages, rgb


def saved(image: Image.Image, format: str, **words: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **words)
    return out.getvalue()


def test_what_is_transparent_is_laid_on_white_unless_far_more_is_seen_on_black():
    cut_out = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(cut_out).ellipse((20, 20, 180, 180), fill=(120, 40, 40, 255))
    assert rgb(cut_out).getpixel((2, 2)) == (255, 255, 255)
    window = Image.new("RGBA", (400, 300), (0, 0, 0, 0))  # a screenshot with round corners
    pen = ImageDraw.Draw(window)
    pen.rounded_rectangle((0, 0, 399, 299), 20, fill="white")
    pen.text((40, 40), "The harbour\nis closed", fill="black", font_size=40)
    assert rgb(window).getpixel((0, 0)) == (255, 255, 255)
    words = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    ImageDraw.Draw(words).text((40, 40), "The harbour\nis closed", fill="white", font_size=40)
    assert rgb(words).getpixel((0, 0)) == (0, 0, 0) and max(rgb(words).getdata()) == (255, 255, 255)


@pytest.mark.parametrize(("mode", "format"), [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("LAB", "TIFF"), ("YCbCr", "TIFF"), ("RGB", "JPEG2000")])
def test_every_space_of_colours_is_shown_as_it_is(mode, format):
    red = Image.new("RGB", (64, 64), (200, 30, 30))
    if mode == "LAB":
        from PIL import ImageCms

        image = ImageCms.profileToProfile(red, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB")
    else:
        image = red.convert(mode)
    shown = open_image(saved(image, format)).convert("RGB").getpixel((30, 30))
    assert np.abs(np.subtract(shown, (200, 30, 30))).max() < 12


def test_pages_are_those_of_a_tiff_without_its_reduced_copies():
    first, second = (Image.new("RGB", (60, 40), colour) for colour in ("red", "blue"))
    small = Image.new("RGB", (6, 4), "red")
    small.encoderinfo = {"tiffinfo": {254: 1}}
    whole = saved(first, "TIFF", save_all=True, append_images=[small, second])
    assert [page.getpixel((3, 3)) for page in open_pages(whole)] == [(255, 0, 0), (0, 0, 255)]
    moving = saved(first, "GIF", save_all=True, append_images=[second])
    assert len(list(open_pages(moving))) == 1, "of an animation the first frame"


def test_a_page_that_is_damaged_does_not_keep_the_others():
    pages = [Image.effect_noise((90, 70), 60).convert("1").resize((90, 70)) for _ in range(3)]
    whole = bytearray(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4"))
    with Image.open(io.BytesIO(bytes(whole))) as image:
        image.seek(1)
        at = image.tag_v2[273][0]
    whole[at : at + 200] = bytes(200)
    found = list(open_pages(bytes(whole)))
    assert [isinstance(page, ReadError) for page in found] in ([False, True, False], [False, False, False])
    cut = list(open_pages(bytes(whole[: len(whole) - 40])))
    assert not isinstance(cut[0], ReadError)


def test_a_tiff_whose_directories_go_in_circles_ends():
    whole = bytearray(saved(Image.new("L", (8, 8)), "TIFF"))
    start = int.from_bytes(whole[4:8], "little")
    entries = int.from_bytes(whole[start : start + 2], "little")
    end = start + 2 + 12 * entries
    whole[end : end + 4] = start.to_bytes(4, "little")
    assert len(list(open_pages(bytes(whole)))) == 1


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(ReadError, match="cannot be opened: Is a directory"):
        open_image(tmp_path)
