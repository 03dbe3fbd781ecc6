"""What in HTML pages is only there to find one's way is left out; and never a whole page, nor a list that says something."""

import pytest

from tests.ingest.samples import picture

BODY = "<h1>Knots</h1><p>A bowline holds.</p>"
LIST = '<ul><li><a href="a.html">Bowline</a></li><li><a href="#hitch">Clove hitch</a></li><li><a href="b.html">Sheet bend</a></li></ul>'
ARROWS = '<a href="a.html" accesskey="p">Prev</a> <a href="i.html">Up</a> <a href="b.html">Next</a>'


def texts(found) -> list[str]:
    return [text.text for text in found[0]]


@pytest.mark.parametrize(
    "html",
    [
        f"<nav>{LIST}</nav>",
        f"<div role=navigation>{LIST}</div>",
        f"<header><p>Harbour school</p>{LIST}</header>",
        f'<div class="navheader"><table><tr><th colspan=3>2. Knots</th></tr><tr><td>{ARROWS}</td></tr></table></div>',
        '<div class="navfooter"><hr><a href="a.html">1. Ropes</a> <a class=report href="https://x.org/">Report</a></div>',
        '<ul class="docnav"><li><a href="a.html"><b>Prev</b>1. Ropes</a></li><li>The book of knots</li></ul>',
        '<div class="breadcrumbs"><a href="i.html">Book</a> &gt; Knots</div>',
        '<ul class="pagination"><li><a href="1.html">1</a></li><li>2</li></ul>',
        f'<div class="sidebar">{LIST}</div>',
        f'<div id="sidebar"><p>All knots</p>{LIST}</div>',
        '<div id="banner"><a href="https://x.org/get">Get the whole book</a></div>',
        '<div id="footer">Last updated 2023-01-26</div>',
        f'<div id="toc"><div id="toctitle">Table of Contents</div>{LIST}</div>',
        '<div class="toc"><dl><dt>1. <a href="#a">Bowline</a></dt><dd><dl><dt>1.1. <a href="#b">Left handed</a></dt></dl></dd></dl></div>',
        f"<h2>Contents</h2>{LIST}",
        f"<p><b>On this page:</b></p>{LIST}",
        f"<p>{ARROWS}</p>",
        f"<table><tr><td>{ARROWS}</td></tr></table>",
        '<p>Next: <a href="b.html" rel="next">Splices</a>, Up: <a href="i.html">Knots</a> [<a href="t.html">Contents</a>]</p>',
        '<p><a href="a.html">Ropes</a> | <a href="b.html">Knots</a> | <a href="c.html">Sails</a></p>',
        '<p><a href="https://x.org/issues">Report a bug in this book</a></p>',
        '<p><a href="#top">Back to top</a></p>',
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_navigation_goes(blocks, html, first):
    found = blocks("a.html", f"{html}{BODY}" if first else f"{BODY}{html}")
    assert texts(found) == ["A bowline holds."]


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (f"<h2>See also</h2>{LIST}", "- Bowline\n- Clove hitch\n- Sheet bend"),
        (
            '<h2>Contents</h2><ul><li><a href="https://a.org/">Ropes</a></li><li><a href="https://b.org/">Sails</a></li></ul>',
            "- Ropes\n- Sails",
        ),
        ("<h2>Contents</h2><ul><li>two ropes</li><li>a fid</li></ul>", "- two ropes\n- a fid"),
        (
            '<div class="toc"><ul><li><a href="a.html">Bowline</a>: a loop that neither slips nor jams</li>'
            '<li><a href="b.html">Hitch</a>: ties a rope to a post</li></ul></div>',
            "- Bowline: a loop that neither slips nor jams\n- Hitch: ties a rope to a post",
        ),
        (
            '<div class="sidebar"><p>Mind <a href="a.html">your fingers</a> when a rope runs out.</p></div>',
            "Mind your fingers when a rope runs out.",
        ),
        ('<div class="sidebar"><p><a href="https://a.org/">The guild of riggers</a></p></div>', "The guild of riggers"),
        ("<div class=menu><ul><li>Soup</li><li>Fish</li></ul></div>", "- Soup\n- Fish"),
        ('<div id="pagination"><p>Pages are counted from one.</p></div>', "Pages are counted from one."),
        ('<p>Press <a href="k.html">Home</a> or <a href="k.html">End</a> to go there.</p>', "Press Home or End to go there."),
        (
            '<ul><li><a href="k.html#h">Home</a></li><li><a href="k.html#e">End</a></li><li><a href="k.html#i">Ins</a></li></ul>',
            "- Home\n- End\n- Ins",
        ),
        (
            '<p>Made of: <a href="a.html">hemp</a> | <a href="b.html">sisal</a> | <a href="c.html">coir</a></p>',
            "Made of: hemp | sisal | coir",
        ),
        ("<blockquote>So be it.<footer>A rigger</footer></blockquote>", "So be it.\nA rigger"),
        ("<article><header><p>Written in 1893</p></header><p>x</p></article>", "Written in 1893\nx"),
        ("<table><tr><td>Next</td><td>Up</td></tr></table>", "Next: Up"),
    ],
)
def test_what_says_something_stays(blocks, html, kept):
    assert "\n".join(texts(blocks("a.html", BODY + html))).endswith(kept)


