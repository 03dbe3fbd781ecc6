"""Compound files (OLE, the container of .doc, .xls, .ppt and .msg), opened only where every chain ends: else a parser follows it for ever.

After [MS-CFB], "Compound File Binary File Format".
"""

from __future__ import annotations

import struct
from array import array
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from rag.errors import ReadError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST = 0xFFFFFFFA  # numbers of sectors end before it; what is above marks ends and free sectors
_IN_HEADER = 109  # numbers of FAT sectors that the header holds itself
_ENTRY = 128  # bytes of a directory entry
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    place: tuple[int, int]


def open_compound(path: Path) -> Compound:
    """The file at `path`. Raises ReadError where it is cut short, a chain of its sectors runs in a circle, or a stream is longer than
    the file."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ReadError("It is no file of Office 97 to 2003.", "Save it as .docx, .pptx or PDF, or give it the suffix of what it is.")
    try:
        return Compound(path.read_bytes())
    except (struct.error, IndexError, ValueError) as error:
        raise ReadError("The file is damaged or cut short.", "Open it where it was made, and save it anew.") from error


class Compound:
    """The streams of a compound file, by name."""

    def __init__(self, data: bytes):
        self._data = data
        (shift,) = struct.unpack_from("<H", data, 0x1E)
        if shift not in (9, 12):
            raise ValueError("no such size of sectors")
        self._size = 1 << shift
        self._sectors = len(data) // self._size + 1
        directories, fats, directory, _, self._cutoff, minis, mini_count, more, more_count = struct.unpack_from("<9I", data, 0x28)
        if max(directories, fats, mini_count, more_count) > self._sectors:
            raise ValueError("more sectors than the file has")
        self._fat = self._table(self._fat_sectors(more))
        self._mini = self._table(_chain(minis, self._fat))
        self._root = 0
        self._entries: dict[str, tuple[int, int]] = {}
        self._tree: list[_Entry] = []
        for number in _chain(directory, self._fat):
            self._read_directory(self._sector(number))

    @cached_property
    def paths(self) -> dict[str, tuple[int, int]]:
        """Where each stream is, by its path ("folder/stream"); what hangs together in a circle is met once."""
        found: dict[str, tuple[int, int]] = {}
        root = next((entry for entry in self._tree if entry.kind == _ROOT), None)
        waiting = [("", root.child)] if root else []
        met: set[int] = set()
        while waiting:
            above, number = waiting.pop()
            if number >= len(self._tree) or number in met:
                continue
            met.add(number)
            entry = self._tree[number]
            path = above + entry.name
            waiting += [(above, entry.left), (above, entry.right)]
            if entry.kind == _STREAM:
                found.setdefault(path, entry.place)
            elif entry.kind == _STORAGE:
                waiting.append((path + "/", entry.child))
        return found

    def stream(self, name: str) -> bytes | None:
        """The bytes of the stream of that name or path; None where there is none. Raises IndexError where it is cut short."""
        place = self._entries.get(name) or self.paths.get(name)
        if place is None:
            return None
        start, length = place
        if length >= self._cutoff:
            return b"".join(map(self._sector, _chain(start, self._fat)))[:length]
        return b"".join(self._minis[number * 64 : number * 64 + 64] for number in _chain(start, self._mini))[:length]

    @cached_property
    def _minis(self) -> bytes:
        return b"".join(map(self._sector, _chain(self._root, self._fat)))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def _fat_sectors(self, more: int) -> list[int]:
        numbers = array("I", self._data[0x4C : 0x4C + 4 * _IN_HEADER])
        seen = 0
        while more < _LAST:
            further = self._numbers(more)
            more = further.pop()
            numbers.extend(further)
            seen += 1
            if seen > self._sectors:
                raise ValueError("a circle")
        return [number for number in numbers if number < _LAST]

    def _table(self, sectors: list[int]) -> array[int]:
        table = array("I")
        for number in sectors:
            table.extend(self._numbers(number))
        _ends(table)
        return table

    def _read_directory(self, sector: bytes) -> None:
        for at in range(0, self._size, _ENTRY):
            (named,) = struct.unpack_from("<H", sector, at + 64)
            left, right, child = struct.unpack_from("<3I", sector, at + 68)
            start, length = struct.unpack_from("<II" if self._size == 512 else "<IQ", sector, at + 116)
            kind = sector[at + 66]
            if kind and length > len(self._data):
                raise ValueError("a stream longer than the file")
            name = sector[at : at + max(min(named, 64), 2) - 2].decode("utf-16-le", "replace")
            self._tree.append(_Entry(name, kind, left, right, child, (start, length)))
            if kind == _ROOT:
                self._root = start
            elif kind:
                self._entries.setdefault(name, (start, length))

    def _sector(self, number: int) -> bytes:
        sector = self._data[(number + 1) * self._size : (number + 2) * self._size]
        if not sector:
            raise IndexError("behind the end")
        return sector.ljust(self._size, b"\0")

    def _numbers(self, number: int) -> array[int]:
        return array("I", self._sector(number))


def _chain(number: int, table: array[int]) -> list[int]:
    chain = []
    while number < _LAST:
        chain.append(number)
        number = table[number]
    return chain


def _ends(table: array[int]) -> None:
    """Raises ValueError where a chain in a table of next sectors comes back to itself."""
    passed = array("I", bytes(4 * len(table)))  # 0, or the start of the walk that came by
    for start in range(len(table)):
        at = start
        while at < len(table) and not passed[at]:
            passed[at] = start + 1
            at = table[at]
        if at < len(table) and passed[at] == start + 1:
            raise ValueError("a circle")
