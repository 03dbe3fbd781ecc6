"""How a turn of a conversation leans on those before it: by what it points to, by what it leaves out, or by setting the last one right.

English, and by rule. What names all that it asks about stands by itself, however short it is: "What is a loom?", "show me a seal".
"""

from __future__ import annotations

import re

from rag.language.names import names_in
from rag.language.words import ASKING, AUXILIARY, REQUEST, asks_for_picture, meaning, wanted_in_picture, with_digits, words

FRAGMENT = 6  # words at most of a turn without a verb that begins with a preposition
_PREPOSITION = r"(?:in|on|at|from|for|with|without|by|under|over|during|before|after|since|until|near|between|of|to)"
_THERE_IS = re.compile(
    r"\bthere(?:'s|’s)?\s+(?=(?:is|are|was|were|has|have|had|exists?|can|could|may|might|will|would)\b)|"
    rf"\b{AUXILIARY}\s+there\s+(?=\w)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    rf"\b(?:that|then)\s*[?.!]*$|\b(?:that|the same) (?:year|time|day|month)\b|^(?:{AUXILIARY} )?that\b|"
    r"\b(?:the (?:[\w-]+ ){0,2}ones?|(?:which|what) ones?(?! of\b)|(?:that|this|another) one|an? [\w-]+ one|the others?)\b|"
    r"\b(?:this|these|those|there|same|former|latter)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:(?P<thing>it|its)|(?P<person>he|him|his|she|her)|(?P<several>they|them|their|theirs))\b", re.IGNORECASE)
_CLAUSE = re.compile(r",|\b(?:so that|when|if|because|after|before|that|which|who|while|until|where|and|but|or|without)\b", re.IGNORECASE)
_CONNECTED = re.compile(r"^(?:and|but|so|also|then|or|ok|okay)\b,?\s*", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_VERB = re.compile(rf"\b(?!(?-i:May)\b)(?:{ASKING}|{AUXILIARY}|be|been)\b", re.IGNORECASE)
_ASKS = re.compile(rf"^(?:{ASKING}|{AUXILIARY}|{REQUEST})\b", re.IGNORECASE)
_BEGINS_WITH_PREPOSITION = re.compile(rf"^{_PREPOSITION}\b", re.IGNORECASE)
_WHAT_IS = re.compile(
    r"^(?:what|who|where) (?:is|are|was|were|does|do|did) (?P<article>the |my |our |an? )?(?P<thing>[\w’'-]+)(?: do| mean)?\W*$|"
    r"^(?:is|are|was|were) there (?:an? |any |some )?(?P<there>[\w’'-]+)\W*$",
    re.IGNORECASE,
)
_VAGUE = frozenset(  # what no answer can be looked up for
    """more another other others else again next last first previous missing wrong right left different new better best worse worst
    responsible needed required included important necessary possible allowed open closed free yes no continue further example examples
    picture pictures images photos map""".split()
)
_NO = r"(?:(?:no|nope|sorry|oops|actually)\b[\s,.:;!–—-]*)"
_MEANT = r"(?:(?:i|we) (?:mean|meant|was asking about|am asking about|was thinking of)|i['’]m asking about|make that)\b[,:]?\s+"
_SET_RIGHT = re.compile(
    rf"^(?:{_NO}*{_MEANT}|{_NO}+(?=(?:the|an?|not|in|on|at|for|from|with)\b)|(?=not\b[^,;]+[,;]))(?P<said>.+)$", re.IGNORECASE
)
_NOT_THIS = re.compile(
    r"^not [^,;]+[,;]\s*(?:but )?(?P<said>.+)$|^(?P<before>.+?),? (?:and )?not (?:the|an?|in|on|at|for|from)\b[^,]*$", re.IGNORECASE
)
_DETERMINED = re.compile(r"^(?:(?P<the>the|its|their|his|her)|(?P<a>an?)) (?=\w)", re.IGNORECASE)
_KIND = re.compile(rf"^\W*(?:which|what) ((?!{AUXILIARY}\b)[\w-]+(?: (?!{AUXILIARY}\b)[\w-]+)?) {AUXILIARY}\b", re.IGNORECASE)
_WHICH_ONE = re.compile(rf"\b(?P<which>which)(?: ones?\b(?! of\b)|(?= {_PREPOSITION}\b(?<!of)))", re.IGNORECASE)
_OF_WHAT = re.compile(
    rf"\b(?P<way>{_PREPOSITION}|about)\s+(?:(?:the|an?|my|our)\s+)?(?P<what>(?:(?!\b(?:{_PREPOSITION}|about)\b)[\w'’-]+\s*){{1,4}}?)\W*$",
    re.IGNORECASE,
)
_HELPING = re.compile(r"\b(?:do|does|did|can|could|will|would|shall|should|may|might|must)\s+$", re.IGNORECASE)
_STOP = rf"(?:{_PREPOSITION}|{AUXILIARY}|{ASKING}|be|been|and|or|but|instead|than|as|when|that)"
_CHUNK = rf"(?:(?!{_STOP}\b)[\w’'./-]+)(?:\s+(?!{_STOP}\b)[\w’'./-]+)*"
_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b(?!I\b)[A-Z][\w’'/.-]*(?:\s+[A-Z\d][\w’'/.-]*)*")


def points_back(question: str) -> bool:
    """Whether a question leans on what was said before it: by a word that points there, by what it leaves out, or by setting it right."""
    text = question.strip()
    own = meaning(text)
    if not own or set_right(text) is not None or _ABOUT.match(text) or _POINTS.search(_THERE_IS.sub(" ", text)):
        return True
    if any(not _named_before(found, text) for found in _PRONOUN.finditer(text)):
        return True
    if (opened := _CONNECTED.sub("", text)) != text:
        return len(own) < 3 or not _ASKS.match(opened) or not names_in(text)
    return _left_out(text) or (len(own) == 1 and not _names_its_thing(text, own[0]))


