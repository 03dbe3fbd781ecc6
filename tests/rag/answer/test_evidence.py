"""rag/answer/evidence.py: what a sentence is, which head it stands under, and that it counts in its place."""

from __future__ import annotations

import pytest

from rag.answer.evidence import OTHER_NUMBER, PLACE, Evidence, statements
from rag.records import Hit, Locator, Place, Routes

TABLE = "Tolls of the bridge\n\n| Load | Toll |\n| --- | --- |\n| Cart | 3 groats |\n| Sledge | 1 groat |"
LIST = "Bring to the kiln:\n\n- dry beech wood\n- a bucket of sand\n\nThe kiln is lit on Monday."


def passage(text: str, rank: int = 1, *, pieces: tuple[tuple[str, Locator], ...] = (), **place: str) -> Hit:
    locator = Locator(heading=place.get("heading"))
    return Hit(rank, 1.0 / rank, "text", f"{rank}.md", None, None, locator, text, None, (), Routes(), text, rank, Place(**place), pieces)


@pytest.fixture
def encoder(library):
    return library.encoders.text


def of(evidence: Evidence, text: str) -> int:
    return next(at for at, each in enumerate(evidence.statements) if text in each.text)


def test_prose_is_cut_into_sentences():
    found = statements([passage("The weir leaks. It was\nmended in May.\n\nEels pass it.")])
    assert [(each.text, each.kind, each.lead, each.group) for each in found] == [
        ("The weir leaks.", "prose", None, -1),
        ("It was mended in May.", "prose", None, -1),
        ("Eels pass it.", "prose", None, -1),
    ]


def test_a_table_is_a_head_and_rows_under_it():
    found = statements([passage(TABLE)])
    assert [(each.kind, each.text) for each in found] == [
        ("prose", "Tolls of the bridge"),
        ("head", "| Load | Toll |"),
        ("row", "| Cart | 3 groats |"),
        ("row", "| Sledge | 1 groat |"),
    ]
    caption, head, *rows = found
    assert head.lead == 0 and [row.lead for row in rows] == [1, 1]
    assert caption.group == -1 and len({head.group, *(row.group for row in rows)}) == 1
    assert rows[0].cells == ["Cart", "3 groats"] and head.cells == ["Load", "Toll"]


@pytest.mark.parametrize("mark", ["-", "*", "•", "1.", "2)", "(3)", "a)"])
def test_items_stand_under_what_leads_to_them(mark):
    head, first, second, after = statements([passage(LIST.replace("- ", f"{mark} "))])
    assert (head.kind, first.kind, second.kind, after.kind) == ("prose", "item", "item", "prose")
    assert first.lead == second.lead == 0 and first.group == second.group >= 0
    assert head.lead is after.lead is None and after.group == -1


def test_a_short_line_leads_without_a_colon_and_a_sentence_does_not():
    short, sentence = (
        statements([passage(f"{before}\n\n- beech\n- sand")]) for before in ("Stores of the kiln", "The kiln is lit on Monday.")
    )
    assert short[1].lead == 0 and sentence[1].lead is None


def test_two_lists_are_two_groups():
    found = statements([passage("Bring:\n\n- wood\n- sand\n\nLeave at home:\n\n- oil\n- straw")])
    groups = {each.text: each.group for each in found if each.kind == "item"}
    assert groups["- wood"] == groups["- sand"] != groups["- oil"] == groups["- straw"]
    assert {each.text: each.lead for each in found}["- straw"] == 3


def test_lists_of_two_passages_are_two_groups_and_lead_to_nothing_of_the_other():
    first, second = statements([passage("Bring to the kiln:"), passage("- wood", 2)])
    assert (first.kind, second.kind, second.lead) == ("prose", "item", None)
    found = statements([passage("- oil"), passage("- wood", 2)])
    assert found[0].group != found[1].group


def test_places_of_leads_count_over_all_hits():
    found = statements([passage("The weir leaks. Eels pass it."), passage(TABLE, 2)])
    assert found[4].text == "| Cart | 3 groats |" and found[found[4].lead].text == "| Load | Toll |"


def test_what_stands_in_a_neighbour_is_not_its_own():
    whole = "The weir leaks.\n\nEels pass it."
    found = statements([passage(whole, pieces=(("The weir leaks.", Locator()), ("Eels pass it.", Locator())))])
    assert [(each.text, each.own) for each in found] == [("The weir leaks.", True), ("Eels pass it.", False)]


def test_nothing_has_no_statements(encoder):
    assert statements([]) == [] and statements([passage("")]) == []
    evidence = Evidence([], encoder)
    assert evidence.matches("Who mended the weir?").shape[0] == 0
    assert evidence.cosines("The weir leaks.", []).shape == (0,)


def test_a_sentence_is_placed_under_what_stands_over_its_passage(encoder):
    evidence = Evidence([passage("It was mended by Odo Crake.", heading="Sandal Weir", title="Waters of the town")], encoder)
    placed = evidence.placed(0)
    assert placed.endswith("It was mended by Odo Crake.") and "Sandal Weir" in placed and "Waters of the town" in placed


def test_an_item_is_placed_under_the_head_of_its_list(encoder):
    evidence = Evidence([passage(LIST)], encoder)
    assert evidence.placed(of(evidence, "sand")).splitlines() == ["Bring to the kiln:", "- a bucket of sand"]
    assert evidence.placed(of(evidence, "Monday")) == "The kiln is lit on Monday."


