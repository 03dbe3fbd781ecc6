"""Questions by rule: each reads as a person would ask it, and what fits no rule is not asked."""

from __future__ import annotations

import pytest

from rag.language.asking import of_caption, of_heading, of_sentence
from rag.language.wording import in_prose, named


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("A net class is a set of design rules.", "What is a net class?"),
        ("Skerrin Head is the oldest light of the coast and the one that every child draws.", "What is the oldest light of the coast?"),
        ("Ismay Corrigan was the keeper of Skerrin Head.", "Who was Ismay Corrigan?"),
        ("The yellow tower was painted by Wrenfield in oils.", "Who painted the yellow tower?"),
        ("A helicopter deck was built over the lantern in 1979.", "When was a helicopter deck built over the lantern?"),
        (
            "In 1849 the reflectors were sold for a handful of silver and replaced.",
            "When were the reflectors sold for a handful of silver?",
        ),
        ("On 4 June 1974 the ship was towed away and a buoy took her place.", "When was the ship towed away?"),
        ("A siren came to Thornsay in 1884.", "When did a siren come to Thornsay?"),
        ("The boat Merry Tully leaves Tessaly Quay at 9:15 on Tuesdays.", "When does the boat Merry Tully leave Tessaly Quay?"),
        ("The hull was red from the first day, so that nobody mistook the ship.", "Why was the hull red from the first day?"),
        ("The walls are 2.6 metres thick at the base.", "How thick are the walls?"),
        ("The tower has 154 steps and a second-order lens.", "How many steps does the tower have?"),
        ("Forty-six buoys lie on station.", "How many buoys lie on station?"),
        ("The lightship Constance Amery is moored at the Fish Steps.", "Where is the lightship Constance Amery moored?"),
        ("NTP is used to update the time.", "What is NTP used for?"),
        ("The tower consists of 2,731 blocks of granite.", "What does the tower consist of?"),
        ("To modify or delete a user, use GOsa² to browse the list.", "How do I modify or delete a user?"),
        ("If you want to back up your data to a server, a tape device or a disk, edit it.", "How do I back up my data to a server?"),
        ("It is possible to mass-create users by using a CSV file.", "How do I mass-create users?"),
        ("Click Plot to generate the Gerber files.", "How do I generate the Gerber files?"),
    ],
)
def test_a_statement_is_turned_into_its_question(sentence, question):
    asked = of_sentence(sentence, sentence)
    assert asked[:1] == ([question] if question else [])


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a pyramid of stone.",
        "The command needs root.",
        "Its tower was bolted together in 1962.",
        "29.62, falling.",
        "28.41 at noon, the lowest in this book.",
        "1882 run into by a steamer in snow.",
        "Eleven of us and eight of them in three cottages.",
        "To do so, click the button.",
        "There are two different methods available to wake up clients.",
        "The file /etc/ntp.conf is used to set the clock.",
        "The lens was sold",
        "A candela is the strength of a light in one direction.",  # by one word of its own, a question leans on those before it
        "Select the interface which is connected to the upstream network.",
        "However, the lens is a marvel of its time.",
        "",
    ],
)
def test_what_would_make_a_poor_question_makes_none(sentence):
    assert of_sentence(sentence, sentence) == []


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How to read a buoy", "How do I read a buoy?"),
        ("Why the lights were built", "Why were the lights built?"),
        ("How far a light is seen", "How far is a light seen?"),
        ("What is open to visitors", "What is open to visitors?"),
        ("Why does the lens turn?", "Why does the lens turn?"),
        ("How many come?", None),  # who?
        ("7.3.1. Adding users", "How do I add users?"),
        ("2. Installing and Upgrading KiCad", "How do I install and upgrade KiCad?"),
        ("4.4. Adding Symbols to the Schematic", "How do I add symbols to the schematic?"),
        ("Hogget Beacon", "Tell me about Hogget Beacon"),
        ("The lens of 1849", "Tell me about the lens of 1849"),
        ("A note on removable media", "Tell me about removable media"),
        ("Opening hours", "Tell me about opening hours"),
        ("Below deck", None),
        ("Introduction", None),
        ("The year in brief", None),
        ("The siren", None),
        ("GNU GENERAL PUBLIC LICENSE", None),
        ("DISK CRITICAL - free space: /usr 309 MB", None),
    ],
)
def test_a_heading_is_asked_as_a_person_would(heading, question):
    assert of_heading(heading, "You add symbols here, and users to a schematic. Look at Hogget Beacon.") == question


def test_a_deed_of_others_is_not_asked_as_a_guide():
    assert of_heading("Climbing the tower", "He climbed a stair each night.") == "Tell me about climbing the tower"


@pytest.mark.parametrize(
    ("caption", "request_"),
    [
        ("A puffin with a striped orange bill standing on a grassy cliff", "Show me a puffin with a striped orange bill"),
        ("Figure 2: Hours of fog by month", "Show me the hours of fog by month"),
        ("Map of the Varrow Coast with the eight light stations, from north to south", "Show me the map of the Varrow Coast"),
        ("Six kinds of buoys in a row: red can, green cone", "Show me six kinds of buoys in a row"),
        ("Skerrin Head, open for guided climbs", "Show me Skerrin Head"),
        ("Selecting the uplink interface", "What does selecting the uplink interface look like?"),
        ("gerbview_file_menu_png", None),
        ("constraints none", None),
        ("Regulators", None),
        ("", None),
    ],
)
def test_a_caption_is_asked_to_be_shown(caption, request_):
    assert of_caption(caption, "") == request_


def test_names_keep_their_capitals():
    assert in_prose("Quillon Spit", "The sands of Quillon Spit move: a spit is sand.") == "Quillon Spit"
    assert in_prose("Resizing Partitions", "resizing a partition takes long") == "resizing partitions"
    assert in_prose("Remote Desktop clients", "a remote-desktop client") == "Remote Desktop clients"


def test_a_question_that_names_nothing_is_told_apart():
    assert named("When did a siren come to Thornsay?") and named("What happened on 4 June 1974?")
    assert not named("How thick are the walls?") and not named("How do I read a buoy?")


def test_nothing_is_asked_in_english_of_a_text_in_another_language():
    german = "Der Turm wurde 1921 gebaut. Er hat 154 Stufen, und sein Licht ist bei klarem Wetter 20 Meilen weit zu sehen."
    assert of_heading("Alter Turm", german) is None and of_caption("Turm von Skerrin Head", german) is None
    assert of_heading("Old tower", "The tower was built in 1921. It has 154 steps, and its light is seen for 20 miles.")
