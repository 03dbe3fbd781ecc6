"""The answer as a LangChain chain: route, make the question whole, retrieve, pack the context, generate, verify."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rag.answer import context, refuse, smalltalk
from rag.answer.compose import Draftsman, quoted, refusal
from rag.answer.condense import as_told, rewritten, whole_by_rule
from rag.answer.events import Checked, Done, Draft, Event, Found
from rag.answer.evidence import Evidence, evidence_of
from rag.answer.quote import nearest_picture
from rag.answer.verify.claims import Piece, pieces
from rag.answer.verify.verifier import FREE, STRICT, Verifier
from rag.errors import DiptychError, ModelError
from rag.language.split import sentences
from rag.language.words import points_back
from rag.llm import Model, choose
from rag.llm.base import Stats, count_messages
from rag.llm.base import stream as generate
from rag.llm.images import Picture, fitting, image_message
from rag.prompts import check, load
from rag.records import Answer, Grounding, Search, Usage
from rag.retrieve.examples import nearest
from rag.retrieve.inside import searched

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable
    from PIL.Image import Image

    from rag.library import Library

HISTORY_TURNS = 6
PICTURES_SHOWN = 3  # to a model that sees, beside the user's own
PICTURES_SHARE = 0.5  # at most, of the tokens that are left for passages


@dataclass(frozen=True)
class Question:
    """What is asked, and how: `history` as [{"role", "content"}], `model` a SPEC (None: the setting), filters as in `Query`."""

    text: str
    history: tuple[Mapping[str, str], ...] = ()
    image: Image | None = None
    model: str | None = None
    k: int = 8
    modality: str | None = None
    source: str | None = None
    retrieval_only: bool = False


@dataclass(frozen=True)
class Turn:
    """A question on its way to an answer; every step of the chain fills in its part. `told` is the answer that needs no search."""

    asked: Question
    started: float
    model: Model | None
    told: str | None = None
    query: str = ""
    search: Search = field(default_factory=lambda: Search("", (), {}))

    @property
    def about(self) -> str:
        """What a quoted sentence should bear on: a follow-up made whole by rule is a question with mere search words behind it, but the
        words inside a picture belong to the question."""
        return self.asked.text if self.asked.image is None and self.query.startswith(self.asked.text) else self.query


def stream(library: Library, question: Question) -> Iterator[Event]:
    """Found, then Draft and Checked as the model writes, then Done. Raises DiptychError where not even the search can be made."""
    return _chain(library).stream(question)


def as_runnable(library: Library) -> Runnable[Any, Answer]:
    """{"question", "history"?, "image"?, "model"?, "k"?, ...} to an Answer."""
    from langchain_core.runnables import RunnableLambda

    def ask(words: Mapping[str, Any]) -> Answer:
        return library.ask(**words)

    return RunnableLambda(ask, name="diptych")


def _chain(library: Library) -> Runnable[Question, Event]:
    from langchain_core.runnables import RunnableGenerator, RunnableLambda

    def begin(asked: Question) -> Turn:
        started = time.perf_counter()
        told = None if asked.retrieval_only or asked.image is not None else smalltalk.told(library, asked.text)
        model = None if asked.retrieval_only or told else choose(library.settings, asked.model)
        if model is not None and model.chat is not None:
            check(library.settings)
        return Turn(asked, started, model, told)

    def condense(turn: Turn) -> Turn:
        return replace(turn, query=turn.asked.text if turn.told else _whole(library, turn))

    def retrieve(turn: Turn) -> Turn:
        asked = turn.asked
        if turn.told:
            return turn
        inside = library.read(asked.image)
        search = library.search(turn.query, image=asked.image, inside=inside, k=asked.k, modality=asked.modality, source=asked.source)
        return replace(turn, query=searched(turn.query, inside), search=search)

    def answer(turns: Iterator[Turn]) -> Iterator[Event]:
        for turn in turns:
            yield Found(turn.query, turn.search.hits)
            yield from _answer(library, turn)

    return RunnableLambda(begin) | RunnableLambda(condense) | RunnableLambda(retrieve) | RunnableGenerator(answer)


def _whole(library: Library, turn: Turn) -> str:
    """The question made whole from the history: by the model where it is able, else (or where it fails) by rule."""
    asked, model = turn.asked, turn.model
    history = _matter(asked.history)[-HISTORY_TURNS:]
    if not history or asked.image is not None or not points_back(asked.text):  # "this" is the picture that came with it
        return asked.text
    if model is not None and model.chat is not None and not model.small:
        messages = load("condense", library.settings).render(history=as_told(history), question=asked.text)
        try:
            whole = rewritten("".join(piece for piece in generate(model, messages) if isinstance(piece, str)))
        except ModelError:
            whole = None
        if whole:
            return whole
    return whole_by_rule(asked.text, history)


def _matter(history: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The conversation without its small talk, and what was told to that."""
    kept: list[Mapping[str, str]] = []
    idle = False
    for turn in history:
        if turn["role"] == "user":
            idle = smalltalk.kind(turn["content"]) is not None
        if not idle:
            kept.append(turn)
    return kept


