"""PDF: reading order, headings, running heads, figures, scans, and broken files."""

import hashlib
import random

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.blocks import Document
from ingest.readers import read
from rag.errors import ReadError
from tests.ingest.pages import Page, column, write_pdf
from tests.ingest.readers.pdf.objects import write_objects

LEFT = [
    "The first light on the rock was made",
    "of wood and burned in a storm of the",
    "winter. The second one was built from",
    "granite blocks that lock into one an-",
    "other like the roots of an oak, and it",
    "stood for more than a hundred years.",
    "A well-known drawing shows the stones.",
]
RIGHT = [
    "The lens came later and was turned by",
    "a clockwork that the keepers wound up",
    "every four hours of the night. A well-",
    "known drawing of it hangs in the hall.",
    "Its light was seen from twenty miles in",
    "clear weather, and from nine in haze or",
    "rain, as the log of the keepers says.",
]


def body(top: float = 300, lines: int = 12) -> list[tuple]:
    return column(72, top, ["Plain words of the body stand here in lines that are all of one size, as in most books."] * lines)


def noise(width: int = 120, height: int = 90, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def words_image(*lines: str, size=(900, 600), font: int = 28) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for n, line in enumerate(lines):
        draw.text((40, 60 + n * 60), line, fill="black", font=ImageFont.load_default(font))
    return image


def test_two_columns_are_read_one_after_the_other_under_a_wide_title(tmp_path, blocks):
    write_pdf(tmp_path / "a.pdf", Page([(72, 80, 20, "The lights of the north"), *column(72, 130, LEFT), *column(320, 130, RIGHT)]))
    found, _ = blocks("a.pdf")
    text = " ".join(each.text for each in found)
    assert text.startswith("The first light on the rock was made of wood")
    assert "lock into one another like the roots" in text, "the hyphen at the line's end is mended"
    assert "A well-known drawing of it hangs" in text, "a hyphen that the word has elsewhere stays"
    assert text.index("shows the stones.") < text.index("The lens came later") < text.index("the log of the keepers says.")
    assert all(each.locator.page == 1 and each.locator.heading == "The lights of the north" for each in found)


def test_rows_of_words_are_not_taken_for_columns(tmp_path, blocks):
    rows = [("Rock", "oil"), ("Point", "gas"), ("Isle", "oil"), ("Head", "gas"), ("Ness", "oil"), ("Bay", "coal")]
    words = [(left, 100 + 14 * n, 10, cell) for n, row in enumerate(rows) for left, cell in zip((72, 300), row, strict=True)]
    write_pdf(tmp_path / "a.pdf", Page(words))
    found, _ = blocks("a.pdf")
    assert " ".join(each.text for each in found).split() == [cell for row in rows for cell in row]
    assert {each.kind for each in found} == {"prose"}, "without figures and without rules these may be anything"


def test_a_report_has_the_date_of_the_day_on_which_its_period_ends(tmp_path):
    cover = [(72, 80, 22, "Ossett Mills"), (72, 110, 10, "For the quarterly period ended July 1, 2021"), *body(140, 4)]
    write_pdf(tmp_path / "a.pdf", Page(cover), Page(body(80, 4)))
    write_pdf(tmp_path / "b.pdf", Page(body(80, 4)), Page(cover))
    dates = [next(read(tmp_path / name, name, tmp_path, None)).date for name in ("a.pdf", "b.pdf")]
    assert dates == ["2021-07-01", ""]


def test_headings_by_size_and_bold_numbers(tmp_path, blocks):
    words = [
        (72, 80, 22, "Lights"), *body(110, 4), (72, 200, 15, "The lens"), *body(230, 4),
        (72, 310, 10, "2.1 Glass and brass", "bold"), *body(340, 4), (72, 420, 15, "The lamp"), *body(450, 4),
    ]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", Page(words))
    headings = list(dict.fromkeys(each.locator.heading for each in blocks("a.pdf")[0]))
    assert headings == ["Lights", "Lights > The lens", "Lights > The lens > 2.1 Glass and brass", "Lights > The lamp"]


def test_a_table_of_contents_has_no_headings_and_no_rows_of_dots(tmp_path, blocks):
    words = [(72, 80, 22, "Lights"), (72, 120, 14, "1 Towers . . . . . . . . . . . . . . 3"), *body(160, 4)]
    write_pdf(tmp_path / "a.pdf", Page(words))
    found, _ = blocks("a.pdf")
    assert found[0].text == "1 Towers … 3" and {each.locator.heading for each in found} == {"Lights"}


def test_running_heads_and_page_numbers_go(tmp_path, blocks):
    pages = [
        Page(
            [
                (72, 40, 8, "The Lights, second edition"),
                *column(72, 100, [f"Words of sheet {'abcd'[n]}."]),
                (300, 760, 8, f"Page {n + 1} of 4"),
            ]
        )
        for n in range(4)
    ]
    write_pdf(tmp_path / "a.pdf", *pages)
    found, _ = blocks("a.pdf")
    assert [(each.text, each.locator.page) for each in found] == [(f"Words of sheet {'abcd'[n]}.", n + 1) for n in range(4)]


def test_a_page_of_nothing_but_a_repeated_line_keeps_it(tmp_path, blocks):
    write_pdf(tmp_path / "a.pdf", *[Page([(72, 50, 10, f"This is page {n}")]) for n in (1, 2, 3)])
    assert [each.text for each in blocks("a.pdf")[0]] == ["This is page 1", "This is page 2", "This is page 3"]


def test_paragraphs_are_parted_at_gaps(tmp_path, blocks):
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 100, LEFT[:3]), *column(72, 160, RIGHT[:3])]))
    found, _ = blocks("a.pdf")
    assert [each.text for each in found] == [
        " ".join(LEFT[:3]),
        "The lens came later and was turned by a clockwork that the keepers wound up every four hours of the night. A well-",
    ]


