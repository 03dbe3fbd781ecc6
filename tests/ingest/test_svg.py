"""ingest/svg.py: drawings become pixels and words, and nothing beside them is read."""

from __future__ import annotations

import base64
import gzip
import io
import re
from pathlib import Path

import pytest
import resvg_py
from PIL import Image, ImageFont

from ingest import svg, svg_process
from rag.errors import ReadError
from rag.pictures.open import open_image

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SECRET = (255, 0, 255)


def drawing(inside: str, attributes: str = 'width="100" height="100"', before: str = "") -> bytes:
    return f"{before}<svg {NS} {attributes}>{inside}</svg>".encode()


def png(colour: tuple[int, int, int] = SECRET) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (50, 50), colour).save(out, "PNG")
    return out.getvalue()


def colours(data: bytes) -> set[tuple[int, ...]]:
    return {colour for _, colour in svg.render(data, 100).getcolors(10_000)}


@pytest.fixture
def secret(tmp_path, monkeypatch) -> Path:
    """A picture in the working folder, all of one colour that no drawing here has."""
    path = tmp_path / "secret.png"
    path.write_bytes(png())
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here/secret.png").write_bytes(png())
    return path


SHOWN = {
    "image": '<image href="REF" width="100" height="100"/>',
    "xlink": '<image xlink:href="REF" width="100" height="100"/>',
    "filter": '<filter id="f"><feImage href="REF"/></filter><rect width="100" height="100" filter="url(#f)"/>',
    "use": '<use href="REF#a"/>',
    "style": '<style>image { href: url(REF); } @import "REF";</style><image width="100" height="100" style="href: REF"/>',
    "pattern": '<pattern id="p" width="1" height="1"><image href="REF" width="100" height="100"/></pattern>'
    '<rect width="100" height="100" fill="url(#p)"/>',
}


PLACES = ["{}", "file://{}", " {}", "secret.png", "./secret.png", "../secret.png", "&#47;{}", "http://127.0.0.1:9/{}"]


@pytest.mark.parametrize("way", SHOWN)
def test_no_picture_beside_the_drawing_is_read(secret, way):
    """All places in one drawing, one over the other: any that is read would be seen."""
    shown = ""
    for number, place in enumerate(PLACES):
        named = SHOWN[way].replace("REF", place.format(secret))
        shown += re.sub(r"(id=\"|url\(#)(f|p)", rf"\g<1>\g<2>{number}", named)
    assert SECRET not in colours(drawing(shown))


@pytest.mark.parametrize("way", ["image", "xlink", "filter", "pattern"])
def test_a_picture_written_into_the_drawing_is_drawn(way):
    data = base64.b64encode(png()).decode()
    for kind in ("image/png", "image/jpeg"):  # a false kind does not keep it out
        assert SECRET in colours(drawing(SHOWN[way].replace("REF", f"data:{kind};base64,{data}")))


def test_a_drawing_within_the_drawing_opens_nothing_either(secret):
    inner = base64.b64encode(drawing(f'<image href="{secret}" width="100" height="100"/>')).decode()
    assert colours(drawing(f'<image href="data:image/svg+xml;base64,{inner}" width="100" height="100"/>')) == {(255, 255, 255)}


def test_outer_entities_are_errors_and_its_own_are_filled_in(tmp_path):
    (tmp_path / "secret.txt").write_text("TOP SECRET")
    for outer in ('<!ENTITY x SYSTEM "file://{}">', '<!ENTITY % y SYSTEM "file://{}"> %y;'):
        before = f"<!DOCTYPE svg [{outer.format(tmp_path / 'secret.txt')}]>"
        with pytest.raises(ReadError, match="cannot be parsed"):
            svg.words(drawing("<text>&x;</text>", before=before))
    own = '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY c "red">]><svg xmlns="&ns;" width="50" height="50">'
    assert colours(f'{own}<rect width="50" height="50" fill="&c;"/></svg>'.encode()) == {(255, 0, 0)}


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="150"', (1000, 500)),
        ('width="3000" height="6000"', (1000, 2000)),
        ('width="1e8" height="5e7"', (2000, 1000)),
        ('viewBox="0 0 40 30"', (1000, 750)),
        ('width="80" viewBox="0 0 40 30"', (1000, 750)),
        ('height="100%" width="100%" viewBox="0 0 1200,600"', (1200, 600)),
        ('width="1in" height="48px"', (1000, 500)),
        ('width="100000" height="2"', (2000, 1)),
    ],
)
def test_sizes(attributes, size):
    assert svg.render(drawing('<rect width="1e9" height="1e9" fill="red"/>', attributes)).size == size


