"""Passages: within the limit, one matter each, nothing lost."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Document, Text
from ingest.cells import Cells
from ingest.chunk import chunk as passages_of
from rag.records import Locator, Record

SENTENCE = "The keeper of the light climbs the tower every evening and trims the lamp. "


def chunk(blocks, tokenizer, limit=256, name="") -> list[Record]:
    return list(passages_of(blocks, tokenizer, limit, name))


def size(tokenizer, passage: Record) -> int:
    """The tokens that the encoder reads of a passage."""
    return len(tokenizer.encode(passage.gist).ids)


def bare(*texts: str) -> str:
    return "".join(letter for text in texts for letter in text if not letter.isspace())


def under(heading: str | None, *texts: str, **where) -> list[Text]:
    return [Text(text, Locator(heading=heading, **where)) for text in texts]


def test_short_neighbours_under_one_heading_become_one_passage(tokenizer):
    (passage,) = chunk(under("A", "One.", "Two.", "Three."), tokenizer)
    assert passage == Record("text", "One.\n\nTwo.\n\nThree.", Locator(heading="A"))


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
    assert [passage.continues for passage in passages] == [False] + [True] * (len(passages) - 1)
    assert not any(passage.continues for passage in chunk(under("A", "One.") + under("B", "Two."), tokenizer))


def test_a_table_is_cut_between_rows_under_its_header(tokenizer):
    rows = [f"| light {n} | built in {1700 + n} | {n} metres high |" for n in range(60)]
    table = "\n".join(["| name | year | height |", "| --- | --- | --- |", *rows])
    passages = chunk([Text("The lights:", Locator(heading="A")), Text(table, Locator(heading="A"), "table")], tokenizer)
    assert len(passages) > 2 and all(size(tokenizer, passage) <= 256 for passage in passages)
    assert [passage.lead for passage in passages] == ["", *["The lights:"] * (len(passages) - 1)]
    parts = [passage.text.removeprefix("The lights:\n\n").split("\n") for passage in passages]
    assert all(part[:2] == table.split("\n")[:2] for part in parts)
    assert [row for part in parts for row in part[2:]] == rows


def test_a_table_of_figures_is_one_passage_up_to_four_times_what_the_encoder_reads(tokenizer):
    def account(rows: int) -> str:
        lines = [f"| Lamp oil of light {n} | $1,{n:03},417 | (2,{n:03},93{n % 10}) | 3{n}.5 % |" for n in range(rows)]
        return "\n".join(["| | Year ended May 3, 2031 | Year ended May 5, 2030 | Change |", "| --- | --- | --- | --- |", *lines])

    (whole,) = chunk([Text(account(25), Locator(heading="A"), "table")], tokenizer)
    assert whole.text == account(25) and "(2,024,934)" in whole.words
    parts = chunk([Text(account(120), Locator(heading="A"), "table")], tokenizer)
    assert len(parts) > 2 and all(part.text.startswith(account(0)) for part in parts)
    assert sum(part.text.count("Lamp oil") for part in parts) == 120
    for part in parts:
        assert size(tokenizer, part) <= 256 and len(tokenizer.encode(part.text).ids) <= 4 * 256 + 8


def test_a_row_that_is_too_long_for_a_passage_is_not_lost(tokenizer):
    table = f"| name | story |\n| --- | --- |\n| one | short |\n| two | {SENTENCE * 30}|"
    passages = chunk([Text(table, kind="table")], tokenizer)
    assert sum(passage.text.count("trims the lamp.") for passage in passages) == 30
    assert all(size(tokenizer, passage) <= 256 for passage in passages)


def test_code_stays_whole_where_it_fits_and_else_is_cut_between_lines(tokenizer):
    function = "def light(n):\n    lamp = trim(n)\n\n    return lamp\n"
    assert chunk([Text(function, kind="code")], tokenizer) == [Record("text", function.rstrip())]
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


def sheet(rows: int, top: int, header: int | None, **where) -> Text:
    """A table of `rows` rows from row `top` of a sheet on; its header is from row `header`, None where it is repeated."""
    text = "\n".join(["| name | year |", "| --- | --- |", *(f"| light {n} | {1700 + n} |" for n in range(top, top + rows))])
    return Text(text, Locator(sheet="Lights", cells=f"B{header or top}:C{top + rows - 1}", **where), "table")


@pytest.mark.parametrize("header", [6, None])
def test_pieces_of_a_sheet_know_their_cells_and_a_file_of_rows_its_lines(tokenizer, header):
    passages = chunk([sheet(100, 7, header, line=header or 7)], tokenizer, 32)
    assert len(passages) > 5
    at = header or 7
    for passage in passages:
        numbers = [int(row.split()[2]) for row in passage.text.split("\n")[2:]]
        assert passage.locator.cells == f"B{at}:C{numbers[-1]}" and passage.locator.line == at
        at = numbers[-1] + 1
    assert at == 107


def test_lines_of_a_sheet_know_their_cells(tokenizer):
    names = [f"light number {n} on the northern rock" for n in range(3, 60)]
    passages = chunk([Text("\n".join(names), Locator(sheet="S", cells="D3:D59"))], tokenizer, 64)
    ranges = [f"D{names.index(p.text.split(chr(10))[0]) + 3}:D{names.index(p.text.split(chr(10))[-1]) + 3}" for p in passages]
    assert len(passages) > 5 and [passage.locator.cells for passage in passages] == ranges


def test_joined_blocks_of_a_sheet_cover_the_cells_of_all(tokenizer):
    blocks = [Text("The lights", Locator(sheet="S", cells="B1")), sheet(2, 4, 3), Text("Notes", Locator(sheet="S", cells="A9"))]
    blocks[1] = Text(blocks[1].text, Locator(sheet="S", cells="B3:C5"), "table")
    (passage,) = chunk(blocks, tokenizer)
    assert passage.locator.cells == "A1:C9"


def test_a_cell_that_is_too_long_is_cut_within_its_cell(tokenizer):
    passages = chunk([Text(SENTENCE * 60, Locator(sheet="S", cells="C7"))], tokenizer)
    assert len(passages) > 2 and {passage.locator.cells for passage in passages} == {"C7"}


def test_parts_that_are_alike_know_their_own_line(tokenizer):
    passages = chunk([Text("\n\n\n" + f"{SENTENCE.strip()}\n" * 60, Locator(line=5))], tokenizer)
    lines = [passage.locator.line for passage in passages]
    assert lines[0] == 8 and lines == [8 + sum(p.text.count("lamp.") for p in passages[:n]) for n in range(len(passages))]


def test_only_the_last_passage_is_held(tokenizer):
    taken = []
    blocks = (taken.append(n) or Text(SENTENCE * 12, Locator(heading=str(n))) for n in range(1000))
    passages = passages_of(blocks, tokenizer)
    next(passages)
    assert len(taken) == 2


def test_each_letter_is_counted_about_once(tokenizer):
    class Counting:
        letters = 0

        def encode(self, text):
            self.letters += len(text)
            return tokenizer.encode(text)

    blocks = [Text(SENTENCE * n, Locator(heading="The lights"), kind) for n in range(1, 40) for kind in ("prose", "code")]
    blocks += [sheet(500, 7, 6)]
    counting = Counting()
    passages = chunk(blocks, counting)
    assert counting.letters < 1.5 * sum(len(passage.text) for passage in passages)


def test_a_tokenizer_whose_words_do_not_add_up_is_still_kept_to_the_limit():
    class Doubling:  # a token more for every line break and every third letter
        def encode(self, text):
            return SimpleNamespace(ids=[0] * (2 + len(text) // 3 + 5 * text.count("\n")))

    blocks = [*under("A", *(["Short words.\nAnd more of them."] * 40), SENTENCE * 20), sheet(60, 2, 1)]
    passages = chunk(blocks, Doubling(), 128)
    assert all(size(Doubling(), passage) <= 128 for passage in passages)
    assert bare(*(passage.text for passage in passages)).count("Andmore") == 40


ITEMS = [f"- the keeper of light number {n} on the northern rock" for n in range(40)]


def listed(*texts: str) -> list[Text]:
    return under("A", *texts)


def test_a_list_that_is_cut_keeps_its_head_with_its_beginning_and_over_what_follows(tokenizer):
    passages = chunk(listed(SENTENCE * 9, "These were there:", "\n".join(ITEMS), "Then all went home."), tokenizer)
    assert passages[0].text == (SENTENCE * 9).strip(), "the head is not the last thing of the passage before the list"
    assert passages[1].text.startswith("These were there:\n\n- the keeper of light number 0 ") and not passages[1].lead
    assert len(passages) > 3 and {passage.lead for passage in passages[2:]} == {"These were there:"}
    assert [line for passage in passages for line in passage.text.split("\n") if line.startswith("-")] == ITEMS
    assert passages[2].words.startswith("A > These were there:\n- the keeper")


@pytest.mark.parametrize("apart", [True, False])
def test_a_list_that_fits_is_not_cut(tokenizer, apart):
    items = ITEMS[:12]
    passages = chunk(listed(SENTENCE * 8, "These were there:", *(items if apart else ["\n".join(items)])), tokenizer)
    assert len(passages) == 2 and passages[1].text.startswith("These were there:") and passages[1].text.count("- the keeper") == 12


def test_a_head_within_the_text_of_its_list_leads_too(tokenizer):
    (first, *others) = chunk(listed("He wrote a log.\n\nThese were\nthere:\n" + "\n".join(ITEMS)), tokenizer)
    assert not first.lead and others and {passage.lead for passage in others} == {"These were there:"}


def test_items_that_stand_apart_are_led_until_something_else_comes(tokenizer):
    passages = chunk(listed("These were there:", *ITEMS, SENTENCE * 9, *ITEMS[:20]), tokenizer)
    led = [passage.lead for passage in passages if "number 3 " in passage.text or "number 39 " in passage.text]
    assert led == ["", "These were there:", ""]


def test_no_head_leads_beyond_its_section(tokenizer):
    passages = chunk(under("A", "These were there:") + under("B", *ITEMS), tokenizer)
    assert passages[0].text == "These were there:" and not any(passage.lead for passage in passages)


def test_of_a_long_head_the_last_sentence_leads(tokenizer):
    passages = chunk(listed(SENTENCE * 9 + "With him there were:", "\n".join(ITEMS)), tokenizer)
    assert passages[-1].lead == "With him there were:" and all(size(tokenizer, passage) <= 256 for passage in passages)


def test_a_small_paragraph_does_not_stand_alone_because_its_head_goes(tokenizer):
    (first, *_) = chunk(listed("Short.", "These were there:", "\n".join(ITEMS[:14])), tokenizer)
    assert first.text.startswith("Short.\n\nThese were there:\n\n- the keeper")


@pytest.mark.parametrize(
    ("caption", "led"),
    [("Heights of the lights", True), ("Table 3. Heights of the lights, as they were measured.", True), ("He measured the lights.", False)],
)
def test_the_later_parts_of_a_table_have_its_caption(tokenizer, caption, led):
    rows = "\n".join(f"| light {n} | {n} m |" for n in range(250))
    passages = chunk(
        [*listed(SENTENCE, caption), Text(f"| name | height |\n| --- | --- |\n{rows}", Locator(heading="A"), "table")], tokenizer
    )
    assert len(passages) > 2 and {passage.lead for passage in passages[1:]} == {caption if led else ""}
    assert not passages[0].lead


def test_a_caption_that_stands_apart_is_the_lead_of_its_table(tokenizer):
    table = Text("| name | height |\n| --- | --- |\n| Ness Head | 31 |", Locator(heading="A"), "table", lead="Heights in metres")
    (passage,) = chunk([*listed(SENTENCE * 3), table], tokenizer)
    assert passage.lead == "Heights in metres"
    (passage,) = chunk([*listed(SENTENCE * 3, "Heights in metres"), table], tokenizer)
    assert passage.lead == "", "the passage says it itself"


def test_each_passage_has_the_title_and_the_date_of_its_document(tokenizer):
    blocks = [*under("A", "One."), Document("Log", "2023-05-04"), *under("A", "Two."), Document("Other"), *under("A", "Three.")]
    found = [(each.text, each.title, each.name, each.date, each.continues) for each in chunk(blocks, tokenizer, name="file")]
    assert found == [("One.", "", "file", "", False), ("Two.", "Log", "file", "2023-05-04", False), ("Three.", "Other", "file", "", False)]


def test_nothing_gives_nothing(tokenizer):
    assert chunk([Text(" \n\t ")], tokenizer) == chunk([], tokenizer) == []


pieces = st.one_of(
    st.text(max_size=400),
    st.sampled_from([SENTENCE * 20, "word " * 300, "ab" * 900, "漢字かな" * 200, "a\u0301" * 300, "\n\n", "🙂" * 200]),
)
heads = st.sampled_from(
    ["", "", "These were there:", "Heights", "- one", "1. two\n2. three", "- an item " * 60, SENTENCE * 12 + "There were:"]
)
titles = st.one_of(st.just(""), st.text(max_size=80), st.sampled_from(["The log of the light " * 20, "漢字" * 60]))
headings = st.one_of(st.none(), st.text(min_size=1, max_size=120), st.sampled_from(["A > B", "A > " * 100 + "B"]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(heads, pieces), headings, st.sampled_from(["prose", "code", "table"]), heads), max_size=6),
    titles,
    titles,
    st.sampled_from([64, 256]),
)
def test_any_text_stays_within_the_limit_and_keeps_every_letter_in_order(tokenizer, given_blocks, title, name, limit):
    blocks = [Text(text, Locator(heading=heading), kind, " ".join(lead.split())) for text, heading, kind, lead in given_blocks]
    passages = chunk([Document(title, "2023-05-04"), *blocks], tokenizer, limit, name)
    assert all(size(tokenizer, passage) <= limit for passage in passages)
    assert bare(*(p.text for p in passages)) == bare(*(b.text.encode("utf-8", "replace").decode() for b in blocks))


words = st.text(st.characters(blacklist_characters="\n\r|", blacklist_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
lines = st.lists(st.one_of(words, st.just(""), st.just("x " * 200), words.map(lambda word: f"    {word} {word}")), max_size=60)


@settings(max_examples=60, deadline=None)
@given(lines, st.integers(1, 10_000), st.sampled_from(["prose", "code"]), st.sampled_from([64, 256]))
def test_the_line_of_any_passage_is_where_its_first_word_stands(tokenizer, given_lines, start, kind, limit):
    text = "\n".join(given_lines)
    passages = chunk([Text(text, Locator(line=start), kind)], tokenizer, limit)
    for passage in passages:
        first = passage.text.split("\n")[0]
        assert first.strip() in text.split("\n")[passage.locator.line - start]
    assert bare(*(passage.text for passage in passages)) == bare(text)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(words, st.one_of(words, st.just("long word " * 90))), min_size=1, max_size=40),
    st.integers(1, 1_000_000),
    st.booleans(),
    st.sampled_from([64, 256]),
)
def test_any_table_keeps_its_rows_and_the_cells_of_each_passage_are_those_of_its_rows(tokenizer, rows, top, repeated, limit):
    header = "| name | what |\n| --- | --- |"
    body = [f"| r{n} | {' '.join(one.split())} | {' '.join(other.split())} |" for n, (one, other) in enumerate(rows)]
    bottom = top + len(rows) - repeated
    table = Text("\n".join([header, *body]), Locator(cells=f"A{top}:B{bottom}", line=top), "table")
    passages = chunk([table], tokenizer, limit)
    assert all(size(tokenizer, passage) <= limit for passage in passages)
    told: dict[int, str] = {}
    for passage in passages:
        cells = Cells.parse(passage.locator.cells)
        if passage.text.startswith(header):
            inside = passage.text.removeprefix(header).strip("\n").split("\n")
            numbers = [int(line.split()[1][1:]) for line in inside]
            told.update((number, bare(line).replace("|", "")) for number, line in zip(numbers, inside, strict=True))
            first = numbers[0] + top + (not repeated)
            assert cells.bottom == first + len(inside) - 1 and cells.top in (first, top) and passage.locator.line == cells.top
        else:  # a row that does not fit below the header
            name, *rest = passage.text.split("\n")
            number = int(name.removeprefix("name: r"))
            told[number] = told.get(number, f"r{number}") + bare("\n".join(rest).removeprefix("what: "))
            assert cells.top == cells.bottom == number + top + (not repeated)
    assert [told[number] for number in range(len(body))] == [bare(line).replace("|", "") for line in body]


led_blocks = st.one_of(
    st.integers(1, 20).map(lambda n: [Text(SENTENCE * n, Locator(heading="A"))]),
    st.tuples(st.integers(0, 3), st.integers(1, 40), st.sampled_from(["list", "items", "table"])).map(lambda drawn: led_block(*drawn)),
)


def led_block(before: int, count: int, kind: str) -> list[Text]:
    head = Text(f"{SENTENCE * before}These were there:", Locator(heading="A"))
    if kind == "items":
        return [head, *listed(*ITEMS[:count])]
    rows = "\n".join(f"| light {n} | {n} m |" for n in range(count))
    table = Text(f"| name | height |\n| --- | --- |\n{rows}", Locator(heading="A"), "table")
    return [head, table if kind == "table" else listed("\n".join(ITEMS[:count]))[0]]


@settings(max_examples=100, deadline=None)
@given(st.lists(led_blocks, min_size=1, max_size=5), st.sampled_from([128, 256]))
def test_no_list_or_table_is_parted_from_its_head_or_is_without_it(tokenizer, runs, limit):
    passages = chunk([block for run in runs for block in run], tokenizer, limit)
    assert all(size(tokenizer, passage) <= limit for passage in passages)
    for passage, following in pairwise(passages):
        assert not passage.text.endswith("there:") or not following.text.startswith(("- ", "| "))
    for passage in passages:
        begins = passage.text.startswith(("- the keeper", "| name"))
        assert (passage.lead.endswith("These were there:")) == begins and len(passage.lead.split()) <= 30


def test_rows_that_do_not_fit_below_their_heads_are_records_that_begin_with_their_name(tokenizer):
    heads = [f"column {n} has a very long name" for n in range(30)]
    rows = [[f"light {row}", *(f"value {row}-{n}" for n in range(1, 30))] for row in range(3)]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, ["---"] * 30, *rows])
    passages = chunk([Text(table, Locator(line=1, cells="A1:AD4"), "table", "Lights of the coast")], tokenizer)
    assert all(size(tokenizer, passage) <= 256 and passage.lead == "Lights of the coast" for passage in passages)
    for row in range(3):
        own = [passage for passage in passages if passage.text.startswith(f"{heads[0]}: light {row}\n")]
        assert {passage.locator.cells for passage in own} == {f"A{row + 2}:AD{row + 2}"}
        found = [line for passage in own for line in passage.text.split("\n")[1:]]
        assert found == [f"{heads[n]}: value {row}-{n}" for n in range(1, 30)]