def test_a_picture_has_its_place_its_caption_and_the_words_that_speak_of_it(tmp_path, blocks):
    page = Page(
        [
            *column(72, 80, ["As Figure 3 shows, the lens is a beehive made of glass rings in a brass frame."]),
            *column(72, 330, ["Figure 3: The lens of the north light"]),
            *column(72, 360, ["Nothing here speaks of the picture above, only of the weather on the coast."]),
        ],
        pictures=[(100, 120, 340, 300, noise())],
    )
    write_pdf(tmp_path / "a.pdf", page)
    _, (figure,) = blocks("a.pdf")
    assert figure.caption == "Figure 3: The lens of the north light"
    assert figure.around.startswith("As Figure 3 shows")
    assert figure.locator.page == 1 and figure.origin is None and figure.data is None
    assert figure.locator.bbox == pytest.approx((100 / 612, 120 / 792, 340 / 612, 300 / 792), abs=0.01)
    assert figure.image.width / figure.image.height == pytest.approx(240 / 180, abs=0.03)
    seen = np.asarray(figure.image.resize((120, 90)), dtype=float)
    assert np.corrcoef(seen.ravel(), noise().ravel())[0, 1] > 0.5, "it is that picture"


def test_a_logo_in_the_margin_of_every_page_is_no_figure(tmp_path, blocks):
    pages = [Page([*body(120 + n, 5)], pictures=[(500, 20, 560, 60, noise(60, 40))]) for n in range(3)]
    pages[1].pictures.append((100, 300, 340, 480, noise(seed=1)))
    write_pdf(tmp_path / "a.pdf", *pages)
    _, figures = blocks("a.pdf")
    assert [figure.locator.page for figure in figures] == [2]


def test_a_drawing_is_a_figure_where_a_caption_speaks_of_it(tmp_path, blocks):
    drawing = (100, 120, 400, 300)
    captioned = Page([*body(400), (100, 330, 10, "Fig. 2 Height of the tide")], drawn=[drawing])
    write_pdf(tmp_path / "a.pdf", captioned, Page(body(400), drawn=[drawing]))
    _, (figure,) = blocks("a.pdf")
    assert (figure.caption, figure.locator.page) == ("Fig. 2 Height of the tide", 1)
    assert figure.locator.bbox == pytest.approx((100 / 612, 120 / 792, 400 / 612, 300 / 792), abs=0.03)
    reds = (np.asarray(figure.image).astype(int) @ [1, -1, 0] > 150).mean()
    assert reds > 0.005, "the red line is in it"


