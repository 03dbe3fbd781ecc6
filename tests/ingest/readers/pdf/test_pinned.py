"""What is filled into a PDF, pinned to it, and attached to it."""

from __future__ import annotations

import pytest

from ingest.blocks import Lost, Passed, Text
from ingest.readers import read
from rag.records import Locator
from tests.ingest.pages import Page, column, write_pdf
from tests.ingest.readers.pdf.objects import page_with, shown, stream, write_objects


def widget(kind: bytes, rect: tuple[int, int, int, int], words: bytes) -> bytes:
    return b"<</Type/Annot/Subtype/Widget/FT/%s/F 4/Rect[%d %d %d %d]%s>>" % (kind, *rect, words)


def form(tmp_path, content: bytes, fields: list[bytes]):
    numbers = b" ".join(b"%d 0 R" % (6 + n) for n in range(len(fields)))
    catalog = b"/AcroForm<</Fields[%s]/DR<</Font 5 0 R>>/DA(/F 11 Tf)>>" % numbers
    write_objects(tmp_path / "form.pdf", page_with(content, fields, catalog))


def test_what_is_filled_in_stands_beside_its_label(tmp_path, blocks):
    content = shown(
        (72, 700, "Skipper:"), (72, 660, "Gear"), (222, 660, "net"), (322, 660, "line"), (72, 620, "Home port"), (72, 560, "Call sign")
    )
    on, off = b"/AS/On/V/On/AP<</N<</On 4 0 R>>>>", b"/AS/Off/AP<</N<</On 4 0 R>>>>"
    fields = [
        widget(b"Tx", (200, 695, 400, 715), b"/T(f1)/V(Torvald Nes)"),
        widget(b"Btn", (200, 658, 214, 672), b"/T(net)" + on),
        widget(b"Btn", (300, 658, 314, 672), b"/T(line)" + off),
        widget(b"Ch", (200, 615, 400, 635), b"/T(port)/Ff 131072/Opt[[(BG)(Bergen)][(TR)(Tromso)]]/V(TR)"),
        widget(b"Tx", (72, 530, 300, 552), b"/T(f2)/V(LNQX)"),
        widget(b"Tx", (200, 495, 400, 515), b"/T(f3)/TU(Year of building)/V(1911)"),
        widget(b"Tx", (200, 455, 400, 475), b"/T(f4)/Ff 8192/V(open sesame)"),
        widget(b"Tx", (200, 415, 400, 435), b"/T(f5)/F 2/V(never shown)").replace(b"/F 4/", b"/"),
    ]
    form(tmp_path, content, fields)
    found = [each.text for each in blocks("form.pdf")[0]]
    assert "Skipper: Torvald Nes" in found and "Gear [x] net [ ] line" in found and "Home port Tromso" in found
    assert "Call sign: LNQX" in found, "its label stands above it"
    assert "Year of building: 1911" in found, "no label stands by it, and it has a name"
    assert not {"open sesame", "never shown"} & set(" ".join(found).split(": ")) and "sesame" not in " ".join(found)


def test_a_field_of_several_lines_and_a_form_of_nothing_but_values(tmp_path, blocks):
    form(tmp_path, b"", [widget(b"Tx", (72, 600, 400, 700), b"/T(Remarks)/Ff 4096/V(The keel is new.\\rThe mast is old.)")])
    found = " ".join(each.text for each in blocks("form.pdf")[0])
    assert found == "Remarks: The keel is new.\nThe mast is old."


def note(kind: bytes, words: bytes, rect: tuple[int, int, int, int] = (400, 500, 420, 520)) -> bytes:
    return b"<</Type/Annot/Subtype/%s/Rect[%d %d %d %d]%s>>" % (kind, *rect, words)


def test_notes_have_their_author_and_the_words_that_they_are_on(tmp_path, blocks):
    quads = b"/QuadPoints[70 712 150 712 70 696 150 696]"
    pinned = [
        note(b"Text", b"/Contents(The crane was sold in May.)/T(K. Moe)"),
        note(b"Highlight", b"/Contents(Which of the two?)" + quads, (70, 696, 150, 712)),
        note(b"FreeText", b"/Contents(Not to scale)/DA(/F 11 Tf)", (300, 300, 420, 330)),
        note(b"Stamp", b"/Name/NotApproved"),
        note(b"Text", b"/Contents(A hidden one)/F 2"),
        note(b"Text", b"/Contents(Accepted)/StateModel(Review)/State(Accepted)"),
        note(b"Link", b"/Contents(https://sund.example/plan)"),
        note(b"Popup", b"/Contents(The crane was sold in May.)"),
    ]
    write_objects(tmp_path / "a.pdf", page_with(shown((72, 700, "The boathouse has a crane of two tonnes.")), pinned))
    printed, *found = blocks("a.pdf")[0]
    assert printed.text == "The boathouse has a crane of two tonnes."
    told = [each.text for each in found]
    assert told[0] == "Note by K. Moe: The crane was sold in May."
    assert told[1].startswith("Note on “The boathouse") and told[1].endswith("”: Which of the two?")
    assert told[2:] == ["Not to scale", "Stamp: Not Approved"]
    left, top, right, bottom = found[0].locator.bbox
    assert found[0].locator.page == 1 and 0.64 < left < right < 0.7 and 0.33 < top < bottom < 0.38


