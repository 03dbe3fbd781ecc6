"""rag/language/names.py: what is a name by its capitals, and what says which thing a question is about."""

from __future__ import annotations

import pytest

from rag.language.names import names, names_in, specifics, terms


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Lamps were lit by Quill.", {"quill"}),
        ("Marta Quill lit them.", {"marta", "quill"}),
        ("Use KiCad for it.", {"kicad"}),
        ("On 5 May 1900 Quill came.", {"quill"}),
        ("Painting is work.", set()),
    ],
)
def test_names(sentence, found):
    assert names(sentence) == found


def test_names_stand_as_they_are_written_and_once():
    assert names_in("We met Marta Quill. Lamps were lit by Quill. The KiCad editor is his.") == ["Marta", "Quill", "KiCad"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who was the architect of Skerrin Head?", ["Skerrin", "Head"]),
        ("How High Is The Tower?", []),
        ("What is the 10-Q of Apple for 2023?", ["10-Q", "Apple", "2023"]),
        ("how high is the tower", []),
        ("How do I connect the school to Microsoft Teams?", ["Microsoft", "Teams"]),
        ("How tall was the Pharos?  And is the lamp of 1791 there?", ["Pharos", "1791"]),
        ("Nextcloud for the pupils", ["Nextcloud"]),
        ("Lamps for the pupils", []),  # it is the sentence that begins
        ("Nextcloud at the school", []),  # it may be
        ("Can GOsa² mail? how do I open a photo in PSD format?", ["GOsa²", "PSD"]),
        ("Show Me The Lens Flare Filter", []),
        ("Microsoft Teams for the pupils", ["Microsoft", "Teams"]),
        ("Which firmware does the ESP32 run?", ["ESP32"]),
    ],
)
def test_what_says_which_thing_a_question_is_about(question, found):
    assert specifics(question) == found


@pytest.mark.parametrize("question", ["May I bring my dog?", "Shall I bring my dog?", "Recipe for pancakes", "Help with pancakes"])
def test_what_begins_a_question_is_no_name(question):
    assert specifics(question) == []


def test_terms():
    assert terms("Set KICAD7_DIR in /etc/kicad.conf with --force on the 3rd of 5 km.") == {"kicad7_dir", "/etc/kicad.conf", "--force"}
