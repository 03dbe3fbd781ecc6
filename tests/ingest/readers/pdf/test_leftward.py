"""Words read from the right come in the order in which they are read, however the file holds them."""

import pytest

from ingest.readers.pdf.leftward import folded, reads_leftward, words

WIDTH = 6.0


def placed(seen: str) -> list[tuple[str, tuple]]:
    """The characters of a line as it is seen, from the left, with their boxes."""
    return [(char, (n * WIDTH, 0.0, (n + 1) * WIDTH, 12.0)) for n, char in enumerate(seen)]


def read(characters) -> str:
    text = "".join(char for char, _ in characters)
    boxes = [box for _, box in characters]
    line = ""
    for word in words(text, 0, boxes.__getitem__, str):
        line += (" " if word.spaced and line else "") + word.text
    return line


# as it is seen, each first letter at the right: "the light was lit in 1884", with a model's name and a number with a comma
SEEN = ["4881 תנשב קלדנ רואה", "לקש 052,1-ב רכמנ obruT 21-XA םגדה"]
MEANT = ["האור נדלק בשנת 1884", "הדגם AX-12 Turbo נמכר ב-1,250 שקל"]
UNTURNED = [("4881", "1884"), ("052,1", "1,250"), ("obruT", "Turbo"), ("21-XA", "AX-12")]


def as_seen(line: str) -> str:
    for wrong, right in UNTURNED:
        line = line.replace(wrong, right)
    return line.replace("Turbo AX-12", "AX-12 Turbo")


@pytest.mark.parametrize(("seen", "meant"), zip(map(as_seen, SEEN), MEANT, strict=True))
def test_a_line_is_read_from_the_right_with_its_numbers_and_names_as_they_are(seen, meant):
    assert read(placed(seen)) == meant


@pytest.mark.parametrize(("seen", "meant"), zip(map(as_seen, SEEN), MEANT, strict=True))
def test_the_order_in_the_file_does_not_matter(seen, meant):
    in_words = seen.split()
    at, characters = len(seen), []
    boxes = placed(seen)
    for word in reversed(in_words):  # words from the right, letters of Hebrew words too
        start = seen.rindex(word, 0, at)
        part = boxes[start : start + len(word)]
        characters += reversed(part) if reads_leftward(word) else part
        characters.append((" ", (0, 0, 0, 0)))
        at = start
    assert read(characters) == meant


def test_words_from_the_right_in_a_line_from_the_left_keep_their_order():
    assert read(placed("He said םלוע םולש twice")) == "He said שלום עולם twice"


def test_letters_in_the_forms_that_they_have_in_a_word_are_the_letters():
    assert folded("\ufee1\ufefc\ufeb3") == "ملاس" and reads_leftward(folded("\ufeb3"))