def _answer(library: Library, turn: Turn) -> Iterator[Event]:
    hits = turn.search.hits
    blank = Answer(turn.asked.text, turn.query, turn.told, hits, timings_ms=dict(turn.search.timings_ms))
    if turn.told:
        yield Done(_timed(replace(blank, grounding=Grounding()), turn))
        return
    if turn.model is None:
        yield Done(_timed(replace(blank, refused=None), turn))
        return
    evidence = evidence_of(library, hits)
    weighed = turn.query and turn.asked.image is None  # to a picture, there is always one that is nearest
    chance = refuse.chance(library, turn.query, evidence, turn.asked.source) if weighed else 1.0
    blank = replace(blank, model=turn.model.name, chance=chance)
    if not hits or chance < refuse.THRESHOLD or not (turn.query.strip() or nearest_picture(hits)):
        yield Done(_timed(refusal(blank), turn))
        return
    if turn.model.chat is None:
        yield Done(_timed(quoted(blank, turn.about, hits, evidence), turn))
        return
    yield from _generated(library, turn, turn.model, blank, evidence)


def _generated(library: Library, turn: Turn, model: Model, blank: Answer, evidence: Evidence) -> Iterator[Event]:
    packed, messages, pictures = _prompt(library, turn, model, evidence)
    verifier = Verifier(packed.hits, evidence, STRICT if model.small else FREE, [picture.rank for picture in pictures])
    draft = Draftsman(verifier)
    text, stats, error = "", Stats(0, 0), None
    began, first = time.perf_counter(), None
    try:
        for piece in generate(model, messages):
            if isinstance(piece, Stats):
                stats = piece
                continue
            first = first or time.perf_counter()
            text += piece
            yield Draft(piece)
            for each in pieces(text)[len(draft.verdicts) : -1]:
                yield _checked(draft, each)
    except DiptychError as fault:
        error = f"{fault} {fault.hint}".strip()
    left = pieces(text)[len(draft.verdicts) :]
    if stats.note and not stats.truncated and draft.verdicts:
        left = left[:-1]  # the model was stopped at its limit in the middle of it
    for each in left:
        yield _checked(draft, each)
    ended = time.perf_counter()
    usage = Usage(stats.prompt_tokens, stats.completion_tokens, packed.budget, len(packed.hits), len(turn.search.hits) - len(packed.hits))
    timings = blank.timings_ms | {"first_token": 1000 * ((first or ended) - turn.started), "generate": 1000 * (ended - began)}
    blank = replace(blank, usage=usage, timings_ms=timings, error=error or (stats.note if stats.truncated else None))
    blank = replace(blank, saw=tuple(picture.rank for picture in pictures), packed=tuple(hit.rank for hit in packed.hits))
    if refuse.REFUSAL.split(":")[0].lower() in text.lower() and len(sentences(text)) <= 2:
        yield Done(_timed(refusal(blank), turn))
        return
    yield Done(_timed(draft.finish(blank, turn.about, evidence), turn))


def _prompt(library: Library, turn: Turn, model: Model, evidence: Evidence) -> tuple[context.Context, list[BaseMessage], list[Picture]]:
    """What goes to the model: the context, the messages, and the pictures in them."""
    hits = turn.search.hits
    prompt = load("answer_small" if model.small else "answer", library.settings)
    filled = {"question": turn.query, "refusal": refuse.REFUSAL}
    if prompt.uses("examples"):
        pairs = nearest(library.searcher, turn.query)
        filled["examples"] = context.shown(pairs, model.count_tokens, int(model.context * context.EXAMPLES_SHARE))
    frame = count_messages(model, prompt.render(context="", **filled))
    if model.small:
        room = min(context.SMALL_BUDGET, model.context - frame - context.ANSWER_TOKENS_SMALL)
        packed = context.pack_sentences(turn.query, hits, evidence, model.count_tokens, room)
        return packed, prompt.render(context=packed.text, **filled), []
    room = max(0, model.context - frame - context.ANSWER_TOKENS)
    pictures = fitting(_wanted(turn), int(room * PICTURES_SHARE)) if model.sees else []
    bearing = context.bearing_on(turn.about, evidence)
    packed = context.pack(hits, model.count_tokens, room - sum(picture.tokens for picture in pictures), bearing)
    messages = prompt.render(context=packed.text, **filled)
    number = {hit.rank: n for n, hit in enumerate(packed.hits, 1)}
    pictures = [picture for picture in pictures if not picture.rank or picture.rank in number]
    if pictures:
        order = "; ".join(f"of passage {number[picture.rank]}" if picture.rank else "the user's own" for picture in pictures)
        messages = [*messages[:-1], image_message(f"Pictures, in their order: {order}.\n\n{messages[-1].text}", pictures)]
    return packed, messages, pictures


def _wanted(turn: Turn) -> list[tuple[int, Any]]:
    """The pictures that a model should see, with their ranks: the user's own, and those of the first hits that have one."""
    own = [(0, turn.asked.image)] if turn.asked.image is not None else []
    return own + [(hit.rank, hit.media) for hit in turn.search.hits if hit.media][:PICTURES_SHOWN]


def _checked(draft: Draftsman, piece: Piece) -> Checked:
    verdict = draft.check(piece)
    return Checked(verdict.sentence, verdict.reason)


def _timed(answer: Answer, turn: Turn) -> Answer:
    return replace(answer, timings_ms=answer.timings_ms | {"total": 1000 * (time.perf_counter() - turn.started)})
