"""Every reader against damage: whatever is done to a file, what comes of it is blocks or one ReadError, soon."""

import io
import random
import time
import zipfile
from itertools import pairwise

import pytest

from ingest.blocks import Document, Example, Figure, Lost, Passed, Text
from ingest.readers import READERS, read
from ingest.readers.recording.listen import Listener, listening
from rag.errors import ReadError
from rag.speech.cue import Cue
from rag.speech.recognise import Heard, Recogniser
from rag.speech.sound import RATE
from tests.ingest.samples import SAMPLES, SENTENCE, sample

SECONDS = 10


class Parrot(Recogniser):
    """Hears one sentence in whatever sound."""

    def heard(self, samples, language, last, tell=lambda _: None) -> Heard:
        return Heard((Cue(0.0, 1.0, SENTENCE),), len(samples) / RATE, "en")


@pytest.fixture(autouse=True)
def listened():
    with listening(Listener(Parrot("none"))):
        yield


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to four faults: bytes changed, a piece cut out, doubled, zeroed, moved, or the end lost."""
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        piece = data[at : min(end, at + 400)]
        kind = chance.randrange(6)
        if kind == 0:
            data = data[:at] + bytes(chance.randrange(256) for _ in range(len(piece[:8]))) + data[at + len(piece[:8]) :]
        elif kind == 1:
            data = data[:at] + data[at + len(piece) :]
        elif kind == 2:
            data = data[:at] + piece * chance.randint(2, 40) + data[at:]
        elif kind == 3:
            data = data[:at] + bytes(len(piece)) + data[at + len(piece) :]
        elif kind == 4:
            rest = data[:at] + data[at + len(piece) :]
            to = chance.randrange(len(rest) + 1)
            data = rest[:to] + piece + rest[to:]
        elif at > 0:
            data = data[:at]
        if not data:
            return b"x"
    return data


def damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """A packed file with one of its parts damaged, and packed again as if nothing had happened."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(made, "w") as archive:
        names = whole.namelist()
        struck = chance.choice(names)
        for name in names:
            archive.writestr(name, damaged(whole.read(name) or b"x", chance) if name == struck else whole.read(name))
    return made.getvalue()


def strike(suffix: str, tmp_path, times: int) -> None:
    whole = sample(suffix)
    path = tmp_path / f"a{suffix}"
    for n in range(times):
        chance = random.Random(f"{suffix} {n}")
        inside = whole.startswith(b"PK") and n % 2
        path.write_bytes(damaged_inside(whole, chance) if inside else damaged(whole, chance))
        start = time.perf_counter()
        try:
            for block in read(path, path.name, tmp_path, None):
                assert isinstance(block, Document | Text | Figure | Lost | Passed | Example)
        except ReadError as error:
            assert str(error) and error.hint, (suffix, n)
        assert time.perf_counter() - start < SECONDS, (suffix, n)


def test_there_is_a_sample_for_every_reader():
    assert {READERS[suffix] for suffix in SAMPLES} == set(READERS.values())


@pytest.mark.parametrize("suffix", SAMPLES)
def test_the_sample_is_whole(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(sample(suffix))
    blocks = list(read(path, path.name, tmp_path, None))
    told = [block.answer if isinstance(block, Example) else block.text for block in blocks if isinstance(block, Text | Example)]
    words = " ".join(" ".join(text.split()) for text in told)
    assert any(isinstance(block, Figure) for block in blocks) or SENTENCE in words


@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_damaged_file_gives_blocks_or_one_error(suffix, tmp_path):
    strike(suffix, tmp_path, 12)


@pytest.mark.long
@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_file_damaged_in_many_ways_gives_blocks_or_one_error(suffix, tmp_path):
    strike(suffix, tmp_path, 400)


@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_file_cut_short_anywhere_gives_blocks_or_one_error(suffix, tmp_path):
    whole = sample(suffix)
    path = tmp_path / f"a{suffix}"
    for _, end in pairwise(range(0, len(whole), max(1, len(whole) // 8))):
        path.write_bytes(whole[:end])
        try:
            list(read(path, path.name, tmp_path, None))
        except ReadError as error:
            assert str(error) and error.hint
    path.write_bytes(b"")
    with pytest.raises(ReadError, match="empty"):
        list(read(path, path.name, tmp_path, None))


@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_file_of_another_kind_gives_blocks_or_one_error(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    for other in (".pdf", ".docx", ".png", ".txt", ".eml"):
        path.write_bytes(sample(other))
        try:
            list(read(path, path.name, tmp_path, None))
        except ReadError as error:
            assert str(error) and error.hint
