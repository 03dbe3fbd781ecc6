"""A small whole file of every kind that a reader knows, with words and, where the kind has them, a picture."""

from __future__ import annotations

import functools
import io
import json
import tempfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import numpy as np
from PIL import Image

from tests.ingest import old_office as old
from tests.ingest.packed import docx, inline_picture, odt, paragraph, zipped
from tests.ingest.pages import Page, column, write_pdf
from tests.recorded import film, record, slide

SENTENCE = "The lamp of Skerrin Head burns colza oil."
ROWS = [["Station", "Height"], ["Skerrin Head", "31"], ["Hollin Point", "24"]]


def png(format: str = "PNG", **words: object) -> bytes:
    data = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((80, 60)).save(data, format, **words)
    return data.getvalue()


def picture(seed: int = 0, size=(60, 40)) -> bytes:
    """A PNG of noise, another for each seed."""
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def _pdf() -> bytes:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        pixels = Image.linear_gradient("L").resize((80, 60))
        page = Page(
            words=column(72, 100, [SENTENCE, "Figure 1: The lamp"]), pictures=[(72, 200, 300, 400, pixels)], drawn=[(72, 450, 300, 600)]
        )
        return write_pdf(Path(folder) / "a.pdf", page, page).read_bytes()


def _pptx() -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = SENTENCE
    slide.shapes.add_picture(io.BytesIO(png()), Inches(1), Inches(2), Inches(3), Inches(2))
    table = slide.shapes.add_table(3, 2, Inches(1), Inches(4), Inches(4), Inches(2)).table
    for n, row in enumerate(ROWS):
        for m, cell in enumerate(row):
            table.cell(n, m).text = cell
    data = io.BytesIO()
    deck.save(data)
    return data.getvalue()


def _xlsx() -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Stations")
        for n, row in enumerate(ROWS):
            sheet.write_row(n, 0, row)
        sheet.insert_image("D2", "lamp.png", {"image_data": io.BytesIO(png())})
    return data.getvalue()


def _epub() -> bytes:
    items = '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="p" href="p.png" media-type="image/png"/>'
    rest = f'<metadata/><manifest>{items}</manifest><spine><itemref idref="a"/></spine>'
    opf = f'<package xmlns="http://www.idpf.org/2007/opf">{rest}</package>'
    container = '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    page = f'<html><body><h1>Lamps</h1><p>{SENTENCE}</p><img src="p.png" alt="The lamp"/></body></html>'
    return zipped({"META-INF/container.xml": container, "book.opf": opf, "a.xhtml": page, "p.png": png()})


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Lamps", "keeper@example.org"
    mail.set_content(SENTENCE)
    mail.add_attachment(png(), maintype="image", subtype="png", filename="lamp.png")
    return mail.as_bytes()


def _page() -> bytes:
    saved = EmailMessage()
    saved["Subject"] = "Lamps"
    saved.set_content(f'<p>{SENTENCE}</p><img src="http://example.org/lamp.png" alt="The lamp">', subtype="html")
    saved.add_related(png(), "image", "png", filename="lamp.png")
    saved.get_payload()[1]["Content-Location"] = "http://example.org/lamp.png"
    return saved.as_bytes()


def _notebook() -> bytes:
    import nbformat.v4 as v4

    output = v4.new_output("stream", text="31 m\n")
    return json.dumps(
        v4.new_notebook(cells=[v4.new_markdown_cell(f"# Lamps\n\n{SENTENCE}"), v4.new_code_cell("1", outputs=[output])])
    ).encode()


def _docx() -> bytes:
    return docx(
        paragraph("Lamps", "Heading1") + paragraph(SENTENCE) + paragraph("", more=inline_picture("lamp", "The lamp")), {"lamp.png": png()}
    )


def _svg() -> bytes:
    shapes = f'<rect width="50" height="40"/><text y="50">{SENTENCE}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">{shapes}</svg>'.encode()