def test_a_paragraph_runs_on_in_the_next_column(tmp_path, blocks):
    write_pdf(
        tmp_path / "a.pdf",
        Page([*column(72, 130, [*LEFT[:6], "Its stones were cut on the shore, and"]), *column(320, 130, ["carried out by boat.", *RIGHT])]),
    )
    assert "cut on the shore, and carried out by boat." in blocks("a.pdf")[0][0].text


def test_a_wide_title_and_summary_keep_their_short_last_lines(tmp_path, blocks):
    wide = "An account of the lights that were built on the rocks of the north coast and of the people"
    page = Page(
        [
            *column(72, 60, ["The lights of the north, from their", "beginnings"], 20, 24),
            *column(72, 110, [wide, "who kept them."]),
            *column(72, 160, LEFT),
            *column(320, 160, RIGHT),
        ]
    )
    write_pdf(tmp_path / "a.pdf", page)
    found, _ = blocks("a.pdf")
    assert found[0].text == f"{wide} who kept them."
    assert found[0].locator.heading == "The lights of the north, from their beginnings"


def test_a_figure_stands_under_the_heading_of_its_caption(tmp_path, blocks):
    words = [(72, 80, 15, "The lens"), *body(100, 3), (100, 330, 10, "Figure 1: A lens"), (72, 380, 15, "The lamp"), *body(400, 9)]
    write_pdf(tmp_path / "a.pdf", Page(words, pictures=[(100, 160, 340, 310, noise())]))
    _, (figure,) = blocks("a.pdf")
    assert figure.locator.heading == "The lens"


def test_a_turned_page_reads_as_it_is_shown(tmp_path, blocks):
    write_pdf(tmp_path / "up.pdf", Page(column(72, 100, LEFT), pictures=[(72, 300, 272, 400, noise())]))
    document = pypdfium2.PdfDocument(tmp_path / "up.pdf")
    document[0].set_rotation(180)
    document.save(tmp_path / "down.pdf")
    document.close()
    _, (figure,) = blocks("down.pdf")
    assert figure.locator.bbox == pytest.approx((340 / 612, 392 / 792, 540 / 612, 492 / 792), abs=0.01)


def test_pictures_inside_forms_are_found_where_they_are_shown(tmp_path, blocks):
    write_pdf(tmp_path / "inner.pdf", Page(pictures=[(100, 120, 340, 300, noise())]))
    inner, outer = pypdfium2.PdfDocument(tmp_path / "inner.pdf"), pypdfium2.PdfDocument.new()
    page = outer.new_page(612, 792)
    form = inner.page_as_xobject(0, outer).as_pageobject()
    form.set_matrix(pypdfium2.PdfMatrix().scale(0.5, 0.5).translate(50, 100))
    page.insert_obj(form)
    page.gen_content()
    outer.save(tmp_path / "outer.pdf")
    _, (figure,) = blocks("outer.pdf")
    left, right = (50 + 100 / 2) / 612, (50 + 340 / 2) / 612
    top, bottom = (792 - 100 - (792 - 120) / 2) / 792, (792 - 100 - (792 - 300) / 2) / 792
    assert figure.locator.bbox == pytest.approx((left, top, right, bottom), abs=0.01)


def test_a_scan_is_read_by_ocr_and_is_no_figure(tmp_path, blocks, ocr):
    lines = [f"Entry {n}: the keeper trimmed the lamp and wrote the log." for n in range(1, 7)]
    words_image(*lines).save(tmp_path / "scan.pdf", resolution=150)
    found, figures = blocks("scan.pdf", ocr=ocr)
    text = " ".join(each.text for each in found)
    assert "Entry 1: the keeper trimmed the lamp" in text and "Entry 6" in text
    assert all(each.locator.page == 1 for each in found) and not figures
    found, figures = blocks("scan.pdf")
    assert not found and len(figures) == 1, "without OCR the page is a picture"


