"""What image files say of their pictures, as cameras, photo programs and drawing programs write it."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from ingest.readers.picture_words import said_of

PACKET = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Headline="Gale at Hollin Point"><dc:description><rdf:Alt>
<rdf:li xml:lang="x-default">Seas break over the pier</rdf:li><rdf:li xml:lang="de">Brecher</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>spray</rdf:li><rdf:li>gale</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def saved(format: str = "JPEG", **words: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, format, **words)
    return out.getvalue()


def exif(description: str | None = None) -> Image.Exif:
    tags = Image.Exif()
    if description:
        tags[0x010E] = description
    return tags


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_what_a_camera_and_windows_write(order):
    tags = exif("The pilot cutter leaves")
    tags[0x9C9C] = "Taken from the lock\0".encode("utf-16-le")
    tags[0x9C9E] = "cutter;lock gates;fog\0".encode("utf-16-le")
    tags.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "Spring tide".encode(order)
    assert said_of(saved(exif=tags)) == ("The pilot cutter leaves. Taken from the lock. Spring tide", "lock gates, fog")


def test_what_photo_programs_write():
    assert said_of(saved(xmp=PACKET.encode())) == ("Gale at Hollin Point. Seas break over the pier", "spray")
    entries = b"".join(
        b"\x1c\x02" + bytes([tag]) + len(text).to_bytes(2) + text
        for tag, text in ((120, b"Nets dry on the quay"), (25, b"nets"), (25, b"cork"))
    )
    resources = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(entries).to_bytes(4) + entries + bytes(len(entries) % 2)
    plain = saved()
    whole = plain[:2] + b"\xff\xed" + (len(resources) + 2).to_bytes(2) + resources + plain[2:]
    assert said_of(whole) == ("Nets dry on the quay", "cork")


def test_what_png_and_gif_carry():
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("Description", "Søndre jetty from the sea")
    texts.add_text("Title", "Jetty")
    texts.add_text("Software", "a program")
    texts.add_itxt("XML:com.adobe.xmp", PACKET)
    assert said_of(saved("PNG", pnginfo=texts)) == (
        "Gale at Hollin Point. Søndre jetty from the sea. Seas break over the pier", "spray"
    )  # fmt: skip
    assert said_of(saved("GIF", comment=b"Plan of the winch")) == ("Plan of the winch", None)


@pytest.mark.parametrize(
    "text", ["OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "Screenshot", "DSC_0031.jpg", "   ", "Created with GIMP", "image 4", "\0\0"]
)
def test_what_programs_write_by_themselves_is_left_out(text):
    assert said_of(saved(exif=exif(text), comment=b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90")) == (None, None)


@pytest.mark.parametrize(
    "packet", [b"<x:xmpmeta", b"\xff\xfe\0\0", PACKET.encode()[:300], b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"]
)
def test_what_is_damaged_is_passed_over(packet):
    assert said_of(saved(xmp=packet, exif=exif("A cable drum"))) == ("A cable drum", None)
    assert said_of(b"no picture") == (None, None)
