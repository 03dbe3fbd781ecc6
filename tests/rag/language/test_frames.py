"""rag/language/frames.py: what only frames a question comes off, and what looks like a frame but is asked stays."""

from __future__ import annotations

import pytest

from rag.language.frames import unframed

OFF = {
    "What does the PDF say about the width of the east gate?": "What is the width of the east gate?",
    "What does the attached report tell us about the width of the east gate?": "What is the width of the east gate?",
    "What is said in this document about the ferry timetable?": "What is the ferry timetable?",
    "According to the keeper's handbook, who winds the clock?": "Who winds the clock?",
    "Based on the uploaded PDF, how wide is the gate?": "How wide is the gate?",
    "In this report, when was the weir rebuilt?": "When was the weir rebuilt?",
    "Using only the documents provided, explain the sluice.": "Explain the sluice.",
    "How wide is the gate according to the survey?": "How wide is the gate?",
    "How wide is the gate, as stated in the contract?": "How wide is the gate?",
    "Can you tell me how wide the gate is?": "How wide the gate is?",
    "Do you happen to know who winds the clock?": "Who winds the clock?",
    "I would like to know when the weir was rebuilt.": "When the weir was rebuilt.",
    "Hello, who winds the clock?": "Who winds the clock?",
    "Please, who winds the clock?": "Who winds the clock?",
    "Who winds the clock? Thanks in advance!": "Who winds the clock?",
    "Who winds the clock? Answer in French.": "Who winds the clock?",
    "Who winds the clock? Keep it short.": "Who winds the clock?",
    "Who winds the clock? Please answer in one sentence and cite your sources.": "Who winds the clock?",
    "Who winds the clock? Don't make anything up.": "Who winds the clock?",
    "Who winds the clock, in two sentences?": "Who winds the clock?",
    "Hi there! Could you please tell me, based on the attached contract, who winds the clock? Be brief.": "Who winds the clock?",
    "Does the report say that the weir leaks?": "The weir leaks?",
    "What does the inspector's letter recommend for the weir?": "What is recommended for the weir?",
    "What did the survey conclude?": "What is concluded?",
    "What does Section 4.2 say?": "What is Section 4.2 about?",
    "What does clause 3(b) provide?": "What is clause 3(b) about?",
    "Who keeps the weir at the moment?": "Who keeps the weir?",
    "Who is the lock keeper now?": "Who is the lock keeper?",
    "How many barges are currently laid up?": "How many barges are laid up?",
}
ON = [
    "Who kept the weir until now?",
    "How do the gates of then and now differ?",
    "What about now?",
    "Who wrote the report?",
    "How long is the report?",
    "What is in the letter?",
    "In which year was the weir rebuilt?",
    "In the board editor, how do I add a via?",
    "How do I answer in the chat?",
    "Who signed the contract?",
    "What did the mayor say about the weir?",
    "According to Tobias Finch, what burned in the lamp?",
    "Where does the money come from?",
    "What colour is the cover of the manual?",
    "Please?",
    "Thanks!",
    "",
]


@pytest.mark.parametrize("asked, core", OFF.items())
def test_a_frame_comes_off(asked, core):
    assert unframed(asked).core == core


@pytest.mark.parametrize("asked", ON)
def test_what_is_no_frame_stays(asked):
    assert unframed(asked) == (asked, "")


def test_white_space_is_no_matter():
    assert unframed("  According to \n the handbook,\twho winds the clock? ").core == "Who winds the clock?"


@pytest.mark.parametrize(
    "asked, mention",
    {
        "What does the weir survey say about leaks?": "the weir survey",
        "According to the keeper's handbook, who winds the clock?": "the keeper's handbook",
        "How wide is the gate according to my uploaded PDF?": "my uploaded PDF",
        "How wide is the gate in this report?": "this report",
        "What does the inspector's letter recommend?": "the inspector's letter",
        "Does the contract say that the weir leaks?": "the contract",
        "Can you tell me who winds the clock?": "",
        "Who winds the clock? Answer in German.": "",
    }.items(),
)
def test_the_document_that_a_frame_names_is_kept_beside(asked, mention):
    assert unframed(asked).mention == mention


def test_a_frame_within_a_frame_comes_off_as_well():
    asked = "Good morning, please tell me what the document says. According to the log, who was drowned? Answer in Spanish, thank you."
    assert "Spanish" not in unframed(asked).core and "drowned" in unframed(asked).core
