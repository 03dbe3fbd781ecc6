"""From a question to its answer: understand it, make it whole, retrieve, pack the context, generate, verify."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.answer import context, overview, refuse, smalltalk
from rag.answer.compose import REFUSAL, Draftsman, nearest_picture, quoted, recited, refusal
from rag.answer.condense import as_told, rewritten, to_the_matter, whole_by_rule
from rag.answer.events import Checked, Done, Draft, Event, Found, final
from rag.answer.evidence import Evidence, evidence_of
from rag.answer.tables import tabled
from rag.errors import DiptychError, ModelError
from rag.language.claims import Piece, pieces
from rag.language.question import Question, understood
from rag.language.tasks import names_document
from rag.llm import Model, choose
from rag.llm.base import Stats, count_messages, prompt_text
from rag.llm.base import stream as generate
from rag.llm.images import Picture, fitting, image_message
from rag.prompts import check, load
from rag.records import Answer, Grounding, Search, Usage
from rag.retrieve.examples import nearest
from rag.retrieve.inside import searched
from rag.retrieve.query import Query
from rag.retrieve.scope import whole_documents
from rag.retrieve.search import Searcher
from rag.retrieve.spelling import respelled
from rag.settings import Settings
from rag.storage.catalog import Catalog

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable
    from PIL.Image import Image

HISTORY_TURNS = 6
PICTURES_SHOWN = 3  # to a model that sees, beside the user's own
PICTURES_SHARE = 0.5  # at most, of the tokens that are left for passages


@dataclass(frozen=True)
class Basis:
    """What answers are made from: the settings, the catalogue with the `folder` that it stands in, what searches (loaded when it is first
    called for), and what reads the words inside a picture."""

    settings: Settings
    catalog: Catalog
    folder: Path
    searcher: Callable[[], Searcher]
    read: Callable[[Image | None], str]


@dataclass(frozen=True)
class Asked:
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
    """A question on its way to an answer; every step of the chain fills in its part. `told` is the answer that needs no search, `inside`
    are the words inside the picture that came with the question. `way` is how `search` came about: by likeness, as a survey of whole
    documents, or as one passage of each document that mentions a thing."""

    asked: Asked
    started: float
    model: Model | None
    question: Question
    told: str | None = None
    inside: str = ""
    way: Literal["search", "survey", "mentions"] = "search"
    search: Search = field(default_factory=lambda: Search("", (), {}))

    @property
    def query(self) -> str:
        """The question as it is searched."""
        return searched(self.question.whole, self.inside)

    @property
    def weighed(self) -> Question:
        """What quoted sentences should bear on: to it belong what a follow-up was made whole with, and the words inside a picture."""
        return self.question.made_whole(self.query)


def stream(basis: Basis, asked: Asked) -> Iterator[Event]:
    """Found, then Draft and Checked as the model writes, then Done. Raises DiptychError where not even the search can be made."""
    turn = retrieve(basis, condense(basis, begin(basis, asked)))
    yield Found(turn.query, turn.search.hits)
    yield from answer(basis, turn)


def as_runnable(basis: Basis, k: int) -> Runnable[Any, Answer]:
    """{"question", "history"?, "image"?, "model"?, "k"?, ...} to an Answer, by the steps "begin", "condense", "retrieve" and "answer": each
    is a Runnable from Turn to Turn (the last to Answer), and `chain.steps` has them."""
    from langchain_core.runnables import RunnableLambda

    def first(words: Mapping[str, Any]) -> Turn:
        asked = {"history": (), "k": k, **words}
        text = asked.pop("question")
        return begin(basis, Asked(text, **(asked | {"history": tuple(dict(turn) for turn in asked["history"])})))

    return (
        RunnableLambda(first, name="begin")
        | RunnableLambda(lambda turn: condense(basis, turn), name="condense")
        | RunnableLambda(lambda turn: retrieve(basis, turn), name="retrieve")
        | RunnableLambda(lambda turn: final(answer(basis, turn)), name="answer")
    )


def begin(basis: Basis, asked: Asked) -> Turn:
    """The question understood, and the model that is to answer it. Raises ModelError."""
    started = time.perf_counter()
    told = None if asked.retrieval_only or asked.image is not None else smalltalk.told(basis.catalog, basis.folder, asked.text)
    model = None if asked.retrieval_only or told else choose(basis.settings, asked.model)
    if model is not None and model.chat is not None:
        check(basis.settings)
    return Turn(asked, started, model, understood(asked.text), told)


def condense(basis: Basis, turn: Turn) -> Turn:
    """The question made whole from the history: by the model where it is able, else (or where it fails) by rule."""
    asked, model = turn.asked, turn.model
    history = to_the_matter(asked.history)[-HISTORY_TURNS:]
    if turn.told or not history or asked.image is not None or not turn.question.points_back:  # "this" is the picture that came with it
        return turn
    if model is not None and model.helps:
        messages = load("condense", basis.settings).render(history=as_told(history), question=turn.question.core)
        try:
            whole = rewritten("".join(piece for piece in generate(model, messages) if isinstance(piece, str)))
        except ModelError:
            whole = None
        if whole:
            return replace(turn, question=turn.question.made_whole(whole))
    return replace(turn, question=turn.question.made_whole(whole_by_rule(turn.question, history)))


def retrieve(basis: Basis, turn: Turn) -> Turn:
    """What the library holds near the question; of documents that are asked about as a whole the passages that tell most of them."""
    asked, question = turn.asked, turn.question
    if turn.told:
        return turn
    searcher, inside = basis.searcher(), basis.read(asked.image)
    if asked.image is None and not basis.catalog.empty():
        if question.mentioned and asked.modality is None:
            sources = _within([file.source for file in basis.catalog.files()], asked.source, basis.catalog)
            if (found := overview.mentions(searcher, question.mentioned, question.whole, sources)).hits:
                return replace(turn, search=found, way="mentions")
        pointed = bool(asked.history) and question.points_back and not names_document(question.core)
        if question.overview and asked.modality is None and not pointed:
            sources = _within(whole_documents(question, basis.catalog), asked.source, basis.catalog)
            if sources:
                return replace(turn, search=overview.survey(searcher, sources, question.whole), way="survey")
        question = respelled(question, searcher)
    query = Query(question, asked.image, inside, asked.k, asked.modality, asked.source, basis.settings.rerank)
    return replace(turn, question=question, inside=inside, search=searcher.search(query))


def _within(sources: Sequence[str], glob: str | None, catalog: Catalog) -> tuple[str, ...]:
    if glob is None:
        return tuple(sources)
    versions = set(catalog.versions(glob))
    return tuple(file.source for file in catalog.files() if file.version in versions and file.source in sources)


def answer(basis: Basis, turn: Turn) -> Iterator[Event]:
    """Draft and Checked as the model writes, then Done with the answer: the model's own text where it stands, else quotes, or a refusal."""
    hits = turn.search.hits
    blank = Answer(turn.asked.text, turn.query, turn.told, hits, timings_ms=dict(turn.search.timings_ms))
    if turn.told:
        yield Done(_timed(replace(blank, grounding=Grounding()), turn))
        return
    if turn.model is None:
        yield Done(_timed(replace(blank, refused=None), turn))
        return
    searcher, blank = basis.searcher(), replace(blank, model=turn.model.name)
    spoken = tuple(hit for hit in hits if hit.locator.time) if turn.question.moment else ()
    evidence = evidence_of(searcher, spoken or hits)
    if turn.way == "mentions":
        told = recited(replace(blank, chance=1.0), overview.mentioning(evidence, turn.question.mentioned), by_source=True)
        yield Done(_timed(told, turn))
        return
    surveyed = turn.way == "survey"
    if not surveyed and turn.asked.image is None and (found := _computed(turn, evidence, searcher)):
        yield Done(_timed(replace(found, model=turn.model.name, chance=1.0), turn))
        return
    shown = bool(turn.search.scope) and turn.question.picture and nearest_picture(hits) is not None  # it was asked for by its name
    weighed = turn.query and turn.asked.image is None and not surveyed and not shown  # to a picture, there is always one that is nearest
    versions = searcher.versions(turn.asked.source, turn.search.scope) if weighed else None
    chance = refuse.chance(searcher, turn.weighed, evidence, versions) if weighed else 1.0
    blank = replace(blank, chance=chance)
    if not hits or chance < refuse.THRESHOLD or not (turn.query.strip() or nearest_picture(hits)):
        yield Done(_timed(refusal(blank), turn))
        return
    if turn.model.chat is None or (surveyed and turn.model.small) or spoken:  # no model hears when it is said
        told = recited(blank, overview.told(evidence)) if surveyed else quoted(blank, turn.weighed, evidence)
        yield Done(_timed(told, turn))
        return
    yield from _generated(basis, turn, turn.model, blank, evidence)


