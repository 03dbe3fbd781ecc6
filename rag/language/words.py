"""Words of a question: which carry its meaning, and which ask for a picture."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.language.fold import folded_form

_FUNCTION_WORDS = """
a about an and any are as at be been but by can could did do does for from had happen happened happens has have he her him his how
i if in into is it its me my of on one or our out over she should show so some tell than that the their them then there these they
this those to up us was we were what when where which while who whom whose why will with would you your
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

# words that begin a question or a request
ASKING = r"(?:who|whom|whose|what|when|where|why|how|which)"
AUXILIARY = r"(?:(?:is|are|was|were|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|had)(?:n't)?|can't|won't)"
REQUEST = r"(?:tell|explain|describe|list|give|name|compare|summari[sz]e)"

_FISCAL = re.compile(r"^[fc]y(?:20)?(\d\d)$")
_THOUSANDS = re.compile(r"(?<=\d)[,'’\u00a0\u202f](?=\d{3}(?!\d))")
_GROUPED = re.compile(r"\+?\d(?:[ ().-]{0,2}\d){6,}")
_TELEPHONE = re.compile(r"\+\d(?:[ ().-]{0,2}\d){6,}|(?<![\w.])0\d(?:[ ().-]{0,2}\d){6,}")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_KIND = (
    r"(?:picture|photo|photograph|image|diagram|drawing|chart|graph|plot|figure|map|illustration|screenshot|painting|sketch|poster|logo|"
    r"icon|schematic)(?:e?s)?"
)
_PICTURE = re.compile(
    r"(?:^|[.!?]\s+)\W*(?:please\s+|can you\s+|could you\s+)?(?:show|find)\b(?!\s+out|(?: me| us)? how to\b)|"
    r"\bshow (?:me|us)\b(?! how to\b)|\blook(?:s|ed|ing)? like\b|\bhow (?:do|does|did|should|will|would)\b.{1,60}\blook\b|"
    r"\b(?:want|like|love|let me|can i|may i) (?:to )?see\b|"
    rf"^\W*(?:(?:an?|the|any|all|some|my|every) )?(?:\w+ )?{_KIND} (?:of|showing|that|which|with|where|from|for|in|about)\b|"
    r"\b(?:see|search for|give me|get me|look for|display|want|is there|are there|do you have|have you|where is|where are|which|what)"
    rf"(?: \w+){{0,2}} {_KIND} (?:of|showing|that|which|with|where|shows?|depicts?|is|are)\b",
    re.IGNORECASE,
)
_LAST_THING = re.compile(r"\b(?:of|at|in|on|for|from|by) (?:(?:the|an?|my|our) )?((?:[\w-]+ ){0,2}[\w-]+)\W*$", re.IGNORECASE)
_ASIDE = re.compile(r"\s+\([^()]*\)\s*$")
_PICTURE_OF = re.compile(rf"\b{_KIND}(?: (?:of|showing|depicting|by|for|with|from|in|on|at)\b|\W*$)", re.IGNORECASE)
_REQUEST = re.compile(
    r"^\W*(?:please |can you |could you |would you |will you )*(?:(?:show|find|give|get)(?: me| us)?|display|search for|look for|"
    r"(?:i |we )?(?:want|would like|'d like|like|love)(?: to see)?|let me see|(?:can|may) (?:i|we) see|see|is there|are there|"
    r"do you have|have you(?: got)?|where (?:is|are)|which|what(?: is| are| does| do| did)?|how (?:do|does|did|should|will|would))\b\s*",
    re.IGNORECASE,
)
_KIND_OF = re.compile(
    rf"^\W*(?:(?:an?|the|any|all|some|my|every) )?(?:\w+ )?{_KIND}"
    r"(?: (?:of|showing|that shows?|with|from|for|in|about|by|on|at)\b|\W*$)\s*",
    re.IGNORECASE,
)
_LOOKS = re.compile(r"\s+looks?(?: like)?\W*$", re.IGNORECASE)
_QUESTION = re.compile(rf"\?|^\W*(?:{ASKING}|{AUXILIARY}|am|{REQUEST}|and|but)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:it|its|he|his|she|her|they|their|this|these|that|those)\b", re.IGNORECASE)
_FORM = re.compile(
    r"\bhow (much|many|long|old|high|far|often|deep|tall|big|large|small|wide|heavy|fast|thick|hot|cold|loud|bright|strong|expensive)\b|"
    r"\b(?:what|which|what's)(?: is| are| was| were)? the (name|number|amount|title|percentage|share|proportion)s? of\b|"
    r"\b(?:what|which) (percentage|proportion|share|amount|number|kind|type|sort)s? (?:of|does|do|did|is|are|was|were)\b|"
    r"\b(come|comes|came) from\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how come)\b|\bfor what reason\b|\bthe (?:reason|cause)s? (?:for|of|why|that)\b", re.IGNORECASE
)
_GIVES_REASON = re.compile(
    r"\b(?:because|due to|owing to|so that|in order (?:to|that)|therefore|reasons?|on account of|as a result)\b|"
    r", since (?!then\b|\d|the \d)\w",
    re.IGNORECASE,
)
_POINTS_AT = re.compile(r"(?:this|these|those)\b|.*\b(?:that|this|these|those) [\w-]+[.!]*$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?|any|some|my|our)\s+", re.IGNORECASE)
_FACT = re.compile(r"\b(who|whom|whose|when|where|why|how (many|much|old|long|high|far|often|deep|tall|big))\b", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of a text, in order, as they stand."""
    return _WORD.findall(text)


def meaning(text: str) -> list[str]:
    """Words without those that only hold a sentence together."""
    return [word for word in words(text) if word.lower() not in FUNCTION_WORDS]


def content_words(text: str) -> list[str]:
    """Words with meaning; all words where none has any."""
    return meaning(text) or words(text)


def goes_on(sentence: str) -> bool:
    """Whether a statement begins with a word for what the one before it names: "It was raised in 1792."."""
    return _GOES_ON.match(sentence) is not None


def points_at(sentence: str) -> bool:
    """Whether a statement points at a thing that the one before it names: "This thesis closes that gap."."""
    return _POINTS_AT.match(sentence) is not None


def without_article(text: str) -> str:
    """A thing's name without "the", "some" or "my" before it."""
    return _ARTICLE.sub("", text)


def without_marks(text: str) -> str:
    """The text without the marks between thousands, and with a telephone number in one piece."""
    return _TELEPHONE.sub(lambda found: re.sub(r"(?<=\d)[ ().-]+(?=\d)", "", found[0]), _THOUSANDS.sub("", text))


def with_digits(text: str) -> set[str]:
    """The words of a text that have a digit in them, in one form each: numbers, dates, names of parts.

    In lower case, without marks between thousands; a telephone number also as its digits alone, and "FY22" is the year.
    """
    plain = _THOUSANDS.sub("", folded_form(text))
    found = {_FISCAL.sub(r"20\1", word.lower()) for word in words(plain) if any(letter.isdecimal() for letter in word)}
    return found | {re.sub(r"\D", "", number) for number in _GROUPED.findall(plain)}


def numbered(text: str) -> set[tuple[str, str]]:
    """Each number of a text with the word before it, in lower case: ("lamp", "5")."""
    every = [word.lower() for word in words(without_marks(text))]
    return {(before, number) for before, number in pairwise(every) if any(letter.isdecimal() for letter in number)}


def asked_of(question: str) -> list[str]:
    """The words of the thing that a question is asked of, where it ends in one: "the ceiling of the brewhouse?"."""
    found = _LAST_THING.search(own_words(question))
    return words(found[1]) if found else []


def form_words(question: str) -> frozenset[str]:
    """The words of a question, in lower case, that only say what kind of thing is asked for: "much" of "how much", the "name" of a dentist.
    What answers it need not have them."""
    return frozenset(word.lower() for found in _FORM.finditer(question) for word in found.groups() if word)


def asks_for_reason(question: str) -> bool:
    """Whether a question asks why, which prose tells and no cell."""
    return _REASON.search(question) is not None


def gives_reason(sentence: str) -> bool:
    """Whether a sentence says by a word that it gives a reason."""
    return _GIVES_REASON.search(sentence) is not None


def own_words(text: str) -> str:
    """A question without the bracket at its end, in which a follow-up carries what it needs of the history."""
    return _ASIDE.sub("", text) or text


def asks_for_picture(text: str) -> bool:
    """Whether the words ask to see something ("show me", "what does it look like", "diagram of"); to name a drawing is not enough."""
    return _PICTURE.search(text) is not None or (not is_question(text) and _PICTURE_OF.search(text) is not None)


def asks_for_looks(text: str) -> bool:
    """Whether the words ask how something looks, which words may tell, too; to be shown it is another wish."""
    return _LOOKS.search(text) is not None


def wanted_in_picture(text: str) -> str:
    """Of words that ask for a picture, those that say what it should show; the words themselves where none are left."""
    bare = _LOOKS.sub("", _KIND_OF.sub("", _REQUEST.sub("", text)))
    return bare if meaning(bare) else text


def is_question(text: str) -> bool:
    """Whether the words are a question or a request, rather than bare words to search for."""
    return _QUESTION.search(text) is not None


def asks_for_fact(text: str) -> bool:
    """Whether the words ask for a person, a time, a place, a reason or a measure."""
    return _FACT.search(text) is not None
