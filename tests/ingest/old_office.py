"""Makes the compound files of Office before 2007 and of Outlook, as far as their readers look: .doc, .ppt, .msg."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

Tree = Mapping[str, "bytes | Tree"]
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(tree: Tree) -> bytes:
    """A compound file with these streams, and folders of streams; all of them in whole sectors."""
    entries: list[bytearray] = []
    contents: list[tuple[int, bytes]] = []

    def entry(name: str, kind: int) -> int:
        raw = name.encode("utf-16-le")
        made = bytearray(
            raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1) + struct.pack("<3I", FREE, FREE, FREE) + bytes(48)
        )
        entries.append(made)
        return len(entries) - 1

    def fill(above: int, inner: Tree) -> None:
        before = None
        for name, content in inner.items():
            at = entry(name, 2 if isinstance(content, bytes) else 1)
            if before is None:
                struct.pack_into("<I", entries[above], 76, at)
            else:
                struct.pack_into("<I", entries[before], 72, at)
            before = at
            if isinstance(content, bytes):
                contents.append((at, content))
            else:
                fill(at, content)

    fill(entry("Root Entry", 5), tree)
    chains: list[list[int]] = []
    sectors: list[bytes] = []

    def lay(data: bytes) -> int:
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        chains.append(list(range(len(sectors), len(sectors) + len(pieces))))
        sectors.extend(pieces)
        return chains[-1][0] if pieces else END

    for at, content in contents:
        struct.pack_into("<IQ", entries[at], 116, lay(content), len(content))
    struct.pack_into("<I", entries[0], 116, END)
    directory = lay(b"".join(bytes(each) for each in entries))
    fats = 1
    while fats * SECTOR // 4 < len(sectors) + fats:
        fats += 1
    table = [FREE] * (fats * SECTOR // 4)
    for chain in chains:
        for at, following in zip(chain, [*chain[1:], END], strict=True):
            table[at] = following
    own = range(len(sectors), len(sectors) + fats)
    for at in own:
        table[at] = FAT
    sectors.append(struct.pack(f"<{len(table)}I", *table))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, fats, directory, 0, 0, END, 0, END, 0) + struct.pack("<109I", *own, *[FREE] * (109 - fats))
    return head + b"".join(sectors)


# ── Word ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

IN_TABLE, ROW_ENDS = struct.pack("<HB", 0x2416, 1), struct.pack("<HB", 0x2417, 1)
HIDDEN, STRUCK, DELETED = struct.pack("<HB", 0x083C, 1), struct.pack("<HB", 0x0837, 1), struct.pack("<HB", 0x0800, 1)

Paragraph = tuple[Sequence["str | tuple[str, bytes]"], int, bytes]


def para(*runs: str | tuple[str, bytes], style: int = 0, properties: bytes = b"", end: str = "\r") -> Paragraph:
    """A paragraph: its runs, each plain or with properties, then the letter that ends it."""
    return (*runs, end), style, properties


def row(*cells: str) -> list[Paragraph]:
    return [*(para(cell, properties=IN_TABLE, end="\x07") for cell in cells), para(properties=IN_TABLE + ROW_ENDS, end="\x07")]


def doc(*paragraphs: Paragraph, notes: Sequence[Paragraph] = (), heads: Sequence[Paragraph] = (), flags: int = 0) -> bytes:
    """A .doc of these paragraphs, its text in two pieces: the first in bytes of Windows-1252, the rest in UTF-16."""
    every = [*paragraphs, *notes, *heads]
    texts = ["".join(run if isinstance(run, str) else run[0] for run in runs) for runs, _, _ in every]
    text, first = "".join(texts), len(texts[0])
    narrow, wide = text[:first].encode("cp1252"), text[first:].encode("utf-16-le")
    begin = 2 * SECTOR
    middle = begin + len(narrow) + len(narrow) % 2

    def place(character: int) -> int:
        return begin + character if character < first else middle + 2 * (character - first)

    body = narrow + bytes(len(narrow) % 2) + wide
    body = body.ljust(-(-len(body) // SECTOR) * SECTOR, b"\0")
    bounds, letters, at = [0], [], 0
    for runs, _, _ in every:
        for run in runs:
            words, properties = (run, b"") if isinstance(run, str) else run
            if words:
                letters.append((at, at + len(words), properties))
            at += len(words)
        bounds.append(at)
    ends = {end - 1 for end in bounds[1:]}
    assert len(ends) == len(every)
    styled = [(bounds[n], bounds[n + 1], struct.pack("<H", style) + more) for n, (_, style, more) in enumerate(every)]

    def after(character: int) -> int:
        return place(character - 1) + (1 if character <= first else 2)

    papx = [_page(place(start), after(end), 13, data) for start, end, data in styled]
    chpx = [_page(place(start), after(end), 1, data) for start, end, data in letters]
    number = (begin + len(body)) // SECTOR
    clx = b"\2" + struct.pack("<I", 28) + struct.pack("<3I", 0, first, len(text))
    clx += struct.pack("<HIH", 0, 0x40000000 | begin * 2, 0) + struct.pack("<HIH", 0, middle, 0)
    table, places = clx, {0x01A2: (0, len(clx))}
    for fib, runs, pages in ((0x0102, styled, papx), (0x00FA, letters, chpx)):
        plc = struct.pack(f"<{len(runs) + 1}I", *[place(run[0]) for run in runs], place(runs[-1][1]))
        plc += struct.pack(f"<{len(runs)}I", *range(number, number + len(runs)))
        places[fib] = (len(table), len(plc))
        table += plc
        number += len(pages)
    fib = bytearray(begin)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0xC1, 0, 0x409, 0, flags)
    sizes = [sum(len(texts[every.index(each)]) for each in part) for part in (paragraphs, notes, heads)]
    struct.pack_into("<7i", fib, 0x4C, *sizes, 0, 0, 0, 0)
    for at, found in places.items():
        struct.pack_into("<II", fib, at, *found)
    return compound({"WordDocument": bytes(fib) + body + b"".join(papx) + b"".join(chpx), "0Table": table})


def _page(start: int, end: int, size: int, data: bytes) -> bytes:
    """A page of one run, with its properties."""
    page = bytearray(SECTOR)
    struct.pack_into("<II", page, 0, start, end)
    data = bytes([0, (len(data) + 1) // 2]) + data if size > 1 else bytes([len(data)]) + data
    at = SECTOR - 2 - len(data) - len(data) % 2
    page[at : at + len(data)] = data
    page[8], page[-1] = at // 2, 1
    return bytes(page)


# ── PowerPoint ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def record(kind: int, content: bytes, instance: int = 0, holds: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(content)) + content


def words(text: str, kind: int = 4) -> bytes:
    """A text with its kind (0: a title, 1: a body, 2: notes), as slides and outlines have it."""
    wide = any(sign > "\xff" for sign in text)
    return record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0 if wide else 0x0FA8, text.encode("utf-16-le" if wide else "latin-1"))


def box(content: bytes) -> bytes:
    return record(0xF00D, content, holds=True)


def slide(*boxes: bytes, hidden: bool = False) -> bytes:
    show = record(0x03F9, bytes(10) + bytes([4 if hidden else 0]) + bytes(5))
    return record(0x03EE, show + record(0x040C, record(0xF002, b"".join(map(box, boxes)), holds=True), holds=True), holds=True)


def ppt(*slides: tuple[bytes, bytes], notes: Mapping[int, str] | None = None, edits: int = 1) -> bytes:
    """A .ppt of (slide, its words in the outline); `notes` by the number of the slide. Of several edits, the first has other slides."""
    stream, before = b"", 0
    for edit in range(edits):
        shown = slides if edit == edits - 1 else [(slide(words("Of an edit that went")), b"") for _ in slides]
        lists, places = b"", {}
        for number, (content, outline) in enumerate(shown, 1):
            places[10 + number] = len(stream)
            stream += content
            lists += record(0x03F3, struct.pack("<5I", 10 + number, 0, 0, 255 + number, 0)) + outline
        noted = b""
        for number, text in (notes or {}).items():
            places[100 + number] = len(stream)
            stream += record(0x03F0, record(0x03F1, struct.pack("<II", 255 + number, 0)) + box(words(text, 2)), holds=True)
            noted += record(0x03F3, struct.pack("<5I", 100 + number, 0, 0, 255 + number, 0))
        places[1] = len(stream)
        stream += record(0x03E8, record(0x0FF0, lists, 0, True) + record(0x0FF0, noted, 2, True), holds=True)
        table = len(stream)
        stream += record(0x1772, b"".join(struct.pack("<II", 1 << 20 | number, place) for number, place in places.items()))
        at = len(stream)
        stream += record(0x0FF5, struct.pack("<7I", 256, 0, before, table, 1, 200, 0))
        before = at
    user = struct.pack("<HHI", 0, 0x0FF6, 20) + struct.pack("<III", 20, 0xE391C05F, before) + bytes(8)
    return compound({"PowerPoint Document": stream, "Current User": user})


# ── Outlook ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def properties(head: int, **numbers: int) -> bytes:
    tags = {"sent": (0x0040, 0x0039), "page": (0x0003, 0x3FDE)}
    return bytes(head) + b"".join(struct.pack("<HHIQ", *tags[name], 6, value) for name, value in numbers.items())


def inner_message(texts: Mapping[int, str | bytes], attached: Sequence[Tree] = (), head: int = 24, **numbers: int) -> Tree:
    """The tree of a message: its properties by their tags, text as UTF-16, bytes as they are."""
    tree: dict[str, bytes | Tree] = {"__properties_version1.0": properties(head, **numbers)}
    for tag, value in texts.items():
        wide = isinstance(value, str)
        tree[f"__substg1.0_{tag:04X}{'001F' if wide else '0102'}"] = value.encode("utf-16-le") if isinstance(value, str) else value
    for number, each in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = each
    return tree


def attachment(name: str, content: bytes | Tree, id: str = "") -> Tree:
    tree: dict[str, bytes | Tree] = {"__substg1.0_3707001F": name.encode("utf-16-le")}
    if id:
        tree["__substg1.0_3712001F"] = id.encode("utf-16-le")
    tree["__substg1.0_37010102" if isinstance(content, bytes) else "__substg1.0_3701000D"] = content
    return tree


def msg(texts: Mapping[int, str | bytes], attached: Sequence[Tree] = (), **numbers: int) -> bytes:
    return compound(inner_message(texts, attached, 32, **numbers))
