"""Several processes on one library: the chat and commands, in both orders of starting, and with the owner of the index killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.app.chat.test_browser import CHROMIUM, FLAGS, answered, ask
from tests.growing import Growing
from tests.processes import MARK, Chat, Command, check_done, check_whole, committed, content, marked, needs_proc, opened, wait_for

pytestmark = [needs_proc, pytest.mark.first]

CRANE = "The crane sleeps in the boathouse of Gull Island."


def expected_of(tmp_path: Path, docs: Growing) -> list[tuple[str, str]]:
    """What an ingest of the folder as it is now, into a library of its own, makes of it."""
    fresh = tmp_path / f"fresh{len(list(tmp_path.glob('fresh*')))}"
    assert Command(tmp_path, "ingest", docs.folder, "--library", fresh).wait() == 0
    with opened(fresh) as library:
        return content(library)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_chat_first_then_commands_then_the_chat_is_killed(tmp_path):
    docs, folder = Growing(tmp_path / "docs", seed=11), tmp_path / "library"
    (tmp_path / "heron.txt").write_text("The heron stands on one leg at Sorrow Quay.")
    (docs.folder / "crane.txt").write_text(CRANE)
    assert Command(tmp_path, "ingest", tmp_path / "heron.txt", "--library", folder).wait() == 0
    chat = Chat(folder)
    sources, owner = chat.search("Where does the heron stand?")
    assert sources[0] == "heron.txt" and owner

    def run(*words: object) -> Command:
        return Command(tmp_path, *words, "--library", folder, "--json")

    both = [run("ingest", docs.folder), run("ingest", docs.folder)]
    asking = [run("search", "heron"), run("list"), run("status"), run("ask", "Where does the heron stand?", "--model", "quote")]
    assert [command.wait() for command in (*asking, *both)] == [0] * 6
    found, listed, state, answer = (command.json for command in asking)
    assert found["hits"][0]["source"] == "heron.txt"
    assert {"heron.txt"} <= {each["source"] for each in listed["sources"]} and 1 <= state["files"] <= 42
    assert "Sorrow Quay" in answer["answer"] and answer["model"] == "quote"
    first, second = sorted((command.json for command in both), key=lambda report: len(report["unchanged"]))
    assert (len(first["added"]), len(first["unchanged"])) == (41, 0)
    assert (len(second["added"]), len(second["unchanged"])) == (0, 41), "the second waits, and finds nothing left to do"

    sources, owner = chat.search("Where does the crane sleep?")
    assert sources[0] == "crane.txt" and owner, "what was added is found at once, by the owner that was there first"

    docs.change()
    during = run("ingest", docs.folder)
    wait_for(lambda: (folder / "spool").exists())
    chat.kill()
    after = run("search", "heron")
    assert during.wait() == 0 and after.wait() == 0
    assert len(during.json["changed"]) >= 5 and after.json["hits"][0]["source"] == "heron.txt"
    with opened(folder) as library:
        library.remove(["heron.txt"])
        check_done(library, expected_of(tmp_path, docs))


@pytest.mark.timeout(900)
def test_the_ingest_first_then_the_chat_then_the_ingest_is_killed(tmp_path):
    docs, folder = Growing(tmp_path / "docs", seed=12, texts=9), tmp_path / "library"
    (docs.folder / "crane.txt").write_text(CRANE)
    first = Command(tmp_path, "ingest", docs.folder, "--library", folder)
    wait_for(lambda: committed(folder))
    chat = Chat(folder)
    second = Command(tmp_path, "ingest", docs.folder, "--library", folder, "--json")
    sources, owner = chat.search("lamp keeper tide")
    assert sources and not (owner and first.process.is_alive())
    first.kill()
    assert chat.search("lamp keeper tide")[0]
    assert second.wait() == 0, "it takes over what the first left"
    sources, owner = chat.search("Where does the crane sleep?")
    assert sources[0] == "crane.txt" and owner, "the chat took over, or did when the second was done"
    chat.close()
    with opened(folder) as library:
        check_done(library, expected_of(tmp_path, docs))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(3))
def test_many_rounds_of_kills_among_many(tmp_path, seed):
    """In every round a chat, two ingests and a search, started in any order; one of them is killed at any moment, the others go on."""
    docs, folder, chance = Growing(tmp_path / "docs", seed), tmp_path / "library", random.Random(seed)
    assert Command(tmp_path, "ingest", docs.folder, "--library", folder).wait() == 0
    for _ in range(10):
        docs.change()
        makers = [
            lambda: Chat(folder),
            *(lambda: Command(tmp_path, "ingest", docs.folder, "--library", folder) for _ in range(2)),
            lambda: Command(tmp_path, "search", "lamp keeper", "--library", folder),
        ]
        chance.shuffle(makers)
        started = []
        for make in makers:
            started.append(make())
            started[-1].process.join(chance.uniform(0, 2))
        victim = chance.choice(started)
        victim.process.join(chance.uniform(0, 4))
        victim.kill()
        chat = next(each for each in started if isinstance(each, Chat))
        if chat is not victim:
            assert chat.search("lamp keeper")[0]
        for command in started:
            if isinstance(command, Command):
                status = command.wait()
                assert status == 0 or (status == -9 and command is victim), command.err
        with opened(folder) as library:
            check_whole(library)
        if chat is not victim:
            chat.close()
        assert not [left for command in started if isinstance(command, Command) for left in command.left().values()]
    assert Command(tmp_path, "ingest", docs.folder, "--library", folder).wait() == 0
    with opened(folder) as library:
        check_done(library, expected_of(tmp_path, docs))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium")
def test_the_real_chat_finds_what_others_add_and_may_be_killed(tmp_path):
    docs, folder = Growing(tmp_path / "docs", seed=13), tmp_path / "library"
    heron = docs.folder / "heron.txt"
    heron.write_text("The heron stands on one leg at Sorrow Quay.")
    assert Command(tmp_path, "ingest", heron, "--library", folder).wait() == 0
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS) as browser:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        mark = "the-real-chat"
        server = subprocess.Popen(
            [sys.executable, "-m", "app", "chat", "--port", str(port), "--library", str(folder)],
            env=os.environ | {"DIPTYCH_LLM": "quote", MARK: mark},
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(lambda: answers(f"http://127.0.0.1:{port}/_stcore/health"))
            page = browser.new_page()
            page.set_default_timeout(120_000)
            expect.set_options(timeout=120_000)
            page.goto(f"http://127.0.0.1:{port}")
            ask(page, "Where does the heron stand?")
            assert "Sorrow Quay" in answered(page, 1)
            (docs.folder / "crane.txt").write_text(CRANE)
            assert Command(tmp_path, "ingest", docs.folder, "--library", folder).wait() == 0
            ask(page, "Where does the crane sleep?")
            assert "Gull Island" in answered(page, 2)
            docs.change()
            during = Command(tmp_path, "ingest", docs.folder, "--library", folder)
            wait_for(lambda: (folder / "spool").exists())
            for number, line in marked(mark).items():
                if "milvus" not in line:  # the index's own process ends by itself
                    os.kill(number, signal.SIGKILL)
            assert during.wait() == 0
        finally:
            server.kill()
            server.wait()
    wait_for(lambda: not marked(mark), seconds=20)
    with opened(folder) as library:
        check_done(library, expected_of(tmp_path, docs))


def answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False
