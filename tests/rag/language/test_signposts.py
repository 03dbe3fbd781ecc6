"""rag/language/signposts.py: what only points is told from what tells."""

from __future__ import annotations

import pytest

from rag.language.signposts import asks_where, only_points

CONTENTS = "Lamps ........ 3\nBells and horns ........ 14\nThe stair ........ 27\nStores ........ 31"
PLAIN_CONTENTS = "1 Lamps 3\n2 Bells and horns 14\n3 The stair 27\n4 Stores of oil 27\n5 Log 40"
TABLED_CONTENTS = (
    "| Item 1. | Lamps | 3 |\n| --- | --- | --- |\n| Item 2. | Bells and horns | 14 |\n| Item 3. | Stair | 27 |\n| Item 4. | Log | 31 |"
)
INDEX = "anchor, 12, 40–42\nbell, 7\nfog horn, 15, 33, 90\nlamp oil, 3, 8\nwick trimmer, 11, 12"
XREFS = '<target id="lamp-oil" href="lamps.html#lamp-oil"/>\n<target id="wick" href="lamps.html#wick"/>\n<obj type="section" number=""/>'


@pytest.mark.parametrize("text", [CONTENTS, PLAIN_CONTENTS, TABLED_CONTENTS, INDEX, XREFS])
def test_what_points(text):
    assert only_points(text)


def test_a_list_below_the_heading_of_an_index():
    assert only_points("Removing soot, Cleaning the lens\nRope, Hoisting the bell", "Keeper's manual > Index > R")
    assert not only_points("Removing soot, Cleaning the lens\nRope, Hoisting the bell", "Keeper's manual > Stores")


def test_the_contents_of_a_box_tell_how_many_there_are():
    assert not only_points("- 1 loom\n- 12 bobbins\n- 3 shuttles\n- 40 m of yarn", "Weaving kit > Contents")
    assert only_points("- 1 Warping\n- 2 Threading\n- 3 Shuttles\n- 4 Yarn", "Weaving for beginners > Contents")
    assert only_points("- Warping\n- Threading\n- 3 shuttles", "Weaving for beginners > Contents")


@pytest.mark.parametrize(
    "text",
    [
        "The lamp burns colza oil. It is lit at sunset, and put out at sunrise.",
        "| Oil | 1,204 | 988 |\n| --- | --- | --- |\n| Wicks | 41 | 39 |\n| Glass | 300 | 288 |\n| Total | 1,545 | 1,315 |",
        "| Keeper | Year |\n| --- | --- |\n| Ada Brann | 1911 |\n| Cole Dunn | 1924 |\n| Eva Finn | 1931 |\n| Gus Hale | 1940 |",
        "| Teacher | Room |\n| --- | --- |\n| Ada Brann | 3 |\n| Cole Dunn | 7 |\n| Eva Finn | 12 |\n| Gus Hale | 18 |",
        "| No | Lock | Depth |\n| --- | --- | --- |\n| 1 | Alder | 3 |\n| 2 | Birch | 4 |\n| 3 | Cedar | 6 |\n| 4 | Elder | 9 |",
        "- Move to the hall 1911\n- New roof 1923\n- Sale of the barn 1931\n- Fire 1947",
        "1 Founding 1804\n2 Move 1831\n3 Fire 1833\n4 Rebuilding 1869",
        "Clara Brann, Ghent, 29\nCole Dunn, Bruges, 31\nEva Finn, Lille, 22\nGus Hale, Ypres, 40",
        "Oil 120\nWicks 45\nGlass 300\nRope 12\nPaint 90",
        "- rope\n- two buckets\n- a spade\n- lamp oil",
        "Contents of the chest: 3 lamps, 4 ropes and 12 wicks.\nThe key hangs behind the door of the pantry, as it always did.",
        "Born 1804\nKeeper 1831\nMarried 1833\nRetired 1869\nDied in March 1871, three weeks after the great storm.",
        "",
    ],
)
def test_what_tells(text):
    assert not only_points(text)


def test_questions_that_ask_for_what_points():
    assert asks_where("In which chapter are the bells?")
    assert asks_where("Show me the table of contents.")
    assert asks_where("On which page does the log begin?")
    assert not asks_where("How are the bells rung?")
