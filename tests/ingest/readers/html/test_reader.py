"""HTML: headings, paragraphs, lists, tables, figures; and nothing fetched."""

import base64

import pytest

from ingest import svg
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


def test_powers_stay_powers_and_footnote_marks_go(blocks):
    html = "<p>10<sup>6</sup> candles<sup><a href='#n1'>1</a></sup>, the 19<sup>th</sup> of H<sub>2</sub>O</p>"
    assert texts(blocks("a.html", html)) == ["10^6 candles, the 19th of H2O"]


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
    assert [(text.text, text.kind) for text in found] == [("Run:", "prose"), ("  make\n  test", "code"), ("Done", "prose")]


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
        "| none |  | - |",
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
