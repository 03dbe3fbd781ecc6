"""What stands above a passage: all of it where it fits, else what tells most."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.above import Above
from rag.records import Place

LONG = "The complete history of the lights and the keepers of the northern coast, told from their own logs, letters and accounts"


def test_what_fits_stays_as_it_is(tokenizer):
    place = Place("Lights", "coast 2023", "North > Ness Head", "Fares", "The lamps are:", "2023-05-04")
    assert Above(tokenizer, 256).fitted(place) == place


def test_the_title_gives_way_first_and_then_the_outer_headings(tokenizer):
    above = Above(tokenizer, 96)
    fitted = above.fitted(Place(f"{LONG}. {LONG}", "log", "North"))
    assert fitted == Place(" ".join(LONG.split()[:15]), "log", "North")
    path = " > ".join(f"Part {n} of the log" for n in range(9))
    fitted = above.fitted(Place("Log", "log 7", path, lead="The lamps are:"))
    assert (fitted.title, fitted.name, fitted.lead) == ("Log", "log 7", "The lamps are:")
    assert path.endswith(fitted.heading) and 0 < len(fitted.heading) < len(path) and fitted.heading.startswith("Part")


def test_a_single_long_heading_keeps_its_beginning(tokenizer):
    fitted = Above(tokenizer, 96).fitted(Place("Log", heading=LONG * 3))
    assert fitted.heading and LONG.startswith(fitted.heading) and fitted.title == "Log"


words = st.one_of(st.text(max_size=90), st.sampled_from([LONG, LONG * 9, "a > b > " * 60, "漢字かな" * 40, "x" * 900, "🙂" * 50, "\ud800"]))


@settings(max_examples=150, deadline=None)
@given(words, words, words, words, words, st.sampled_from(["", "2023-05-04"]), st.sampled_from([64, 96, 256]))
def test_any_place_takes_a_third_of_the_limit_at_most(tokenizer, title, name, heading, sheet, lead, date, limit):
    above = Above(tokenizer, limit)
    fitted = above.fitted(Place(title, name, heading, sheet, lead, date))
    assert above.exact(fitted.above) <= limit // 3 and above.fitted(fitted) == fitted
