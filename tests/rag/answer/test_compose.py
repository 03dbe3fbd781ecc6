"""rag/answer/compose.py: what becomes of a model's sentences, by how freely the model may put things."""

from __future__ import annotations

import pytest

from rag.answer.compose import BESIDE, Draftsman, quoted
from rag.answer.evidence import Evidence, evidence_of
from rag.language.claims import pieces
from rag.language.question import understood
from rag.records import Answer, Hit, Locator, Routes

BUILT = "When was the light at Hollin Point built?"


@pytest.fixture(scope="module")
def finished(library):
    def finish(text: str, small: bool) -> Answer:
        hits = library.search(BUILT).hits
        evidence = evidence_of(library.searcher, hits)
        draft = Draftsman(hits, evidence, small)
        for piece in pieces(text):
            draft.check(piece)
        return draft.finish(Answer(BUILT, BUILT, None, hits), understood(BUILT))

    return finish


def test_a_small_model_that_is_true_and_beside_the_question_is_replaced_by_quotes(finished):
    answer = finished("The oil for the lamp at Ness Head ran out on the night of the storm.", small=True)
    assert answer.fallback == "quote" and "built in 1791" in answer.answer
    assert [each.reason for each in answer.grounding.unsupported] == [BESIDE]


def test_a_small_model_that_answers_is_heard_before_the_quotes(finished):
    answer = finished("The light at Hollin Point was built in 1791.", small=True)
    assert answer.fallback is None and answer.answer.startswith("The light at Hollin Point was built in 1791. [1]\n\n“")
    assert answer.citations[0].quote in answer.answer and answer.answer.count("[1]") == 2


def test_a_refusal_in_the_words_of_the_prompt_is_one_whatever_reason_stands_behind_it(finished):
    answer = finished("I do not know. The light at Hollin Point was built in 1791.", small=False)
    assert answer.refused and answer.citations == ()
    longer = finished("The light at Hollin Point was built in 1791. It was built by Marta Quill. I do not know more.", small=False)
    assert not longer.refused and longer.answer.startswith("The light at Hollin Point was built in 1791.")


def test_a_model_with_room_may_say_more_than_what_would_be_quoted(finished):
    answer = finished("The light was built in 1791. The oil for the lamp at Ness Head ran out on the night of the storm.", small=False)
    assert answer.fallback is None and "[unverified]" not in answer.answer and len(answer.citations) == 2


def listed(library, question: str, text: str) -> str:
    hit = Hit(1, 1.0, "text", "1.md", None, None, Locator(), text, None, (), Routes(), evidence=text)
    return quoted(Answer(question, question, None, (hit,)), understood(question), Evidence([hit], library.encoders.text)).answer or ""


def test_an_item_of_several_sentences_is_one_line(library):
    told = "A tide has three stages:\n\n1. Flood. The sluice opens. Boats may enter.\n2. Slack. A bell is rung.\n3. Ebb. Nobody may enter."
    assert listed(library, "What are the stages of a tide?", told).splitlines() == [
        "A tide has three stages: [1]",
        "1. Flood. The sluice opens. Boats may enter. [1]",
        "2. Slack. A bell is rung. [1]",
        "3. Ebb. Nobody may enter. [1]",
    ]


def test_sentences_of_one_numbered_paragraph_are_no_list(library):
    told = "7. The sluice was let to Kester Brandt for 90 crowns a year. Kester Brandt let the sluice fall in.\n\n8. Costs are shared."
    answer = listed(library, "To whom was the sluice let, and for how much?", told)
    assert answer.startswith("“7. The sluice was let to Kester Brandt for 90 crowns a year. Kester Brandt let the sluice fall in.”")
