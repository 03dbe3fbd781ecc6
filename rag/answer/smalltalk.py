"""What needs no search: small talk, and questions about the library itself. By rule, and only where the whole of what was said is one."""

from __future__ import annotations

import re
from pathlib import Path

from rag.storage.catalog import Catalog

NAMED = 12  # files that an answer names
LONGEST_NAME = 80
NOTHING_SEARCHED = "Nothing was searched for this."

_THING = r"(?:documents?|docs?|files?|sources?|pdfs?|books?|papers?|texts?|passages?|pictures?|images?|photos?|figures?|pages?|things?)"
_THINGS = rf"(?:{_THING}(?:(?:,| and| or| &)? {_THING})*)"
_FILES = r"(?:documents|docs|files|sources|pdfs|books|papers)"
_STORE = r"(?:library|collection|knowledge base|index|database|archive|corpus)"
_HERE = rf"(?:here|there|in here|in there|(?:in |inside )?(?:the|this|your|my) (?:whole )?{_STORE}|in it)"
_HAVE = r"(?:have|hold|contain|know|cover|include|got|store)"
_YOU_HAVE = rf"(?:do you (?:have|hold|know)(?: of| about)?|have you (?:got|read|indexed|stored)|does (?:the|this|your|my) {_STORE} {_HAVE})"
_ARE = r"(?:is|are)(?: there| stored| available| indexed| loaded| included| contained)?"

_DAY = r"(?:morning|afternoon|evening|day)"

_RULES = {  # where several are said, the last of them counts
    "assent": r"(?:ok|okay|great|nice|cool|perfect|fine|good|wow|super|awesome|excellent|alright|all right|understood|got it|i see|"
    r"well done|good job|never mind|sorry)",
    "greeting": rf"(?:hi|hello|hey|hiya|howdy|greetings|hallo|good {_DAY})(?: there| again| diptych| everyone| all)?"
    r"(?: how are you(?: doing)?(?: today)?)?|how are you(?: doing)?(?: today)?|how is it going|what's up",
    "thanks": r"(?:(?:ok|okay|great|perfect|cool|good|nice|wonderful|excellent) )?(?:many thanks|thanks|thank you|thx|cheers|ta)"
    r"(?: a lot| so much| very much| again| a million| you)?(?: for (?:(?:your|the|all the|all your) )?(?:help|answers?|time|that|this))?"
    r"(?: that (?:is|was) (?:very )?helpful| (?:that's|that) (?:helps|helped|is all|was all))?|much appreciated",
    "farewell": rf"(?:ok |okay )?(?:(?:bye )?bye|good ?bye|good night|see you(?: later| soon| tomorrow)?|have a (?:nice|good) {_DAY})",
    "self": r"(?:and )?(?:who|what) are you|what(?: is|'s) your name|who am i (?:talking|speaking) (?:to|with)|"
    r"are you (?:a |an )?(?:robot|bot|human|person|machine|computer|ai|llm|chatbot|language model|real)|introduce yourself|"
    r"what (?:can|could) you (?:do|help me with|help with)(?: for me)?|how can you help(?: me)?|can you help(?: me)?|help(?: me)?|"
    r"how do you work|what do you do|who (?:made|built|wrote|created) you",
    "library": rf"(?:so )?(?:what|what all|what else|what's)(?: is| are)?(?: there)? {_HERE}|"
    rf"what(?: all| else)? {_YOU_HAVE}(?: (?:stored|indexed))?(?: {_HERE})?|what do you know|"
    rf"(?:what|which)(?: other)?(?: (?:kinds?|sorts?|types?) of)? {_THINGS} "
    rf"(?:{_YOU_HAVE}|{_ARE}|can you (?:read|see|search))(?: {_HERE})?|"
    rf"how many(?: \w+)? {_THINGS} (?:{_YOU_HAVE}|{_ARE}|did you read)(?: {_HERE})?|"
    rf"(?:please )?(?:list|show|show me|name|give me(?: a list of)?)(?: all)?(?: of)?(?: the| your| my)? {_FILES}"
    rf"(?: (?:that )?(?:{_YOU_HAVE}|you have|you know|there are|are {_HERE}|{_HERE}))?|"
    rf"what (?:can|could|may|should) i ask(?: you)?(?: about)?(?: {_HERE})?|what (?:can|could) you (?:tell me|answer|tell me about)|"
    rf"what(?: is|'s) (?:the|this|your) {_STORE}(?: about| for)?|what does (?:the|this|your) {_STORE} {_HAVE}|"
    rf"how (?:big|large) is (?:the|this|your|my) {_STORE}|describe (?:the|this|your) {_STORE}|"
    rf"is (?:the|this|your) {_STORE} empty|what (?:topics|subjects) (?:{_YOU_HAVE}|do you cover|are (?:covered|there))(?: {_HERE})?",
}
_KINDS = {kind: re.compile(rf"(?:{rule})(?: please)?") for kind, rule in _RULES.items()}
_MARK = re.compile(r"\[(\d+|unverified)\]")

_TOLD = {
    "greeting": "Hello. Ask me about the documents and pictures in this library.",
    "thanks": "You are welcome.",
    "farewell": "Goodbye.",
    "assent": "Good. Ask whenever you want to know more.",
    "self": "I am Diptych. I look for what you ask in the documents and pictures of this library, and answer from what they say and show, "
    "with the passage that each sentence rests on; what they do not hold I do not know.",
}


def kind(said: str) -> str | None:
    """What sort of talk it is that needs no search ("greeting", "library", ...); None for all that may be a question to the documents."""
    pieces = [" ".join(re.sub(r"[^\w' ]+", " ", piece.replace("’", "'")).split()) for piece in re.split(r"[.!?\n]+", said.lower())]
    kinds = [next((name for name, rule in _KINDS.items() if rule.fullmatch(piece)), "") for piece in pieces if piece]
    return max(kinds, key=list(_KINDS).index) if kinds and all(kinds) else None


def told(catalog: Catalog, folder: Path, said: str) -> str | None:
    """The answer to small talk, and to a question about the library itself; None where the documents are to be asked. `folder` is the
    library's own."""
    which = kind(said)
    if which is None:
        return None
    return f"{_holdings(catalog, folder) if which == 'library' else _TOLD[which]} {NOTHING_SEARCHED}"


def _holdings(catalog: Catalog, folder: Path) -> str:
    counts = catalog.counts()
    sources = [each.source for each in catalog.sources()]
    if not sources:
        return "The library is empty. Add files in the chat, or with `diptych ingest PATH`."
    held = ", ".join([_count(counts["files"], "file"), _count(counts["passages"], "passage")])
    roots = [str(root) for root in catalog.roots() if not root.is_relative_to(folder.resolve())]
    where = f" They come from {', '.join(map(_name, roots[:NAMED]))}." if roots else ""
    names = ", ".join(map(_name, sources[:NAMED]))
    more = f" and {len(sources) - NAMED:,} more (diptych list names them)" if len(sources) > NAMED else ""
    return (
        f"The library holds {held} and {_count(counts['pictures'], 'picture')}.{where} The files: {names}{more}. "
        "Ask about what they say or show."
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)


def _name(name: str) -> str:
    """A file's name as a piece of a sentence: one line, not too long, and nothing in it that looks like a citation."""
    name = _MARK.sub(r"(\1)", " ".join(name.split()))
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"