@pytest.mark.parametrize("turn", [180, 270])
def test_a_scan_that_lies_on_its_side_or_head_is_turned(tmp_path, blocks, ocr, turn):
    lines = [f"Entry {n}: the keeper trimmed the lamp and wrote the log." for n in range(1, 7)]
    words_image(*lines).rotate(turn, expand=True).save(tmp_path / "scan.pdf", resolution=150)
    text = " ".join(each.text for each in blocks("scan.pdf", ocr=ocr)[0])
    assert "Entry 1: the keeper trimmed the lamp" in text and text.index("Entry 1") < text.index("Entry 6")


def test_a_picture_that_would_take_all_memory_is_refused(tmp_path, blocks):
    objects = page_objects(b"q 500 0 0 500 50 100 cm /X Do Q")
    picture = b"<</Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/JPXDecode/Length 4>>"
    write_objects(tmp_path / "a.pdf", [*objects, picture + b"stream\nnone\nendstream"])
    with pytest.raises(ReadError, match="too many pixels"):
        blocks("a.pdf")


def test_a_full_page_photograph_with_few_words_is_a_figure(tmp_path, blocks, ocr):
    image = Image.fromarray(noise(124, 175)).resize((620, 875))
    ImageDraw.Draw(image).rectangle((100, 100, 500, 165), fill="white")
    ImageDraw.Draw(image).text((125, 115), "North Light", fill="black", font=ImageFont.load_default(40))
    image.save(tmp_path / "poster.pdf", resolution=100)
    found, figures = blocks("poster.pdf", ocr=ocr)
    assert len(figures) == 1 and any("North Light" in each.text for each in found)


def test_a_paragraph_goes_on_over_the_page_end_past_footer_and_figure(tmp_path, blocks):
    first = [*LEFT[:6], "The stones of the old tower were brought by boat from the main-"]
    pages = [
        Page([*column(72, 100, first), (300, 760, 8, "7")]),
        Page(
            [*column(72, 330, ["Figure 1: The stones"]), *column(72, 360, ["land in the spring.", *body(0, 2)[0][3:]]), (300, 760, 8, "8")]
        ),
    ]
    pages[1].pictures.append((72, 100, 300, 310, noise()))
    write_pdf(tmp_path / "a.pdf", *pages)
    found, (figure,) = blocks("a.pdf")
    (mended,) = [each for each in found if "old tower" in each.text]
    assert mended.text == "The stones of the old tower were brought by boat from the mainland in the spring."
    assert mended.locator.page == 1 and figure.locator.page == 2
    assert not any(each.text in "7 8" for each in found), "two pages are enough for a page number"


def test_heads_of_odd_and_even_pages_go_and_words_that_only_recur_stay(tmp_path, blocks):
    pages = [
        Page(
            [
                (72, 40, 8, f"{n} Of lights") if n % 2 else (400, 40, 8, f"Northern coasts {n}"),
                *column(72, 100, [f"Sheet {'abcdefgh'[n]}."]),
            ]
        )
        for n in range(8)
    ]
    pages[1].words.append((72, 60, 10, "See also"))
    pages[5].words.append((72, 60, 10, "See also"))
    write_pdf(tmp_path / "a.pdf", *pages)
    text = " ".join(each.text for each in blocks("a.pdf")[0])
    assert "Of lights" not in text and "Northern" not in text
    assert text.count("See also") == 2 and all(f"Sheet {letter}." in text for letter in "abcdefgh")


def test_a_chart_is_a_figure_without_a_caption_and_a_box_around_text_is_none(tmp_path, blocks):
    import matplotlib

    matplotlib.use("pdf")
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    page = Figure(figsize=(8.5, 11))
    axes = page.add_axes((0.15, 0.6, 0.7, 0.3))
    axes.bar(["oil", "gas", "coal"], [3, 5, 2])
    page.add_artist(Rectangle((0.1, 0.2), 0.8, 0.16, fill=False))
    for n in range(9):
        page.text(0.12, 0.34 - n * 0.016, "Words in a box stand here in lines that are all of one size, and fill it.", fontsize=10)
    page.savefig(tmp_path / "a.pdf")
    _, (figure,) = blocks("a.pdf")
    left, top, right, bottom = figure.locator.bbox
    assert 0.05 < left < 0.15 and 0.08 < top < 0.1 and 0.84 < right < 0.9 and 0.4 < bottom < 0.45
    assert figure.caption is None


