"""The frame around a question: courtesies, orders about the answer, and the mention of the document that it is asked of.

English, and by rule: what is not plainly a frame stays part of the question. `unframed` takes the frame off; what it says of a document
("the uploaded PDF", "this report") is kept beside, since it may tell which document is meant.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.language.words import ASKING, AUXILIARY, REQUEST

_GENERIC = (
    r"(?:pdfs?|docx?|documents?|documentation|files?|texts?|sources?|passages?|uploads?|attachments?|contexts?|librar(?:y|ies)|content)"
)
_NAMED = (
    r"(?:pages?|sites?|websites?|mails?|reports?|papers?|articles?|manuals?|books?|booklets?|handbooks?|guides?|slides?|decks?|"
    r"presentations?|spreadsheets?|workbooks?|"
    r"minutes|contracts?|agreements?|brochures?|leaflets?|letters?|e-?mails?|messages?|notes?|transcripts?|surveys?|stud(?:y|ies)|filings?|"
    r"polic(?:y|ies)|specifications?|logs?|web ?pages?|readme|changelog|thes[ie]s|chapters?|essays?|memos?|newsletters?|catalogues?|faqs?)"
)
DOCUMENT = rf"(?:{_GENERIC}|{_NAMED})"
_OWN = r"(?:the|this|that|these|those|my|our|your|its|an?|all)"
_GIVEN = (
    r"(?:\s+(?:above|below|here|attached|uploaded|provided|given|enclosed|in (?:the|this|your|my) library|"
    r"(?:that )?(?:i|we|you)(?: have|'ve)? (?:just )?(?:uploaded|attached|provided|gave(?: you)?|sent(?: you)?|shared|added|have)))?"
)
MENTION = rf"{_OWN}\s+(?:[\w’'-]+\s+){{0,3}}?{DOCUMENT}\b{_GIVEN}"
_TOLD = (
    r"(?:say|says|said|state|states|tell|tells(?: us| me)?|tell (?:us|me)|mention|mentions|write|writes|report|reports|explain|explains)"
)

_ABOUT = re.compile(
    rf"^what\s+(?:does|do|did|can you (?:tell|find) .{{0,12}}?in)\s+(?P<where>{MENTION})\s+{_TOLD}\s+(?:to us |us |me )?"
    r"(?:about|on|of|regarding|concerning)\s+(?P<what>.+?)\W*$|"
    rf"^what\s+(?:is|was)\s+(?:said|written|stated|told)\s+(?:in\s+(?P<where2>{MENTION})\s+)?(?:about|of|on)\s+(?P<what2>.+?)\W*$",
    re.IGNORECASE,
)
_PART_SAYS = re.compile(  # "What does Article 2 say?" asks for what stands under that heading
    r"^what\s+(?:does|do|did)\s+(?P<part>(?:the\s+)?(?:articles?|sections?|clauses?|paragraphs?|rules?|chapters?|parts?|annex|appendix|schedules?|"
    rf"§+)\s*(?:\d[\d.]*(?:\s?\([a-z0-9]{{1,4}}\))*|[a-z]|[ivx]+))\s+(?:{_TOLD}|provide|stipulate|contain|cover|govern|regulate)\W*$",
    re.IGNORECASE,
)
_THAT_SAYS = re.compile(
    rf"^(?:does|do|did)\s+(?P<where>{MENTION})\s+{_TOLD}\s+(?:that\s+|anything about\s+)?(?P<what>.+?)\W*$", re.IGNORECASE
)
_TELLS = {
    "recommend": "recommended", "conclude": "concluded", "suggest": "suggested", "propose": "proposed", "advise": "advised",
    "warn of": "warned of", "warn against": "warned against", "require": "required", "demand": "demanded", "forbid": "forbidden",
    "allow": "allowed", "promise": "promised", "argue": "argued", "claim": "claimed", "find": "found", "predict": "predicted",
    "announce": "announced", "request": "requested", "ask for": "asked for", "criticise": "criticised", "criticize": "criticized",
    "praise": "praised", "prohibit": "prohibited", "specify": "specified", "prescribe": "prescribed", "decide": "decided",
}  # fmt: skip
_TELLING = re.compile(
    rf"^what\s+(?:does|do|did)\s+(?P<where>{MENTION})\s+(?P<verb>{'|'.join(_TELLS)})\b\s*(?P<rest>.*?)\W*$", re.IGNORECASE
)
_BEFORE = re.compile(
    rf"^(?:(?:according|with (?:reference|regard|respect)) to|based (?:up)?on|as per|per|from|in|within|using|given|considering|going by|"
    rf"(?:after )?reading|looking at|with the help of|by means of|as (?:stated|described|written|"
    rf"shown) in)\s+(?:only\s+)?(?P<where>{MENTION})"
    rf"(?:\s+only)?\s*[,:;]?\s+(?=(?:please\s+)?(?:\w+\s+)?(?:{ASKING}|{AUXILIARY}|{REQUEST}|find|show)\b)",
    re.IGNORECASE,
)
_INSIDE = (
    r"(?:the|this|these|that|my|your|our)\s+(?:(?:uploaded|attached|given|provided|enclosed|above|following|whole|entire)\s+)*"
    r"(?:pdfs?|docx?|documents?|reports?|papers?|articles?|spreadsheets?|presentations?|slides?|passages?|uploads?|attachments?)\b"
)
_BEHIND = re.compile(
    rf"[,;]?\s+(?:(?:according to|based (?:up)?on|as per|(?:as )?(?:stated|described|written|mentioned|given|told|found|listed|"
    rf"shown) in)\s+"
    rf"(?P<where>{MENTION})|(?<!is )(?<!are )(?<!was )(?<!were )(?:from|in|within|"
    rf"per)\s+(?P<inside>{_INSIDE}{_GIVEN}))\s*(?P<mark>[?.!]*)\s*$",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:(?:please\s+)?(?:answer|reply|respond)?\s*(?:in|with)?\s*(?:one|two|a|a single|a few|\d+) (?:words?|sentences?)(?:\s+answers?)?"
    r"(?:\s+only)?\s*:\s*|"
    r"(?:hi|hello|hey|dear \w+|good (?:morning|afternoon|evening))(?:\s+(?:there|diptych|all))?\s*[,!.:;-]\s*|"
    r"(?:please|kindly|so|well|ok|okay|now|um+|er+)\s*[,:]?\s+(?!that\b))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:(?:can|could|would|will|may)\s+(?:you|i|we|someone|anyone)\s+(?:please\s+|kindly\s+|possibly\s+|maybe\s+)?"
    r"(?:tell|inform|explain to|remind|show|let|say to|know|find out|ask|look up|check)(?:\s+(?:you|me|us))?(?:\s+know)?|"
    r"(?:do|does)\s+(?:you|anyone|anybody|someone)\s+(?:happen to\s+)?know|"
    r"(?:please\s+)?tell\s+(?:me|us)|(?:i|we)(?:\s+(?:would|'d)|['’]d)?\s+(?:really\s+|just\s+)?(?:like|want|need|wish|"
    r"love)\s+to\s+(?:know|find out|ask|learn)|"
    r"(?:i|we)(?:\s+am|\s+are|['’]m|['’]re)?\s+(?:just\s+)?(?:wonder(?:ing)?|asking|curious|trying to find out)|"
    r"(?:my|the|our)\s+question\s+is|question|q)\s*[,:]?\s+(?:about\s+)?"
    rf"(?=(?:if|whether|{ASKING}|in which|at what|by whom|based on|according to|as per|from the|in the)\b)",
    re.IGNORECASE,
)
_MANNER = re.compile(
    r"^(?:and\s+|but\s+|then\s+)?(?:please\s+|kindly\s+)?(?:"
    r"(?:answer|reply|respond|write|explain|say it|put it|translate(?: it| the answer| your answer)?|give (?:me )?(?:the|your|an) answer)\b"
    r"(?:\s+(?:me|it|this|the question|your answer|all))?\s*(?:in|into|to|with|using|as|only|briefly|shortly|concisely|simply|within|"
    r"to the point|no more)\b.*|"
    r"(?:be|keep it|make it|keep your answer|keep the answer)\s+(?:very\s+|as\s+)?(?:brief|short|concise|simple|precise|exact|"
    r"specific|detailed|thorough)\b.*|"
    r"(?:use|cite|quote|name|give|include|mention|list)\s+(?:only\s+)?(?:the|your|all|my|any)\s+(?:sources?|documents?|passages?|"
    r"references?|context)\b.*|"
    r"think\s+(?:step|carefully|hard)\b.*|(?:do not|don['’]t|never)\s+(?:guess|make\s+(?:any|some)?thing|invent|hallucinate|lie)\b.*|"
    r"(?:many\s+)?thanks?(?:\s+you)?(?:\s+(?:in advance|a lot|very much|so much))?|thank you.*|please|hi|hello|hey|"
    r"(?:in\s+)?(?:one|two|three|a few|\d+)\s+(?:short\s+)?(?:sentences?|words?|lines?)(?:\s+only)?"
    r")\W*$",
    re.IGNORECASE,
)
_MANNER_BEHIND = re.compile(
    r"(?<!to)(?<!\bi)(?<!you)(?<!we)[,;]?\s+(?:and\s+)?(?:please\s+)?(?:(?:answer|reply|respond)(?:\s+(?:me|it))?\s+(?:in|with|"
    r"briefly|using)\b[^.?!]*|"
    r"in\s+(?:one|two|three|a few|\d+)\s+(?:short\s+)?(?:sentences?|words?)|please)\s*(?P<mark>[?.!]*)\s*$",
    re.IGNORECASE,
)
_NOW = r"(?:right now|now|currently|at the moment|at present|presently|nowadays|these days)"  # what asks in the present says so anyway
_NOW_BEHIND = re.compile(
    rf"(?<!until)(?<!till)(?<!from)(?<!to)(?<!by)(?<!before)(?<!and)(?<!or)(?<!is)(?<!are)\s+{_NOW}\s*(?P<mark>[?.!]*)\s*$", re.IGNORECASE
)
_NOW_WITHIN = re.compile(r"\b(is|are|has|have|does|do) (?:now|currently|presently)\b(?! (?:and|or)\b)(?=\s+\w)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[?.!])\s+(?=\S)")


class Unframed(NamedTuple):
    """A question without its frame, and what the frame (or the question) calls the document that it is asked of, if anything."""

    core: str
    mention: str


def unframed(text: str) -> Unframed:
    """The question without what only frames it; the text itself where nothing else is in it."""
    whole = " ".join(text.split())
    pieces = [piece for piece in _SENTENCE.split(whole) if not _MANNER.match(piece)]
    core, mention = " ".join(pieces) or whole, ""
    while True:
        before = core
        for pattern in (_COURTESY, _ASKED, _BEFORE):
            if (found := pattern.match(core)) and found.end() < len(core):
                mention = mention or found.groupdict().get("where") or ""
                core = core[found.end() :]
        core = _NOW_WITHIN.sub(r"\1", core)
        for pattern in (_MANNER_BEHIND, _NOW_BEHIND, _BEHIND):
            if (found := pattern.search(core)) and found.start() > 0 and len(core[: found.start()].split()) > 2:
                mention = mention or found.groupdict().get("where") or found.groupdict().get("inside") or ""
                core = core[: found.start()] + (found["mark"] or ("?" if before.endswith("?") else ""))
        if about := _ABOUT.match(core):
            mention = mention or about["where"] or about["where2"] or ""
            core = f"What is {about['what'] or about['what2']}?"
        elif part := _PART_SAYS.match(core):
            core = f"What is {part['part']} about?"
        elif telling := _TELLING.match(core):
            mention = mention or telling["where"]
            core = f"{' '.join(filter(None, ['What is', _TELLS[telling['verb'].lower()], telling['rest']]))}?"
        elif says := _THAT_SAYS.match(core):
            mention = mention or says["where"]
            core = f"{says['what']}?"
        if core == before:
            break
    core = core.strip()
    return Unframed(core[:1].upper() + core[1:] if core != whole else whole, mention)
