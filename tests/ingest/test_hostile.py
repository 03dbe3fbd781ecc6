"""A folder of everything that goes wrong: each bad file is one line or a clean result, and everything else is in."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from ingest import ingest as take_in
from rag import Library, Settings
from tests.corpus import tower
from tests.ingest.packed import docx, paragraph, zipped
from tests.ingest.samples import SAMPLES, sample

SAID = "The keeper's {} lamp burns."


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of so many black pixels, in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(width + 1)) for _ in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def pdf_bomb(side: int) -> bytes:
    """A PDF of one page with one black image of `side` x `side` pixels."""
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(bytes(side)) for _ in range(side)) + packer.flush()
    image = (
        f"<< /Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    )
    shown = b"q 600 0 0 700 0 0 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        image.encode() + b" /Length %d >>\nstream\n%s\nendstream" % (len(pixels), pixels),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    return bytes(out)


def zip_bomb(name: str) -> bytes:
    """A ZIP file whose only part says that it is of 2 GB."""
    return zipped({name: bytes(987_654)}).replace((987_654).to_bytes(4, "little"), (2_000_000_000).to_bytes(4, "little"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "ten years"
    (folder / "empty").mkdir(parents=True)
    (folder / "cut").mkdir()
    for suffix in SAMPLES:
        (folder / "empty" / f"{suffix[1:]}{suffix}").touch()
        whole = sample(suffix)
        (folder / "cut" / f"{suffix[1:]}{suffix}").write_bytes(whole[: len(whole) // 3])
    (folder / "pixels.png").write_bytes(png_bomb(30_000, 30_000))
    (folder / "scan.pdf").write_bytes(pdf_bomb(30_000))
    (folder / "zeros.zip").write_bytes(zip_bomb("zeros.txt"))
    (folder / "bomb.docx").write_bytes(zip_bomb("word/document.xml"))
    (folder / "protected.docx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2040) + "EncryptedPackage".encode("utf-16-le") + bytes(2048)
    )
    (folder / "deep.html").write_bytes(b"<div>" * 200_000 + b"Deep down is the cistern." + b"</div>" * 200_000)
    (folder / "deep.json").write_bytes(b"[" * 200_000 + b"]" * 200_000)
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(500_000_000)

    for name in ("it's.txt", 'a "quoted" one.txt', "two\nlines.txt", "100% * [x].txt"):
        (folder / name).write_text(SAID.format(name.split(".")[0].split()[0]))
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(SAID.format("coffee"))
    for encoding in ("cp1252", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"):
        (folder / f"{encoding}.txt").write_bytes(SAID.format(f"{encoding} é").encode(encoding))

    outside = folder.parent / "outside"
    outside.mkdir()
    tower(outside / "secret.png")
    (outside / "secret.txt").write_text("Nobody named this file.")
    (folder / "loop").symlink_to(folder)
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "outfolder").symlink_to(outside)
    (folder / "dangling.txt").symlink_to(folder / "nowhere.txt")
    (folder / "refers.html").write_text(
        f'<p>The page refers elsewhere.</p><img src="http://127.0.0.1:9/x.png"><img src="{(outside / "secret.png").as_uri()}">'
        f'<img src="../outside/secret.png"><img src="{outside / "secret.png"}"><img src="//127.0.0.1/x.png">'
    )
    (folder / "refers.docx").write_bytes(docx(paragraph("A letter that is whole.")))
    Image.new("RGB", (300, 200), "teal").save(folder / "plain.png")
    return folder


@pytest.fixture(scope="module")
def told(folder):
    """The report of the ingest, and the library inside the folder."""
    place = folder / "library"
    with Library.open(place, Settings(library=place)) as library:
        yield take_in([folder], library), library


def test_what_is_bad_is_one_line_each(told):
    report, _ = told
    failed = {failure.source: failure for failure in report.failed}
    assert len(failed) == len(report.failed)
    assert {f"empty/{suffix[1:]}{suffix}" for suffix in SAMPLES} <= set(failed)
    for source in ("pixels.png", "zeros.zip", "bomb.docx", "protected.docx", "deep.json", "huge.txt"):
        assert source in failed, source
    assert "500 MB" in failed["huge.txt"].reason and "password" in failed["protected.docx"].reason
    assert all("crashed" not in each.reason and "no further" not in each.reason for each in report.failed)
    assert all(each.hint for each in report.failed)
    files = {name.partition(" > ")[0] for name in failed}  # what of a cut one can be read is
    rest = files - {f"{kind}/{suffix[1:]}{suffix}" for kind in ("empty", "cut") for suffix in SAMPLES}
    assert rest <= {"pixels.png", "scan.pdf", "zeros.zip", "bomb.docx", "protected.docx", "deep.html", "deep.json", "huge.txt"}


def test_everything_else_is_in_under_its_name(told):
    report, library = told
    names = {
        "it's.txt",
        'a "quoted" one.txt',
        "two\nlines.txt",
        "100% * [x].txt",
        "caf\\xe9.txt",
        "refers.html",
        "refers.docx",
        "plain.png",
    }
    encodings = {f"{encoding}.txt" for encoding in ("cp1252", "utf-8-sig", "utf-16", "utf-16-be", "utf-32")}
    assert names | encodings <= set(report.added)
    assert not any(word in source for source in report.added for word in ("secret", "loop/", "outfolder", "library/", "dangling"))
    assert {source.source for source in library.catalog.sources()} == set(report.added)
    for encoding in ("cp1252", "utf-16", "utf-32"):
        (hit,) = library.search("lamp", source=f"{encoding}.txt")
        assert hit.text == SAID.format(f"{encoding} é")
    for name in names - {"plain.png"}:
        assert {hit.source for hit in library.search("lamp", source=name.replace("[", "[[]").replace("*", "[*]"))} == {name}


def test_nothing_outside_the_folder_is_shown(told):
    _, library = told
    assert not [stored for stored in library.catalog.all_records() if stored.source == "refers.html" and stored.record.image]
    assert not library.search("Nobody named this file", modality="text")[0].text.startswith("Nobody")


def test_the_second_time_nothing_is_read(told, folder):
    report, library = told
    again = take_in([folder], library)
    assert sorted(again.unchanged) == sorted(report.added) and not (again.added or again.changed or again.removed)
    whole = sorted(each.source for each in report.failed if " > " not in each.source)  # of one that is in, parts are told once
    assert sorted(each.source for each in again.failed) == whole
    assert "read" not in again.seconds