def set_right(turn: str) -> str | None:
    """What a turn says in the place of something in the turn before ("No, I meant the relief boat": "the relief boat"); None where it does
    not set that right."""
    found = _SET_RIGHT.match(turn.strip())
    if found is None:
        return None
    other = _NOT_THIS.match(found["said"])
    return (other["said"] or other["before"]) if other else found["said"]


def with_kind(turn: str, before: str) -> str:
    """The turn with the word for what "which one" means, where the question before has it."""
    kind = _KIND.match(before)
    return _WHICH_ONE.sub(rf"\g<which> {kind[1]}", turn) if kind else turn


def put_in(turn: str, before: str) -> str | None:
    """The question `before` with what the turn gives in the place of the same kind of thing: "And in winter?" after "When is it open in
    July?". None where the turn asks by itself, or nothing in `before` is plainly of its kind."""
    given = set_right(turn)
    text = _ABOUT.sub("", _CONNECTED.sub("", turn.strip() if given is None else given.strip())).strip(" ?.!,")
    asked = before.rstrip(" ?.!")
    if not text or not meaning(text) or _VERB.search(text) or _PRONOUN.search(text) or _POINTS.search(text) or not _ASKS.match(asked):
        return None
    text = text if text[1:2].isupper() or names_in(f"of {text}")[:1] == words(text)[:1] else f"{text[0].lower()}{text[1:]}"
    if preposition := _BEGINS_WITH_PREPOSITION.match(text):
        return _with_preposition(preposition[0], text, asked)
    if determined := _DETERMINED.match(text):
        return _with_article(r"an?" if determined["a"] else "(?:the|its|their|his|her)", text, asked)
    return _with_name(text, asked)


def replaced(turn: str, before: str) -> set[str]:
    """What another thing takes the place of at the end of a turn that asks the same again, in lower case: "And who signed for the
    customer?" after "Who signed for the supplier?"."""
    if not {word.lower() for word in meaning(before)} & {word.lower() for word in meaning(turn)}:
        return set()
    was, now = _OF_WHAT.search(before.lower()), _OF_WHAT.search(turn.lower())
    return set(words(was["what"])) - set(words(now["what"])) if was and now and was["way"] == now["way"] else set()


def _with_preposition(preposition: str, text: str, asked: str) -> str:
    """ "in winter" for "in July"; behind the question where it has no such place."""
    place = list(re.finditer(rf"\b{preposition}\s+(?:(?:the|an?|my|our)\s+)?{_CHUNK}", asked, re.IGNORECASE))
    if not place:
        return f"{asked} {text}?"
    return f"{asked[: place[-1].start()]}{text}{asked[place[-1].end() :]}?"


def _with_article(article: str, text: str, asked: str) -> str | None:
    """ "a board" for "a schematic"; what follows an auxiliary's subject, its verb, stays."""
    place = re.search(rf"\b{article}\s+(?P<thing>{_CHUNK})", asked, re.IGNORECASE)
    if place is None:
        return None
    said = place["thing"].split()
    verb = said[-1] if len(said) > 1 and (_HELPING.search(asked[: place.start()]) or said[-1].endswith("ed")) else ""
    return f"{asked[: place.start()]}{text}{f' {verb}' if verb else ''}{asked[place.end() :]}?"


def _with_name(text: str, asked: str) -> str | None:
    """ "Quillon Spit" for "Skerrin Head", "netblock-hosts" for "fsautoresize-hosts", where there is one of them."""
    if text[0].isupper() and len(text.split()) <= 4:
        places = list(_NAME.finditer(asked))
    elif len(text.split()) == 1 and (re.search(r"[\w][-_./]\w", text) or with_digits(text)):
        places = list(re.finditer(r"(?<!\S)\S*\w[-_./]\w\S*", asked))
    else:
        return None
    return f"{asked[: places[0].start()]}{text}{asked[places[0].end() :]}?" if len(places) == 1 else None


def _named_before(found: re.Match[str], text: str) -> bool:
    """Whether what a pronoun stands for is named in the same question, in a clause before: "How is a lens kept before it is fitted?"."""
    before = text[: found.start()]
    clauses = list(_CLAUSE.finditer(before))
    if not clauses or not meaning(before[: clauses[-1].start()]):
        return False
    said = before[: clauses[-1].start()]
    if found["several"]:
        return any(word.endswith("s") and not word.endswith("ss") for word in meaning(said))
    return re.search(r"\ban? \w", said, re.IGNORECASE) is not None or (found["person"] is not None and bool(names_in(said)))


def _left_out(text: str) -> bool:
    """Whether a turn is less than a question: "In 1908?", "For families?", "Rotate?"."""
    if _VERB.search(text) or _ASKS.match(text) or asks_for_picture(text):
        return False
    if _BEGINS_WITH_PREPOSITION.match(text):
        return len(words(text)) <= FRAGMENT
    return text.endswith("?") and len(meaning(text)) <= 2


def _names_its_thing(text: str, thing: str) -> bool:
    """Whether a turn with one word of meaning says by it what it is about."""
    if thing.lower() in _VAGUE:
        return False
    if asks_for_picture(text):
        shown = wanted_in_picture(text)
        return shown != text and not re.match(r"the\b", shown, re.IGNORECASE)
    if found := _WHAT_IS.match(text):
        return found["there"] is not None or not re.match(r"(?:the|my|our)\b", found["article"] or "", re.IGNORECASE) or thing[0].isupper()
    return not text.endswith("?") and not _ASKS.match(text)
