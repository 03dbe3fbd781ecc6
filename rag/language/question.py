"""A question, understood once: its core without the frame, its parts, what each asks for, and what it points back to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rag.language.answer_type import Kind, wanted
from rag.language.fold import folded_form
from rag.language.frames import unframed
from rag.language.moments import about_moment
from rag.language.parts import parted
from rag.language.pointers import Pointers, pointers
from rag.language.tasks import is_overview, mentioned
from rag.language.turns import points_back
from rag.language.words import asks_for_fact, asks_for_picture, is_question, own_words, wanted_in_picture, without_marks

_EVERY = re.compile(
    r"\beach\b|(?:^|[.!?]\s+)\W*(?:please )?(?:list|name|give me|show me|tell me)\b.*\b(?:all|every|each|the)\b|"
    r"\b(?:what are|which are|who are|who were|what were|enumerate)\b.*\b(?:all|every|each|the)\b|"
    r"^\W*(?:who|what|which) (?:are|were)\b|^\W*(?:list|enumerate|name)\b|\ball (?:of )?(?:the|my|its|their|items|members)\b|"
    r"^\W*(?:what|which) (?:\w+ ){0,2}?\w+s (?:are|were|do|does|did|have|has|can|belong|exist|stand|need|must|should|come)\b|"
    r"\bwhich \w+ (?:is|are) (?:at|in|on) which\b|\b(?:what|which) (?:\w+ ){0,3}?(?:steps|members|ingredients|parts|items|options|"
    r"kinds|types)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^\W*(?:(?:in|at|on|by|with|since) )?(?:which|who|what)\b", re.IGNORECASE)
_STEPS = re.compile(
    r"^\W*how (?:do|does|can|could|should|must|to|would|will)\b|\b(?:steps?|instructions?|procedure|recipe)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """One thing that a question asks: its words, and what they ask for.

    `seeks` is the kind of thing that answers (None: its form does not tell), `every` is true where all members are wanted ("list all",
    "who are"), `steps` where a way to do something is, `which` where one of several ("in which town"). `picture` is what a picture should
    show, where one is asked for; `fact` tells whether words are asked for as well. `question` is false for bare words to search for.
    `points_to` are the pages, figures and sections that it names by their numbers.
    """

    text: str
    seeks: Kind | None = None
    every: bool = False
    steps: bool = False
    picture: str = ""
    fact: bool = False
    question: bool = True
    which: bool = False
    points_to: Pointers = field(default_factory=Pointers)

    @classmethod
    def of(cls, text: str) -> Part:
        shown = wanted_in_picture(text) if asks_for_picture(text) else ""
        every = _EVERY.search(text) is not None
        steps, which = _STEPS.search(text) is not None, _WHICH.match(text) is not None
        return cls(text, wanted(text), every, steps, shown, asks_for_fact(text), is_question(text), which, pointers(text))


@dataclass(frozen=True)
class Question:
    """What was asked, for everything that comes after; nothing parses the words again.

    `asked` is what was typed, `core` that without its frame, `whole` the core made whole from the conversation: what is searched for.
    `parts` are the questions that it is made of, each whole in itself. `mention` is what it calls the document that it is asked of ("the
    uploaded PDF"); `overview` is true where a document as a whole is asked about, `mentioned` names what the documents that are asked for
    mention. `points_back` is true where it leans on what was said before, `moment` where it asks when in a recording something is said.
    """

    asked: str
    core: str
    whole: str
    parts: tuple[Part, ...]
    mention: str = ""
    overview: bool = False
    mentioned: str = ""
    points_back: bool = False
    moment: bool = False

    @property
    def own(self) -> str:
        """The words to search for without those that were taken from the conversation."""
        return own_words(self.whole)

    @property
    def picture(self) -> bool:
        """Whether some part asks for a picture."""
        return any(part.picture for part in self.parts)

    def made_whole(self, whole: str) -> Question:
        """The same question with what the conversation adds to its words."""
        return self if whole == self.whole else replace(self, whole=whole, parts=_parts(whole))


def understood(text: str) -> Question:
    """The question in a user's words."""
    text = text.encode("utf-8", "replace").decode().strip()
    core, mention = unframed(without_marks(folded_form(text)))
    said = about_moment(core)
    core = said or core
    return Question(
        asked=text,
        core=core,
        whole=core,
        parts=_parts(core),
        mention=mention,
        overview=is_overview(core),
        mentioned=mentioned(core),
        points_back=points_back(core),
        moment=said is not None,
    )


def _parts(whole: str) -> tuple[Part, ...]:
    return tuple(Part.of(text) for text in parted(whole))
