"""HTML: headings, paragraphs, lists, tables, figures; and nothing fetched."""

import base64

import pytest

from ingest import svg
from ingest.blocks import Passed
from ingest.readers import read
from rag.errors import ReadError
from tests.ingest.samples import picture


def texts(found) -> list[str]:
    return [text.text for text in found[0]]


def test_headings_make_the_path(blocks):
    found, _ = blocks("a.html", "<title>T</title><h1>Lights</h1><p>a</p><h2>Lens</h2><p>b</p><h4>Glass</h4><p>c</p><h2>Lamp</h2><p>d</p>")
    paths = ["Lights", "Lights > Lens", "Lights > Lens > Glass", "Lights > Lamp"]
    assert [(text.text, text.locator.heading) for text in found] == list(zip("abcd", paths, strict=True))


def test_the_title_stands_in_for_a_missing_first_heading(blocks):
    found, _ = blocks("a.html", "<title>All  Lights</title><p>a</p><h2>Lens</h2><p>b</p>")
    assert [text.locator.heading for text in found] == ["All Lights", "All Lights > Lens"]


def test_a_heading_with_nothing_under_it_is_kept_as_text(blocks):
    found, _ = blocks("a.html", "<h1>A</h1><h2>Why?</h2><h2>How?</h2><p>So.</p><h2>End</h2>")
    assert [(text.text, text.locator.heading) for text in found] == [("Why?", "A"), ("So.", "A > How?"), ("End", "A")]


def test_inline_words_keep_their_spaces_and_breaks(blocks):
    html = "<p>The <b>red</b>\n  <i>tower</i>, <a href='x'>built</a>&nbsp;in<b> 1791</b>.<br>It is half\u00ad way up<wbr>hill.</p>tail"
    assert texts(blocks("a.html", html)) == ["The red tower, built in 1791.\nIt is half way uphill.", "tail"]


def test_powers_stay_powers_and_marks_of_notes_are_told_as_such(blocks):
    html = "<p>10<sup>6</sup> candles<sup><a href='#n1'>1</a></sup>, the 19<sup>th</sup> of H<sub>2</sub>O</p>"
    assert texts(blocks("a.html", html)) == ["10⁶ candles[1], the 19th of H₂O"]


def test_boilerplate_and_hidden_parts_go(blocks):
    html = """<header><h1>Lights</h1></header><nav>Home</nav><script>x</script><style>y</style><p hidden>no</p>
    <p style="display: none">no</p>
    <div aria-hidden="true">no</div><aside><a href="1">more</a> <a href="2">links</a></aside><aside>Take care: glass.</aside>
    <form><input value="q"><button>Search</button></form><form><p>Whole page</p></form><!-- no --><p>Yes</p><footer>(c)</footer>
    <noscript>no</noscript><template><p>no</p></template><h2>Lens<a class="headerlink" href="#l">¶</a></h2><p>b</p>"""
    found, _ = blocks("a.html", html)
    assert [text.text for text in found] == ["Take care: glass.", "Whole page", "Yes", "b"]
    assert found[-1].locator.heading == "Lights > Lens"


def test_lists_are_lines(blocks):
    html = """<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p><p>more</p></li></ul><ol start="3"><li>c</li><li>d</li></ol>
    <dl><dt>Lens</dt><dd>bends light</dd></dl>"""
    assert texts(blocks("a.html", html)) == ["- one\n  - inner\n- two\n  more", "3. c\n4. d", "Lens\n  bends light"]


def test_lists_of_more_than_words_are_walked(blocks):
    found, _ = blocks("a.html", "<ol><li>Run:<pre>  make\n  test</pre></li><li>Done</li></ol>")
    assert [(text.text, text.kind) for text in found] == [("1. Run:", "prose"), ("  make\n  test", "code"), ("2. Done", "prose")]


