"""Pages whose text is not what they show are read by OCR, and pages whose text is right are not."""

from __future__ import annotations

import random
import string

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.readers.pdf.legible import looks_like_noise
from tests.ingest.pages import Page, column, write_pdf
from tests.ingest.readers.pdf.objects import page_with, scanned, shown, stream, write_objects

LINES = [
    "The harbour of Tofte was dredged in the",
    "summer of 1908 by the steam barge Hugin.",
    "Her master Anton Riise kept a diary of it,",
    "which is shown in the customs house today.",
]


def mapped(tmp_path, change, lines=LINES) -> None:
    """A page that shows `lines`, and whose font says of each letter that it is what `change` makes of it."""
    letters = [*map(chr, range(33, 127)), "ß"]
    rows = b"".join(b"<%02x> <%s>\n" % (ord(each), change(each).encode("utf-16-be").hex().encode()) for each in letters)
    cmap = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n"
    cmap += b"%d beginbfchar\n%sendbfchar endcmap end end" % (len(letters), rows)
    content = shown(*((72, 700 - 20 * n, line) for n, line in enumerate(lines)))
    objects = page_with(content, [], more=[stream(cmap)])
    objects[4] = b"<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>>>"
    write_objects(tmp_path / "a.pdf", objects)


def shuffled(seed: int):
    chance = random.Random(seed)
    mixed = {
        low: high
        for letters in (string.ascii_lowercase, string.ascii_uppercase)
        for low, high in zip(letters, chance.sample(letters, 26), strict=True)
    }
    return lambda letter: mixed.get(letter, letter)


@pytest.mark.parametrize(
    "change",
    [
        lambda letter: chr(ord(letter) + 0xE000),
        lambda letter: chr(max(33, ord(letter) - 29)),
        shuffled(1),
        shuffled(2),
        lambda letter: "\ufffd",
    ],
    ids=["private use", "shifted", "shuffled", "shuffled too", "unknown"],
)
def test_a_page_whose_font_tells_other_letters_is_read_as_it_looks(tmp_path, blocks, ocr, change):
    mapped(tmp_path, change)
    found, _ = blocks("a.pdf", ocr=ocr)
    assert " ".join(each.text for each in found) == " ".join(LINES)
    assert found[0].locator.page == 1 and found[0].locator.bbox and found[0].locator.bbox[1] < 0.15


class Blind:
    """Stands where OCR would, and has nothing to look at."""

    def __getattr__(self, name: str):
        raise AssertionError(f"{name}: the page was looked at")


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        ["Kompassrose und Windfahne, 12 kg, 37,50", "Schiffahrtsamt, Angstschweiß, Rhythmus", "und die Boje BB-17 (ISO 9001:2015)"],
        ["GDP 3.4% CPI 2.1% PPP 1.07", "NATO HTML CSS XML ISBN 82-990-1212-4", "see http://sund.example/a?b=c&d=e"],
        ["Total net sales 82,959 81,434", "Cost of sales 47,074 46,179", "Operating income 23,076 24,126"],
    ],
)
def test_a_page_whose_text_is_right_is_not_looked_at(tmp_path, blocks, lines):
    mapped(tmp_path, lambda letter: letter, lines)
    found, _ = blocks("a.pdf", ocr=Blind())
    assert "".join("".join(each.text.split()) for each in found) == "".join(lines).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "noise"),
    [
        ("Маяк был построен в тысяча девятьсот восьмом году", False),
        ("灯台は千九百八年に建てられた。", False),
        ("بنيت المنارة عام ألف وتسعمئة وثمانية", False),
        ("Ngọn hải đăng được xây dựng vào năm một nghìn chín trăm linh tám", False),
        ("Ïðèâåò, ýòî ìàÿê è åãî ñìîòðèòåëü", True),
        ("\uf041\uf042\uf043 \uf044\uf045\uf046\uf047", True),
        ("xqzt bcdfgh lkjhgf wrtpsd mnbvcx", True),
        ("7K#H N$HSHU R@I WK%H OLJ&KW", True),
    ],
)
def test_noise_is_what_no_language_writes(text, noise):
    assert looks_like_noise(text) is noise


def scan(lines: list[str], size=(1240, 1754)) -> Image.Image:
    image = Image.new("L", size, 250)
    for n, line in enumerate(lines):
        ImageDraw.Draw(image).text((140, 200 + 80 * n), line, fill=10, font=ImageFont.load_default(34))
    return image.convert("RGB")


STAMP = "TOFTE HARBOUR TRUST, scanned copy 0417 of the minutes, released by the archive in the year 1999"


def test_a_scan_with_a_stamp_in_its_text_has_both(tmp_path, blocks, ocr):
    write_pdf(tmp_path / "a.pdf", Page([(60, 770, 8, STAMP)], pictures=[(0, 0, 612, 792, scan(LINES))]))
    found, figures = blocks("a.pdf", ocr=ocr)
    text = " ".join(each.text for each in found)
    assert " ".join(LINES) in text and text.count("released by the archive") == 1 and not figures


def test_a_scan_whose_text_layer_is_bad_is_read_anew(tmp_path, blocks, ocr):
    lines = [*LINES, *(f"The {n} buoys were painted by Anton Riise." for n in ("first", "second", "third", "fourth", "fifth", "sixth"))] * 2
    bad = [line.translate(str.maketrans("aeioubdhlnrst", "@c!0n6clhi1mz")) for line in lines]
    write_objects(tmp_path / "a.pdf", scanned(scan(lines), [(69, 688 - 36 * n, line) for n, line in enumerate(bad)]))
    found, _ = blocks("a.pdf", ocr=ocr)
    text = " ".join(each.text for each in found)
    assert "Her master Anton Riise kept a diary of it" in text and "@" not in text


def test_a_scan_whose_text_layer_is_good_keeps_it(tmp_path, blocks, ocr, monkeypatch):
    lines = LINES * 5
    write_objects(tmp_path / "a.pdf", scanned(scan(lines), [(69, 688 - 36 * n, line.replace("s", "5", 1)) for n, line in enumerate(lines)]))
    monkeypatch.setattr(type(ocr), "paragraphs", lambda *_: pytest.fail("it was read whole"))
    assert "5ummer of 1908 by the steam barge Hugin." in " ".join(each.text for each in blocks("a.pdf", ocr=ocr)[0])


def test_letters_drawn_as_outlines_are_read(tmp_path, blocks, ocr):
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath

    matplotlib.use("pdf")
    figure = Figure(figsize=(8.5, 11))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 612)
    axes.set_ylim(0, 792)
    axes.axis("off")
    for n, line in enumerate(LINES):
        axes.add_patch(PathPatch(TextPath((72, 700 - 24 * n), line, size=14), color="black", linewidth=0))
    with PdfPages(tmp_path / "a.pdf") as pdf:
        pdf.savefig(figure)
    found, _ = blocks("a.pdf", ocr=ocr)
    assert " ".join(each.text for each in found) == " ".join(LINES)


def test_an_empty_page_is_not_looked_at(tmp_path, blocks):
    objects = page_with(b"", [])
    write_objects(tmp_path / "a.pdf", objects)
    assert blocks("a.pdf", ocr=Blind()) == ([], [])


def test_words_in_a_picture_beside_text_are_left_to_the_picture(tmp_path, blocks):
    image = scan(LINES).crop((100, 150, 1000, 500))
    write_pdf(tmp_path / "a.pdf", Page(column(72, 80, LINES), pictures=[(72, 300, 400, 430, image)]))
    found, (figure,) = blocks("a.pdf", ocr=Blind())
    assert figure.inside is None and len(found) == 1
