"""Opening pictures safely: every format, depth and turn becomes plain pixels, and what is broken or too large is said."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReadError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 80_000_000
MAX_BYTES = 200_000_000
MAX_PAGES = 500  # of a TIFF
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "JPEG2000")  # named, since Pillow's EPS reader runs another program

DARKER = 1.5  # times as many steps of brightness: what a picture with transparent parts must gain by being laid on black
STEP = 40  # of 255

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_SUBFILE, _NO_PAGE = 254, 0b101  # the TIFF tag that says what a picture in the file is; a reduced copy or a mask
_HEAD = 64  # bytes in which a file of that family says what it is
_BROKEN = (  # what decoders raise
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, RuntimeError, struct.error, zlib.error, OverflowError,
)  # fmt: skip

warnings.filterwarnings("ignore", module=r"PIL\.")  # of large images, for which MAX_PIXELS is the stricter rule, and of odd metadata


@cache
def formats() -> tuple[str, ...]:
    """Pillow's names of the formats that can be opened here: AVIF where Pillow was built with it, HEIC with the extra `heic`."""
    from PIL import Image, features

    Image.init()  # registers every format of Pillow's own
    found = list(FORMATS)
    if features.check("avif"):
        found.append("AVIF")
    try:
        import pi_heif
    except ImportError:
        return tuple(found)
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    return (*found, "HEIF")


def open_image(source: bytes | Path) -> Image:
    """The image in `source` as mode L, RGB or RGBA, 8 bits a channel, turned as its EXIF says; of an animation, the first frame.

    Raises ReadError where it is no image of a known format, is cut short, is damaged, or has over 80 million pixels.
    """
    with _opened(source) as image:
        return _whole(image)


def open_pages(source: bytes) -> Iterator[Image | ReadError]:
    """The pages of a TIFF, 500 at most, each as `open_image` gives it, or the error where it cannot be read; reduced copies and masks
    are no pages. Of any other image the one that `open_image` gives.

    Raises ReadError where it is no image of a known format.
    """
    with _opened(source) as image:
        if image.format != "TIFF":
            yield _whole(image)
            return
        for page in range(MAX_PAGES):
            try:
                with _refusing(source):
                    try:
                        image.seek(page)
                    except EOFError:
                        return
            except ReadError as error:  # what comes after it cannot be found
                yield error
                return
            if page and image.tag_v2.get(_SUBFILE, 0) & _NO_PAGE:  # type: ignore[attr-defined]
                continue
            found: Image | ReadError
            try:
                with _refusing(source):
                    found = _whole(image)
            except ReadError as error:
                found = error
            yield found


@contextmanager
def _opened(source: bytes | Path) -> Iterator[Image]:
    from PIL import Image

    with _refusing(source), Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=formats()) as image:
        yield image


@contextmanager
def _refusing(source: bytes | Path) -> Iterator[None]:
    """Raises what goes wrong with the image in `source` as ReadError."""
    from PIL import Image

    try:
        yield
    except Image.DecompressionBombError:
        raise ReadError("The image is too large.", f"Scale it to at most {MAX_PIXELS:,} pixels.") from None
    except _BROKEN as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise ReadError(f"The file cannot be opened: {error.strerror}.", "Check that it is there and that you may read it.") from None
        _refuse_missing(source if isinstance(source, bytes) else source.open("rb").read(_HEAD))
        reason = "It is not an image of a known kind" if "cannot identify" in str(error) else "The image is cut short or damaged"
        raise ReadError(f"{reason}.", "Open it in an image viewer; if it shows there, save it anew as PNG.") from error
    except MemoryError:
        raise ReadError("The image does not fit into memory.", "Scale it down.") from None


def _whole(image: Image) -> Image:
    """The page of an opened image that it stands at."""
    from PIL import ImageOps

    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ReadError(f"The image is too large: {width} x {height} pixels.", f"Scale it to at most {MAX_PIXELS:,} pixels.")
    image.load()
    return _plain(ImageOps.exif_transpose(image))


def _refuse_missing(data: bytes) -> None:
    """Raises ReadError where `data` begins a file of a kind that only a library that is not installed could open."""
    if data[4:8] != b"ftyp":
        return
    brands = {data[at : at + 4] for at in (8, *range(16, min(int.from_bytes(data[:4]), _HEAD), 4))}
    if brands & _AVIF_BRANDS:
        if "AVIF" not in formats():
            raise ReadError(
                "AVIF pictures need a Pillow that was built with libavif.", "Install its wheel: pip install -U pillow"
            ) from None
    elif brands & _HEIC_BRANDS and "HEIF" not in formats():
        raise ReadError("HEIC pictures need a library that is not installed.", "Install it: pip install 'diptych[heic]'") from None


def _plain(image: Image) -> Image:
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBa"):
        return image.convert("RGBA")
    if image.mode == "LAB":
        from PIL import ImageCms

        plain = ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB")
        assert plain is not None
        return plain
    return image.convert("L" if image.mode == "1" else "RGB")


def _eight_bits(image: Image) -> Image:
    """Deep grey to 8 bits, from zero (or the darkest value under it) to the brightest, so that 12 bits in 16 are not all but black."""
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = min(0.0, float(values.min())), float(values.max())
    scaled = (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)
    return Image.fromarray(scaled.round().astype(np.uint8))


def rgb(image: Image) -> Image:
    """`image`, of any mode, as RGB: what is transparent in it is laid on white, or on black where far more is seen on that."""
    image = _plain(image)
    if image.mode != "RGBA":
        return image.convert("RGB")
    if image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    on_white, on_black = (_laid(image, colour) for colour in ("white", "black"))
    return on_black if _seen(on_black) > DARKER * _seen(on_white) else on_white


def _laid(image: Image, colour: str) -> Image:
    from PIL import Image

    return Image.alpha_composite(Image.new("RGBA", image.size, colour), image).convert("RGB")


def _seen(image: Image) -> int:
    """How many of the picture's pixels, or of all but so many where it is large, are unlike one beside them."""
    import numpy as np

    step = max(1, round(max(image.size) / 1500))
    pixels = np.asarray(image.convert("L"), dtype=np.int16)[::step, ::step]
    return sum(int((np.abs(np.diff(pixels, axis=axis)) > STEP).sum()) for axis in (0, 1))
