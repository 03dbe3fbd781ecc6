"""rag/language/parts.py: questions that ask two things, and the many that only look like it."""

from __future__ import annotations

import pytest

from rag.language.parts import LONGEST, parted

TWO = {
    "When was the tower built and who paid for it?": ("When was the tower built?", "who paid for it? (tower built)"),
    "When was the tower built, and who paid for the lamp?": ("When was the tower built?", "who paid for the lamp?"),
    "What is a footprint? And how do I draw a new one?": ("What is a footprint?", "how do I draw a new one? (footprint)"),
    "What is chroot? How do I leave it?": ("What is chroot?", "How do I leave it? (chroot)"),
    "how do I crop a picture and how do I scale a layer": ("how do I crop a picture", "how do I scale a layer"),
    "Is the tower open to visitors and can I climb it?": ("Is the tower open to visitors?", "can I climb it? (tower open visitors)"),
    "In the board editor, how do I add a via and where can I set its drill size?": (
        "In the board editor, how do I add a via?",
        "In the board editor, where can I set its drill size? (add via)",
    ),
    "Who painted the door and what colour is the roof of the cottage?": (
        "Who painted the door?",
        "what colour is the roof of the cottage?",
    ),
    "How long is the pier, and how many ferries sail from it?": ("How long is the pier?", "how many ferries sail from it? (long pier)"),
    "What happens when I click on Save and how can I undo the last step?": (
        "What happens when I click on Save?",
        "how can I undo the last step?",
    ),
    "Tell me when Ness Head was lit and who kept the light there": (
        "Tell me when Ness Head was lit",
        "who kept the light there (Ness Head lit)",
    ),
    "When was the light built, who designed the lamp, and how high is the tower?": (
        "When was the light built?",
        "who designed the lamp?",
        "how high is the tower?",
    ),
    "Show me the tower and tell me who built the cottage": ("Show me the tower", "tell me who built the cottage"),
    "I use two monitors. How do I set the primary one? And where do I set the resolution?": (
        "I use two monitors. How do I set the primary one?",
        "I use two monitors. where do I set the resolution?",
    ),
    "Who kept the light at Ness Head, and what about Hollin Point?": (
        "Who kept the light at Ness Head?",
        "what about Hollin Point? (kept light Ness Head)",
    ),
    "And when was it built and who paid the mason? (Hollin Point)": (
        "And when was it built? (Hollin Point)",
        "who paid the mason? (Hollin Point)",
    ),
    "Why did the mast fall; when was the mast replaced?": ("Why did the mast fall?", "when was the mast replaced?"),
    "Which Veyon package goes on the teacher's computer, and how is its key handed out?": (
        "Which Veyon package goes on the teacher's computer?",
        "how is its key handed out? (Veyon package goes teacher's computer)",
    ),
}
COMPARED = {
    "What is the difference between a symlink and a hard link?": ("symlink", "hard link"),
    "difference between hard and soft links": ("hard links", "soft links"),
    "What is the difference between a layer and a layer mask?": ("layer", "layer mask"),
    "Compare RAID 1 with RAID 5": ("RAID 1", "RAID 5"),
    "How does Select by Color differ from the magic wand?": ("Select by Color", "magic wand"),
    "Is apt different from aptitude?": ("apt", "aptitude"),
    "How do the dome lamp and the beam lamp differ?": ("dome lamp", "beam lamp"),
    "Gaussian blur vs. median blur": ("Gaussian blur", "median blur"),
}
ONE = [
    "How do I cut and paste?",
    "layer mode with only six primary colors, black and white",
    "How can I get rid of scratches and salt and pepper noise?",
    "When and where was the tower built?",
    "When was the light at Hollin Point built, and by whom?",
    "Who built the tower and when?",
    "What are the height and the weight of the lamp?",
    "How do I select the text and move it to another page?",
    "Do you know where and when the light was lit?",
    "Which setting says where files are saved and how they are named?",
    "Which page tells who built the tower and who paid for it?",
    "How do the stones of one course lock together? Show me a drawing.",
    "Can I shear horizontally and vertically in one go?",
    "I changed my password. Is that enough?",
    "What happened to the keeper and the lamp in the storm?",
    "What is the Rise and Fall tool?",
    "What is and is not allowed on the pier?",
    "Really? Why?",
    "Does the horn sound when it is foggy and windy?",
    "the light and how it works",
    "How do I open a can and can I eat?" * 20,
    "bell buoy and can buoy",
    "Does a single folder hold both symbols and footprints?",
    "How are R1, R2 and R3 connected in a Pi attenuator?",
    "Is it red or is it blue?",
    "What is the difference between black and white and grey?",
    "What is the difference between what the map shows and what the chart shows?",
    "What happens if I delete a file and the bin is full?",
    "Where do I set the name, and the colour?",
    "comparison of the abyss policies None, Clamp and Loop",
    "Show me cloning compared with healing",
    "How does Ossett's tax rate in FY2022 compare to FY2021?",
    "Compare Q1 2021 and Q2 2021",
    "",
    "???",
]


@pytest.mark.parametrize(("question", "expected"), TWO.items())
def test_two_questions_are_parted(question, expected):
    assert parted(question) == expected


@pytest.mark.parametrize(("question", "expected"), COMPARED.items())
def test_what_is_compared_is_looked_up_each_by_itself(question, expected):
    assert parted(question) == (question, *(f"What is {each}?" for each in expected))


@pytest.mark.parametrize("question", ONE)
def test_one_question_stays_one(question):
    assert parted(question) == (question,)


def test_a_text_is_no_question():
    text = "What is a buoy? How is it lit? " * 20
    assert len(text) > LONGEST and parted(text) == (text,)
