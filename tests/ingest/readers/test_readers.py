"""The registry, and what is common to all readers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.blocks import Document
from ingest.readers import SUFFIXES, kind, read
from rag.errors import ReadError
from tests.ingest.samples import picture


def test_kinds_go_by_suffix_in_any_case():
    assert [kind(Path(name)) for name in ("a.PDF", "b.Jpeg", "c.md", "d.exe", "pdf", ".pdf")] == [
        "pdf",
        "image",
        "markdown",
        None,
        None,
        None,
    ]


EACH = """
import os, sys
from importlib import import_module
from ingest.readers import READERS
for module in {each.partition(":")[0] for each in READERS.values()}:
    assert f"ingest.readers.{module}" not in sys.modules or module in ("code", "text"), f"{module} is imported for nothing"
    if not os.fork():
        import_module(f"ingest.readers.{module}")
        os._exit(0)
    assert os.wait()[1] == 0, module
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_each_reader_is_imported_by_itself_and_not_before_it_is_needed():
    subprocess.run([sys.executable, "-c", EACH], check=True)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_an_empty_file_of_every_kind_is_refused(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    path.touch()
    with pytest.raises(ReadError, match=r"The file is empty\.") as refused:
        list(read(path, path.name, tmp_path, None))
    assert refused.value.hint


def test_the_name_in_the_library_decides_the_format(tmp_path):
    (tmp_path / "blob").write_text("# Lights\n\nWords")
    document, text = read(tmp_path / "blob", "notes/a.md", tmp_path, None)
    assert document == Document("Lights")
    assert (text.text, text.locator.heading) == ("Words", "Lights")


def test_unknown_and_missing_files_are_refused(tmp_path):
    with pytest.raises(ReadError, match="No reader"):
        list(read(tmp_path / "a.exe", "a.exe", tmp_path, None))
    with pytest.raises(ReadError, match="cannot be opened: No such file"):
        list(read(tmp_path / "a.md", "a.md", tmp_path, None))


def test_an_image_is_one_figure_of_its_own_name(blocks):
    texts, (figure,) = blocks("photos/red tower.png", picture())
    assert not texts and (figure.origin, figure.caption, figure.data) == ("photos/red tower.png", None, picture())


@pytest.mark.parametrize("content", [picture()[:300], b"no image", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_an_unreadable_image_is_refused(blocks, content):
    with pytest.raises(ReadError, match=r"not an image of a known kind|cut short or damaged"):
        blocks("a.png", content)


def test_a_message_in_a_maildir_is_one_whatever_its_name(tmp_path):
    name = "1741077000.M20046P4711.lighthouse,S=512:2,S"
    (tmp_path / "Inbox" / "cur").mkdir(parents=True)
    path = tmp_path / "Inbox" / "cur" / name
    path.write_bytes(b"From: a@example.org\nSubject: Fog\n\nThe horn sounds.\n")
    assert kind(path) == "mail" and kind(tmp_path / name) is None
    assert list(read(path, f"Inbox/cur/{name}", tmp_path, None))[-1].text == "The horn sounds."