def test_one_picture_on_most_pages_is_a_logo_and_different_ones_in_one_place_are_figures(tmp_path, blocks):
    logo, place = noise(60, 40), (400, 300, 460, 340)
    write_pdf(tmp_path / "same.pdf", *[Page(body(100 + n, 4), pictures=[(*place, logo)]) for n in range(4)])
    assert not blocks("same.pdf")[1]
    write_pdf(tmp_path / "album.pdf", *[Page(body(100 + n, 4), pictures=[(*place, noise(60, 40, n))]) for n in range(4)])
    assert [figure.locator.page for figure in blocks("album.pdf")[1]] == [1, 2, 3, 4]


def test_code_keeps_its_lines_and_its_indents(tmp_path, blocks):
    import matplotlib

    matplotlib.use("pdf")
    from matplotlib.figure import Figure

    page = Figure(figsize=(8.5, 11))
    for n, (_, _, size, line) in enumerate(body(0, 6)):
        page.text(0.12, 0.9 - n * 0.016, line, fontsize=size)
    for n, (indent, line) in enumerate([(0, "def light(lamp):"), (4, "if lamp.oil:"), (8, "return lamp.burn()"), (0, "light(north)")]):
        page.text(0.12 + indent * 0.00984, 0.7 - n * 0.016, line, fontsize=10, family="DejaVu Sans Mono")
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        page.savefig(tmp_path / "a.pdf")
    (code,) = [each for each in blocks("a.pdf")[0] if each.kind == "code"]
    assert code.text == "def light(lamp):\n    if lamp.oil:\n        return lamp.burn()\nlight(north)"


def test_a_long_document_gives_its_first_blocks_before_it_is_read_to_the_end(tmp_path, monkeypatch):
    from ingest.readers.pdf import reader as pdf

    monkeypatch.setattr(pdf, "STRETCH_PAGES", 3)
    lines = ["The keeper wrote the log of the light in words that never came to a proper end and so", "went on upon the next of its pages."]
    pages = [
        Page([(72, 40, 8, "The log"), *column(72, 130, [f"Entry {'abcdefghij'[n]}.", *body(0, 3)[0][3:], lines[0]])]) for n in range(10)
    ]
    for page in pages[1:]:
        page.words.append((72, 106, 10, lines[1]))
    write_pdf(tmp_path / "a.pdf", *pages)
    scanned = []
    monkeypatch.setattr(pdf, "scan", lambda page, scan=pdf.scan: scanned.append(page) or scan(page))
    found = read(tmp_path / "a.pdf", "a.pdf", tmp_path, None)
    assert next(found) == Document()  # what is on every page is no title
    first = next(found)
    assert (first.text, len(scanned)) == ("Entry a.", 3)
    texts = [first.text, *(each.text for each in found)]
    assert len(scanned) == 10 and "The log" not in texts
    assert sum(text.endswith(" ".join(lines)) for text in texts) == 9, "paragraphs go on over the ends of stretches too"


def test_a_page_of_countless_marks_or_forms_within_themselves_is_read_soon(tmp_path, blocks):
    chance = random.Random(0)
    marks = b"".join(b"%d %d m %d %d l S\n" % tuple(chance.randrange(600) for _ in range(4)) for _ in range(15_000))
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream"
    write_objects(tmp_path / "a.pdf", [*page_objects(b"BT /F 12 Tf 72 700 Td (A map) Tj ET /X Do " + marks), form])
    found, _ = blocks("a.pdf")
    assert [each.text for each in found] == ["A map"]


