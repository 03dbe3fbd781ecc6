"""Follow-up questions: made from what stands near an answer, or by the model, and offered only where the library answers them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace

import numpy as np

from rag.answer import context, refuse
from rag.answer.chain import Basis
from rag.errors import DiptychError
from rag.language import asking, wording
from rag.language.claims import MARK
from rag.language.question import understood
from rag.language.split import folded, sentences
from rag.language.words import meaning
from rag.llm import choose
from rag.llm.base import count_messages
from rag.llm.base import stream as generate
from rag.prompts import load
from rag.records import Answer, Hit
from rag.retrieve.examples import nearest
from rag.retrieve.query import Query

# Set by hand on what benchmarks/followups.py measures (the table of follow-ups in benchmarks/answers.md); not swept.
OFFERED = 3
SEARCHED = 12  # candidates at most that are looked up
FIRST = 2  # hits of a candidate's search among which what it was made from has to be
NEAR = 0.25  # cosine to the question with its answer: what is further away leads elsewhere ...
NEAR_IN_CITED = 0.15  # ... unless it stands in a document that the answer cites
SAME = 0.85  # cosine from which two questions are one
ALIKE = 0.7  # between questions that are offered together
MODEL_CONTEXT = 900  # tokens of passages that a model is shown
MODEL_LINES = 5
LONGEST_ANSWER = 600  # characters of an answer that a model is shown
PICTURES = 4
MOST = {"picture": 1, "heading": 2}  # that are offered together
_LINE = re.compile(r"^\s*(?:[-*•]|\d+[.):])?\s*")


@dataclass(frozen=True)
class Candidate:
    """A question, with the document and the words that it was made from (white space folded; nothing where a model or the user wrote it);
    `bonus` is what its kind is worth, as a cosine."""

    question: str
    source: str = ""
    told: str = ""
    bonus: float = 0.0
    kind: str = ""


def offered(
    basis: Basis, answer: Answer, asked: Sequence[str] = (), model: str | None = None, stop: Callable[[], bool] = lambda: False
) -> list[str]:
    """Up to three questions, the likeliest first and what asks for a picture last. Raises StoreError."""
    if not answer.hits:
        return []
    near = _near(basis, answer)
    searcher = basis.searcher()
    told = _told(answer)
    cited = {citation.source for citation in answer.citations}
    encode = searcher.encoders.text.encode_query
    before = [question for question in (answer.question, answer.query, *asked) if question]
    known = encode(before) if before else np.zeros((0, searcher.encoders.text.dimension), np.float32)
    said = "" if answer.refused else MARK.sub("", answer.answer or "")
    topic = encode([f"{_query(answer)} {said}"])[0]
    kept: list[tuple[Candidate, np.ndarray]] = []
    searched = 0
    for candidates in (_by_model(basis, answer, near, told, model, stop), _by_rule(basis, answer, near, told)):
        fresh = [each for each in candidates if not _repeats(each.question, before)]
        if not fresh:
            continue
        vectors = encode([each.question for each in fresh])
        worth = vectors @ topic + np.array([each.bonus for each in fresh])
        for at in np.argsort(-worth, kind="stable"):
            candidate, vector = fresh[at], vectors[at]
            if len(kept) == OFFERED or searched == SEARCHED or stop():
                break
            if vector @ topic < (NEAR_IN_CITED if candidate.source in cited else NEAR) or (known @ vector).max(initial=0.0) >= SAME:
                continue
            if not _goes_with(candidate, vector, kept):
                continue
            searched += 1
            if _answered(basis, candidate, told):
                kept.append((candidate, vector))
    return [each.question for each, _ in sorted(kept, key=lambda pair: pair[0].kind == "picture")]


def _near(basis: Basis, answer: Answer) -> list[Hit]:
    """The answer's hits, then more of the document that it rests on, and pictures."""
    rests_on = {citation.rank for citation in answer.citations} or {answer.hits[0].rank}
    source = next((hit.source for hit in answer.hits if hit.rank in rests_on), answer.hits[0].source)
    asked = understood(_query(answer))
    search = basis.searcher().search
    more = [*search(Query(asked, k=basis.settings.k, source=source)), *search(Query(asked, modality="image", k=PICTURES))]
    return list({(hit.id or hit.text): hit for hit in [*more, *answer.hits][::-1]}.values())[::-1]


def _query(answer: Answer) -> str:
    """What was asked; where that was a picture alone, what is known of the nearest hit."""
    return answer.query or answer.hits[0].own


