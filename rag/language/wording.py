"""How words read in a question: names with their capitals, deeds as verbs, and whether a question is clear by itself."""

from __future__ import annotations

import re

from rag.language.turns import points_back
from rag.language.words import meaning

LONGEST = 95  # characters of a question

ARTICLES = frozenset("the a an".split())
QUANTIFIERS = frozenset("each every all some most many several few both any no".split())
OUTSIDE = frozenset(  # a subject has none of these at its front, nor ...
    "it its this that these those he she they we you i there here his her their my your our one ones who whose which what when where "
    "why how while if as by without after before during behind under over but or so not only even then now until since because "
    "although though however also thus hence please note see about below above between among through nobody nothing none another "
    "other others such once never".split()
)
LINKS = frozenset("of for in on at with to from and".split())  # ... begins with one of these
PLAIN_VERBS = frozenset(  # verbs that are no nouns too, as far as headings go
    "activate add adjust align annotate apply archive assign attach choose compile configure connect convert create customise "
    "customize define delete detect disable edit enable fetch find get import insert inspect install join keep make manage migrate "
    "modify mount move open organise organize participate prepare publish put read receive remove rename repair replace reset resize "
    "restore restrict rotate save select send set split translate turn uninstall use verify write".split()
)
_VERBS = PLAIN_VERBS | frozenset(
    "boot build calculate change check clean climb copy cut debug display download draw export fill fit link load log mark measure "
    "order place plot print record report route run scale scan schedule search share show sign sort start stop store switch test "
    "update upgrade upload view visit".split()
)
_DOUBLED = frozenset("cut fit get log plot put reset run scan set split stop".split())


def gerund(verb: str) -> str:
    """ "add" as "adding"."""
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1]}ing" if verb.endswith("e") and not verb.endswith("ee") else f"{verb}ing"


GERUNDS = {gerund(verb): verb for verb in _VERBS}
_THINGS = frozenset("drawing opening building measuring marking setting fitting mounting".split())  # "opening hours"
_CODE = re.compile(r"[|`{}<>=\\/$%@]|\w_\w|https?:|\.\w+\(")
_BACK = re.compile(r"\b(?:so|here|such|above|below|following|itself|us|our|another|instead)\b", re.IGNORECASE)  # beside what points back


def sound(question: str) -> bool:
    """Whether a question is short, says by itself what it is about, and has no code in it."""
    whole = question.count("(") == question.count(")") and not re.search(r"[“”\"]", question)
    enough = len({word.lower() for word in meaning(question)} - QUANTIFIERS) >= 2 and not points_back(question)
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
    content = [word for word in rest if word.lower() not in LINKS | ARTICLES]
    title = all(word[:1].isupper() and _lowly(word, text) for word in content)
    joined = bool(rest) and rest[0][:1].isupper() and not title and first.lower() not in GERUNDS
    name = first.lower() not in ARTICLES | QUANTIFIERS and (joined or _named(first, text))
    return " ".join([first if name else _lowered(first), *(_lowered(word) if title else word for word in rest)])


def _named(word: str, text: str) -> bool:
    """Whether `text` writes a word with a capital in mid-sentence, and not oftener without."""
    capital = len(re.findall(rf"[\w,;] {_forms(word)}", text))
    return capital > 0 and capital >= len(re.findall(_forms(word.lower()), text))


def _lowly(word: str, text: str) -> bool:
    """Whether a word may lose its capital: `text` writes it without, or it keeps what capitals it has."""
    return not _named(word, text) and (word == _lowered(word) or re.search(_forms(word.lower()), text) is not None)


def _forms(word: str) -> str:
    return rf"(?<![\w./-]){re.escape(word.strip('.,').removesuffix('s'))}s?(?![\w-]|[./]\w)"


def _lowered(word: str) -> str:
    """A word in small letters, unless it is an abbreviation or has a capital inside."""
    return word if any(letter.isupper() for letter in word[1:]) else word.lower()


def deed(words: str, text: str) -> str | None:
    """ "Adding Users" and "Add users" as "add users"; None for what tells of no doing."""
    first, _, rest = words.partition(" ")
    verb = GERUNDS.get(first.lower()) or (first.lower() if first.lower().strip(",") in PLAIN_VERBS else None)
    article = rest.lower().startswith(("the ", "a ", "an ", "your "))
    if not verb or not rest or rest.lower().startswith(("for ", "of ", "case")) or (first.lower() in _THINGS and not article):
        return None
    if re.search(r"\d{3}", rest):
        return None
    rest = re.sub(r"\band (\w+ing)\b", lambda also: f"and {GERUNDS.get(also[1].lower(), also[1])}", rest)  # "Downloading and installing"
    return f"{verb} {in_prose(rest, text)}"


def to_me(words: str) -> str:
    """What is said to "you", as the reader says it."""
    for yours, mine in (("yourself", "myself"), ("your", "my"), ("you", "I")):
        words = re.sub(rf"\b{yours}\b", mine, words)
    return words
