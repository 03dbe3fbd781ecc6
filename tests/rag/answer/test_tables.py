"""rag/answer/tables.py: what rows answer, over a table that is cut into many passages, by the whole way from the file to the answer."""

from __future__ import annotations

import pytest

from ingest import ingest
from rag import Library, Settings

WOODS = ["ash", "beech", "cedar", "fir", "larch", "maple", "oak", "pine", "spruce", "walnut"]
THINGS = ["bowl", "chair", "chest", "ladle", "spoon", "stool", "table", "trough"]


def rows() -> list[tuple[str, str, str, float, int, int]]:
    """80 goods: a code, what it is of which wood, its bay, its price, its weight in grams and the year it was made."""
    made = []
    for n, (wood, thing) in enumerate((wood, thing) for thing in THINGS for wood in WOODS):
        made.append((f"K{100 + n}", f"{wood} {thing}", f"C{n % 13 + 1}", 5.25 + (n * 37 % 80), 120 + n * 53 % 977, 1900 + n))
    made[57] = ("K157", "walnut stool", "C4", 212.5, 8, 1957)
    return made


def markdown() -> str:
    lines = [f"| {code} | {thing} | {bay} | {price:.2f} | {weight} | {year} |" for code, thing, bay, price, weight, year in rows()]
    return "\n".join(["# Turnery", "", "| Code | Article | Bay | Price | Weight | Year |", "|---|---|---|---|---|---|", *lines, ""])


WASHING = "Programme,Duration,Load\nCotton,2 h 25 min,8 kg\nEasy care,1 h 40 min,4 kg\nWool,50 min,2 kg\nQuick,20 min,3 kg\n"
METALS = """# Calorimetry

| Metal | Mass (g) | Deviation |
|---|---|---|
| Copper | 151.07 | +1.6 % |
| Lead | 203.55 | +10.1 % |

The deviation of lead is large, because its temperature rises little and the thermometer is coarse.
"""
ABBEYS = "Abbey,Abbot,Monks,Founded\nHolme,Aelred Stray,31,1132\nTarn,Bede Moss,9,1210\nFountain Cross,Cuthbert Rill,47,1098\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "documents").mkdir()
    (folder / "documents" / "turnery.md").write_text(markdown(), "utf-8")
    (folder / "documents" / "abbeys.csv").write_text(ABBEYS, "utf-8")
    (folder / "documents" / "washing.csv").write_text(WASHING, "utf-8")
    (folder / "documents" / "metals.md").write_text(METALS, "utf-8")
    (folder / "documents" / "prose.md").write_text("# The moor\n\nThe moor is burnt in March. Grouse nest in the heather.\n", "utf-8")
    settings = Settings(library=folder / "library")
    with Library.open(settings.library, settings) as library:
        assert not ingest([folder / "documents"], library).failed
        assert len([each for each in library.catalog.of(["turnery.md"]) if "| K1" in each.record.text]) > 2  # it is cut
        yield library


def told(library: Library, question: str) -> str:
    found = library.ask(question, model="quote")
    assert not found.refused, found.answer
    return found.answer or ""


def codes(answer: str) -> set[str]:
    return {each[0] for each in rows() if f"| {each[0]} |" in answer}


@pytest.mark.parametrize(
    "question, value, others",
    [
        ("Who is the abbot of Holme?", "Aelred Stray", ["Bede Moss", "Cuthbert Rill"]),
        ("Who is the abbot of Fountain Cross?", "Cuthbert Rill", ["Aelred Stray"]),
        ("How many monks does Tarn have?", "9", ["47", "31"]),
        ("Which abbey has the abbot Bede Moss?", "Tarn", ["Holme"]),
    ],
)
def test_a_cell_is_looked_up_by_another_of_its_row(shop, question, value, others):
    answer = told(shop, question)
    assert value in answer and not [other for other in others if other in answer]


@pytest.mark.parametrize("code", ["K101", "K148", "K179"])
def test_a_cell_is_looked_up_wherever_the_table_is_cut(shop, code):
    price = next(f"{each[3]:.2f}" for each in rows() if each[0] == code)
    answer = told(shop, f"What is the price of {code}?")
    assert codes(answer) == {code} and price in answer


def test_a_name_of_two_words_is_one_cell(shop):
    answer = told(shop, "What is the weight of the larch ladle?")
    assert codes(answer) == {each[0] for each in rows() if each[1] == "larch ladle"}


@pytest.mark.parametrize(
    "question, programme",
    [("Which programme has the shortest duration?", "Quick"), ("Which programme takes the longest?", "Cotton")],
)
def test_durations_are_compared_over_their_units(shop, question, programme):
    answer = told(shop, question)
    assert [name for name in ("Cotton", "Easy care", "Wool", "Quick") if name in answer] == [programme]


def test_a_reason_is_told_by_prose_and_no_cell(shop):
    assert "+10.1 %" in told(shop, "What is the deviation of lead?")
    assert "temperature rises little" in told(shop, "Why is the deviation of lead large?")


def test_rows_with_a_value_are_all_told_and_no_others(shop):
    answer = told(shop, "List all articles in bay C1.")
    assert codes(answer) == {each[0] for each in rows() if each[2] == "C1"}
    assert len(codes(answer)) == 7


