"""The sample corpus and its gold: every question can be answered from where it says, and every picture is accounted for."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from rag.speech.sound import opened

DATA = Path(__file__).parent.parent / "data"
SAMPLE = DATA / "sample"
GOLD = DATA / "gold" / "sample.jsonl"
PICTURES = {".png", ".jpg", ".webp", ".gif"}
SCANNED = "reports/keeper-report-1907.pdf"

ROWS: list[dict[str, Any]] = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
REFUSAL: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA.parent / "benchmarks" / "gold" / "refusal-sample.jsonl").read_text(encoding="utf-8").splitlines()
]
NEEDS = [pytest.param(row, need, id=f"{row['id']}-{n}") for row in ROWS + REFUSAL for n, need in enumerate(row["relevant"])]


def folded(text: str) -> str:
    """Without the bars of tables, which only the readers put between cells of HTML and PDF."""
    return " ".join(text.replace("|", " ").split()).casefold()


def words_of(source: str) -> str:
    """The text of a document with white space folded: HTML without its tags, PDF through pdfium."""
    path = SAMPLE / source
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            return folded(" ".join(page.get_textpage().get_text_range() for page in document))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL))
    return folded(text)


def files(*suffixes: str) -> list[Path]:
    return [path for path in SAMPLE.rglob("*") if path.suffix in suffixes]


def test_ids_and_questions_are_unique() -> None:
    assert max(Counter(row["id"] for row in ROWS).values()) == 1
    asked = Counter((row["question"], json.dumps(row.get("history")), row.get("image_query")) for row in ROWS)
    assert max(asked.values()) == 1


def test_there_are_enough_questions_of_every_kind() -> None:
    text = [row for row in ROWS if any("text" in need for need in row["relevant"])]
    image = [row for row in ROWS if any("image" in need or need.get("modality") == "image" for need in row["relevant"])]
    assert len(ROWS) >= 70
    assert len(text) >= 32
    assert len(image) >= 18
    assert sum("image_query" in row for row in ROWS) >= 3
    assert sum("history" in row for row in ROWS) >= 6
    assert sum(not row["answerable"] for row in ROWS) >= 14


def test_questions_about_what_is_said_name_times_of_the_recordings() -> None:
    rows = [json.loads(line) for line in (DATA / "gold" / "spoken.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len({row["question"] for row in rows}) == 10
    needs = [need for row in rows for need in row["relevant"]]
    assert {need["source"] for need in needs} == {path.relative_to(SAMPLE).as_posix() for path in files(".mp3", ".m4a", ".mp4")}
    assert {need.get("modality", "text") for need in needs} == {"text", "image"}
    for need in needs:
        with opened(SAMPLE / need["source"]) as recording:
            assert 0 < need["time"] < recording.about().seconds


def test_only_answerable_questions_have_needs() -> None:
    for row in ROWS:
        assert bool(row["relevant"]) is row["answerable"], row["id"]
        turns = [turn["role"] for turn in row.get("history", [])]
        assert turns == ["user", "assistant"] * (len(turns) // 2), row["id"]


@pytest.mark.parametrize(("row", "need"), NEEDS)
def test_a_need_is_really_there(row: dict[str, Any], need: dict[str, Any]) -> None:
    if "image" in need:
        found = [path for path in SAMPLE.rglob("*") if path.as_posix().endswith("/" + need["image"])]
        assert len(found) == 1
    elif need.get("modality") == "image":
        with pypdfium2.PdfDocument(SAMPLE / need["source"]) as document:
            page = document[need["page"] - 1]
            assert any(thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for thing in page.get_objects())
    else:
        assert row["keywords"]
        assert len(need["text"]) <= 90
        assert (SAMPLE / need["source"]).is_file()
        if need["source"] != SCANNED:
            text = words_of(need["source"])
            assert text.count(folded(need["text"])) == 1
            assert all(folded(word) in text for word in row["keywords"])


def test_the_scanned_report_has_no_text_layer() -> None:
    assert words_of(SCANNED) == ""


def test_pictures_asked_with_can_be_opened() -> None:
    named = {row["image_query"] for row in ROWS if "image_query" in row}
    assert named == {f"queries/{path.name}" for path in (GOLD.parent / "queries").iterdir()}
    for name in named:
        with Image.open(GOLD.parent / name) as image:
            image.load()


def test_documents_and_pictures_are_enough_and_small() -> None:
    assert len(files(".md", ".txt", ".html", ".pdf")) >= 14
    pictures = files(*PICTURES)
    assert len({path.read_bytes() for path in pictures}) == len(pictures) >= 24
    assert max(path.stat().st_size for path in pictures) <= 150_000
    spoken = files(".mp3", ".m4a", ".mp4")
    assert len(spoken) == 3 and sum(path.stat().st_size for path in spoken) < 3_000_000
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file() and path not in spoken) < 4_000_000
    for path in pictures:
        with Image.open(path) as image:
            image.load()


def test_every_file_has_its_row_in_the_readme() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w/-]+\.\w+) \|.*?(\w+\.py)?`?\)? \|$", readme, flags=re.MULTILINE)
    assert {name for name, _ in rows} == {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    scripts = {script for name, script in rows if Path(name).suffix in PICTURES}
    assert all((DATA / "draw" / script).is_file() for script in scripts)


def test_references_between_documents_lead_somewhere() -> None:
    for path in files(".md", ".html"):
        text = path.read_text(encoding="utf-8")
        targets = re.findall(r"\]\(([^)\s]+)", text) if path.suffix == ".md" else re.findall(r'(?:href|src)="([^"#]+)"', text)
        assert targets, path
        for target in targets:
            assert (path.parent / target).is_file(), f"{path.name}: {target}"
