"""Delimited text: its delimiter, its quotes, and rows that know their line."""

import tracemalloc

import pytest

from ingest.chunk import chunk
from ingest.readers import read
from rag.errors import ReadError


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'name,note\nNorth,"tall, red"\nSouth,old\n'),
        ("a.csv", "name;note\nNorth;tall, red\nSouth;old\n"),
        ("a.tsv", "name\tnote\r\nNorth\ttall, red\r\nSouth\told\r\n"),
        ("a.csv", "name|note\nNorth|tall, red\nSouth|old\n"),
        ("a.csv", "name;note\nNorth;tall, red\nSouth;old\n".encode("utf-16")),
    ],
)
def test_the_delimiter_is_found_out(blocks, name, content):
    ((text,), _) = blocks(name, content)
    assert text.text.split("\n") == ["| name | note |", "| --- | --- |", "| North | tall, red |", "| South | old |"]
    assert (text.kind, text.locator.line, text.locator.cells) == ("table", 1, "A1:B3")


def test_commas_in_numbers_and_western_letters(blocks):
    ((text,), _) = blocks("a.csv", "Höhe;Länge\n1,5;2,5\n3,25;4,75\n".encode("cp1252"))
    assert text.text.split("\n")[::2] == ["| Höhe | Länge |", "| 1,5 | 2,5 |"]


def test_blank_lines_and_values_of_several_lines_leave_every_line_true(blocks):
    texts, _ = blocks("a.csv", 'name,note\nA,1\n\nB,"one\ntwo"\nC,3\nD,4\n')
    assert [(text.text.split("\n")[2:], text.locator.line, text.locator.cells) for text in texts] == [
        (["| A | 1 |"], 1, "A1:B2"),
        (["| B | one two |"], 4, "A4:B4"),
        (["| C | 3 |", "| D | 4 |"], 6, "A5:B6"),
    ]
    assert all(text.text.startswith("| name | note |\n") for text in texts)


def test_quotes_that_do_not_match_spoil_no_other_row(blocks):
    ((text,), _) = blocks("a.csv", 'name,size\n"unclosed,1\npipe,"5" wide"\nC,3\n')
    assert text.text.split("\n")[2:] == ['| "unclosed | 1 |', '| pipe | "5" wide" |', "| C | 3 |"]
    lines = ["name,size", '"never closed,1', *(f"row {n},{n}" for n in range(60_000))]
    texts, _ = blocks("b.csv", "\n".join(lines))
    rows = [row for text in texts for row in text.text.split("\n")[2:]]
    assert rows == ['| "never closed | 1 |', *(f"| row {n} | {n} |" for n in range(60_000))]


def test_one_column_is_lines(blocks):
    ((text,), _) = blocks("a.csv", "light\nNorth, the old one\nSouth\n")
    assert (text.text, text.kind, text.locator.cells) == ("light\nNorth, the old one\nSouth", "prose", "A1:A3")


def test_every_passage_of_a_long_file_has_the_header_and_its_own_lines(blocks, tokenizer):
    lines = ["name,number", *(f"light {n},{n}" for n in range(2, 3000))]
    texts, _ = blocks("a.csv", "\n".join(lines))
    at = 1
    for passage in chunk(texts, tokenizer):
        header, _, *rows = passage.text.split("\n")
        assert header == "| name | number |" and passage.locator.line == at
        at += len(rows) + (at == 1)
        assert passage.locator.cells == f"A{passage.locator.line}:B{at - 1}" and rows[-1] == f"| light {at - 1} | {at - 1} |"
    assert at == 3000


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,year,note\n" + ("North,1791," + "red" * 150 + "\n") * 20_000)  # 10 MB
    tracemalloc.start()
    assert sum(text.text.count("North") for text in read(path, "a.csv", tmp_path, None)) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(("content", "reason"), [(",,,\n\n,,\n", "empty"), (b"\x00\x01\x02\x03" * 500, "not text")])