@pytest.mark.parametrize(
    "question, code",
    {
        "Which article is the most expensive?": "K157",
        "Which article is the heaviest?": max(rows(), key=lambda each: each[4])[0],
        "Which article is the lightest?": "K157",
        "Which article is the oldest?": "K100",
        "Which article is the newest?": "K179",
        "Which article is the cheapest?": min(rows(), key=lambda each: each[3])[0],
        "Which article in bay C2 is the most expensive?": max((each for each in rows() if each[2] == "C2"), key=lambda each: each[3])[0],
    }.items(),
)
def test_the_row_with_the_most_or_the_least_of_the_whole_table(shop, question, code):
    assert codes(told(shop, question)) == {code}


@pytest.mark.parametrize(
    "question, name",
    {
        "Which abbey has the most monks?": "Fountain Cross",
        "Which abbey has the fewest monks?": "Tarn",
        "Which abbey is the oldest?": "Fountain Cross",
        "Which abbey is the youngest?": "Tarn",
    }.items(),
)
def test_the_most_of_a_column_that_is_named(shop, question, name):
    answer = told(shop, question)
    assert [abbey for abbey in ("Holme", "Tarn", "Fountain Cross") if abbey in answer] == [name]


@pytest.mark.parametrize(
    "question, count",
    {
        "How many codes are in the turnery table?": 80,
        "How many articles are in the turnery table?": 80,
        "How many articles are in bay C1?": 7,
        "How many articles are in bay C13?": 6,
        "How many abbeys are in the table?": 3,
    }.items(),
)
def test_rows_are_counted(shop, question, count):
    assert told(shop, question).startswith(f"{count} [1]")


def test_what_is_told_of_rows_is_cited_from_their_file(shop):
    found = shop.ask("Which abbey has the most monks?", model="quote")
    assert [each.source for each in found.citations] == ["abbeys.csv"]
    assert "Cuthbert Rill" in found.citations[0].quote and "47" in found.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "What is the price of K190?",
        "What is the price of the ebony bowl?",
        "Who is the abbot of Rievaulx?",
    ],
)
def test_what_no_row_holds_is_refused(shop, question):
    found = shop.ask(question, model="quote")
    assert found.refused, found.answer


def test_prose_is_no_table(shop):
    assert "March" in told(shop, "When is the moor burnt?")


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Small tables that share words: one has no head."""
    folder = tmp_path_factory.mktemp("stores")
    pages = {
        "stock.html": "<h1>Stock</h1><table><tr><td>Item</td><td>Count</td></tr><tr><td>Nails</td><td>400</td></tr>"
        "<tr><td>Screws</td><td>150</td></tr></table>",
        "people.html": "<h1>Addresses</h1><table><tr><td>Anna</td><td>anna@example.org</td></tr>"
        "<tr><td>Bert</td><td>bert@example.org</td></tr></table>",
        "ports.html": "<h1>Ports</h1><table><tr><th>Service</th><th>Port</th></tr><tr><td>web</td><td>8080</td></tr>"
        "<tr><td>mail</td><td>25</td></tr></table>",
    }
    for name, page in pages.items():
        (folder / name).write_text(f"<!doctype html><html><body>{page}</body></html>", "utf-8")
    (folder / "repair.md").write_text(
        "# Estimate for the cart\n\n| Work | Hours | Cost |\n|---|---|---|\n| Beating panels | 2 | 300 |\n| Painting | 1.5 | 225 |\n"
        "|  | 1 | 60 |\n|  | 3 | 30 |\n\n# Shelves\n\n"
        "| Code | Shelf | There |\n|---|---|---|\n| KR-45 | A-12 | 156 |\n| KR-72 | B-07 | 80 |\n",
        "utf-8",
    )
    settings = Settings(library=folder / "library")
    with Library.open(settings.library, settings) as library:
        assert not ingest([folder], library).failed
        yield library


def test_how_many_of_what_a_row_is_named_after_is_in_its_cell(stores):
    answer = told(stores, "How many nails are in stock?")
    assert answer.startswith("| Item | Count |") and "400" in answer and "150" not in answer


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How many hours of painting are estimated?", "| Painting | 1.5 | 225"),
        ("How many of KR-45 are there?", "| KR-45 | A-12 | 156"),
    ],
)
def test_how_many_is_no_count_of_rows_where_a_cell_tells_it(stores, question, row):
    answer = told(stores, question)
    assert row in answer and not answer.startswith("1 [")


def test_where_something_is_stands_in_the_column_of_places(stores):
    answer = told(stores, "Where is KR-72 kept?")
    assert "| KR-72 | B-07 | 80" in answer and "KR-45" not in answer


def test_a_row_of_another_table_does_not_answer_since_it_has_one_of_the_words(stores):
    answer = told(stores, "What is the mail address of Bert?")
    assert "bert@example.org" in answer


def test_of_a_short_table_all_rows_tell_what_no_name_narrows(tmp_path):
    table = "| Light | Tower height | Range |\n|---|---|---|\n| Hart Point | 31 m | 18 miles |\n| Ling Rock | 22 m | 11 miles |\n"
    (tmp_path / "lights.md").write_text(f"# Lights\n\nThe tower can be climbed on Sundays, by who is tall enough.\n\n{table}", "utf-8")
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        assert not ingest([tmp_path / "lights.md"], library).failed
        every, one = told(library, "How tall is the tower?"), told(library, "How tall is Ling Rock?")
    assert "31 m" in every and "22 m" in every
    assert "22 m" in one and "31 m" not in one


ORCHARD = """# Tree nursery