def test_a_row_is_placed_with_its_cells_behind_their_heads(encoder):
    evidence = Evidence([passage(TABLE, sheet="Tolls 1790")], encoder)
    placed = evidence.placed(of(evidence, "Sledge"))
    assert "Load: Sledge; Toll: 1 groat" in placed and "Tolls of the bridge" in placed and "Tolls 1790" in placed
    assert "Cart" not in placed


def test_a_row_that_does_not_fit_its_head_stays_as_it_is(encoder):
    evidence = Evidence([passage("| Load | Toll |\n| --- | --- |\n| Cart | 3 groats | June |")], encoder)
    assert evidence.placed(1) == "| Cart | 3 groats | June |"


def columns(evidence: Evidence, question: str, word: str) -> list[int]:
    found = [at for at, other in enumerate(evidence.columns(question)) if other.lower() == word.lower()]
    assert found
    return found


def test_a_sentence_under_its_heading_matches_the_words_of_the_heading(encoder):
    told, asked = "It was mended by Odo Crake.", "Who mended the Sandal aqueduct?"
    under = Evidence([passage(told, heading="The Sandal aqueduct")], encoder)
    alone = Evidence([passage(told)], encoder)
    for word in ("Sandal", "aqueduct"):
        at = columns(under, asked, word)
        assert under.matches_in_place(asked)[0, at].min() > 0.8 * PLACE
        assert alone.matches_in_place(asked)[0, at].max() < under.matches_in_place(asked)[0, at].min()
        assert under.matches(asked)[0, at].max() < 0.8 * PLACE  # by its own words it does not
        assert under.matches_in_place(asked)[0, at].max() <= PLACE + 1e-6  # and its place counts less than its words would


def test_a_sentence_under_another_heading_does_not(encoder):
    asked = "Who mended the Sandal aqueduct?"
    right, wrong = (
        Evidence([passage("It was mended by Odo Crake.", heading=heading)], encoder).matches_in_place(asked)
        for heading in ("The Sandal aqueduct", "The bakehouse oven")
    )
    assert right.mean() > wrong.mean() + 0.1


def test_an_item_matches_the_words_of_its_head_and_a_row_those_of_its_column(encoder):
    listed = Evidence([passage(LIST)], encoder)
    at = columns(listed, "What goes to the kiln?", "kiln")
    assert listed.matches_in_place("What goes to the kiln?")[of(listed, "sand"), at].min() > 0.8 * PLACE
    tolls = Evidence([passage(TABLE)], encoder)
    asked = "What is the toll of a sledge over the bridge?"
    for word in ("toll", "sledge", "bridge"):
        assert tolls.matches_in_place(asked)[of(tolls, "Sledge"), columns(tolls, asked, word)].min() > 0.7
    assert tolls.matches_in_place(asked)[of(tolls, "Cart"), columns(tolls, asked, "sledge")].max() < 0.8


def test_a_number_matches_itself_alone(encoder):
    asked = "What happened in 1847?"
    hits = [
        passage("The weir was mended in 1847.", 1),
        passage("The weir was mended in 1846.", 2),
        passage("The weir was mended by Odo Crake.", 3, heading="The year 1847"),
        passage("The weir was mended by Odo Crake!", 4, heading="The year 1846"),
        passage("The weir cost 18470 groats.", 5),
    ]
    evidence = Evidence(hits, encoder)
    matches = evidence.matches_in_place(asked)[:, columns(evidence, asked, "1847")]
    assert matches[0].min() == 1.0
    assert matches[2].min() == pytest.approx(PLACE)
    assert matches[[1, 3, 4]].max() <= OTHER_NUMBER


@pytest.mark.parametrize("asked, told", [("1,350", "1350"), ("1350", "1,350")])
def test_a_number_matches_itself_in_another_spelling(encoder, asked, told):
    question = f"Who paid {asked} groats?"
    evidence = Evidence([passage(f"Odo Crake paid {told} groats."), passage("Odo Crake paid 1355 groats.", 2)], encoder)
    digits = [at for at, word in enumerate(evidence.columns(question)) if word[:1].isdecimal()]
    matches = evidence.matches(question)[:, digits]
    assert digits and matches[0].min() == 1.0 and matches[1].max() <= OTHER_NUMBER


def test_a_form_of_a_word_matches_it(encoder):
    asked = "Who menders weirs?"
    evidence = Evidence([passage("The weir leaks."), passage("Bread was dear.", 2)], encoder)
    matches = evidence.matches(asked)[:, columns(evidence, asked, "weirs")]
    assert matches[0].min() >= 0.8 > matches[1].max()


def test_a_sentence_is_nearer_to_a_statement_in_its_place_than_without_one(encoder):
    told, said = "It was mended by Odo Crake.", "Odo Crake mended the Sandal aqueduct."
    under, alone = (Evidence([passage(told, **place)], encoder) for place in ({"heading": "The Sandal aqueduct"}, {}))
    assert under.cosines(said, [0])[0] > alone.cosines(said, [0])[0] + 0.02


def test_bearing_is_sorted_and_keeps_to_the_ranks(encoder):
    hits = [passage("Bread was dear. The aqueduct was mended by Odo Crake."), passage("Odo Crake mended the aqueduct.", 2)]
    evidence = Evidence(hits, encoder)
    found = evidence.bearing("The aqueduct was mended by Odo Crake.")
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert found[0].sentence == "The aqueduct was mended by Odo Crake." and found[0].hit is hits[0]
    assert {each.hit.rank for each in evidence.bearing("The aqueduct was mended by Odo Crake.", [2])} == {2}