def test_nothing_in_it_and_no_text_are_said(blocks, content, reason):
    with pytest.raises(ReadError, match=reason):
        blocks("a.csv", content)


def test_a_line_that_names_the_separator_is_no_head(blocks):
    for head in ("sep=;", '"sep=;"', "SEP=;"):
        ((text,), _) = blocks("a.csv", f"{head}\nboat;berth\nWren;1,5\n".encode("utf-8-sig"))
        assert (text.text.split("\n")[::2], text.locator.line) == (["| boat | berth |", "| Wren | 1,5 |"], 2)


def test_what_stands_above_the_header_leads_the_table(blocks):
    content = "Berths of the inner basin\nPrinted: 4 May\n\nboat,berth,metres\nWren,A1,7\nTern,A2,9\n"
    title, table = blocks("a.csv", content)[0]
    assert (title.text, title.locator.line, title.kind) == ("Berths of the inner basin\nPrinted: 4 May", 1, "prose")
    assert (table.text.split("\n")[0], table.lead, table.locator.line) == ("| boat | berth | metres |", "Berths of the inner basin", 4)


def test_what_a_blank_line_parts_from_wider_rows_stands_above_them(blocks):
    content = "sep=;\nTides of Karsund\nStation 12; 2021\n\nDay;High water;Height\n1 May;04:12;3,4 m\n2 May;05:01;3,1 m\n"
    title, table = blocks("a.csv", content)[0]
    assert (title.text, table.lead) == ("Tides of Karsund\nStation 12, 2021", "Tides of Karsund")
    assert table.text.split("\n")[::2] == ["| Day | High water | Height |", "| 1 May | 04:12 | 3,4 m |"]


@pytest.mark.parametrize(
    ("content", "head", "row"),
    [
        ("# boat,metres\nWren,7\nTern,9\n", "| boat | metres |", "| Wren | 7 |"),
        ('"boat" "metres"\n1,Wren,7\n2,Tern,9\n'.replace('" "', '","'), "|  | boat | metres |", "| 1 | Wren | 7 |"),
        ("Wren,7.5,12\nTern,9.5,14\n", "|  |  |  |", "| Wren | 7.5 | 12 |"),
        ("3,5;4,25\n1,5;2,75\n0,5;1,25\n", "|  |  |", "| 3,5 | 4,25 |"),
        ('code,name\n="00042",Wren\n="00043",Tern\n', "| code | name |", "| 00042 | Wren |"),
        ("boat,berth\nWren\nTern,A2,late\nGull,A3\nSwift,A4\n", "| boat | berth |  |", "| Wren |  |  |"),
    ],
)
def test_the_header_is_what_names_the_columns(blocks, content, head, row):
    lines = blocks("a.csv", content)[0][0].text.split("\n")
    assert (lines[0], lines[2]) == (head, row)


def test_a_file_of_tabs_is_parted_at_tabs(blocks):
    ((text,), _) = blocks("a.tsv", "name,old\tnote,new\na,b\tc,d\n")
    assert text.text.split("\n")[::2] == ["| name,old | note,new |", "| a,b | c,d |"]


@pytest.mark.parametrize(
    ("content", "head"),
    [
        (
            ",2023,,2024,\nPier,Fee,Length,Fee,Length\nNorth,12,9,13,9\nSouth,10,8,11,8\n",
            "Pier | 2023 Fee | 2023 Length | 2024 Fee | 2024 Length",
        ),
        ("Pier,Fee,Length\n,(crowns),(m)\nNorth,12,9\nSouth,10,8\n", "Pier | Fee (crowns) | Length (m)"),
        ("Pier,Fee,Length\nNorth,free,9\nEast,12,9\nSouth,10,8\n", "Pier | Fee | Length"),
    ],
)
def test_a_head_over_two_rows_is_one(blocks, content, head):
    ((text,), _) = blocks("a.csv", content)
    assert text.text.split("\n")[0] == f"| {head} |"
