"""What the name of a file says."""

import pytest

from ingest.describe import file_words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("filings/2023 Q3 AAPL.pdf", "2023 Q3 AAPL"),
        ("Jane Doe.md", "Jane Doe"),
        ("kicad-pcb_v2.html", "kicad pcb v2"),
        ("pumpManual.docx", "pump Manual"),
        ("XMLReport.md", "XML Report"),
        ("iPhone McDonald PDFs.txt", "iPhone McDonald PDFs"),
        ("sect.apt-get.html", "sect apt get"),
        ("2023.md", "2023"),
        ("notes/2023-05-04.md", "2023-05-04"),
        ("python-3.11_notes.txt", "python 3.11 notes"),
        ("Q3.xlsx", "Q3"),
        ("scan 1998.pdf", "scan 1998"),
        ("old.zip/guide/light_house.html", "light house"),
        ("Jane%20Doe.html", "Jane Doe"),
        ("report_3f2a9c77d1.pdf", "report"),
        ("报告.pdf", "报告"),
        ("faq.qa.jsonl", "faq"),
        ("tides.pdf.documents", "tides"),
        ("notes.txt-1a2b3c4d.documents", "notes"),
        ("~letter.txt", "letter"),
    ],
)
def test_a_file_name_in_words(source, words):
    assert file_words(source) == words


@pytest.mark.parametrize(
    "name",
    ["IMG_0042.jpg", "IMG_1912.jpg", "page-14.html", "scan 3.pdf", "document (2).docx", "untitled.md", "index.html", "README.md",
     "1234567.pdf", "3f2a9c77d1ab.pdf", "550e8400-e29b-41d4-a716-446655440000.pdf", "Copy of Document.docx", "a.txt"],
)  # fmt: skip
def test_a_name_that_says_nothing(name):
    assert file_words(f"folder/{name}") == ""
