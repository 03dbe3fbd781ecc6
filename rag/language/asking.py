"""Questions by rule: what a sentence, a heading or a caption answers, put as a person would ask it.

English, and with care: where no rule fits, nothing is asked. To turn a statement into its question by rule follows Heilman and Smith, "Good
Question! Statistical Ranking for Question Generation" (NAACL 2010), over the surface alone, without a parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.language.answer_type import PERSON
from rag.language.dates import MONTHS, WEEKDAY
from rag.language.detect import known
from rag.language.spelled import ONES, TEENS, TENS
from rag.language.wording import ARTICLES, GERUNDS, LINKS, OUTSIDE, PLAIN_VERBS, QUANTIFIERS, deed, gerund, in_prose, sound, to_me
from rag.language.words import ASKING, meaning

Parts = dict[str, str]

LONGEST = 400  # characters of a sentence that is turned into a question
MOST_WORDS = 32  # of it
MOST_SHOWN = 7  # words of a caption, where it can be cut

_VAGUE = frozenset(
    "command process folder file name icon text page window pane menu option button dialog tool section example figure table list "
    "value user work way thing things one source result rest answer change idea problem following".split()
)
_NUMBER = (
    r"(?i:(?:(?!(?:1[5-9]|20)\d\d\b)\d[\d,]*(?![\d.])|"
    rf"(?:(?:{'|'.join(TENS)})(?:-\w+)?|{'|'.join([*ONES[1:], *TEENS])}|a hundred|a thousand)\b))"
)
_ABOUT = r"(?:(?i:only|about|nearly|almost|some|over|at least|at most|up to|around|roughly|just) )*"
_MONTH = f"(?:{'|'.join(map(str.capitalize, MONTHS))})"
_DATE = rf"(?:(?:the )?(?:\w+ of )?(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:1[0-9]|20)\d\d\b)"
_SUBJECT = r"(?P<s>[A-Z][\w'’-]*(?: [\w'’-]+){0,5}?)"
_IS = r"(?P<a>is|are|was|were)"
_DONE = r"(?P<p>\w+ed|built|made|found|sold|bought|lost|held|laid|set|cut|put|sent|lent|won|lit|cast|begun|written|drawn|given|taken)"
_REST = r"[^,;:()—–“”\"|]+?"
_END = r"(?= (?:and|but|which|who|where|while|when|that|because|so)\b|[,;:](?!\d)| ?[(—–]| - |\.$)"
_SAME_IN_PAST = frozenset("built made found sold bought lost held laid set cut put sent lent won lit cast".split())
_PERSON = re.compile(rf"\b{PERSON}s?\b")
_DOES = {
    "consists of": "consist of",
    "depends on": "depend on",
    "means": "mean",
    "requires": "require",
    r"needs(?! to)": "need",
    "provides": "provide",
    "contains": "contain",
    "stands for": "stand for",
}
_FOR = {
    "can be used to": "can {s} be used for",
    "can be used for": "can {s} be used for",
    "is used to": "is {s} used for",
    "are used to": "are {s} used for",
} | {
    f"{is_} {each}": f"{is_} {{s}} {each}"
    for is_ in ("is", "are", "was", "were")
    for each in ("used for", "known for", "named after", "made of", "made from", "called", "based on", "built of")
}
_DID = {
    "came": "come", "went": "go", "began": "begin", "left": "leave", "took": "take", "became": "become", "fell": "fall", "sank": "sink",
    "ran": "run", "gave": "give", "opened": "open", "closed": "close", "started": "start", "ended": "end", "died": "die", "moved": "move",
    "returned": "return", "arrived": "arrive", "retired": "retire", "joined": "join", "stopped": "stop", "appeared": "appear",
}  # fmt: skip
_WILL = {
    "leaves": "leave", "opens": "open", "closes": "close", "starts": "start", "begins": "begin", "ends": "end", "sails": "sail",
    "departs": "depart", "arrives": "arrive",
}  # fmt: skip
_NUMBERED = re.compile(
    r"^(?:(?:chapter|section|part|appendix|tutorial)\s+)?(?:\d+(?:\.\d+)*|[A-Z]|[ivxl]+)(?:[.:)]|\s[–-])\s+", re.IGNORECASE
)
_FIGURE = re.compile(r"^(?:fig(?:ure)?|plate|table|image|picture|photo)\.?\s*\d+[\d.]*\s*[.:–-]?\s*", re.IGNORECASE)
_PREFACED = re.compile(
    r"^(?:(?:an? |some |further |general )?(?:notes?|remarks?|information|more|introduction) (?:on|about|to|for)|about|on) ", re.IGNORECASE
)
_GENERIC = re.compile(
    r"^(abstract|about|appendix|acknowledge?ments?|bibliography|conclusions?|contents|copyright.*|credits|details|discussion|"
    r"(?:\w+ )?examples?|figures?|foreword|general|home|how-?tos?\b.*|index|introduction|license|links|methods?|misc(?:ellaneous)?|more|"
    r"(?:more|additional) information|notes?|others?|overview|preface|references|remarks|results|see also|summary|support|"
    r"table of contents|tables?|thanks|todo|feedback|contributors|what(?:'s)? (?:is )?(?:new|next).*|what comes next|.* (?:in brief|"
    r"at a glance|compared|overview))$",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"(?P<w>how(?: (?:far|long|much|many|often|high|deep|\w+ly))?|why|when|where|what|which)"
    r" (?P<s>(?!to\b)[^,:;]+?) (?P<a>is|are|was|were|can|could|must|should|will|may) (?P<r>.+)$",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|have|had|can|lie|stand|make|\w{2,}ed)\b")
_TO_THE_READER = re.compile(r"\b(?:you|your|click|select|choose|press|enter|run)\b", re.IGNORECASE)


def of_sentence(sentence: str, text: str = "") -> list[str]:
    """The questions that a statement answers; `text` is what it stands in, which shows how its words are written."""
    sentence = re.sub(r"^[-*+•]\s+", "", " ".join(sentence.split()))
    if not sentence.endswith(".") or len(sentence.split()) > MOST_WORDS or len(sentence) > LONGEST:
        return []
    found = []
    for pattern, asked in _RULES:
        match = pattern.match(sentence)
        if match is None:
            continue
        parts = {name: value.strip() for name, value in match.groupdict(default="").items()}
        if "s" in parts:
            if not _subject(parts["s"]):
                continue
            parts["s"] = in_prose(parts["s"], text)
        question = asked(parts)
        if question and sound(question):
            found.append(question)
    return found if found and known(text or sentence) else []


def of_heading(heading: str, text: str = "") -> str | None:
    """A heading as a question: "Adding Users" is "How do I add users?" where its `text` tells the reader what to do; None for what is no
    subject of its own."""
    bare = _NUMBERED.sub("", " ".join(heading.split())).strip(" .:")
    bare = _PREFACED.sub("", bare)
    if not 4 <= len(bare) <= 60 or _GENERIC.match(bare) or not re.match(r"[^\W\d_]", bare) or ":" in bare:
        return None
    if bare.endswith("?"):
        question = bare
    elif how := re.match(r"how to (.+)", bare, re.IGNORECASE):
        question = f"How do I {to_me(in_prose(how.group(1), text))}?"
    elif turned := _TURNED.match(bare):
        question = f"{turned['w'].capitalize()} {turned['a']} {in_prose(turned['s'], text)} {turned['r']}?"
    elif re.match(rf"{ASKING}\b", bare, re.IGNORECASE):
        question = f"{bare[0].upper()}{bare[1:]}?"
    elif done := _TO_THE_READER.search(text) and deed(bare, text):
        question = f"How do I {to_me(done)}?"
    elif bare.split()[0].lower() in OUTSIDE | LINKS | PLAIN_VERBS or bare.isupper():
        return None
    else:
        told = in_prose(bare, text)
        one = re.search(rf"\b(?:the|an?|your) {re.escape(told)}\b", text, re.IGNORECASE)
        question = f"Tell me about {'the ' if one else ''}{told}"
    return question if sound(question) and known(f"{heading}\n{text}") else None


def of_caption(caption: str, text: str = "") -> str | None:
    """A request to see what a caption names; None where it names nothing that could be shown."""
    named = re.split(r"[.;:]\s|, | — | – ", _FIGURE.sub("", " ".join(caption.split())))[0].strip(" .;:")
    words = named.split()
    cut = next(
        (at for at in range(3, len(words)) if len(words) > MOST_SHOWN and words[at] in _CUT and len(meaning(" ".join(words[:at]))) > 1), 0
    )
    named = " ".join(words[:cut] if cut else words)
    if len(words) < 2 or not (named[0].isupper() or named[0].isdecimal()) or named.endswith("?"):
        return None
    first = words[0].lower()
    if done := deed(named, text):
        verb, _, rest = done.partition(" ")
        question = f"What does {gerund(verb)} {to_me(rest)} look like?"
    elif first in OUTSIDE | LINKS | PLAIN_VERBS or first in GERUNDS or first.endswith("ing"):
        return None
    elif first in ARTICLES | QUANTIFIERS or re.match(_NUMBER, named) or all(word[0].isupper() for word in words):
        question = f"Show me {in_prose(named, text)}"
    else:
        question = f"Show me the {in_prose(named, text)}"
    return question if sound(question) and known(f"{caption}\n{text}") else None


def _subject(words: str) -> bool:
    """Whether words can be what a statement is about: no pronoun, no clause, no bare word for anything."""
    pieces = words.lower().split()
    named = any(word[:1].isupper() for word in words.split()[1:])
    if pieces[0] in LINKS | QUANTIFIERS or pieces[0].endswith("ly") or (pieces[0].endswith("ing") and not named):
        return False
    if set(pieces) & OUTSIDE or {"is", "are", "was", "were", "has", "have", "had", "can", "will"} & set(pieces):
        return False
    told = [word for word in pieces if word not in ARTICLES]
    return bool(told) and not (len(told) == 1 and told[0].rstrip("s") in _VAGUE)


def _when(parts: Parts) -> str:
    middle = f" {parts['m']}" if parts["m"] else ""
    return f"When {parts['a']} {parts['s']} {parts['p']}{middle}?"


def _by_whom(parts: Parts) -> str | None:
    done = parts["p"]
    return f"Who {done} {parts['s']}?" if done.endswith("ed") or done in _SAME_IN_PAST else None


def _what_is(parts: Parts) -> str | None:
    rest, subject = parts["r"], parts["s"]
    if superlative := re.match(r"the (?:only|oldest|best|\w{3,}est)\b", rest):
        specific = len(rest) > superlative.end() and not set(rest.split()) & (_VAGUE | OUTSIDE)
        return f"{'Who' if _PERSON.search(rest) else 'What'} {parts['a']} {rest}?" if specific else None
    if _VAGUE & set(rest.split()[:2]) or re.match(
        r"(?:the )?(?:part|some|all|case|matter|lot|number|time|few|little|bit|same|end)\b", rest
    ):
        return None
    who = _PERSON.search(rest.split(" of ")[0]) and subject[:1].isupper()
    return f"{'Who' if who else 'What'} {parts['a']} {subject}?"


def _how_many_have(parts: Parts) -> str:
    do = "did" if parts["h"] == "had" else "do" if parts["h"] == "have" else "does"
    return f"How many {parts['n']} {do} {parts['s']} have?"


def _how_do_i(parts: Parts) -> str | None:
    doing = parts["r"]
    vague = re.match(r"(?:do|be|have)\b", doing) or re.search(r"\bthe (?:process|changes?|problems?|command|list|result)$", doing)
    return None if vague else f"How do I {to_me(doing)}?"


def _why(parts: Parts) -> str | None:
    rest = parts["r"]
    return f"Why {parts['a']} {parts['s']} {rest}?" if len(rest.split()) <= 8 else None


_CUT = frozenset(
    "with in on at leaning standing lying flying showing holding against among behind below above under near beside where".split()
)
_MIDDLE = r"(?P<m>(?: [\w'’-]+){0,6}?)"
_DOING = rf"(?P<r>(?!(?:the|an?|my|your|each|all|another|which|it|take effect|continue|proceed)\b)[a-z]{_REST})"
_RULES: list[tuple[re.Pattern[str], Callable[[Parts], str | None]]] = [
    (re.compile(pattern), asked)
    for pattern, asked in [
        (
            rf"{_SUBJECT} {_IS} {_ABOUT}[\d.,]+(?: [\w-]+){{1,2}}? (?P<d>high|tall|long|wide|deep|thick|old|heavy)\b",
            lambda parts: f"How {parts['d']} {parts['a']} {parts['s']}?",
        ),
        (rf"{_SUBJECT} {_IS} (?P<r>{_REST}),? (?:so that|because)\b", _why),
        (rf"{_SUBJECT} (?P<a>was|were) {_DONE} by [A-Z]", _by_whom),
        (rf"{_SUBJECT} (?P<a>was|were) {_DONE}{_MIDDLE} (?:in|on|from|until) {_DATE}", _when),
        (rf"(?:In|On|By) {_DATE},? (?P<s>[\w'’-]+(?: [\w'’-]+){{0,5}}?) (?P<a>was|were) {_DONE}{_MIDDLE}{_END}", _when),
        (
            rf"{_SUBJECT} (?P<v>{'|'.join(_DID)}){_MIDDLE} (?:in|on) {_DATE}",
            lambda parts: f"When did {parts['s']} {_DID[parts['v']]} {parts['m']}".rstrip() + "?",
        ),
        (
            rf"{_SUBJECT} (?P<v>{'|'.join(_WILL)}){_MIDDLE} (?:at|on|from) (?:\d|{_MONTH}|(?i:{WEEKDAY}))",
            lambda parts: f"When does {parts['s']} {_WILL[parts['v']]} {parts['m']}".rstrip() + "?",
        ),
        (
            rf"(?:On|In)(?: the (?:night|morning|evening) of)? (?P<d>\d{{1,2}} {_MONTH} (?:1[0-9]|20)\d\d)\b",
            lambda parts: f"What happened on {parts['d']}?",
        ),
        (
            rf"{_SUBJECT} {_IS} (?P<p>moored|kept|stored|located|found|buried|hung|situated|displayed|installed) (?:at|in|on|under|near)\b",
            lambda parts: f"Where {parts['a']} {parts['s']} {parts['p']}?",
        ),
        (rf"{_SUBJECT} (?P<f>{'|'.join(_FOR)})\b", lambda parts: f"What {_FOR[parts['f']].format(s=parts['s'])}?"),
        *((rf"{_SUBJECT} {does}\b", lambda parts, do=do: f"What does {parts['s']} {do}?") for does, do in _DOES.items()),
        (rf"{_SUBJECT} (?P<h>has|have|had) {_ABOUT}{_NUMBER} (?P<n>[a-z]+(?: [a-z]+)??s)\b", _how_many_have),
        (
            rf"{_ABOUT}{_NUMBER} (?P<r>(?:[a-z]+ )?[a-z]+s (?!of (?:us|them)\b){_REST}){_END}",
            lambda parts: f"How many {parts['r']}?" if len(parts["r"].split()) > 3 and _VERB.search(parts["r"]) else None,
        ),
        (rf"{_SUBJECT} {_IS} (?:an? |(?=the ))(?P<r>{_REST}){_END}", _what_is),
        (rf"(?:To|In order to|If you (?:want|need|wish|would like|are going) to) {_DOING},\s", _how_do_i),
        (rf"(?:It is (?:also )?possible to|You can(?: also)?) {_DOING} (?:by|using)\b", _how_do_i),
        (rf"(?:Use|Run|Click|Press|Select|Choose) .{{3,60}}? to {_DOING}\.$", _how_do_i),
    ]
]
