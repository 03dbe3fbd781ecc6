"""Plain text: encodings, paragraphs, and headings only where they are plain."""

import random
import tracemalloc

import pytest

from ingest.readers import read
from ingest.readers.text import decode, lines, whole, without_blobs
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


ASCII = "The light stands on the rock.\n" * 40_000  # 1.2 MB: more than is read at first


@pytest.mark.parametrize(
    ("head", "encoding"), [(ASCII, "cp1252"), (ASCII, "utf-8"), (ASCII + "größer\n", "utf-8"), ("größer\n" + ASCII, "utf-8")]
)
def test_an_encoding_that_shows_late_is_still_found(tmp_path, head, encoding):
    (tmp_path / "a.txt").write_bytes((head + WORDS).encode(encoding))
    assert [line for _, line in lines(tmp_path / "a.txt")][-1] == WORDS


def test_stray_western_bytes_in_utf8_spoil_nothing_else(tmp_path):
    data = ("größer\n" * 200).encode() + b"caf\xe9\n" + "größer".encode()
    assert decode(data) == "größer\n" * 200 + "café\ngrößer"
    (tmp_path / "a.txt").write_bytes(("größer\n" * 200_000).encode() + b"caf\xe9\n" + "schön".encode() + b"\xc3")
    assert [line for _, line in lines(tmp_path / "a.txt")][-2:] == ["café", "schönÃ"]


def test_letters_and_line_ends_that_two_reads_part_stay_whole(tmp_path):
    for shift in range(3):
        text = "x" * shift + "ab漢\r\n" * 300_000
        (tmp_path / "a.txt").write_bytes(text.encode())
        assert "\n".join(line for _, line in lines(tmp_path / "a.txt")) + "\n" == text.replace("\r\n", "\n")


def test_lines_know_their_number_and_long_ones_come_in_pieces(tmp_path):
    (tmp_path / "a.txt").write_text("one\n\n" + "word " * 12 + "\n" + "x" * 45)
    found = list(lines(tmp_path / "a.txt", longest=20))
    assert [number for number, _ in found] == [1, 2, 3, 3, 3, 4, 4, 4]
    assert all(len(line) <= 20 and not line.endswith("wor") for _, line in found)
    assert "".join(line for number, line in found if number == 3) == "word " * 12


def test_a_paragraph_without_end_comes_in_pieces_that_know_their_line(blocks):
    log = [f"2024-01-05 12:00:{n % 60:02d} INFO request {n} took {n % 97} ms" for n in range(5000)]
    found, _ = blocks("a.log", "\n".join(log))
    assert len(found) > 5 and max(len(text.text) for text in found) <= 20_000
    assert [line for text in found for line in text.text.split("\n")] == log
    assert all(log[text.locator.line - 1] == text.text.split("\n")[0] for text in found)
    (*_, last), _ = blocks("b.txt", "one\n" + "word " * 20_000 + "\n\nlast")
    assert (last.text, last.locator.line) == ("last", 4)


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "a.log"
    line = "2024-01-05 12:00:00 INFO the lamp of the northern light was trimmed\n"
    path.write_text(line * 200_000)  # 14 MB
    tracemalloc.start()
    assert sum(text.text.count("trimmed") for text in read(path, "a.log", tmp_path, None)) == 200_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_what_is_read_whole_has_a_limit(tmp_path):
    (tmp_path / "a.md").write_text("word " * 100)
    assert whole(tmp_path / "a.md", 500) == "word " * 100
    with pytest.raises(ReadError, match="over 0 MB") as refused:
        whole(tmp_path / "a.md", 499)
    assert refused.value.hint


def test_encoded_data_is_left_out():
    assert without_blobs("a " + "QUJD" * 500 + " b " + "word " * 500) == "a " + "QUJD" * 10 + "… b " + "word " * 500


def test_a_line_of_encoded_data_without_end_is_one_short_line(blocks):
    found, _ = blocks("a.txt", "The secret is Marzipan. " + "x" * 3_000_000 + " The end.\n\nlast")
    assert found[0].text.startswith("The secret is Marzipan. " + "x" * 40 + "…")
    assert sum(len(text.text) for text in found) < 400 and found[-1].text == "last" and any("The end." in text.text for text in found)


def test_records_of_labels_and_values_are_parted_and_named(blocks):
    text = "BOATS\n\nName: Plover\nOwner: Ada\nBerth: 14\n\nName: Merlin\nOwner: Tom\n\nAll moorings are paid.\n\nOne: alone"
    found, _ = blocks("a.txt", text)
    assert [(each.text, each.locator.heading, each.locator.line) for each in found] == [
        ("Name: Plover", "BOATS > Plover", 3),
        ("Owner: Ada", "BOATS > Plover", 4),
        ("Berth: 14", "BOATS > Plover", 5),
        ("Name: Merlin", "BOATS > Merlin", 7),
        ("Owner: Tom", "BOATS > Merlin", 8),
        ("All moorings are paid.", "BOATS", 10),
        ("One: alone", "BOATS", 12),
    ]


def test_a_single_record_has_its_lines_and_no_name(blocks):
    found, _ = blocks("a.txt", "Network: Harbour\nPassword: seagull42")
    assert [(each.text, each.locator.heading) for each in found] == [("Network: Harbour", None), ("Password: seagull42", None)]
