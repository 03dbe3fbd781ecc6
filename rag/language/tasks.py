"""What is asked of documents as such: to tell what they are about, or which of them mention a thing."""

from __future__ import annotations

import re

from rag.language.frames import DOCUMENT, MENTION

_POINT = r"(?:this|that|it|these|those)"
_FILE = r"[^\s?\"“”']+\.[a-z]\w{1,5}"
_WHOLE = rf"(?:{MENTION}|{_POINT}|{_FILE}|everything|all(?: of (?:it|this|them))?)"
_SUM = (
    r"(?:summar(?:y|ies)|overview|gist|outline|synopsis|abstract|recap|tl;?dr|"
    r"(?:main|key|major|central|most important|essential) (?:points?|ideas?|topics?|themes?|findings?|takeaways?|facts|messages?|"
    r"contents?))"
)
_OVERVIEW = re.compile(
    rf"^(?:and |so |now |then )?(?:(?:can|could|would|will) you )?(?:please )?(?:"
    rf"(?:give|write|make|provide|show|get|tell|i (?:need|want))(?: (?:me|us))? (?:an?|the|some|"
    rf"its) (?:\w+ ){{0,2}}?{_SUM}(?: (?:of|for|from|in|about) {_WHOLE})?|"
    rf"(?:an? |the )?(?:\w+ )?{_SUM}(?: (?:of|for|from|in) {_WHOLE})?(?: please)?|"
    rf"what(?:'s|’s| is| are| were) (?:the|its|your) (?:\w+ )?{_SUM}(?: (?:of|in|from) {_WHOLE})?|"
    rf"summari[sz]e(?: (?:for me|briefly|shortly))?(?: {_WHOLE})?(?: (?:for me|briefly|in .{{1,24}}))?|"
    rf"what(?:'?s|’s| is| are| was) {_WHOLE}(?: all)? about|what(?:'s|’s| is| does)? {_WHOLE} (?:cover|contain|deal with|discuss|"
    rf"describe|say|tell(?: us| me)?|hold|include)s?|"
    rf"what(?:'?s|’s| is| stands) (?:there )?(?:written )?in(?:side)? {_WHOLE}|"
    rf"what(?:'s|’s| is) (?:the )?(?:topic|subject|purpose|content|contents|theme) of {_WHOLE}|"
    rf"(?:describe|explain|outline|recap|tell me about|walk me through|what can (?:i|you|we) (?:learn|tell me|say|find)(?: about|"
    rf" from| in)?) {_WHOLE}"
    rf")\W*$",
    re.IGNORECASE,
)
_MENTIONS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:in )?(?:which|what) (?:(?:of )?(?:the|my|your|these|our) )?{DOCUMENT} (?:do |does |that )?"
        r"(?:mention|mentions|talk about|talks about|speak of|speaks of|discuss|discusses|contain|contains|refer to|refers to|"
        r"deal with|deals with|"
        r"cover|covers|(?:is|are) about|include|includes|name|names|(?:say|says|tell|tells)(?: us)? (?:something|"
        r"anything )?(?:about|of)) (?P<what>.+?)\W*$",
        rf"^(?:list|show(?: me)?|find|name|give me)(?: all)?(?: of)?(?: the| my)? (?!slide\b){DOCUMENT} (?:that |which )?"
        r"(?:mention|mentions|mentioning|talk about|talking about|discuss|contain|containing|refer to|referring to|about|"
        r"on) (?P<what>.+?)\W*$",
        rf"^(?:in )?(?:which|what) {DOCUMENT} (?:is|are|do|does|can) (?:i find )?(?P<what>.+?) (?:mentioned|named|discussed|"
        rf"described|appear|occur|come up|stand|found)\W*$",
        rf"^where (?:is|are) (?P<what>.+?) (?:mentioned|named|discussed|talked about|written about)(?: in (?:{MENTION}))?\W*$",
    )
]


def is_overview(question: str) -> bool:
    """Whether the question asks what a document, or all of them, are about as a whole."""
    return _OVERVIEW.match(" ".join(question.split())) is not None


def names_document(question: str) -> bool:
    """Whether the words name a document ("the report", "notes.txt"), rather than only point to something."""
    return re.search(rf"\b{DOCUMENT}\b|{_FILE}", question, re.IGNORECASE) is not None


def mentioned(question: str) -> str:
    """What the documents that are asked for mention ("Which documents mention the crane?": "the crane"); empty where none are asked for."""
    text = " ".join(question.split())
    return next((found["what"] for pattern in _MENTIONS if (found := pattern.match(text))), "")