| Variety | Fruit | Ripe in | Uses | Keeps | Price |
|---|---|---|---|---|---|
| Gravenstein | apple | September | table, juice | no | 31.00 |
| Boskoop | apple | October | table, cider, baking | yes | 28.50 |
| Conference | pear | October | table | yes | 34.00 |
| Bergamot | pear | September | juice | no | 36.50 |
"""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nursery")
    (folder / "trees.md").write_text(ORCHARD, "utf-8")
    (folder / "visit.md").write_text("# Visits\n\nThe nursery is open in September. Dogs stay in the car.\n", "utf-8")
    with Library.open(folder / "library", Settings(library=folder / "library")) as library:
        assert not ingest([folder / "trees.md", folder / "visit.md"], library).failed
        yield library


def varieties(answer: str) -> set[str]:
    return {name for name in ("Gravenstein", "Boskoop", "Conference", "Bergamot") if name in answer}


@pytest.mark.parametrize(
    "question, rows",
    [
        ("Which varieties keep?", {"Boskoop", "Conference"}),
        ("Which varieties do not keep?", {"Gravenstein", "Bergamot"}),
        ("Which varieties of apple don't keep?", {"Gravenstein"}),
        ("Which variety has the uses cider?", {"Boskoop"}),
        ("Which variety has the uses juice?", {"Gravenstein", "Bergamot"}),
        ("How much is a Conference?", {"Conference"}),
        ("How much do Boskoops cost?", {"Boskoop"}),
        ("Which is cheaper, Boskoop or Bergamot?", {"Boskoop", "Bergamot"}),
    ],
)
def test_rows_by_yes_and_no_by_what_a_cell_lists_and_by_their_sum(nursery, question, rows):
    assert varieties(told(nursery, question)) == rows


@pytest.mark.parametrize("question", ["What is the telephone of the seller of Bergamot?", "What is the price of a Boskoop bonsai?"])
def test_a_row_is_not_told_for_sure_where_a_word_of_the_question_is_none_of_the_table(nursery, question):
    found = nursery.ask(question, model="quote")
    assert found.chance is not None and found.chance < 1.0


@pytest.fixture(scope="module")
def college(tmp_path_factory):
    folder = tmp_path_factory.mktemp("college")
    (folder / "studios.csv").write_text("Studio,Wing,Storey,Easels,Hire\nS1,1,0,9,40\nS2,1,1,12,55\nS3,2,1,4,25\nS4,2,2,20,90\n", "utf-8")
    (folder / "kilns.csv").write_text('Kiln,Place,Litres\nAlpha,"cellar, wing 1",90\nBeta,"attic, wing 2",140\n', "utf-8")
    (folder / "staff.csv").write_text(
        "Office,Name,Telephone,E-mail\nPorter,Ivo Brandt,0301 55 20,ivo@art.example\nBursar,Ann Tew,0301 55 21,ann@art.example\n", "utf-8"
    )
    (folder / "porter.md").write_text("# Keys\n\nAsk the porter for keys. The porter locks up at ten. Tell the porter.\n", "utf-8")
    with Library.open(folder / "library", Settings(library=folder / "library")) as library:
        assert not ingest([each for each in folder.iterdir() if each.is_file()], library).failed
        yield library


def test_a_number_is_of_the_column_that_is_named_beside_it(college):
    assert told(college, "How many studios are in wing 1?").startswith("2 [1]")
    largest = told(college, "Which studio in wing 1 has the most easels?")
    assert "| S2 |" in largest and "| S4 |" not in largest and "| S3 |" not in largest


def test_rows_of_another_thing_are_not_counted(college):
    found = college.ask("How many storeys does wing 2 have?", model="quote").answer or ""
    assert not found.startswith(("1 [1]", "2 [1]")), found


@pytest.mark.parametrize(
    "question, value, other",
    [
        ("Who is the porter?", "Ivo Brandt", "Ann Tew"),
        ("What is the phone number of the bursar?", "0301 55 21", "0301 55 20"),
        ("e-mail address of the porter", "ivo@art.example", "ann@art.example"),
    ],
)
def test_a_person_and_how_to_reach_them_are_looked_up_by_the_office(college, question, value, other):
    answer = told(college, question)
    assert value in answer and other not in answer


def test_a_sum_of_something_else_is_not_told_for_sure(college):
    history = [{"role": "user", "content": "Was the new roof agreed on?"}, {"role": "assistant", "content": "The new roof was agreed on."}]
    found = college.ask("How much did it cost?", history=history, model="quote")
    assert found.refused or (found.chance is not None and found.chance < 1.0)
