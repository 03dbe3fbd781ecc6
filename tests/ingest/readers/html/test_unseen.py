"""HTML: what a style leaves on the page and nobody sees is left out; fields and boxes to tick stand with their words."""

import pytest


def told(found) -> str:
    return "\n".join(text.text for text in found[0])


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0", "font-size: 1px; line-height: 1", "opacity:0", "opacity: 0.01", "position:absolute; left:-9999px",
        "position:absolute;clip:rect(0, 0, 0, 0)", "clip-path: inset(50%)", "text-indent:-999em", "color:#123456;background:rgb(18,52,86)",
        "color:white", "color:transparent",
    ],
)  # fmt: skip
def test_words_that_nobody_sees_are_left_out(blocks, style):
    assert told(blocks("a.html", f'<p>The fee is <span style="{style}">forty</span>fifty crowns.</p>')) == "The fee is fifty crowns."


@pytest.mark.parametrize(
    "html",
    [
        '<p style="opacity:0;transform:translateY(8px)">Slip</p>', '<div style="font-size:0"><b style="font-size:14px">Slip</b></div>',
        '<p style="background:#00f;color:#fff">Slip</p>', '<table bgcolor="#008"><tr><td><font color="white">Slip</font></td></tr></table>',
        '<p style="position:relative;left:-4px">Slip</p>',
        '<style>.hero{background:navy}</style><p class="hero" style="color:white">Slip</p>',
        '<p style="opacity:.5;font-size:0.8em">Slip</p>', '<p style="background-clip:text;color:transparent">Slip</p>',
        '<style>.in{opacity:0} .in.on{opacity:1}</style><p class="in">Slip</p>',
    ],
)  # fmt: skip
def test_words_that_are_seen_in_the_end_are_read(blocks, html):
    assert told(blocks("a.html", html)).strip() == "Slip"


def test_a_rule_of_the_page_hides_as_an_attribute_does(blocks):
    html = """<style>.x{opacity:0} .y{position:absolute;left:-10000px} .z{font-size:0}</style>
    <p>Seen<i class=x>a</i><i class=y>b</i><i class=z>c</i></p>"""
    assert told(blocks("a.html", html)) == "Seen"


def test_a_field_without_a_label_does_not_run_into_the_field_before(blocks):
    html = """<form>Name <input value="Ada"><input placeholder="Boat" value="Merlin"><input name="home_port" value="Alder"><input value="9">
    Crew: <input value="3"></form>"""
    assert told(blocks("a.html", html)).split("\n") == ["Name: Ada", "Boat: Merlin", "home port: Alder", "9 Crew: 3"]


def test_boxes_keep_their_marks_wherever_they_stand(blocks):
    html = """<div><span>Crane</span><input type="checkbox" checked> <span>Slip</span><input type="checkbox"></div>
    <div>Paid <input type=radio checked><span>cash</span> <input type=radio><span>card</span><select><option selected>Quay A</select></div>
    <input type="checkbox" id="nav-toggle"><label for="nav-toggle">Open</label>"""
    assert told(blocks("a.html", html)).split("\n")[:3] == ["Crane [x] Slip [ ]", "Paid [x] cash [ ] card", "Quay A"]
    assert "[ ] Open" not in told(blocks("a.html", html))
