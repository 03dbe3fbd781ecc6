"""Captions of the pictures of HTML pages: each picture has its own, not its neighbour's."""

import pytest

from tests.ingest.samples import picture


@pytest.fixture
def captions(blocks, tmp_path):
    """Reads a page with pictures a.png, b.png, c.png: the caption of each, by its letter, in reading order."""
    for seed, name in enumerate("abc"):
        (tmp_path / f"{name}.png").write_bytes(picture(seed))

    def reads(html: str) -> list[tuple[str, str | None]]:
        return [(figure.origin[0], figure.caption) for figure in blocks("page.html", html)[1]]

    return reads


A, B, C = (f'<img src="{name}.png">' for name in "abc")
ROW = f"<tr><td>{A}</td><td>{B}</td></tr>"
WORDS = "<tr><td>Sail up</td><td>Sail down</td></tr>"


@pytest.mark.parametrize(
    "html",
    [
        f"<figure>{A}<figcaption>Sail up</figcaption></figure><figure>{B}<figcaption>Sail down</figcaption></figure>",
        f"<figure><figcaption>Sail up</figcaption>{A}</figure><figure><figcaption>Sail down</figcaption>{B}</figure>",
        f"<div class=mediaobject>{A}<div class=caption><p>Sail up</p></div></div>"
        f"<div class=mediaobject>{B}<div class=caption><p>Sail down</p></div></div>",
        f"<div class=mediaobject><div class=caption><p>Sail up</p></div>{A}</div>"
        f"<div class=mediaobject><div class=caption><p>Sail down</p></div>{B}</div>",
        f"<div class=informalfigure>{A}{B}<p class=caption>Sail up</p><p class=caption>Sail down</p></div>",
        f"<div class=imageblock><div class=content>{A}</div><div class=title>Sail up</div></div>"
        f"<div class=imageblock><div class=content>{B}</div><div class=title>Sail down</div></div>",
        f'<div class="wp-caption"><a href=a.png>{A}</a><p class="wp-caption-text">Sail up</p></div>'
        f'<div class="wp-caption"><a href=b.png>{B}</a><p class="wp-caption-text">Sail down</p></div>',
        f"<section>{A}<p class=caption>Sail up</p>{B}<p class=caption>Sail down</p></section>",
        f"<section><p class=caption>Sail up</p>{A}<p class=caption>Sail down</p>{B}</section>",
        f"<section><p>{A}</p><div><span class=caption>Sail up</span></div>"
        f"<p>{B}</p><div><span class=caption>Sail down</span></div></section>",
        f"<table>{ROW}{WORDS}</table>",
        f"<table>{WORDS}{ROW}</table>",
        f"<table><tr><td>{A}<br>Sail up</td><td>{B}<br>Sail down</td></tr></table>",
        f"<table><tr><td><p>Sail up</p>{A}</td></tr><tr><td><p>Sail down</p>{B}</td></tr></table>",
        f"<p>{A}<em>Sail up</em></p><p>{B}<em>Sail down</em></p>",
    ],
)
def test_each_picture_has_the_caption_in_its_own_frame(captions, html):
    assert captions(f"<h1>Boats</h1><p>Before them all.</p>{html}<p>After them all.</p>") == [("a", "Sail up"), ("b", "Sail down")]


def test_every_second_row_of_a_table_of_pictures_is_of_captions(captions):
    last = f"<tr><td>{C}</td></tr><tr><td>Anchor</td></tr>"
    assert captions(f"<table>{ROW}{WORDS}{last}</table>") == [("a", "Sail up"), ("b", "Sail down"), ("c", "Anchor")]


def test_the_words_of_a_drawing_are_no_caption(blocks):
    drawing = '<svg width="200" height="100"><rect width="9" height="9"/><text y="50">Lamp room</text></svg>'
    _, (figure,) = blocks("page.html", f"<table><tr><td>{drawing}</td><td>The tower</td></tr></table>")
    assert (figure.caption, figure.around) == (None, "The tower\nLamp room")


def test_one_cell_below_is_the_caption_of_all(captions):
    assert captions(f"<table>{ROW}<tr><td colspan=2>Both sails</td></tr></table>") == [("a", "Both sails"), ("b", "Both sails")]