def _told(answer: Answer) -> set[str]:
    """The passages that the answer cites, white space folded."""
    by_rank = {hit.rank: hit for hit in answer.hits}
    cited = [(by_rank[citation.rank], citation.quote) for citation in answer.citations if citation.rank in by_rank]
    return {text for hit, quote in cited for text in _pieces(hit) if quote in text}


def _pieces(hit: Hit) -> list[str]:
    return [folded(text) for text in _raw(hit)]


def _by_rule(basis: Basis, answer: Answer, near: Sequence[Hit], told: set[str]) -> list[Candidate]:
    """The user's own questions nearby; what sentences, headings and captions answer."""
    found = [Candidate(pair.question, bonus=0.2) for pair in nearest(basis.searcher(), answer.query)] if answer.query else []
    home = {hit.source for hit in answer.hits[:1]} | {citation.source for citation in answer.citations}
    for hit in near:
        fresh = [text for text in _raw(hit) if folded(text) not in told]
        if hit.modality == "image":
            asked = asking.of_caption(hit.caption or "", hit.evidence) if fresh else None
            if asked:
                found.append(Candidate(asked, hit.source, folded(hit.evidence), 0.05, "picture"))
            continue
        for text in fresh:
            for sentence in sentences(text):
                made = asking.of_sentence(sentence, hit.evidence)
                clear = [each for each in made if hit.source in home or wording.named(each)]
                found += [Candidate(each, hit.source, sentence, 0.1, "sentence") for each in clear]
        heading = (hit.locator.heading or "").split(" > ")[-1]
        asked = asking.of_heading(heading, hit.evidence) if fresh else None
        if asked:
            plain = asked.startswith("Tell me")
            found.append(Candidate(asked, hit.source, folded(fresh[0]), -0.05 if plain else 0.1, "heading" if plain else ""))
    return list({each.question: each for each in reversed(found)}.values())[::-1]


def _raw(hit: Hit) -> list[str]:
    return [text for text, _ in hit.pieces] or [hit.evidence or hit.text]


def _by_model(
    basis: Basis, answer: Answer, near: Sequence[Hit], told: set[str], spec: str | None, stop: Callable[[], bool]
) -> list[Candidate]:
    """What the model would ask next, where one with room is there; nothing where it fails."""
    spec = spec or answer.model
    if spec is None or spec == "quote":
        return []
    lines: list[str] = []
    with suppress(DiptychError):
        model = choose(basis.settings, spec)
        if not model.helps:
            return []
        fresh = [replace(hit, text=text, pieces=()) for hit in near for text in _raw(hit)[:1] if folded(text) not in told]
        prompt = load("followups", basis.settings)
        said = MARK.sub("", answer.answer or "")[:LONGEST_ANSWER]
        frame = count_messages(model, prompt.render(question=answer.query, answer=said, context=""))
        packed = context.pack(fresh, model.count_tokens, min(MODEL_CONTEXT, model.context - frame - context.ANSWER_TOKENS_SMALL))
        written = ""
        with closing(generate(model, prompt.render(question=answer.query, answer=said, context=packed.text))) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                written += piece if isinstance(piece, str) else ""
                if stop() or len(written) > MODEL_LINES * wording.LONGEST or len(written.strip().splitlines()) > MODEL_LINES:
                    break
        lines = [_LINE.sub("", line).strip(' "“”*') for line in written.strip().splitlines()[:MODEL_LINES]]
    return [Candidate(line, bonus=0.1) for line in lines if line.endswith("?") and wording.sound(line)]


def _answered(basis: Basis, candidate: Candidate, told: set[str]) -> bool:
    """Whether the library answers the question, and with more than what was told already."""
    searcher, asked = basis.searcher(), understood(candidate.question)
    found = searcher.search(Query(asked, k=basis.settings.k))
    if candidate.told:
        new = any(candidate.told in folded(hit.evidence) for hit in found[:FIRST])
    else:
        new = any(text not in told for hit in found[:FIRST] for text in _pieces(hit)[:1])
    return new and refuse.answers(searcher, asked, found.hits)


def _goes_with(candidate: Candidate, vector: np.ndarray, kept: Sequence[tuple[Candidate, np.ndarray]]) -> bool:
    """Whether a question says something else than those before it, and is not one too many of its kind."""
    same = sum(before.kind == candidate.kind for before, _ in kept)
    return same < MOST.get(candidate.kind, OFFERED) and all(vector @ other < ALIKE for _, other in kept)


def _repeats(question: str, before: Sequence[str]) -> bool:
    asked = {word.lower() for word in meaning(question)}
    return any(asked <= {word.lower() for word in meaning(each)} for each in before)