def _computed(turn: Turn, evidence: Evidence, searcher: Searcher) -> Answer | None:
    """What the rows of a table answer: those that have a value, the one with the most, how many there are; None where none is asked for."""
    if len(turn.question.parts) != 1 or turn.question.picture or not evidence.statements:
        return None
    [part] = turn.question.parts
    found = tabled(part, evidence, searcher)
    if found is None or not found.quotes:
        return None
    hits = {hit.rank: hit for hit in (*turn.search.hits, *found.hits)}
    cited = {quote.hit.rank for quote in found.quotes} | {hit.rank for hit in turn.search.hits}
    kept = tuple(hits[rank] for rank in sorted(hits) if rank in cited)
    blank = Answer(turn.asked.text, turn.query, None, kept, timings_ms=dict(turn.search.timings_ms))
    return recited(blank, found.quotes, found.said)


def _generated(basis: Basis, turn: Turn, model: Model, blank: Answer, evidence: Evidence) -> Iterator[Event]:
    packed, messages, pictures = _prompt(basis, turn, model, evidence)
    draft = Draftsman(packed.hits, evidence, model.small, [picture.rank for picture in pictures])
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
    dropped = len(turn.search.hits) - len(packed.hits)
    usage = Usage(stats.prompt_tokens, stats.completion_tokens, packed.budget, len(packed.hits), dropped, packed.speed)
    timings = blank.timings_ms | {"first_token": 1000 * ((first or ended) - turn.started), "generate": 1000 * (ended - began)}
    blank = replace(blank, usage=usage, timings_ms=timings, error=error or (stats.note if stats.truncated or model.fault else None))
    blank = replace(blank, saw=tuple(picture.rank for picture in pictures), packed=tuple(hit.rank for hit in packed.hits))
    yield Done(_timed(draft.finish(blank, turn.weighed), turn))