def test_what_is_typed_beside_a_label_is_its_value(tmp_path, blocks):
    typed = note(b"FreeText", b"/Contents(Gudrun Aas)/DA(/F 11 Tf)", (130, 697, 260, 714))
    write_objects(tmp_path / "a.pdf", page_with(shown((72, 700, "Owner:"), (72, 660, "Port:")), [typed]))
    assert [each.text for each in blocks("a.pdf")[0]] == ["Owner: Gudrun Aas", "Port:"]


def files(**content: bytes) -> tuple[bytes, list[bytes]]:
    """The catalogue's entry and the objects of attached files, the first of which is number 6."""
    names, objects = b"", []
    for name, data in content.items():
        file = name.replace("_", ".").encode()
        names += b"(%s) %d 0 R " % (file, 6 + len(objects))
        objects += [b"<</Type/Filespec/F(%s)/UF(%s)/EF<</F %d 0 R>>>>" % (file, file, 7 + len(objects)), stream(data)]
    return b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % names, objects


def attach(path, **content: bytes) -> bytes:
    catalog, objects = files(**content)
    write_objects(path, page_with(shown((72, 700, "See the files.")), [], catalog, objects))
    return path.read_bytes()


def test_attached_files_are_read_as_their_kinds_under_their_names(tmp_path):
    inner = write_pdf(
        tmp_path / "inner.pdf", Page([(72, 80, 20, "The windlass"), *column(72, 120, ["It was forged at the yard."])])
    ).read_bytes()
    attach(tmp_path / "a.pdf", crew_csv=b"name,rank\nAas,mate\n", plan_pdf=inner, hull_step=b"ISO-10303", torn_docx=b"PK\3\4")
    found = list(read(tmp_path / "a.pdf", "a.pdf", tmp_path, None))
    texts = {each.locator.heading: each for each in found if isinstance(each, Text)}
    assert texts["crew.csv"].text == "| name | rank |\n| --- | --- |\n| Aas | mate |"
    assert texts["plan.pdf > The windlass"].text == "It was forged at the yard."
    assert texts["plan.pdf > The windlass"].locator.page is None, "that page is not one of this document"
    assert [each.name for each in found if isinstance(each, Lost)] == ["torn.docx"]
    assert [(each.kind, each.count) for each in found if isinstance(each, Passed)] == [("attachments of unknown kinds", 1)]


def test_a_file_pinned_to_a_page_is_read_once(tmp_path, blocks):
    pin = b"<</Type/Annot/Subtype/FileAttachment/Rect[10 10 30 30]/FS 7 0 R>>"
    more = [b"<</Type/Filespec/F(log.txt)/EF<</F 8 0 R>>>>", stream(b"Fog from four to nine.")]
    write_objects(tmp_path / "a.pdf", page_with(shown((72, 700, "See the pin.")), [pin], more=more))
    assert [(each.text, each.locator.heading) for each in blocks("a.pdf")[0]] == [
        ("See the pin.", None),
        ("Fog from four to nine.", "log.txt"),
    ]


def test_files_in_files_end_somewhere(tmp_path):
    content = b"deep down"
    name = "end_txt"
    for _ in range(6):
        content, name = attach(tmp_path / "a.pdf", **{name: content}), "next_pdf"
    found = list(read(tmp_path / "a.pdf", "a.pdf", tmp_path, None))
    (lost,) = [each for each in found if isinstance(each, Lost)]
    assert lost.name == "next.pdf > next.pdf > next.pdf > next.pdf" and "depth of 3" in lost.reason
    assert len([each for each in found if isinstance(each, Text)]) == 4
    again = list(read(tmp_path / "a.pdf", "a.pdf", tmp_path, None))
    assert again == found, "what is counted while one is read does not stay"


@pytest.mark.parametrize("filled", [True, False])
def test_a_form_that_only_one_program_shows_is_read_from_its_data_or_said(tmp_path, filled):
    value = b"<shipName>Vesla</shipName>" if filled else b"<shipName/>"
    data = b'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1>%s<port><Name>Os</Name></port>' % value
    data += b"</form1></xfa:data></xfa:datasets>"
    if not filled:
        data = data.replace(b"<Name>Os</Name>", b"")
    catalog = b"/NeedsRendering true/AcroForm<</Fields[]/XFA[(template)6 0 R(datasets)7 0 R]>>"
    objects = page_with(shown((72, 700, "Please wait.")), [], catalog, [stream(b"<template/>"), stream(data)])
    write_objects(tmp_path / "a.pdf", objects)
    found = list(read(tmp_path / "a.pdf", "a.pdf", tmp_path, None))
    if filled:
        assert found[-1] == Text("ship Name: Vesla\nName: Os", Locator())
    else:
        assert isinstance(found[-1], Lost) and "XFA" in found[-1].reason