def test_the_caption_of_an_outer_frame_comes_before_that_of_the_inner_one(captions):
    inner = f"<div class=mediaobject>{A}<div class=caption>Sail up</div></div>"
    inner += f"<div class=mediaobject>{B}<div class=caption>Sail down</div></div>"
    html = f"<div class=figure><p class=title><b>Figure 4. Boats</b></p><div class=figure-contents>{inner}</div></div>"
    assert captions(html) == [("a", "Figure 4. Boats: Sail up"), ("b", "Figure 4. Boats: Sail down")]
    assert captions(f"<figure>{A}{B}<figcaption>Two boats</figcaption></figure>") == [("a", "Two boats"), ("b", "Two boats")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>{A}</p><p>Figure 3: Sail up</p><p>{B}</p><p>Figure 4: Sail down</p>", ["Figure 3: Sail up", "Figure 4: Sail down"]),
        (f"<p>Figure 3: Sail up</p><p>{A}</p><p>Figure 4: Sail down</p><p>{B}</p>", ["Figure 3: Sail up", "Figure 4: Sail down"]),
        (f"<p>Figure 3: Sail up</p><p>{A}</p><p>Words.</p><p>{B}</p>", ["Figure 3: Sail up", None]),
        (f"<p>Figure 3 shows a sail.</p><p>{A}</p><p>Words.</p><p>{B}</p>", [None, None]),
        (f"<p>Figure 3: Sail up</p><h2>Else</h2><p>{A}</p><p>{B}</p>", [None, None]),
        (f"<figure>{A}<figcaption>Sail up</figcaption></figure><p>{B}</p>", ["Sail up", None]),
        (f"<p>{A}</p><figure><figcaption>Sail down</figcaption>{B}</figure>", [None, "Sail down"]),
        (f"<div class=page><p>{A}</p><p>Words.</p><p class=caption>Sail</p><p>Words.</p><p>{B}</p></div>", [None, None]),
        (f"<p>{A}</p><p class=caption>Table 1. Ropes</p><table><tr><td>a<td>b</table><p>{B}</p>", [None, None]),
    ],
)
def test_paragraphs_beside_pictures(captions, html, expected):
    assert [caption for _, caption in captions(html)] == expected


def test_the_words_around_are_no_captions_and_do_not_say_the_caption_again(blocks, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.png").write_bytes(picture())
    frames = [f'<div class=mediaobject><img src="{name}.png" alt="sail {name}"><p class=caption>Sail {name}</p></div>' for name in "ab"]
    found, figures = blocks("page.html", f"<p>Trim it.</p>{frames[0]}{frames[1]}")
    assert [figure.around for figure in figures] == ["Trim it.", "Trim it."]
    assert [text.text for text in found] == ["Trim it.", "Sail a", "Sail b"], "captions stay passages"
    _, figures = blocks("page.html", f"{frames[0]}{frames[1]}")
    assert [figure.around for figure in figures] == [None, None]


def test_around_a_picture_in_a_list_or_a_row_are_the_words_of_its_item(blocks, tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    image = "<img src=a.png>"
    html = f"""<p>Before.</p><dl><dt>Jib</dt><dd>In front.</dd><dt>Main</dt><dd>On the boom.<div class=mediaobject>{image}
    <div class=caption>Hoisted</div></div></dd></dl><h2>Keys</h2><p>Before.</p><table><tr><td>{image}</td><td>Drop anchor</td></tr>
    <tr><td>-</td><td>Turn</td></tr></table>"""
    _, (sail, key) = blocks("page.html", html)
    assert (sail.caption, sail.around) == ("Hoisted", "Main On the boom.")
    assert (key.caption, key.around) == (None, "Drop anchor")


@pytest.mark.timeout(60)
def test_captions_without_end_are_read(captions):
    loose, framed = "<div><p class=caption>x</p></div>", "<div class=figure><p class=title>y</p></div>"
    assert captions("<div>" * 100 + "<br>" * 20_000 + loose * 3000 + framed * 3000) == []
