"""rag/storage/media.py: one image is kept once, whatever file it came in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from rag.pictures.open import open_image
from rag.storage.media import Media, pixel_hash


def drawn(colour: str = "red") -> Image.Image:
    image = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(image).ellipse((10, 5, 50, 35), fill=colour)
    return image


def encoded(image: Image.Image, format: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format)
    return out.getvalue()


def test_the_same_pixels_are_kept_once(tmp_path):
    media = Media(tmp_path / "media")
    first = media.put(drawn(), encoded(drawn(), "PNG"))
    assert media.put(drawn(), encoded(drawn(), "BMP")) == first
    assert media.put(drawn().convert("RGBA")) == first
    assert media.put(drawn("blue")) != first
    assert len(media.keys()) == 2


def test_what_browsers_show_is_kept_as_it_came(tmp_path):
    media = Media(tmp_path / "media")
    jpeg = encoded(drawn(), "JPEG")
    key = media.put(Image.open(io.BytesIO(jpeg)), jpeg)
    assert key.endswith(".jpg")
    assert media.path(key).read_bytes() == jpeg


def test_other_formats_become_png(tmp_path):
    media = Media(tmp_path / "media")
    key = media.put(drawn(), encoded(drawn(), "TIFF"))
    with Image.open(media.path(key)) as kept:
        assert kept.format == "PNG"
        assert pixel_hash(kept) == pixel_hash(drawn())


def test_avif_is_kept_as_it_came(tmp_path):
    media, avif = Media(tmp_path / "media"), encoded(drawn(), "AVIF")
    key = media.put(open_image(avif), avif)
    assert key.endswith(".avif") and media.path(key).read_bytes() == avif


def test_a_heic_photograph_becomes_jpeg(tmp_path):
    pytest.importorskip("pi_heif")
    media, heic = Media(tmp_path / "media"), (Path(__file__).parents[2] / "data/turned.heic").read_bytes()
    with Image.open(media.path(media.put(open_image(heic), heic))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (64, 96))


def test_a_photograph_that_carries_others_is_kept_as_it_came(tmp_path):
    media, several = Media(tmp_path / "media"), io.BytesIO()
    drawn().save(several, "MPO", save_all=True, append_images=[drawn("blue")])
    key = media.put(open_image(several.getvalue()), several.getvalue())
    assert key.endswith(".jpg") and media.path(key).read_bytes() == several.getvalue()


def test_a_turned_photograph_is_kept_upright(tmp_path):
    image, exif = drawn(), Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    media = Media(tmp_path / "media")
    upright = Image.open(io.BytesIO(out.getvalue())).transpose(Image.Transpose.ROTATE_270)
    with Image.open(media.path(media.put(upright, out.getvalue()))) as kept:
        assert kept.size == (40, 60)


def test_sweep_keeps_only_what_is_shown(tmp_path):
    media = Media(tmp_path / "media")
    kept, gone = media.put(drawn()), media.put(drawn("blue"))
    assert media.sweep({kept}) == 1
    assert media.keys() == [kept]
    assert not media.path(gone).exists()


def test_an_object_store_gives_readable_files(tmp_path):
    media = Media(tmp_path / "cache", "memory://pictures")
    key = media.put(drawn())
    assert not (tmp_path / "cache" / key).exists()
    with Image.open(media.path(key)) as fetched:
        assert pixel_hash(fetched) == pixel_hash(drawn())
