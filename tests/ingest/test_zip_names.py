"""Names in ZIP archives: in the code pages of many countries, in UTF-8 that is told and that is not, and in Info-ZIP's extra field."""

import struct
import zipfile
import zlib

import pytest

from ingest.archives import hashing, listing
from ingest.zip_names import likeliest


def archive(tmp_path, raw: bytes, extra: bytes = b"", flag: int = 0):
    """An archive of one member with these bytes as its name."""
    path, stand_in = tmp_path / "a.zip", "n" * len(raw)
    with zipfile.ZipFile(path, "w") as opened:
        info = zipfile.ZipInfo(stand_in)
        info.extra = extra
        opened.writestr(info, "words")
    data = bytearray(path.read_bytes().replace(stand_in.encode(), raw))
    data[data.index(b"PK\3\4") + 7] |= flag
    data[data.index(b"PK\1\2") + 9] |= flag
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp437", "Wörter/Bär.txt"), ("cp437", "café.txt"), ("utf-8", "Wörter/Bär.txt"), ("cp1252", "Wörter/Bär.txt"),
        ("cp1252", "L’été.txt"), ("cp850", "São João.txt"), ("gbk", "钥匙/灯塔说明.txt"), ("cp932", "鍵の説明/灯台.txt"),
        ("cp932", "ソース/表.txt"), ("cp949", "열쇠/등대 설명서.txt"), ("cp866", "Ключи/Маяк.txt"), ("cp1251", "Ключи/Маяк.txt"),
        ("cp852", "klíče/maják.txt"), ("utf-8", "鍵/灯台.txt"),
    ],
)  # fmt: skip
def test_a_name_is_read_in_whatever_encoding_it_was_written(tmp_path, encoding, name):
    path = archive(tmp_path, name.encode(encoding))
    assert listing(path).files == [(name, 5)]
    with hashing() as content_hash:
        assert content_hash(path, name)


def test_what_the_archive_says_of_a_name_holds(tmp_path):
    assert listing(archive(tmp_path, "Bär.txt".encode(), flag=8)).files == [("Bär.txt", 5)]
    raw = b"B?r.txt"
    field = b"\1" + zlib.crc32(raw).to_bytes(4, "little") + "Bär.txt".encode()
    extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert listing(archive(tmp_path, raw, extra)).files == [("Bär.txt", 5)]
    other = struct.pack("<HH", 0x7075, len(field)) + b"\1\0\0\0\0" + field[5:]
    assert listing(archive(tmp_path, raw, other)).files == [(raw.decode(), 5)], "it is of a name that was changed since"


def test_all_names_decide_together():
    assert likeliest("Bär.txt\nMärchen.txt\nŠkoda.txt".encode("cp1252"), dos=True) == "cp1252"
    assert likeliest(bytes(range(128, 256))) and likeliest(b"plain") == "ascii"


def test_of_very_many_names_whole_ones_decide(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as opened:
        for number in range(900):
            opened.writestr("n" * 10 + f"{number:04}.txt", "x")
    data = (tmp_path / "many.zip").read_bytes().replace(b"n" * 10, "灯台の説明".encode("cp932"))
    (tmp_path / "many.zip").write_bytes(data)
    assert listing(tmp_path / "many.zip").files[0] == ("灯台の説明0000.txt", 1)
