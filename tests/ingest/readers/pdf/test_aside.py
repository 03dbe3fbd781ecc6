"""PDF pages: words that stand sideways, are struck out by notes, point to footnotes, name axes, or head a table on page after page."""

import pytest

from tests.ingest.pages import Page, column, write_pdf
from tests.ingest.readers.pdf.objects import page_with, shown, write_objects

PROSE = [
    "The tower was lit in 1791 by the keeper of the southern rock and his two sons, who",
    "kept it for nearly forty years without one dark night, as the board wrote in its log.",
]


def texts(blocks, name: str) -> list[str]:
    return [each.text for each in blocks(name)[0]]


def test_words_that_stand_sideways_are_a_block_of_their_own(tmp_path, blocks):
    side = b"BT /F 20 Tf 0 1 -1 0 580 200 Tm (Approved by the board) Tj ET\nBT /F 20 Tf 0 1 -1 0 602 200 Tm (on 4 May 1931) Tj ET\n"
    content = shown(*[(72, 700 - 14 * n, line) for n, line in enumerate(PROSE)])
    write_objects(tmp_path / "a.pdf", page_with(content + side, []))
    found, _ = blocks("a.pdf")
    assert [each.text for each in found] == [" ".join(PROSE), "Approved by the board on 4 May 1931"]
    assert not any(each.locator.heading for each in found), "large type on its side is no heading"


def test_what_is_stamped_sideways_on_page_after_page_is_no_passage(tmp_path, blocks):
    side = b"BT /F 11 Tf 0 1 -1 0 590 200 Tm (Copy for the board) Tj ET\n"
    one = page_with(shown(*[(72, 700 - 14 * n, line) for n, line in enumerate(PROSE)]) + side, [])
    one[1] = b"<</Type/Pages/Kids[3 0 R 3 0 R 3 0 R]/Count 3>>"
    write_objects(tmp_path / "a.pdf", one)
    assert not any("Copy" in text for text in texts(blocks, "a.pdf"))


@pytest.mark.parametrize(
    "where",
    [b"/QuadPoints[149 711 195 711 149 697 195 697]", b"/QuadPoints[149 711 198 711 149 697 198 697]/Contents(not any more)", b""],
)
def test_words_that_a_note_strikes_out_are_left_out(tmp_path, blocks, where):
    struck = b"<</Type/Annot/Subtype/StrikeOut/Rect[149 697 198 711]%s>>" % where
    write_objects(tmp_path / "a.pdf", page_with(shown((72, 700, "The berth fee is eleven fifty crowns a night.")), [struck]))
    found = texts(blocks, "a.pdf")
    assert "eleven" not in " ".join(found) and "fifty crowns a night." in found[0]
    assert len(found) == (2 if b"Contents" in where else 1)


def test_footnotes_begin_with_the_mark_that_points_to_them(tmp_path, blocks):
    words = [
        *column(72, 100, PROSE), (72, 124, 10, "It was raised in 1802"), (178, 120, 6, "1"), (186, 124, 10, "and again."),
        *column(72, 160, PROSE), (72, 700, 7, "1 The minutes of May 1802."), (72, 720, 7, "1931 was a dry year."),
    ]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", Page(words))
    found = texts(blocks, "a.pdf")
    assert "raised in 1802 [1] and again." in found[0]
    assert found[-2:] == ["[1] The minutes of May 1802.", "1931 was a dry year."]


def test_heads_of_tables_at_the_top_of_every_page_are_no_running_heads(tmp_path, blocks):
    pages = []
    for page in range(4):
        rows = [(f"Berth {30 * page + n}", f"{10 + n} m", str(100 + 30 * page + n)) for n in range(30)]
        words = [(72, 30, 10, "Port of Alder"), (500, 30, 10, f"Page {page + 1}")]
        words += [(left, 60, 10, head) for left, head in zip((80, 220, 360), ("Place", "Length", "Fee"), strict=True)]
        words += [(left, 80 + 20 * n, 10, cell) for n, row in enumerate(rows) for left, cell in zip((80, 220, 360), row, strict=True)]
        pages.append(Page(words, rules=[(72, 66, 460, 66)]))
    write_pdf(tmp_path / "a.pdf", *pages)
    found, _ = blocks("a.pdf")
    tables = [each.text.split("\n") for each in found if each.kind == "table"]
    assert [table[0] for table in tables] == ["| Place | Length | Fee |"] * 4
    assert [table[2] for table in tables] == [f"| Berth {30 * n} | 10 m | {100 + 30 * n} |" for n in range(4)]
    assert not any("Port of Alder" in each.text for each in found)


def test_the_labels_of_axes_belong_to_their_chart(tmp_path, blocks):
    import matplotlib

    matplotlib.use("pdf")
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"pdf.fonttype": 42}):
        figure = Figure(figsize=(8.5, 11))
        axes = figure.add_axes((0.15, 0.4, 0.7, 0.3))
        axes.bar(["North", "South", "East", "West"], [12, 30, 22, 8])
        axes.set_ylabel("visits")
        axes.set_xticks([0, 1, 2, 3], ["1910", "1920", "1930", "1940"])
        axes.set_xlabel("Year of the count", labelpad=9)  # ends 31 points below the chart
        for n, line in enumerate(PROSE):
            figure.text(0.12, 0.9 - 0.016 * n, line, fontsize=10)
            figure.text(0.12, 0.3 - 0.016 * n, line, fontsize=10)
        figure.savefig(tmp_path / "a.pdf")
    found, (chart,) = blocks("a.pdf")
    assert [each.text for each in found] == [" ".join(PROSE)] * 2
    assert all(word in chart.inside for word in ("1910", "1940", "30", "visits", "Year of the count"))