def test_tables_become_markdown_with_every_row_whole(blocks):
    html = """<table><caption>Lights</caption><tr><th>Name</th><th>Year</th><th>Of</th></tr>
    <tr><td rowspan="2">Por|tland</td><td>1791</td><td><b>stone</b></td></tr><tr><td>1885</td><td>iron</td></tr>
    <tr><td colspan="2">none</td><td>-</td></tr></table>"""
    found, _ = blocks("a.html", html)
    rows = [
        "| Name | Year | Of |",
        "| --- | --- | --- |",
        "| Por\\|tland | 1791 | stone |",
        "| Por\\|tland | 1885 | iron |",
        "| none | none | - |",
    ]
    assert [(text.text, text.kind) for text in found] == [("Lights", "prose"), ("\n".join(rows), "table")]


def test_a_first_row_of_data_is_no_head(blocks):
    html = """<table><tr><td>lens.svg</td><td>Drawing of a lens.</td></tr><tr><td>lamp.svg</td><td>Drawing of a lamp.</td></tr></table>
    <table><tr><td>Name</td><td>2021</td></tr><tr><td>Visitors</td><td>1,350</td></tr></table>"""
    found, _ = blocks("a.html", html)
    assert [text.text.splitlines()[0] for text in found] == ["|  |  |", "| Name | 2021 |"]
    assert "| lens.svg | Drawing of a lens. |" in found[0].text.splitlines()[2:]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<td>No.</td><td>Qty.</td>", "<td>1</td><td>4</td>"),  # an abbreviation is no sentence
        ("<td>Product</td><td>2021-22</td>", "<td>Bolts</td><td>1,405</td>"),
        ("<td>Product</td><td>2021</td><td>2022</td>", "<td>Bolts</td><td>1990</td><td>310</td>"),
        ("<th>Item</th><td>Price</td><td>Shelf</td>", "<th>Rope</th><td>4.20</td><td>B</td>"),
        ("<th>Lamp</th><th>Lens</th>", "<th>oil</th><td>first</td>"),
    ],
)
def test_a_first_row_of_names_is_a_head(blocks, first, second):
    [table], _ = blocks("a.html", f"<table><tr>{first}</tr><tr>{second}</tr></table>")
    assert set(table.text.splitlines()[0]) - set("| ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<td>Anna Berg</td><td>captain</td><td>1987</td>", "<td>Olaf Lind</td><td>cook</td><td>1990</td>"),  # years above years
        ("<th>Voltage</th><td>230 V</td>", "<th>Maker</th><td>Halden</td>"),
        ("<th>Maker</th><td>Halden</td>", "<th>Housing</th><td>cast iron</td>"),
    ],
)
def test_a_first_row_like_the_others_is_no_head(blocks, first, second):
    [table], _ = blocks("a.html", f"<table><tr>{first}</tr><tr>{second}</tr></table>")
    assert not set(table.text.splitlines()[0]) - set("| ")
    assert len(table.text.splitlines()) == 4


def test_a_row_by_itself_is_no_table(blocks):
    html = "<table><tr><td>Warning</td><td>Keep the pins on the grid. They are lost else.</td></tr></table>"
    found, _ = blocks("a.html", html)
    assert [(text.text, text.kind) for text in found] == [("Warning: Keep the pins on the grid. They are lost else.", "prose")]
    assert texts(blocks("b.html", "<table><tr><th>Fax</th><td>0444 9999</td></tr></table>")) == ["Fax: 0444 9999"]


def test_tables_for_layout_are_walked(blocks):
    html = "<table><tr><td><h2>Left</h2><p>a</p></td><td><pre>b</pre></td></tr></table><table><tr><td>single</td></tr></table>"
    assert texts(blocks("a.html", html)) == ["a", "b", "single"]


def test_spans_of_millions_stay_small(blocks):
    found, _ = blocks(
        "a.html", '<table><tr><td colspan="9999999" rowspan="99999999">a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'
    )
    assert len(found[0].text) < 10_000


