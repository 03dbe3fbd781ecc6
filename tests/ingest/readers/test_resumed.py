"""What a reader made of the parts of a file is not made again after it was stopped."""

import pytest

from ingest.readers import read
from ingest.readers.resumed import once, resuming
from tests.ingest.pages import Page, column, write_pdf


def made(path, keys, stop=None):
    """The values for these keys, and which of them were made; where `stop` is made, the reader is stopped."""
    fresh = []

    def make(key):
        if key == stop:
            raise KeyboardInterrupt
        fresh.append(key)
        return f"part {key}"

    values = []
    try:
        with resuming(path):
            values += [once(key, lambda key=key: make(key)) for key in keys]
    except KeyboardInterrupt:
        pass
    return values, fresh


def test_parts_are_made_once_over_all_attempts(tmp_path):
    path = tmp_path / "unfinished" / "a.parts"
    assert made(path, range(5), stop=3)[1] == [0, 1, 2]
    assert made(path, range(5), stop=4)[1] == [3]
    assert made(path, range(5)) == ([f"part {key}" for key in range(5)], [4])
    assert made(path, range(5))[1] == []
    assert made(path, [0, 1, 7, 2])[1] == [7, 2], "from where it reads otherwise"


def test_a_part_that_cannot_be_made_does_not_cost_the_others(tmp_path):
    def fails():
        raise ValueError

    for _ in range(2):
        with resuming(tmp_path / "a.parts"):
            assert once(0, lambda: "first") == "first"
            with pytest.raises(ValueError):
                once(1, fails)
            made_now = once(2, lambda: "third" if not (tmp_path / "again").exists() else "made again")
            (tmp_path / "again").touch()
            assert made_now == "third"


def test_what_a_kill_cut_short_is_made_again(tmp_path):
    path = tmp_path / "a.parts"
    made(path, range(4))
    whole = path.read_bytes()
    for end in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end] + b"\x80garbage" * (end % 2))
        values, fresh = made(path, range(4))
        assert values == [f"part {key}" for key in range(4)] and fresh == list(range(4))[-len(fresh) :]


def test_a_pdf_goes_on_at_the_page_where_it_was_stopped(tmp_path, monkeypatch):
    pages = [Page(words=column(72, 100, [f"On page {number} the keeper wrote of the weather."])) for number in range(1, 7)]
    path = write_pdf(tmp_path / "a.pdf", *pages)
    scanned, stop = [], [4]

    from ingest.readers.pdf import reader

    scan = reader.scan

    def counted(page):
        if len(scanned) in stop:
            raise KeyboardInterrupt
        scanned.append(page)
        return scan(page)

    monkeypatch.setattr(reader, "scan", counted)

    def attempt() -> list[object]:
        with resuming(tmp_path / "a.parts"):
            return list(read(path, "a.pdf", tmp_path, None))

    with pytest.raises(KeyboardInterrupt):
        attempt()
    stop.clear()
    found = attempt()
    assert len(scanned) == 6
    assert found == list(read(path, "a.pdf", tmp_path, None)) and len(scanned) == 12