def test_pages_that_are_only_claimed_to_be_there_are_not_waited_for(tmp_path, blocks):
    objects = page_objects(b"BT /F 12 Tf 72 700 Td (The only page) Tj ET")
    objects[1] = b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 1000000>>"
    write_objects(tmp_path / "a.pdf", objects)
    assert [each.text for each in blocks("a.pdf")[0]] == ["The only page"]


def page_objects(content: bytes) -> list[bytes]:
    font = b"<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font 5 0 R/XObject<</X 6 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        font,
    ]


def test_a_file_that_is_no_pdf_or_cut_short_is_refused(tmp_path, blocks):
    whole = write_pdf(tmp_path / "a.pdf", Page(body())).read_bytes()
    for content in (b"%PDF-1.7\n" + random.Random(0).randbytes(2000), b"no pdf at all", whole[:300]):
        with pytest.raises(ReadError, match="The PDF is damaged"):
            blocks("broken.pdf", content)


def test_a_file_that_lost_its_end_is_read_as_far_as_it_goes_or_refused(tmp_path, blocks):
    whole = write_pdf(tmp_path / "a.pdf", Page(body()), Page(body())).read_bytes()
    for share in (0.2, 0.5, 0.9, 0.99):
        try:
            blocks("cut.pdf", whole[: int(len(whole) * share)])
        except ReadError as error:
            assert "PDF is damaged" in str(error)


def test_random_damage_never_escapes_as_anything_but_a_read_error(tmp_path, blocks):
    whole = write_pdf(tmp_path / "a.pdf", Page(body(), pictures=[(100, 500, 300, 600, noise())])).read_bytes()
    chance = random.Random(1)
    for _ in range(30):
        content = bytearray(whole)
        for _ in range(40):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            blocks("damaged.pdf", bytes(content))
        except ReadError as error:
            assert error.hint


def test_a_protected_file_says_so(tmp_path, blocks):
    owner, user = b"<" + b"ab" * 32 + b">", b"<" + b"cd" * 32 + b">"
    locked = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O" + owner + b"/U" + user + b">>"
    write_objects(tmp_path / "locked.pdf", [*page_objects(b""), locked], b"/Encrypt 6 0 R/ID[<00112233><00112233>]")
    with pytest.raises(ReadError, match=r"The PDF is protected by a password\."):
        blocks("locked.pdf")


def test_a_file_that_is_encrypted_without_a_password_opens(tmp_path, blocks):
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    owner, name = bytes(32), bytes.fromhex("00112233")
    key = hashlib.md5(padding + owner + (-4).to_bytes(4, "little", signed=True) + name).digest()[:5]
    objects = page_objects(b"")
    content = rc4(hashlib.md5(key + bytes((4, 0, 0, 0, 0))).digest()[:10], b"BT /F 12 Tf 72 700 Td (Open to all) Tj ET")
    objects[3] = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    user = rc4(key, padding).hex().encode()
    objects.append(b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + owner.hex().encode() + b">/U<" + user + b">>>")
    write_objects(tmp_path / "a.pdf", objects, b"/Encrypt 6 0 R/ID[<00112233><00112233>]")
    assert [each.text for each in blocks("a.pdf")[0]] == ["Open to all"]


def rc4(key: bytes, data: bytes) -> bytes:
    box, j, i, out = list(range(256)), 0, 0, bytearray()
    for n in range(256):
        j = (j + box[n] + key[n % len(key)]) % 256
        box[n], box[j] = box[j], box[n]
    j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.pdf").touch()
    with pytest.raises(ReadError, match=r"The file is empty\."):
        list(read(tmp_path / "a.pdf", "a.pdf", tmp_path, None))


def test_headings_in_bold_and_by_their_names(tmp_path, blocks):
    words = [
        (72, 60, 22, "The light company"),
        (72, 100, 10, "PART I. THE LIGHTS", "bold"),
        (72, 114, 10, "Item 1. What they cost", "bold"),
        *body(140, 4),
        (72, 220, 10, "Note 3 — OIL", "bold"),
        *body(240, 4),
        (72, 320, 10, "Whale oil", "bold"),
        *body(340, 4),
        (72, 420, 10, "Item 2. Who kept them", "bold"),
        *body(440, 6),
    ]
    write_pdf(tmp_path / "a.pdf", Page(words))
    headings = list(dict.fromkeys(each.locator.heading for each in blocks("a.pdf")[0]))
    item = "The light company > PART I. THE LIGHTS > Item 1. What they cost"
    assert headings == [
        item,
        f"{item} > Note 3 — OIL",
        f"{item} > Note 3 — OIL > Whale oil",
        "The light company > PART I. THE LIGHTS > Item 2. Who kept them",
    ]


