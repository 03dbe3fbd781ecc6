"""Folders that the chat follows: kept with the library, by one process at a time, until they are taken off the list."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.chat.watching import Watching
from rag import Library, Settings
from rag.errors import UsageError


def until(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def opened(tmp_path):
    folder = tmp_path / "library"
    with Library.open(folder, Settings(library=folder)) as library:
        yield library


def test_a_folder_is_followed_again_after_a_restart_until_it_is_stopped(opened, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "kiln.md").write_text("The kiln of Ottery burns lime.")
    first = Watching(opened)
    first.start(docs)
    until(lambda: [each.source for each in opened.catalog.files()] == ["kiln.md"])
    until(lambda: first.all()[0].news is not None)
    (watched,) = first.all()
    assert watched.path == docs and watched.state == "following" and watched.news.added == ["kiln.md"] and watched.at
    second = Watching(opened)  # as another process would
    until(lambda: second.all()[0].state == "elsewhere")
    first.close()
    until(lambda: second.all()[0].state == "following")
    (docs / "mill.md").write_text("The mill grinds oats.")
    until(lambda: len(opened.catalog.files()) == 2)
    second.stop(docs)
    assert second.all() == [] and Watching(opened).all() == []
    assert opened.search("Who burns lime?")[0].source == "kiln.md", "what was taken in stays"
    second.close()


def test_what_is_not_there_is_not_followed(opened, tmp_path):
    watching = Watching(opened)
    with pytest.raises(UsageError, match="Nothing is there to follow"):
        watching.start(tmp_path / "nowhere")
    assert watching.all() == []
    watching.close()
