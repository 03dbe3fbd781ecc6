"""The cited page: shown from the PDF as it was taken in, and only from that."""

import base64
import io

import pytest
from PIL import Image

from app.chat.parts.page import page_html
from ingest import ingest as take_in
from rag import Library, Settings
from rag.records import Citation, Locator
from tests.ingest.pages import Page, column, write_pdf


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "library"
    write_pdf(tmp_path / "docs.pdf", Page(words=column(72, 100, ["The lamp of Skerrin Head burns colza oil."])))
    (tmp_path / "notes.txt").write_text("The lamp of Ness Head burns paraffin.")
    with Library.open(folder, Settings(library=folder)) as library:
        take_in([tmp_path / "docs.pdf", tmp_path / "notes.txt"], library)
        yield library


def citation(source: str, page: int | None) -> Citation:
    return Citation(1, source, Locator(page=page), "text", "burns colza oil", None, 1)


def test_the_page_is_shown_while_the_file_is_as_it_was(own, tmp_path):
    html = page_html(own, citation("docs.pdf", 1))
    kind, data = html.split('src="')[1].split('"')[0].split(",")
    assert kind == "data:image/webp;base64" and 'alt="Page 1 of docs.pdf"' in html
    with Image.open(io.BytesIO(base64.b64decode(data))) as shown:
        assert shown.height > shown.width > 900
    assert (
        page_html(own, citation("docs.pdf", 2))
        == page_html(own, citation("notes.txt", None))
        == page_html(own, citation("no.pdf", 1))
        == ""
    )
    write_pdf(tmp_path / "docs.pdf", Page(words=column(72, 100, ["Another text."])))
    assert page_html(own, citation("docs.pdf", 1)) == ""