def _recorded(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return record(Path(folder) / f"a{suffix}", np.sin(np.arange(16_000) / 6) / 2, "Lamps", chapters=[(0, 1, "Fog")]).read_bytes()


def _filmed(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return film(Path(folder) / f"a{suffix}", [(2, slide("Lamps")), (2, slide("Fog"))], np.sin(np.arange(64_000) / 6) / 2).read_bytes()


_MADE: dict[str, Callable[[], bytes]] = {
    ".html": lambda: f"<h1>Lamps</h1><p>{SENTENCE}</p><table><tr><th>Station<th>Height<tr><td>Skerrin<td>31</table>".encode(),
    ".md": lambda: f"# Lamps\n\n{SENTENCE}\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode(),
    ".txt": lambda: f"LAMPS\n\n{SENTENCE}\n\nAnd é of fog.\n".encode(),
    ".pdf": _pdf,
    ".png": png,
    ".jpg": lambda: png("JPEG"),
    ".tif": lambda: png("TIFF"),
    ".webp": lambda: png("WEBP"),
    ".svg": _svg,
    ".docx": _docx,
    ".pptx": _pptx,
    ".odt": lambda: odt(f'<office:text><text:h text:outline-level="1">Lamps</text:h><text:p>{SENTENCE}</text:p></office:text>'),
    ".rtf": lambda: rb"{\rtf1\ansi\ansicpg1252 {\b Lamps}\par " + SENTENCE.encode() + rb" caf\'e9\par}",
    ".epub": _epub,
    ".eml": _mail,
    ".emlx": lambda: str(len(_mail())).encode() + b"\n" + _mail() + b"<?xml version='1.0'?><plist></plist>",
    ".mbox": lambda: b"".join(b"From a@example.org Mon Mar  3 09:30:00 2025\n" + _mail() + b"\n" for _ in range(2)),
    ".mht": _page,
    ".msg": lambda: old.msg({0x0037: "Lamps", 0x1000: SENTENCE}, [old.attachment("lamp.png", png())]),
    ".doc": lambda: old.doc(old.para("Lamps", style=1), old.para(SENTENCE), *old.row("Station", "Height"), *old.row("Skerrin", "31")),
    ".ppt": lambda: old.ppt((old.slide(old.words("Lamps", 0), old.words(SENTENCE)), b""), notes={1: "A note."}),
    ".xlsx": _xlsx,
    ".csv": lambda: f"station;lamp\nSkerrin;{SENTENCE}\nHollin;none\n".encode(),
    ".json": lambda: json.dumps({"lamps": [{"station": "Skerrin", "note": SENTENCE}]}).encode(),
    ".jsonl": lambda: "\n".join(json.dumps({"n": n, "note": SENTENCE}) for n in range(5)).encode(),
    ".qa.jsonl": lambda: "\n".join(json.dumps({"question": f"What burns in lamp {n}?", "answer": SENTENCE}) for n in range(5)).encode(),
    ".documents": lambda: json.dumps({"page_content": SENTENCE, "metadata": {"page": 0, "title": "Lamps"}}).encode(),
    ".ipynb": _notebook,
    ".m4a": lambda: _recorded(".m4a"),
    ".mkv": lambda: _recorded(".mkv"),
    ".mp4": lambda: _filmed(".mp4"),
    ".vtt": lambda: f"WEBVTT\n\n1\n00:01.000 --> 00:04.000\n<v Anna>{SENTENCE}\n".encode(),
    ".ttml": lambda: f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">{SENTENCE}</p></div></body></tt>'.encode(),
    ".lrc": lambda: f"[ti:Lamps]\n[00:01.00]{SENTENCE}\n".encode(),
    ".ics": lambda: (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Lamps\nDESCRIPTION:{SENTENCE}\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()
    ),
    ".vcf": lambda: f"BEGIN:VCARD\r\nFN:Ida Lund\r\nNOTE:{SENTENCE}\r\nEND:VCARD\r\n".encode(),
    ".py": lambda: f'"""{SENTENCE}"""\n\nLAMPS = 1\n\n\ndef lamps():\n    return LAMPS\n'.encode(),
}  # fmt: skip
SAMPLES = list(_MADE)
"""A suffix for every reader."""


@functools.cache
def sample(suffix: str) -> bytes:
    """A whole file of that kind."""
    return _MADE[suffix]()
