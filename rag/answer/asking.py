"""Questions by rule: what a sentence, a heading or a caption answers, put as a person would ask it.

English, and with care: where no rule fits, nothing is asked. To turn a statement into its question by rule follows Heilman and Smith, "Good
Question! Statistical Ranking for Question Generation" (NAACL 2010), over the surface alone, without a parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.retrieve.words import meaning

Parts = dict[str, str]

LONGEST = 95  # characters of a question
MOST_WORDS = 32  # of a sentence that is turned into one
MOST_SHOWN = 7  # words of a caption, where it can be cut

_ARTICLES = frozenset("the a an".split())
_QUANTIFIERS = frozenset("each every all some most many several few both any no".split())
_OUTSIDE = frozenset(  # a subject has none of these at its front, nor ...
    "it its this that these those he she they we you i there here his her their my your our one ones who whose which what when where "
    "why how while if as by without after before during behind under over but or so not only even then now until since because "
    "although though however also thus hence please note see about below above between among through nobody nothing none another "
    "other others such once never".split()
)
_LINKS = frozenset("of for in on at with to from and".split())  # ... begins with one of these
_VAGUE = frozenset(
    "command process folder file name icon text page window pane menu option button dialog tool section example figure table list "
    "value user work way thing things one source result rest answer idea problem following".split()
)
_NUMBER = (
    r"(?i:(?:(?!(?:1[5-9]|20)\d\d\b)\d[\d,]*(?![\d.])|(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a hundred|a thousand)\b))"
)
_ABOUT = r"(?:(?i:only|about|nearly|almost|some|over|at least|at most|up to|around|roughly|just) )*"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:(?:the )?(?:\w+ of )?(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:1[0-9]|20)\d\d\b)"
_SUBJECT = r"(?P<s>[A-Z][\w'’-]*(?: [\w'’-]+){0,5}?)"
_IS = r"(?P<a>is|are|was|were)"
_DONE = r"(?P<p>\w+ed|built|made|found|sold|bought|lost|held|laid|set|cut|put|sent|lent|won|lit|cast|begun|written|drawn|given|taken)"
_REST = r"[^,;:()—–“”\"|]+?"
_END = r"(?= (?:and|but|which|who|where|while|when|that|because|so)\b|[,;:](?!\d)| ?[(—–]| - |\.$)"
_SAME_IN_PAST = frozenset("built made found sold bought lost held laid set cut put sent lent won lit cast".split())
_PERSON = re.compile(
    r"\b(?:man|woman|person|boy|girl|son|daughter|wife|husband|widow|brother|sister|engineer|architect|painter|artist|keeper|captain|"
    r"physicist|chemist|teacher|author|poet|inventor|founder|king|queen|doctor|surveyor|assistant|clerk|president|director)s?\b"
)
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
_PLAINLY = frozenset(  # verbs that are no nouns too, as far as headings go
    "activate add adjust align annotate apply archive assign attach choose compile configure connect convert create customise "
    "customize define delete detect disable edit enable fetch find get import insert inspect install join keep make manage migrate "
    "modify mount move open organise organize participate prepare publish put read receive remove rename repair replace reset resize "
    "restore restrict rotate save select send set split translate turn uninstall use verify write".split()
)
_VERBS = _PLAINLY | frozenset(
    "boot build calculate change check clean climb copy cut debug display download draw export fill fit link load log mark measure "
    "order place plot print record report route run scale scan schedule search share show sign sort start stop store switch test "
    "update upgrade upload view visit".split()
)
_DOUBLED = frozenset("cut fit get log plot put reset run scan set split stop".split())


def _gerund(verb: str) -> str:
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1]}ing" if verb.endswith("e") and not verb.endswith("ee") else f"{verb}ing"


_GERUNDS = {_gerund(verb): verb for verb in _VERBS}
_THINGS = frozenset("drawing opening building measuring marking setting fitting mounting".split())  # "opening hours"
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
_CODE = re.compile(r"[|`{}<>=\\/$%@]|\w_\w|https?:|\.\w+\(")
_ASKING = re.compile(r"(?:how|why|what|when|where|which|who)\b", re.IGNORECASE)
_TURNED = re.compile(
    r"(?P<w>how(?: (?:far|long|much|many|often|high|deep|\w+ly))?|why|when|where|what|which)"
    r" (?P<s>(?!to\b)[^,:;]+?) (?P<a>is|are|was|were|can|could|must|should|will|may) (?P<r>.+)$",
    re.IGNORECASE,
)
_TO_THE_READER = re.compile(r"\b(?:you|your|click|select|choose|press|enter|run)\b", re.IGNORECASE)
_BACK = re.compile(
    r"\b(?:this|that|these|those|it|its|they|them|their|so|here|such|above|below|following|itself|her|him|his|she|he|us|our|another|instead)\b|"
    r"\bthere\W*$",
    re.IGNORECASE,
)


def of_sentence(sentence: str, text: str = "") -> list[str]:
    """The questions that a statement answers; `text` is what it stands in, which shows how its words are written."""
    sentence = re.sub(r"^[-*+•]\s+", "", " ".join(sentence.split()))
    if not sentence.endswith(".") or len(sentence.split()) > MOST_WORDS:
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
    return found


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
        question = f"How do I {_mine(in_prose(how.group(1), text))}?"
    elif turned := _TURNED.match(bare):
        question = f"{turned['w'].capitalize()} {turned['a']} {in_prose(turned['s'], text)} {turned['r']}?"
    elif _ASKING.match(bare):
        question = f"{bare[0].upper()}{bare[1:]}?"
    elif done := _TO_THE_READER.search(text) and _done(bare, text):
        question = f"How do I {_mine(done)}?"
    elif bare.split()[0].lower() in _OUTSIDE | _LINKS | _PLAINLY or bare.isupper():
        return None
    else:
        told = in_prose(bare, text)
        one = re.search(rf"\bthe {re.escape(told)}\b", text, re.IGNORECASE)
        question = f"Tell me about {'the ' if one else ''}{told}"
    return question if sound(question) else None


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
    if done := _done(named, text):
        question = f"Is there a picture of how to {_mine(done)}?"
    elif first in _OUTSIDE | _LINKS | _PLAINLY or first in _GERUNDS or first.endswith("ing"):
        return None
    elif first in _ARTICLES | _QUANTIFIERS or re.match(_NUMBER, named) or all(word[0].isupper() for word in words):
        question = f"Show me {in_prose(named, text)}"
    else:
        question = f"Show me the {in_prose(named, text)}"
    return question if sound(question) else None


def sound(question: str) -> bool:
    """Whether a question is short, says by itself what it is about, and has no code in it."""
    whole = question.count("(") == question.count(")") and not re.search(r"[“”\"]", question)
    enough = len({word.lower() for word in meaning(question)}) >= 2
    return len(question) <= LONGEST and whole and enough and not _CODE.search(question) and not _BACK.search(question)


def named(question: str) -> bool:
    """Whether a question names what it is about, so that it is clear outside of its document."""
    return any(word[0].isupper() or word[0].isdigit() for word in meaning(question)[1:] if word != "I")


def in_prose(words: str, text: str) -> str:
    """A heading, or the beginning of a sentence, as it is written in running text: names keep their capitals, as `text` shows them."""
    pieces = words.split()
    if not pieces or re.search(rf"[\w,;] {re.escape(words)}\b", text):
        return words
    first, rest = pieces[0], pieces[1:]
    content = [word for word in rest if word.lower() not in _LINKS | _ARTICLES]
    title = all(word[:1].isupper() and _lowly(word, text) for word in content)
    joined = bool(rest) and rest[0][:1].isupper() and not title and first.lower() not in _GERUNDS
    name = first.lower() not in _ARTICLES | _QUANTIFIERS and (joined or _named(first, text))
    return " ".join([first if name else _lowered(first), *(_lowered(word) if title else word for word in rest)])


def _named(word: str, text: str) -> bool:
    """Whether `text` writes a word with a capital in mid-sentence, and not oftener without."""
    capital = len(re.findall(rf"[\w,;] {_forms(word)}", text))
    return capital > 0 and capital >= len(re.findall(_forms(word.lower()), text))


def _lowly(word: str, text: str) -> bool:
    return not _named(word, text) and (word != _lowered(word)) <= (re.search(_forms(word.lower()), text) is not None)


def _forms(word: str) -> str:
    return rf"(?<![\w./-]){re.escape(word.strip('.,').removesuffix('s'))}s?(?![\w-]|[./]\w)"


def _lowered(word: str) -> str:
    """A word in small letters, unless it is an abbreviation or has a capital inside."""
    return word if any(letter.isupper() for letter in word[1:]) else word.lower()


def _subject(words: str) -> bool:
    """Whether words can be what a statement is about: no pronoun, no clause, no bare word for anything."""
    pieces = words.lower().split()
    named = any(word[:1].isupper() for word in words.split()[1:])
    if pieces[0] in _LINKS | _QUANTIFIERS or pieces[0].endswith("ly") or (pieces[0].endswith("ing") and not named):
        return False
    if set(pieces) & _OUTSIDE or {"is", "are", "was", "were", "has", "have", "had", "can", "will"} & set(pieces):
        return False
    told = [word for word in pieces if word not in _ARTICLES]
    return bool(told) and not (len(told) == 1 and told[0].rstrip("s") in _VAGUE)


def _done(words: str, text: str) -> str | None:
    """ "Adding Users" and "Add users" as "add users"; None for what tells of no doing."""
    first, _, rest = words.partition(" ")
    verb = _GERUNDS.get(first.lower()) or (first.lower() if first.lower().strip(",") in _PLAINLY else None)
    article = rest.lower().startswith(("the ", "a ", "an ", "your "))
    if not verb or not rest or rest.lower().startswith(("for ", "of ", "case")) or (first.lower() in _THINGS and not article):
        return None
    if re.search(r"\d{3}", rest):
        return None
    rest = re.sub(r"\band (\w+ing)\b", lambda also: f"and {_GERUNDS.get(also[1].lower(), also[1])}", rest)  # "Downloading and installing"
    return f"{verb} {in_prose(rest, text)}"


def _mine(words: str) -> str:
    """What is said to "you", as the reader says it."""
    for yours, mine in (("yourself", "myself"), ("your", "my"), ("you", "I")):
        words = re.sub(rf"\b{yours}\b", mine, words)
    return words


def _when(parts: Parts) -> str:
    middle = f" {parts['m']}" if parts["m"] else ""
    return f"When {parts['a']} {parts['s']} {parts['p']}{middle}?"


def _by_whom(parts: Parts) -> str | None:
    done = parts["p"]
    return f"Who {done} {parts['s']}?" if done.endswith("ed") or done in _SAME_IN_PAST else None


def _what_is(parts: Parts) -> str | None:
    rest, subject = parts["r"], parts["s"]
    if superlative := re.match(r"the (?:only|oldest|best|\w{3,}est)\b", rest):
        specific = len(rest) > superlative.end() and not set(rest.split()) & (_VAGUE | _OUTSIDE)
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
    return None if re.match(r"(?:do|be|have)\b", doing) else f"How do I {_mine(doing)}?"


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
            rf"{_SUBJECT} (?P<v>{'|'.join(_WILL)}){_MIDDLE} (?:at|on|from) (?:\d|{_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)",
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
            rf"{_ABOUT}{_NUMBER} (?P<r>(?:[a-z]+ )?[a-z]+s (?!of (?:us|them)\b){_REST})\.$",
            lambda parts: f"How many {parts['r']}?" if len(parts["r"].split()) > 3 else None,
        ),
        (
            rf"There {_IS} {_ABOUT}{_NUMBER} (?P<n>(?:[a-z]+ )?[a-z]+s) (?P<r>{_REST}){_END}",
            lambda parts: f"How many {parts['n']} {parts['a']} there {parts['r']}?",
        ),
        (rf"{_SUBJECT} {_IS} (?:an? |(?=the ))(?P<r>{_REST}){_END}", _what_is),
        (rf"(?:To|In order to|If you (?:want|need|wish|would like|are going) to) {_DOING},\s", _how_do_i),
        (rf"(?:It is (?:also )?possible to|You can(?: also)?) {_DOING} (?:by|using)\b", _how_do_i),
        (rf"(?:Use|Run|Click|Press|Select|Choose) .{{3,60}}? to {_DOING}\.$", _how_do_i),
    ]
]