@pytest.mark.parametrize(
    "html", [f"<div class=toc>{LIST}</div>", f"<h1>Knots</h1><div class=toc>{LIST}</div>", f'<body class="toc2">{LIST}</body>']
)
def test_a_page_of_nothing_but_links_keeps_them(blocks, html):
    assert texts(blocks("a.html", html)) == ["- Bowline\n- Clove hitch\n- Sheet bend"]


NOTE = "<p>Mind the rope.</p>"


@pytest.mark.parametrize(
    ("html", "size"),
    [
        ("<div class=note><table><tr><td><img src=a.png></td><th>Note</th></tr><tr><td>Mind the rope.</td></tr></table></div>", (48, 48)),
        (f'<div class="admonitionblock tip"><p><img src=a.png></p>{NOTE}</div>', (48, 48)),
        (f'<aside class="warning"><img src=a.png>{NOTE}</aside>', (100, 100)),
        ("<p><img src=a.png alt='[Caution]'> Mind the rope.</p>", (300, 300)),
        ("<p><img src=a.png alt='' role=presentation> Mind the rope.</p>", (300, 300)),
        (f"<div class=navfooter><a href=b.html><img src=a.png alt=Next></a></div>{NOTE}", (300, 300)),
        (f"<header><a href=b.html><img src=a.png></a><h1>Knots</h1></header>{NOTE}", (200, 50)),
        (f"<p><a href='http://www.x.org'><img src=a.png alt='The guild'></a></p>{NOTE}", (200, 50)),
        (f"<p><a href='index.html'><img src=a.png alt='The guild'></a></p>{NOTE}", (62, 50)),
    ],
)
def test_decoration_is_no_figure(blocks, tmp_path, html, size):
    (tmp_path / "a.png").write_bytes(picture(size=size))
    found, figures = blocks("a.html", html)
    assert not figures and "Mind the rope." in "".join(texts((found,)))


@pytest.mark.parametrize(
    ("html", "size"),
    [
        (f"<div class=note>{NOTE}<p><img src=a.png></p></div>", (48, 48)),
        (f"<div class=note><p><img src=a.png></p>{NOTE}</div>", (300, 200)),
        (f"<div class=note><div class=mediaobject><img src=a.png></div>{NOTE}</div>", (48, 48)),
        (f"<p><a href='http://www.x.org/knots/bowline'><img src=a.png></a></p>{NOTE}", (200, 50)),
        (f"<p><a href='index.html'><img src=a.png></a></p>{NOTE}", (400, 300)),
        (f"<p><img src=a.png alt='[a note on a board]'></p>{NOTE}", (48, 48)),
        (f"<p><img src=a.png alt=''></p>{NOTE}", (48, 48)),
    ],
)
def test_pictures_that_show_something_stay(blocks, tmp_path, html, size):
    (tmp_path / "a.png").write_bytes(picture(size=size))
    _, (figure,) = blocks("a.html", html)
    assert figure.image.size == size


def test_the_path_of_a_picture_has_single_slashes(blocks, tmp_path):
    (tmp_path / "img").mkdir()
    (tmp_path / "img/a.png").write_bytes(picture())
    _, (figure,) = blocks("a.html", "<p>Words</p><img src='img//a.png'>")
    assert figure.origin == "img/a.png"


@pytest.mark.timeout(60)
def test_menus_within_menus_are_read(blocks):
    deep = '<div class="nav">' * 150 + '<a href="a.html">x</a>' * 20_000 + "</div>" * 150
    wide = '<div class="note"><p><a href="/"><img src="a.png"></a></p></div>' * 5000
    assert texts(blocks("a.html", BODY + deep + wide)) == ["A bowline holds."]