def test_figures_with_caption_alt_and_the_words_around(blocks, tmp_path):
    (tmp_path / "img").mkdir()
    (tmp_path / "img/l\u00e4ns 1.png").write_bytes(picture())
    html = """<h2>Lens</h2><p>As Figure 2 shows, glass bends light.</p><p>Between.</p>
    <figure><img src="img/l%C3%A4ns%201.png?v=3#x" alt="A beehive of glass"><figcaption>Figure 2: The <i>lens</i></figcaption></figure>
    <h2>Else</h2><p>Nothing of it.</p>"""
    _, (figure,) = blocks("a.html", html)
    assert (figure.caption, figure.origin, figure.locator.heading) == ("Figure 2: The lens", "img/l\u00e4ns 1.png", "Lens")
    assert figure.around == "A beehive of glass\nAs Figure 2 shows, glass bends light."
    assert figure.image.size == (60, 40) and figure.data == picture()


@pytest.mark.parametrize(
    ("html", "caption"),
    [
        ('<p><img src="a.png" alt="Red tower" title="t"></p>', "Red tower"),
        ('<img src="a.png" alt="image" title="The tower">', "The tower"),
        ('<img src="a.png" alt="a.png">', None),
        ('<p><img src="a.png" alt="x y"></p><p><em>Seen from the sea</em></p>', "Seen from the sea"),
        ('<p><img src="a.png"></p><p>Fig. 7: Seen from the sea</p>', "Fig. 7: Seen from the sea"),
        ('<p><img src="a.png"></p><p>Seen from the sea</p>', None),
        ('<p><img src="a.png"></p><h2>Next</h2><p>Fig. 7: Of another</p>', None),
        ('<picture><source srcset="b.webp 2x"><img src="a.png" alt="Red tower"></picture>', "Red tower"),
    ],
)
def test_which_words_are_the_caption(blocks, tmp_path, html, caption):
    (tmp_path / "a.png").write_bytes(picture())
    _, (figure,) = blocks("a.html", html)
    assert figure.caption == caption