def test_numbered_lines_in_small_capitals_are_headings_and_the_lettering_of_a_figure_is_none(tmp_path, blocks):
    def heading(top: float, size: float, number: str, *words: str) -> list[tuple]:
        """As papers set them: the first letter of each word in the size of the heading, the others in four fifths of it."""
        marks, left = [(72, top, size, number)], 72 + 0.62 * size * len(number) + 10
        widths = {"L": 0.56, "G": 0.77, "B": 0.68, "R": 0.69, "F": 0.57, "T": 0.6}  # of matplotlib's type
        for word in words:
            marks += [(left, top, size, word[0]), (left + widths[word[0]] * size, top, 0.8 * size, word[1:])]
            left += (1.3 + 0.55 * len(word)) * size
        return marks

    words = [
        (72, 60, 22, "Lights"), *heading(100, 12, "3", "LENSES"), *body(120, 3),
        *heading(180, 10, "3.1", "GLASS"), *body(200, 3), *heading(250, 10, "3.2", "BRASS", "RINGS"), *body(270, 3),
        (72, 330, 3.8, "8 a b c d e f g h", "bold"), *body(340, 3), (72, 400, 10, "6.5 METRES"), *body(420, 3),
        *heading(480, 12, "A", "FURTHER", "TABLES"), *body(500, 3),
    ]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", Page(words))
    headings = list(dict.fromkeys(each.locator.heading for each in blocks("a.pdf")[0]))
    assert headings == [
        "Lights > 3 LENSES",
        "Lights > 3 LENSES > 3.1 GLASS",
        "Lights > 3 LENSES > 3.2 BRASS RINGS",
        "Lights > A FURTHER TABLES",
    ]


def test_a_foot_with_the_number_of_the_page_goes_wherever_the_page_ends_and_years_at_the_top_stay(tmp_path, blocks):
    pages = [
        Page([*column(72, 60, [f"Wind in {1900 + n % 2} from {'abcdefghij'[n]}."]), 
              (72, 110 + 90 * (n % 3), 8, f"Log of {'klmnopqrst'[n]}"),
              (300, 110 + 90 * (n % 3), 8, str(n + 3))])
        for n in range(8)
    ]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", *pages)
    text = "\n".join(each.text for each in blocks("a.pdf")[0])
    assert "Log of" not in text and text.count("Wind in 190") == 8


def test_short_lines_with_figures_stay_lines(tmp_path, blocks):
    data = ["Height 85 cm", "Width 60 cm", "Weight 71 kg", "Noise when spinning 74 dB"]
    write_pdf(tmp_path / "a.pdf", Page([*column(72, 60, data), *body(200)]))
    found, _ = blocks("a.pdf")
    assert "\n".join(data) in [each.text for each in found]


def test_facts_side_by_side_on_a_form_are_facts_of_their_own(tmp_path, blocks):
    told = [("Order:", "4711-B", "Cinema:", "Harbour Row"), ("Contact:", "Ilse Brandt", "Region:", "North"), ("Terms: net 30", "", "", "")]
    words = [
        (left, 100 + 14 * n, 10, word) for n, row in enumerate(told) for left, word in zip((72, 150, 320, 400), row, strict=True) if word
    ]
    write_pdf(tmp_path / "a.pdf", Page([(72, 60, 16, "Booking"), *words]))
    lines = [line for each in blocks("a.pdf")[0] for line in each.text.split("\n")]
    assert lines == ["Order: 4711-B", "Cinema: Harbour Row", "Contact: Ilse Brandt", "Region: North", "Terms: net 30"]
