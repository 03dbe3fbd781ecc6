"""Plain text: encodings, paragraphs, and headings only where they are plain."""

import random

import pytest

from rag.errors import ReadError

WORDS = "Der Leuchtturm wurde früher von Wärtern bedient; die „große“ Linse wäre schön – 5 € à côté."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_western_encodings(blocks, encoding):
    (text,) = blocks("a.txt", WORDS.encode(encoding))[0]
    assert text.text == WORDS


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Маяк был построен в тысяча семьсот девяносто первом году на скале у самого моря."),
        ("koi8-r", "Маяк был построен в тысяча семьсот девяносто первом году на скале у самого моря."),
        ("gb18030", "灯塔建于一七九一年，光线可以照到很远的地方，船员们从远处就能看见它。"),
        ("cp1250", "Latarnia morska została zbudowana w roku 1791, świeci na wysokości trzydziestu metrów, a żeglarze widzą jej światło."),
    ],
)
def test_other_encodings_are_guessed(blocks, encoding, words):
    assert blocks("a.txt", words.encode(encoding))[0][0].text == words


def test_paragraphs_know_their_line(blocks):
    found, _ = blocks("a.txt", "One\r\ntwo  \r\n\r\n\r\n  three\rfour\r\n \t\r\nfive")
    assert [(text.text, text.locator.line) for text in found] == [("One\ntwo", 1), ("  three\nfour", 5), ("five", 8)]


def test_plain_headings(blocks):
    found, _ = blocks(
        "a.txt",
        "The Lights\n==========\n\nIntro.\n\nLens\n----\nGlass.\n\n1. Towers\n\nThey stand.\n\n1.1 Stone\n\nOld.\n\nNORTH COAST\n\nCold.\n",
    )
    assert [(text.text, text.locator.heading) for text in found] == [
        ("Intro.", "The Lights"),
        ("Glass.", "The Lights > Lens"),
        ("They stand.", "The Lights > Lens > 1. Towers"),
        ("Old.", "The Lights > Lens > 1. Towers > 1.1 Stone"),
        ("Cold.", "The Lights > Lens > NORTH COAST"),
    ]


def test_what_only_looks_like_a_heading_stays_text(blocks):
    words = "1. Buy oil\n\n2. Trim lamp\n\n3. Sleep\n\nSTOP.\n\nName  Year\n----  ----\nRock  1791\n\nHe said\n-\n\n1791\n\nA B"
    found, _ = blocks("a.txt", words)
    assert all(text.locator.heading is None for text in found) and len(found) == 8


@pytest.mark.parametrize("content", [random.Random(0).randbytes(5000), b"\x7fELF" + bytes(3000), b"MZ\x00\x01\x02\x03" * 500])
def test_junk_is_refused(blocks, content):
    with pytest.raises(ReadError, match="not text"):
        blocks("a.txt", content)


def test_white_space_alone_is_empty(blocks):
    with pytest.raises(ReadError, match=r"The file is empty\."):
        blocks("a.txt", " \n\n\t")