def test_the_paragraph_that_a_picture_stands_in_is_the_words_around_it(blocks, tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    _, (figure,) = blocks(
        "a.html", '<p>Before.</p><p>Turn the lamp <img src="a.png" alt="a lamp with a key"> to the left.</p><p>After.</p>'
    )
    assert (figure.caption, figure.around) == ("a lamp with a key", "Turn the lamp to the left.")


def test_pictures_inside_the_document_are_decoded(blocks):
    inline = base64.b64encode(picture()).decode()
    _, (figure,) = blocks(
        "a.html",
        f'<img alt="Red tower" src="data:image/png;base64,{inline}"><img src="data:image/png;base64,@@@"><img src="data:text/html,x">',
    )
    assert figure.origin is None and figure.data == picture() and figure.caption == "Red tower"


def test_nothing_outside_the_folder_is_opened(tmp_path, blocks):
    (tmp_path / "secret.png").write_bytes(picture())
    (tmp_path / "root/docs").mkdir(parents=True)
    (tmp_path / "root/top.png").write_bytes(picture())
    (tmp_path / "root/docs/link.png").symlink_to(tmp_path / "secret.png")
    references = [
        "../../secret.png", "..%2F..%2Fsecret.png", f"{tmp_path}/secret.png", f"file://{tmp_path}/secret.png", "http://127.0.0.1:9/x.png",
        "//127.0.0.1/x.png", "ftp://127.0.0.1/x.png", "link.png", "\\\\host\\share\\x.png", "no.png", "a%00.png", "http://[bad", "", ".",
    ]  # fmt: skip
    html = "".join(f"<img src='{reference}'>" for reference in references) + "<img src='/top.png'><img src='../top.png'>"
    _, figures = blocks("root/docs/a.html", html, root=tmp_path / "root")
    assert [figure.origin for figure in figures] == ["/top.png", "../top.png"]


def test_broken_pictures_icons_and_drawings_in_svg_are_passed_over(blocks, tmp_path):
    (tmp_path / "half.png").write_bytes(picture()[:200])
    (tmp_path / "icon.png").write_bytes(picture(size=(16, 16)))
    (tmp_path / "d.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    found, figures = blocks(
        "a.html", "<p>Words</p><img src=half.png><img src=icon.png><img src=d.svg><svg><text>no</text></svg><p>go on</p>"
    )
    assert not figures and [text.text for text in found] == ["Words", "go on"]


def test_entities_are_not_opened(blocks, tmp_path):
    (tmp_path / "secret.txt").write_text("TOP SECRET")
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    html = f'<?xml version="1.0" encoding="latin-1"?>{doctype}<html><p>Words &x;</p></html>'
    assert not any("SECRET" in text for text in texts(blocks("a.xhtml", html)))


def test_encodings_of_pages(blocks):
    assert texts(blocks("a.html", "<meta charset=latin-1><p>Größe</p>".encode("latin-1"))) == ["Größe"]
    assert texts(blocks("b.html", "<p>Größe — 灯台</p>".encode("utf-16"))) == ["Größe — 灯台"]


@pytest.mark.parametrize(
    "html", ["<div>" * 5000 + "<p>Words</p>", "<b><i>" * 3000 + "<p>Words</p>", f"<p>{'a ' * 6_000_000}</p><p>Words</p>"]
)
def test_what_the_parser_would_silently_leave_out_is_refused(blocks, html):
    with pytest.raises(ReadError, match="nested too deeply, or has a part of over 10 MB"):
        blocks("a.html", html)


def test_a_long_script_does_not_keep_a_page_out(blocks):
    assert texts(blocks("a.html", f"<p>a</p><script>{'x ' * 6_000_000}</script><p>b</p>")) == ["a", "b"]


def test_two_hundred_levels_are_read(blocks):
    assert texts(blocks("a.html", "<div>" * 200 + "<p>deep</p>" + "</div>" * 200 + "<p>Words</p>")) == ["deep", "Words"]


def test_a_page_of_nothing_but_tags_gives_nothing(blocks):
    assert blocks("a.html", "<html><body></body></html>") == ([], [])
    assert blocks("b.html", "   \n") == ([], [])


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.html").touch()
    with pytest.raises(ReadError, match=r"The file is empty\."):
        list(read(tmp_path / "a.html", "a.html", tmp_path, None))


DRAWN = '<rect width="100" height="60" fill="red"/><text y="90" font-size="20">Lamp room</text>'


def test_a_drawing_is_a_figure_with_its_words(blocks, tmp_path):
    (tmp_path / "d.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><title>Section</title>{DRAWN}</svg>')
    _, (first, second) = blocks("a.html", '<p>Before.</p><img src="d.svg"><h2>Two</h2><img src="d.svg?x" alt="The tower in section">')
    assert (first.caption, first.around, first.origin, first.data) == ("Section", "Before.\nLamp room", "d.svg", None)
    assert first.image.size == (1000, 500) and first.image.getpixel((250, 150)) == (255, 0, 0)
    assert (second.caption, second.around) == ("The tower in section", "Lamp room")


def test_a_drawing_written_into_the_page_keeps_its_names(blocks):
    html = """<p>Before.</p><svg viewBox="0 0 200 100" width="200" aria-label="Tower in section" @click="a"><defs>
    <linearGradient id="g"><stop stop-color="#00f"/></linearGradient><clipPath id="c"><rect width="100" height="100"/></clipPath></defs>
    <g clip-path="url(#c)"><rect width="200" height="100" fill="url(#g)"/></g><text x="120" y="50">Lamp\x07 room</text></svg>"""
    texts_found, (figure,) = blocks("a.html", html)
    assert [text.text for text in texts_found] == ["Before."]
    assert (figure.caption, figure.around, figure.origin) == ("Tower in section", "Before.\nLamp room", None)
    assert figure.image.getpixel((200, 200)) == (0, 0, 255) and figure.image.getpixel((900, 400)) == (255, 255, 255)


@pytest.mark.parametrize(
    "icon",
    [
        f'<svg width="16" height="16" viewBox="0 0 200 100">{DRAWN}</svg>',
        '<svg viewBox="0 0 512 512" class="icon"><path d="M0 0h300v300z"/></svg>',
        f'<svg width="200" height="100" aria-hidden="true">{DRAWN}</svg>',
        f'<svg width="200" height="100" style="display:none">{DRAWN}</svg>',
        '<svg width="200" height="100"><use href="#elsewhere"/></svg>',
        '<svg width="200" height="100"></svg>',
        f'<button><svg width="200" height="100">{DRAWN}</svg></button>',
    ],
)
def test_drawings_that_are_icons_or_not_shown_are_passed_over(blocks, icon):
    found, figures = blocks("a.html", f"<p>Words {icon} go on</p>")
    assert not figures and [text.text for text in found] == ["Words go on"]


def test_drawings_in_lists_tables_and_code(blocks):
    drawing = f'<svg width="200" height="100">{DRAWN}</svg>'
    html = (
        f"<ul><li>one {drawing}</li></ul><table><tr><td>a</td><td>{drawing.replace('red', 'blue')}</td></tr></table><pre>b {drawing}</pre>"
    )
    found, figures = blocks("a.html", html)
    assert [text.text for text in found] == ["- one", "a", "b"]
    assert [figure.image.getpixel((200, 200)) for figure in figures] == [(255, 0, 0), (0, 0, 255)]


@pytest.mark.parametrize(
    "html",
    [
        '<svg viewBox="0 0 600 800"><image width="600" height="800" xlink:href="a.png"/></svg>',
        '<svg width="60" height="40"><g><image href="a.png"/></g></svg>',
        '<object type="image/png" data="a.png">Red tower</object>',
    ],
)
def test_pictures_set_in_other_ways(blocks, tmp_path, html):
    (tmp_path / "a.png").write_bytes(picture())
    _, (figure,) = blocks("a.html", f"<p>Words</p>{html}")
    assert figure.origin == "a.png" and figure.data == picture()


def test_objects_that_are_no_pictures_say_nothing(blocks):
    assert texts(blocks("a.html", '<p>Words</p><object type="application/pdf" data="a.pdf">No reader</object>')) == ["Words"]


def test_a_page_of_drawings_that_cannot_be_rendered_is_read_all_the_same(blocks, monkeypatch):
    calls = []
    monkeypatch.setattr(svg.Drawing, "render", lambda self, **_: calls.append(1) or svg._rendered(b"<svg"))
    html = "".join(f'<svg width="200" height="{100 + n}">{DRAWN}</svg>' for n in range(9))
    assert texts(blocks("a.html", html + "<p>Words</p>")) == ["Words"] and len(calls) == 3


def test_what_is_struck_out_is_not_read(blocks):
    html = """<style>.was, td.old { color: red; text-decoration: line-through } @media print { .fee {text-decoration: line-through} }
    </style><p>The fee is <s>40</s><del datetime="2020">45</del> <span style="text-decoration: 2px line-through">50</span>
    <b class="was">52</b> <b class="fee">55</b> crowns.</p><table><tr><th>Berth</th><th>Rent</th></tr>
    <tr><td>Inner</td><td class="old">9</td></tr><tr><td><strike>Outer</strike></td><td>7</td></tr></table>"""
    assert texts(blocks("a.html", html)) == ["The fee is 55 crowns.", "| Berth | Rent |\n| --- | --- |\n| Inner |  |\n|  | 7 |"]


def test_what_the_page_hides_is_not_read_and_what_a_click_shows_is(blocks):
    html = """<style>.secret, #key { display: none } .pane { display: none } .pane.on { display: block } .fold { visibility: hidden }
    </style><p class="secret">no</p><p id="key">no</p><p class="pane">First pane</p><p class="fold">Folded</p><dialog>no</dialog>
    <script>show("fold")</script><p aria-hidden="true">These words are seen by all.</p><dialog open><p>Mind the step</p></dialog>
    <div role="tabpanel" hidden>Second pane</div><p hidden="until-found">Found</p><p hidden>no</p>"""
    seen = ["First pane", "Folded", "These words are seen by all.", "Mind the step", "Second pane", "Found"]
    assert texts(blocks("a.html", html)) == seen


def test_items_have_the_numbers_that_a_browser_shows(blocks):
    html = """<ol type="A"><li>gate</li><li>fire</li></ol><ol reversed><li>two</li><li>one</li></ol>
    <ol style="list-style-type: lower-roman" start="3"><li>c</li><li value="9">i</li><li hidden>no</li><li>j</li></ol>
    <ol style="list-style: none"><li>bare</li></ol><ol start="2">
    <li><p>Run</p><pre>make</pre></li><li><h3>Wait</h3><p>Here.</p></li></ol>"""
    found, _ = blocks("a.html", html)
    assert [text.text for text in found] == [
        "A. gate\nB. fire",
        "2. two\n1. one",
        "iii. c\nix. i\nx. j",
        "- bare",
        "2. Run",
        "make",
        "Here.",
    ]
    assert found[-1].locator.heading == "3. Wait"


def test_plain_rules_of_the_page_raise_strike_out_and_count(blocks):
    html = """<style>.up {vertical-align: super} ol.rules, ol ol > li ol {list-style-type: upper-alpha}
    ol ol {list-style: lower-roman inside} table td.off {text-decoration-line: line-through}</style>
    <ol class="rules"><li>gate<ol><li>shut</li></ol></li><li>fire</li></ol>
    <p>10<span class="up">7</span> m<span style="vertical-align:sub">2</span> <i class="line-through">no</i>
    see<a class="up" href="#n3">3</a></p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td class="off">2</td></tr></table>"""
    assert texts(blocks("a.html", html)) == [
        "A. gate\n  i. shut\nB. fire",
        "10⁷ m₂ see[3]",
        "| a | b |\n| --- | --- |\n| 1 |  |",
    ]


def test_a_raised_number_with_a_note_of_its_own_is_a_mark(blocks):
    html = """<p>The bell cost 240<sup>4</sup> crowns and rings 10<sup>4</sup> times; an area in m<sup>2</sup>, e<sup>kt</sup>.</p>
    <p><sup>4</sup> With its frame.</p><p>See<a href="#cite_note-7"><sup>7</sup></a>.</p>"""
    assert texts(blocks("a.html", html)) == [
        "The bell cost 240[4] crowns and rings 10⁴ times; an area in m², e^(kt).",
        "[4] With its frame.",
        "See[7].",
    ]


def test_notes_stand_below_the_paragraph_that_refers_to_them(blocks):
    html = """<h2>Bell</h2><p>It cost 240<sup><a href="#n1" id="r1">1</a></sup> crowns.</p><table><tr><th>Year</th><th>Tolls</th></tr>
    <tr><td>1931</td><td>12<a href="#n2" id="r2"><sup>a</sup></a></td></tr></table><h2>Clock</h2><p>Sold.<sup><a href="#w1">2</a></sup></p>
    <ol class="footnotes"><li id="n1">With its frame. <a href="#r1">back</a></li><li id="n2">Estimated <a href="#r2">up</a></li></ol>
    <ol class="references"><li id="w1">A work that is cited</li></ol>"""
    found, _ = blocks("a.html", html)
    assert [(text.text.split("\n")[-1], text.locator.heading) for text in found] == [
        ("It cost 240[1] crowns.", "Bell"),
        ("[1] With its frame.", "Bell"),
        ("| 1931 | 12[a] |", "Bell"),
        ("[a] Estimated", "Bell"),
        ("Sold.[2]", "Clock"),
        ("1. A work that is cited", "Clock"),
    ]


def test_the_words_of_a_picture_that_is_not_there_stay_and_films_are_counted(tmp_path):
    (tmp_path / "a.html").write_text(
        """<p>Open today. <img src="http://x.example/a.png" alt="Open from nine to five"> <img src="gone.png" alt="logo"></p>
        <video src="a.mp4"></video><audio src="b.ogg"></audio><video></video>"""
    )
    _, *found = read(tmp_path / "a.html", "a.html", tmp_path, None)
    assert [found[0].text, found[1].text] == ["Open today.", "Open from nine to five"]
    assert found[2:] == [Passed("videos", 2), Passed("sounds", 1)]


def test_formulas_are_told_once(blocks):
    math = "<math><semantics><mfrac><mn>3</mn><mn>4</mn></mfrac><annotation>\\frac34</annotation></semantics></math>"
    html = f"""<p>a {math} b</p><p>c <span class="katex"><span class="katex-mathml">{math}</span><span class="katex-html"
    aria-hidden="true"><span>3</span><span>4</span></span></span></p><p>d <span class="mwe-math-element"><span style="display: none">
    {math}</span><img class="mwe-math-fallback-image-inline" alt="{{\\displaystyle x}}" src="x.svg"></span></p>
    <p>e <mjx-container><mjx-math aria-hidden="true">¾¾</mjx-math><mjx-assistive-mml>{math}</mjx-assistive-mml></mjx-container></p>
    <p>f <span class="MathJax_Preview">x</span><span class="MathJax"><nobr>34</nobr></span><script type="math/tex">\\sqrt 2</script></p>"""
    assert texts(blocks("a.html", html)) == ["a 3/4 b", "c 3/4", "d 3/4", "e 3/4", "f \\sqrt 2"]


def test_a_form_that_was_filled_in_tells_its_answers(blocks):
    html = """<form><p><label>Boat <input name="b" value="Grey Plover"></label></p>
    <p><label for="l">Length:</label> <input id="l" value="12 m"></p>
    <p><label>Pier <select><option>East<option selected>West</select></label></p>
    <p><label>Wishes<textarea>Shore power</textarea></label></p>
    <p><label><input type="checkbox" checked> crane</label> <label><input type="checkbox"> crew</label></p>
    <input type="hidden" value="t0ken"><input type="password" value="secret"><button>Send</button><input type="submit" value="Go"></form>
    <form><input type="text" value="search words"><button>Search</button></form>"""
    assert texts(blocks("a.html", html)) == ["Boat: Grey Plover", "Length: 12 m", "Pier: West", "Wishes: Shore power", "[x] crane [ ] crew"]


def test_small_elements_say_what_they_mean(blocks):
    html = """<p><q>Ahoy</q>, <abbr title="man overboard">MOB</abbr>, MOB again: <abbr title="man overboard">MOB</abbr>;
    <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>; <time datetime="2026-05-12">next Tuesday</time>;
    <a href="mailto:ina@berth.example">Ina</a>; <meter value="3" max="5"></meter></p><iframe srcdoc="&lt;p>Inside&lt;/p>"></iframe>
    <map><area alt="North pier"><area alt="South pier"></map>"""
    assert texts(blocks("a.html", html)) == [
        "“Ahoy”, MOB (man overboard), MOB again: MOB; 漢(kan); next Tuesday (2026-05-12); Ina (ina@berth.example); 3 of 5",
        "Inside",
        "North pier; South pier",
    ]


def test_a_table_has_its_title_its_heads_and_its_parts(blocks):
    html = """<table><caption>Fares</caption><thead><tr><th rowspan="2">Boat</th><th colspan="2">Fare</th></tr>
    <tr><th>adult</th><th>child</th></tr>
    </thead><tfoot><tr><td colspan="3">Paid on board.</td></tr></tfoot><tbody><tr><th colspan="3">North line</th></tr>
    <tr><td>Wren</td><td>4</td><td>2</td></tr><tr><th>Hut</th><th>Beds</th><th>Stove</th></tr><tr><td>Moor</td><td>6</td><td>yes</td></tr>
    </tbody></table><table><tr><td colspan="2">Tides in metres</td></tr>
    <tr><td>Place</td><td>Rise</td></tr><tr><td>Quay</td><td>3.1</td></tr></table>"""
    found, _ = blocks("a.html", html)
    tables = [(text.text.replace("| --- ", "").replace("|\n|\n", "|\n"), text.lead) for text in found if text.kind == "table"]
    assert tables == [
        ("| Boat | Fare adult | Fare child |\n| North line: Wren | 4 | 2 |", "Fares"),
        ("| Hut | Beds | Stove |\n| Moor | 6 | yes |\n| Paid on board. |  |  |", "Fares"),
        ("| Place | Rise |\n| Quay | 3.1 |", "Tides in metres"),
    ]


def test_a_cell_that_holds_a_little_more_than_words_leaves_a_table_with_heads_whole(blocks):
    html = """<table><tr><th>Option</th><th>Use</th></tr><tr><td>-v</td><td><pre>make -v</pre></td></tr>
    <tr><td>-q</td><td><table><tr><td>quiet</td><td>all</td></tr></table></td></tr></table>"""
    assert texts(blocks("a.html", html)) == ["| Option | Use |\n| --- | --- |\n| -v | make -v |\n| -q | quiet all |"]


def test_hostile_pages_stay_bounded(blocks):
    html = "<p>a" + "<s>x</s>b" * 50_000 + "</p><table>" + "<tr><td colspan=1000 rowspan=1000>y</td></tr>" * 300 + "</table>"
    html += "<style>" + ".a{display:none}" * 20_000 + "</style>" + "<iframe srcdoc='&lt;iframe srcdoc=x>'></iframe>" * 200
    assert texts(blocks("a.html", html))[0].startswith("abb")


def test_a_row_of_the_foot_does_not_make_the_first_row_a_head_and_a_small_table_in_a_cell_leaves_rows_whole(blocks):
    html = """<h1>Tolls</h1><table><tfoot><tr><td>Total</td><td>90</td></tr></tfoot>
    <tr><th scope="row">Barge</th><td>60</td></tr><tr><th scope="row">Punt</th><td>30</td></tr></table>
    <table><tr><td>Field</td><td>Owner</td></tr><tr><td rowspan="2">Long acre</td><td>Ann Rudd</td></tr><tr><td>Ben Rudd</td></tr>
    <tr><td><table><tr><td>North strip</td><td>South strip</td></tr></table></td><td>Carl Moss</td></tr></table>"""
    tolls, fields = blocks("a.html", html)[0]
    assert tolls.text.split("\n") == ["|  |  |", "| --- | --- |", "| Barge | 60 |", "| Punt | 30 |", "| Total | 90 |"]
    assert fields.text.split("\n")[2:] == [
        "| Long acre | Ann Rudd |",
        "| Long acre | Ben Rudd |",
        "| North strip South strip | Carl Moss |",
    ]


def test_what_has_the_roles_of_a_table_is_one(blocks):
    row = '<div role="row" class="r">{}</div>'.format
    head = row('<span role="columnheader">Boat</span><span role="columnheader">Length</span>')
    rows = row('<div><span role="rowheader">Wren</span></div><span role="cell">9&nbsp;m</span>')
    rows += row('<span role="rowheader">Tern</span><span role="gridcell"><b>12</b> m</span>') + row(
        '<span role="cell" style="display:none">x</span>'
    )
    page = f'<p>Before</p><div role="grid"><div role="rowgroup">{head}</div><div>{rows}</div></div>after <div role="table">only words</div>'
    assert [text.text for text in blocks("a.html", page.encode())[0]] == [
        "Before", "| Boat | Length |\n| --- | --- |\n| Wren | 9 m |\n| Tern | 12 m |", "after", "only words",
    ]  # fmt: skip
