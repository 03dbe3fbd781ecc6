"""Passages: within the limit, one matter each, nothing lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Text
from ingest.chunk import chunk
from rag.records import Locator

SENTENCE = "The keeper of the light climbs the tower every evening and trims the lamp. "


def size(tokenizer, passage: Text) -> int:
    heading = passage.locator.heading
    return len(tokenizer.encode(f"{heading}\n{passage.text}" if heading else passage.text).ids)


def bare(*texts: str) -> str:
    return "".join(letter for text in texts for letter in text if not letter.isspace())


def under(heading: str | None, *texts: str, **where) -> list[Text]:
    return [Text(text, Locator(heading=heading, **where)) for text in texts]


def test_short_neighbours_under_one_heading_become_one_passage(tokenizer):
    (passage,) = chunk(under("A", "One.", "Two.", "Three."), tokenizer)
    assert passage == Text("One.\n\nTwo.\n\nThree.", Locator(heading="A"))


def test_headings_slides_and_sheets_are_never_crossed(tokenizer):
    blocks = under("A", "One.") + under("A > B", "Two.") + under(None, "Three.") + under("S", "x", slide=1) + under("S", "y", slide=2)
    assert [passage.text for passage in chunk(blocks, tokenizer)] == ["One.", "Two.", "Three.", "x", "y"]


def test_a_section_may_cross_a_page_and_keeps_its_first(tokenizer):
    (passage,) = chunk([Text("Begun,", Locator(page=3, heading="A")), Text("done.", Locator(page=4, heading="A"))], tokenizer)
    assert passage.locator == Locator(page=3, heading="A")


def test_joining_stops_at_three_quarters_of_the_limit(tokenizer):
    paragraph = SENTENCE * 6  # about 96 tokens
    passages = chunk(under("A", *[paragraph] * 6), tokenizer)
    assert len(passages) == 3 and all(150 <= size(tokenizer, passage) <= 200 for passage in passages)


def test_a_long_paragraph_is_cut_between_sentences(tokenizer):
    passages = chunk(under("A", SENTENCE * 60), tokenizer)
    assert all(passage.text.endswith("lamp.") and passage.text.startswith("The") for passage in passages)
    assert bare(*(passage.text for passage in passages)) == bare(SENTENCE * 60)
    assert all(size(tokenizer, passage) >= 100 for passage in passages[:-1])


def test_a_table_is_cut_between_rows_under_its_header(tokenizer):
    rows = [f"| light {n} | built in {1700 + n} | {n} metres high |" for n in range(60)]
    table = "\n".join(["| name | year | height |", "| --- | --- | --- |", *rows])
    passages = chunk([Text("The lights:", Locator(heading="A")), Text(table, Locator(heading="A"), "table")], tokenizer)
    assert [passages[0].text, passages[1].kind] == ["The lights:", "table"]
    assert len(passages) > 4 and all(size(tokenizer, passage) <= 256 for passage in passages)
    parts = [passage.text.split("\n") for passage in passages[1:]]
    assert all(part[:2] == table.split("\n")[:2] for part in parts)
    assert [row for part in parts for row in part[2:]] == rows


def test_a_row_that_is_too_long_for_a_passage_is_not_lost(tokenizer):
    table = f"| name | story |\n| --- | --- |\n| one | short |\n| two | {SENTENCE * 30}|"
    passages = chunk([Text(table, kind="table")], tokenizer)
    assert sum(passage.text.count("trims the lamp.") for passage in passages) == 30
    assert all(size(tokenizer, passage) <= 256 for passage in passages)


def test_code_stays_whole_where_it_fits_and_else_is_cut_between_lines(tokenizer):
    function = "def light(n):\n    lamp = trim(n)\n\n    return lamp\n"
    assert chunk([Text(function, kind="code")], tokenizer) == [Text(function.rstrip(), kind="code")]
    lines = [f"    value_{n} = compute(value_{n - 1})" for n in range(80)]
    passages = chunk([Text("\n".join(lines), Locator(line=10), "code")], tokenizer)
    assert len(passages) > 3 and [line for passage in passages for line in passage.text.split("\n")] == lines
    starts = [lines.index(passage.text.split("\n")[0]) + 10 for passage in passages]
    assert [passage.locator.line for passage in passages] == starts


def test_a_heading_path_that_leaves_no_room_is_cut_to_its_last_parts(tokenizer):
    path = " > ".join(f"Chapter {n} of the long history of the lights" for n in range(40))
    passages = chunk(under(path, SENTENCE * 40), tokenizer)
    assert all(size(tokenizer, passage) <= 256 for passage in passages)
    heading = passages[0].locator.heading
    assert path.endswith(heading) and heading.startswith("Chapter") and len(tokenizer.encode(heading).ids) <= 256 // 3
    (passage,) = chunk(under("word " * 900, "Text."), tokenizer)
    assert size(tokenizer, passage) <= 256 and passage.text == "Text."


def test_a_million_letters_that_are_one_token_are_still_cut(tokenizer):
    passages = chunk([Text("x" * 100_000)], tokenizer)
    assert "".join(passage.text for passage in passages) == "x" * 100_000
    assert max(len(passage.text) for passage in passages) <= 256 * 16


def test_nothing_gives_nothing(tokenizer):
    assert chunk([Text(" \n\t ")], tokenizer) == chunk([], tokenizer) == []


pieces = st.one_of(
    st.text(max_size=400),
    st.sampled_from([SENTENCE * 20, "word " * 300, "ab" * 900, "漢字かな" * 200, "a\u0301" * 300, "\n\n", "🙂" * 200]),
)
headings = st.one_of(st.none(), st.text(min_size=1, max_size=120), st.sampled_from(["A > B", "A > " * 100 + "B"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(pieces, headings, st.sampled_from(["prose", "code"])), max_size=5), st.sampled_from([64, 256]))
def test_any_text_stays_within_the_limit_and_keeps_every_letter_in_order(tokenizer, given_blocks, limit):
    blocks = [Text(text, Locator(heading=heading), kind) for text, heading, kind in given_blocks]
    passages = chunk(blocks, tokenizer, limit)
    assert all(size(tokenizer, passage) <= limit for passage in passages)
    assert bare(*(p.text for p in passages)) == bare(*(b.text.encode("utf-8", "replace").decode() for b in blocks))
