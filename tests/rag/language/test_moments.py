"""Questions for the moment in a recording: what is meant, and what only looks like one."""

from __future__ import annotations

import pytest

from rag.language.question import understood

MOMENTS = {
    "At what time does she talk about the fog signal?": "What is the fog signal?",
    "At what time did Mrs Lind say the ferry would be late?": "The ferry would be late?",
    "At which minute is the breakwater mentioned in the recording?": "What is the breakwater?",
    "At what point in the lecture does he explain the lens?": "What is the lens?",
    "Show me the moment when the board agrees to buy a new horn.": "The board agrees to buy a new horn?",
    "Can you show me the moment where Anna talks about the repair of the breakwater?": "What is the repair of the breakwater?",
    "Play the part where they discuss the ferry.": "What is the ferry?",
    "Find the passage in my talk in which I speak about tides": "What is tides?",
    "When does he say that the ferry is late?": "The ferry is late?",
    "Where in the talk does the speaker mention Bergen?": "What is Bergen?",
    "Could you tell me at what time they bring up the budget in the meeting?": None,
}
OTHERS = (
    "At what time does the ferry leave?",
    "What time is breakfast served?",
    "When did Anna mention the lighthouse?",
    "When did she come to Bergen?",
    "When do they open?",
    "Show me the part of the engine that turns.",
    "Find the place where the ship is anchored.",
    "Which part does the manual describe first?",
    "What did she say about the fog signal?",
    "Where is the crane mentioned?",
)


@pytest.mark.parametrize("asked", [asked for asked, core in MOMENTS.items() if core])
def test_what_is_said_at_the_moment_is_asked_for(asked):
    question = understood(asked)
    assert (question.core, question.moment, question.asked) == (MOMENTS[asked], True, asked)


@pytest.mark.parametrize("asked", [*OTHERS, *(asked for asked, core in MOMENTS.items() if core is None)])
def test_other_questions_stay_as_they_are(asked):
    assert not understood(asked).moment