def test_a_drawing_fills_its_picture_at_every_size():
    image = svg.render(drawing('<rect width="50" height="100" fill="red"/>'))
    assert image.getpixel((20, 980)) == image.getpixel((480, 20)) == (255, 0, 0) and image.getpixel((520, 500)) == (255, 255, 255)
    assert svg.Drawing(drawing('<rect width="50" height="100" fill="red"/>')).render(enlarge=False).size == (100, 100)
    assert svg.render(drawing('<rect width="400" height="300" fill="red"/>', "")).size == (400, 300)  # as large as what is in it


def test_what_is_transparent_is_white():
    assert colours(drawing("")) == {(255, 255, 255)}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg", "cannot be parsed"),
        (b"\x00\x01\x02", "cannot be parsed"),
        (b"<html/>", "its root is not <svg>"),
        (gzip.compress(drawing("<rect/>"), mtime=0)[:-9], "cut short"),
        (b"\x1f\x8b\x08garbage garbage", "damaged or cut short"),
        (gzip.compress(b"<svg>" + bytes(50_000_000), mtime=0), "too large"),
        (b"<svg>" + b"<g/>" * 300_000 + b"</svg>", "too large"),
        (drawing("", 'width="0" height="5"'), "cannot be rendered"),
        (drawing("<g>" * 300 + "</g>" * 300), "cannot be parsed"),
        (drawing('<rect width="1e5" height="1e5"/>', ""), "too much memory"),
        (drawing("".join(f'<g id="a{n}">' + f'<use href="#a{n + 1}"/>' * 10 + "</g>" for n in range(12))), "rendered"),
    ],
)
def test_what_cannot_be_rendered_is_said(data, reason):
    with pytest.raises(ReadError, match=reason) as refused:
        svg.render(data)
    assert refused.value.hint


def test_a_drawing_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(svg, "TIMEOUT", 1.0)
    noise = '<filter id="f"><feTurbulence baseFrequency=".05" numOctaves="5000"/></filter><rect width="99" height="99" filter="url(#f)"/>'
    with pytest.raises(ReadError, match="within 1 seconds"):
        svg.render(drawing(noise))


def test_a_chain_that_exhausts_the_stack_ends_only_the_process_that_draws():
    chain = "".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(30_000))
    with pytest.raises(ReadError):
        svg.render(drawing(chain + '<rect id="a30000" width="9" height="9"/>'))


def test_words_are_those_that_are_displayed():
    data = drawing(
        """<title>The  lamp</title><desc>A section
        of the lens</desc><metadata><title>no</title></metadata><g><title>The lamp</title><text>Fo<tspan>g</tspan> signal</text></g>
        <text><tspan x="0" y="1">First line</tspan><tspan x="0" dy="9">second line</tspan></text>
        <g style="fill:red; display : none"><text>hidden</text></g><text display="none">hidden</text>
        <switch><foreignObject><div xmlns="http://www.w3.org/1999/xhtml"><p>A <b>label</b></p>in HTML</div></foreignObject></switch>
        <style>.a { fill: red }</style><script>var a</script>"""
    )
    assert svg.words(data) == "The lamp\nA section of the lens\nFog signal\nFirst line\nsecond line\nA label\nin HTML"
    assert svg.words(gzip.compress(data)) == svg.words(data)
    assert svg.Drawing(data).title == "The lamp" and svg.Drawing(drawing("<g><title>a part</title></g>")).title is None


def test_words_are_drawn_where_the_machine_has_no_fonts():
    fonts = svg_process.fonts()
    assert {ImageFont.truetype(path).getname()[0] for path in fonts} >= set(svg_process.FAMILIES.values())
    for family in ("Arial", "serif", "No Such Font"):
        words = drawing(f'<text y="60" font-size="60" font-family="{family}">Lamp</text>')
        alone = resvg_py.svg_to_bytes(
            svg_string=words.decode(), skip_system_fonts=True, font_files=fonts, background="#ffffff", **svg_process.FAMILIES
        )
        assert (0, 0, 0) in colours(words) and open_image(alone).convert("L").getextrema()[0] == 0


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ("No Such Grotesk", "DejaVu Sans"),
        ("No Such Grotesk, sans-serif", "DejaVu Sans"),
        ("No Such Mono", "DejaVu Sans Mono"),
        ("'No Such Times'", "STIXGeneral"),
        ("No Such, serif", "STIXGeneral"),
    ],
)
def test_a_font_that_is_not_there_is_replaced_by_one_like_it(asked, drawn):
    def image(attributes: str, before: str = "") -> bytes:
        return svg.render(drawing(f'{before}<text class="a" y="60" font-size="40" {attributes}>Lamp</text>'), 100).tobytes()

    expected = image(f'font-family="{drawn}"')
    assert image(f'font-family="{asked}"') == image(f'style="fill:#000;font-family: {asked}; x: 1"') == expected
    assert image("", f"<style>.a {{ font-family: {asked} }}</style>") == expected
