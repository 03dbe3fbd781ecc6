"""The packed token vectors on disk."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.errors import LibraryError
from rag.storage.tokens import TokenStore


def test_what_is_written_comes_back_and_goes_with_its_version(tmp_path):
    store = TokenStore(tmp_path)
    store.write([(1, 7, b"one"), (2, 7, b"two"), (3, 8, b"three")])
    store.write([(2, 7, b"two again")])
    assert store.fetch([2, 3, 9]) == {2: b"two again", 3: b"three"}
    store.delete([7, 99])
    assert store.fetch([1, 2, 3]) == {3: b"three"}


def test_many_are_fetched_at_once_and_from_many_threads(tmp_path):
    store, other = TokenStore(tmp_path), TokenStore(tmp_path)
    store.write((id, 1, b"%d" % id) for id in range(2000))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: len(other.fetch(range(2000))), range(16)))
    assert found == [2000] * 16 and other.fetch([1234]) == {1234: b"1234"}
    assert store.size() > 2000


def test_a_reader_sees_the_old_or_the_new(tmp_path):
    store = TokenStore(tmp_path)
    store.write([(1, 1, b"old")])

    def breaks():
        yield 1, 2, b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(breaks())
    assert TokenStore(tmp_path).fetch([1]) == {1: b"old"}


@pytest.mark.parametrize("sound", [0, 16384])
def test_a_damaged_file_is_said(tmp_path, sound):
    store = TokenStore(tmp_path)
    store.write((id, 1, bytes(2000)) for id in range(1000))
    store.close()  # which writes all of it into the one file
    data = (tmp_path / "tokens.db").read_bytes()
    (tmp_path / "tokens.db").write_bytes(data[:sound] + b"no database at all" * (len(data) // 18))
    for use in (lambda: store.fetch(range(1000)), lambda: store.delete([1]), lambda: store.write([(1, 2, b"new")])):
        with pytest.raises(LibraryError, match=r"tokens\.db cannot be used") as caught:
            use()
        assert "rebuild" in caught.value.hint