def front(settings: Settings) -> list[BaseMessage]:
    """What all prompts of models with room begin with, for `preload`: a slow server can read it before anything is asked. Raises
    PromptError."""
    prompt = load("answer", settings)
    filled = {"refusal": REFUSAL, "examples": context.NO_EXAMPLES}
    return prompt.render(question="", context="", **{name: value for name, value in filled.items() if prompt.uses(name)})


def _prompt(basis: Basis, turn: Turn, model: Model, evidence: Evidence) -> tuple[context.Context, list[BaseMessage], list[Picture]]:
    """What goes to the model: the context, the messages, and the pictures in them."""
    hits = turn.search.hits
    prompt = load("answer_small" if model.small else "answer", basis.settings)
    filled = {"question": turn.query, "refusal": REFUSAL}
    if prompt.uses("examples"):
        pairs = nearest(basis.searcher(), turn.query)
        filled["examples"] = context.shown(pairs, model.count_tokens, int(model.context * context.EXAMPLES_SHARE))
    empty = prompt.render(context="", **filled)
    frame = count_messages(model, empty)
    if model.small:
        room = min(context.SMALL_BUDGET, model.context - frame - context.ANSWER_TOKENS_SMALL)
        packed = context.pack_sentences(turn.weighed, hits, evidence, model.count_tokens, room)
        return packed, prompt.render(context=packed.text, **filled), []
    room = max(0, model.context - frame - context.ANSWER_TOKENS)
    in_time = min(room, model.pace.room(prompt_text(empty), frame)) if model.pace else room
    pictures = _pictures(turn, room, in_time) if model.sees else []
    room -= sum(picture.tokens for picture in pictures)
    in_time = min(in_time, room)
    bearing = context.bearing_on(turn.weighed, evidence)
    packed = context.pack(hits, model.count_tokens, room, bearing)
    if model.pace and model.count_tokens(packed.text) > in_time:
        told = overview.told(evidence) if turn.way == "survey" else context.best_sentences(turn.weighed, evidence)
        chosen = [(each.hit.rank, each.sentence) for each in told]
        packed = context.pack_in_time(hits, chosen, model.count_tokens, in_time, bearing, model.pace.speed())
    messages = prompt.render(context=packed.text, **filled)
    number = {hit.rank: n for n, hit in enumerate(packed.hits, 1)}
    pictures = [picture for picture in pictures if not picture.rank or picture.rank in number]
    if pictures:
        order = "; ".join(f"of passage {number[picture.rank]}" if picture.rank else "the user's own" for picture in pictures)
        messages = [*messages[:-1], image_message(f"Pictures, in their order: {order}.\n\n{messages[-1].text}", pictures)]
    return packed, messages, pictures


def _pictures(turn: Turn, room: int, in_time: int) -> list[Picture]:
    """What a model is shown: what it looks at in time, but the user's own picture however long that takes."""
    wanted = _wanted(turn)
    own = [each for each in wanted if not each[0]]
    return fitting(wanted, int(in_time * PICTURES_SHARE)) or fitting(own, int(room * PICTURES_SHARE))


def _wanted(turn: Turn) -> list[tuple[int, Any]]:
    """The pictures that a model should see, with their ranks: the user's own, and those of the first hits that have one."""
    own = [(0, turn.asked.image)] if turn.asked.image is not None else []
    return own + [(hit.rank, hit.media) for hit in turn.search.hits if hit.media][:PICTURES_SHOWN]


def _checked(draft: Draftsman, piece: Piece) -> Checked:
    verdict = draft.check(piece)
    return Checked(verdict.sentence, verdict.reason)


def _timed(answer: Answer, turn: Turn) -> Answer:
    return replace(answer, timings_ms=answer.timings_ms | {"total": 1000 * (time.perf_counter() - turn.started)})
