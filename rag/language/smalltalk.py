"""What is said that asks no document: small talk, and questions about the library itself; only where the whole of what was said is one."""

from __future__ import annotations

import re

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


def kind(said: str) -> str | None:
    """What sort of talk it is that needs no search ("greeting", "library", ...); None for all that may be a question to the documents."""
    pieces = [" ".join(re.sub(r"[^\w' ]+", " ", piece.replace("’", "'")).split()) for piece in re.split(r"[.!?\n]+", said.lower())]
    kinds = [next((name for name, rule in _KINDS.items() if rule.fullmatch(piece)), "") for piece in pieces if piece]
    return max(kinds, key=list(_KINDS).index) if kinds and all(kinds) else None
