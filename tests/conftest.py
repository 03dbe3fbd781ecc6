"""What the rooms' tests share: settings of their own, and one small library that is made once."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from rag.settings import default_readers
from tests.corpus import make_coast

for name in [name for name in os.environ if name.startswith("DIPTYCH_") and name != "DIPTYCH_READERS"]:
    del os.environ[name]
os.environ["OLLAMA_HOST"] = "127.0.0.1:9"  # nothing answers there: no test meets an Ollama that happens to run
os.environ.setdefault("DIPTYCH_READERS", str(default_readers()))
_data = tempfile.TemporaryDirectory(prefix="diptych-")
os.environ["XDG_DATA_HOME"] = _data.name  # what tests learn of their servers is theirs
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes start: each would compile all of ours anew
sys.dont_write_bytecode = False
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two test processes share two cores
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a suite started in the background hands that on to what its tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def coast(tmp_path_factory) -> Path:
    """A folder of documents and pictures; tests that change it copy it first."""
    return make_coast(tmp_path_factory.mktemp("corpus") / "coast")


@pytest.fixture(scope="session")
def library(coast, tmp_path_factory):
    """The coast, ingested; tests only read from it."""
    from ingest import ingest
    from rag import Library, Settings

    folder = tmp_path_factory.mktemp("library") / "coast"
    with Library.open(folder, Settings(library=folder)) as library:
        report = ingest([coast], library)
        assert not report.failed
        yield library


@pytest.fixture(scope="session")
def ocr():
    from rag.pictures.ocr import Ocr

    return Ocr(threads=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of few but long tests begin first, so that no process ends alone with them. What drives a browser has a second try."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: item.get_closest_marker("first") is None)
