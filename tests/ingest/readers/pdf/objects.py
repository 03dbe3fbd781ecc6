"""PDFs that tests write object by object: pages with exact contents, annotations, fields, files inside."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

FONT = b"<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def stream(content: bytes, words: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (words, len(content), content)


def scanned(image: Image.Image, layer: list[tuple[int, int, str]]) -> list[bytes]:
    """The objects of a page that is all picture, over a text that is not shown, as scanners' programs write it."""
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=90)
    words = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode" % image.size
    return page_with(b"q 612 0 0 792 0 0 cm /X Do Q\n3 Tr\n" + shown(*layer), [], more=[stream(out.getvalue(), words)])


def shown(*lines: tuple[int, int, str]) -> bytes:
    """The content of a page with lines at (left, points from the bottom), in 11 points."""
    return b"".join(b"BT /F 11 Tf %d %d Td (%s) Tj ET\n" % (left, bottom, text.encode("cp1252")) for left, bottom, text in lines)


def page_with(content: bytes, annotations: list[bytes], catalog: bytes = b"", more: list[bytes] | None = None) -> list[bytes]:
    """The objects of a document of one page: catalogue 1, pages 2, page 3, content 4, font 5, then `annotations` from 6 on, then `more`.
    The content may show the object 6 as /X."""
    numbers = b" ".join(b"%d 0 R" % (6 + n) for n in range(len(annotations)))
    return [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font 5 0 R/XObject<</X 6 0 R>>>>/Annots[%s]>>"
        % numbers,
        stream(content),
        FONT,
        *annotations,
        *(more or []),
    ]


def write_objects(path: Path, objects: list[bytes], trailer: bytes = b"") -> None:
    content, places = b"%PDF-1.7\n", []
    for n, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(content))
    path.write_bytes(content + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end)
