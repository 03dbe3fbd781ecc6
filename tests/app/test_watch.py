"""`diptych watch` in a process of its own, ended as a terminal ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]


def line_with(words: str, stream) -> str:
    return next(line for line in stream if words in line)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_watch_tells_a_line_a_round_and_ends_with_one_document(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "letter.txt").write_text("The oil ran out on the night of the storm.")
    command = [sys.executable, "-m", "app", "watch", docs, "--library", tmp_path / "library", "--json"]
    watching = subprocess.Popen(command, cwd=REPO, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert watching.stderr
    try:
        assert "added letter.txt" in line_with("letter.txt", watching.stderr)
        (docs / "tide\x1b.txt").write_text("The tide turns at nine.")
        (docs / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
        line = line_with("tide", watching.stderr)
        assert "added tide\ufffd.txt; failed broken.pdf (" in line and "\x1b" not in line
        os.killpg(watching.pid, signal.SIGINT)
        out, err = watching.communicate(timeout=60)
    finally:
        watching.kill()
    assert watching.returncode == 0 and "Traceback" not in err
    totals = json.loads(out)
    assert totals["added"] == ["letter.txt", "tide\x1b.txt"] and totals["passages"] == 2
    assert [failure["source"] for failure in totals["failed"]] == ["broken.pdf"]


def test_watch_without_anything_to_follow_is_status_2(tmp_path):
    command = [sys.executable, "-m", "app", "watch", tmp_path / "never", "--library", tmp_path / "library", "--json"]
    ran = subprocess.run(command, cwd=REPO, text=True, capture_output=True)
    assert ran.returncode == 2 and "Nothing is there to follow" in json.loads(ran.stdout)["error"]
