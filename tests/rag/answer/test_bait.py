"""No sentence of a prompt can come back as an answer: a model that repeats what it was told is not believed."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from rag.answer.compose import Draftsman
from rag.answer.evidence import evidence_of
from rag.language.claims import pieces
from rag.language.question import understood
from rag.language.split import folded, sentences
from rag.prompts import REQUIRED, load
from rag.records import Answer
from rag.settings import Settings

ASKED = ("When was the light at Hollin Point built?", "What happened to the oil at Ness Head?")
TRUE = "The light at Hollin Point was built in 1791."


def told() -> list[str]:
    """Every sentence of every prompt, as a model may repeat it, and those of the notes above it."""
    found: list[str] = []
    for name in REQUIRED:
        prompt = load(name, Settings())
        notes = (files("prompts") / f"{name}.md").read_text("utf-8").partition("=== ")[0]
        for line in f"{prompt.system}\n{prompt.user}\n{' '.join(notes.split())}".splitlines():
            bare = re.sub(r"\{\w+\}|</?\w+>|^\d+\. ", "", line).strip()
            found += [sentence for sentence in sentences(bare) if re.search(r"\w", sentence)]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module", params=ASKED)
def finished(request, library):
    asked = request.param
    hits = library.search(asked).hits
    evidence = evidence_of(library.searcher, hits)

    def finish(text: str, small: bool) -> Answer:
        draft = Draftsman(hits, evidence, small)
        for piece in pieces(text):
            draft.check(piece)
        return draft.finish(Answer(asked, asked, None, hits), understood(asked))

    return finish


@pytest.mark.parametrize("small", [False, True], ids=["with room", "small"])
def test_a_sentence_of_a_prompt_is_no_answer(finished, small):
    for sentence in told():
        for text in (sentence, f"{sentence} [1]"):
            answer = finished(text, small)
            assert folded(sentence) not in folded(answer.answer or ""), sentence
            assert answer.fallback == "quote" or answer.refused, sentence


def test_a_sentence_of_a_prompt_beside_a_true_one_is_not_borne(finished):
    for sentence in told():
        if sentence.endswith(":"):
            continue  # what leads over states nothing
        answer = finished(f"{TRUE} {sentence}", small=False)
        assert all(folded(sentence) not in folded(citation.quote) for citation in answer.citations), sentence
        shown = folded(answer.answer or "")
        at = shown.find(folded(sentence))
        assert at < 0 or shown[at + len(folded(sentence)) :].lstrip(" .").startswith("[unverified]"), sentence


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_no_prompt_shows_a_fact_or_a_citation_that_could_be_copied(name):
    """ "The bridge was opened in 1937 [2]." came back as an answer."""
    prompt = load(name, Settings())
    text = re.sub(r"(?m)^\d+\. ", "", f"{prompt.system}\n{prompt.user}")
    assert not re.search(r"\d|\[", text)


def test_the_sentences_are_seen():
    assert len(told()) > 30 and "Answer in one short sentence, with the words of the passages." in told()
