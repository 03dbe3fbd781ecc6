"""Charsets: what their names mean, what files name themselves, and what bytes without a name are."""

import pytest

from ingest.readers.charset import latin_encoding, meant, named
from ingest.readers.text import decode


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("ISO-8859-1", "cp1252"), ("latin1", "cp1252"), ("us-ascii", "cp1252"), ("csISOLatin1", "cp1252"), ("iso-8859-9", "cp1254"),
        ("GB2312", "gb18030"), ("ks_c_5601-1987", "cp949"), ("KS_C_5601", "cp949"), ("x-sjis", "cp932"), ("csShiftJIS", "cp932"),
        ("x-cp1251", "cp1251"), ("x-user-defined", "cp1252"), ("utf-16", "utf-8"), ("rot13", None), ("base64", None), ("zlib", None),
        ("unicode_escape", None), ("idna", None), ("x-unknown", None), ("", None), ("a\0b", None),
    ],
)  # fmt: skip
def test_names_mean_what_browsers_take_them_for(label, encoding):
    assert meant(label) == encoding


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "windows-1251"),
        (b"<META charset=Shift_JIS>", "Shift_JIS"),
        (b'<?xml version="1.0" encoding="KOI8-R"?>', "KOI8-R"),
        (b'@charset "iso-8859-2";', "iso-8859-2"),
        (b"#!/bin/python\n# -*- coding: latin-1 -*-\n", "latin-1"),
        (b"one\ntwo\n# coding: latin-1\n", ""),
        (b" " * 5000 + b"<meta charset=koi8-r>", ""),
    ],
)
def test_a_file_may_name_its_charset(head, charset):
    assert named(head) == charset


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Das neue Tau für den Wärter kostet 640 € – “bald”."),
        ("cp850", "Der Wärter steigt für die größere Lampe hinauf."),
        ("iso8859-2", "Latarnia została zbudowana, a latarnik wchodzi każdego wieczora."),
        ("cp1250", "Strážce každý večer vystupuje po schodech."),
        ("cp1254", "Bekçi her akşam merdivenden çıkıp ışığı yakar."),
        ("iso8859-2", "Az őr minden este felmegy, és űzi a sötétet."),
    ],
)
def test_latin_letters_without_a_name(encoding, text):
    assert decode(text.encode(encoding)) == text == text.encode(encoding).decode(latin_encoding(text.encode(encoding)))


def test_what_is_utf8_is_so_under_any_name_and_what_is_not_is_taken_by_its_name():
    assert decode("Größe – 3 €".encode(), "iso-8859-1") == "Größe – 3 €"
    assert decode("灯塔".encode(), "gb2312") == "灯塔"
    pairs = "联通".encode("gbk") + "虏谩".encode("gbk")
    assert decode(pairs, "gbk") == pairs.decode("gbk")
    assert decode("č".encode("iso8859-2") + b" plain", "iso-8859-2") == "č plain"
    assert decode("灯台".encode("iso2022_jp"), "") == "灯台"
    assert decode("灯台①".encode("iso2022_jp_2004").replace(b"\x1b$(Q", b"\x1b$B")) == "灯台①"
    assert decode("Größe ".encode() + b"3 \x80", "utf-8") == "Größe 3 €"
    assert decode(b"<meta charset=utf-8><p>\x80 640 \x96 ready</p>") == "<meta charset=utf-8><p>€ 640 – ready</p>"
    assert decode(b'<meta charset="windows-1253"><p>' + "φάρος".encode("cp1253")) == '<meta charset="windows-1253"><p>φάρος'
