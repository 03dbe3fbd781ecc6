"""What a text names: proper names, told by their capitals, and terms that are written as no other word is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.language.fold import UNSPACED, folded_form
from rag.language.numbers import counted
from rag.language.stems import WORD, stem
from rag.language.words import FUNCTION_WORDS, words

_SPACED = rf"[^\W{UNSPACED}]"
_TERM = re.compile(  # what is written as nothing else is: paths, options, identifiers, addresses
    r"(?:https?://|www\.)[^\s)\]>]+|(?<![\w/])(?:[~.]{0,2}/[\w.+-]+)+/?|(?<!\w)--?[a-zA-Z][\w-]+|\b\w+(?:_\w+)+\b|\b\w+@[\w.]+\b|"
    r"\b[a-z]+[A-Z]\w*\b|"
    rf"(?<!{_SPACED})(?={_SPACED}*\d)(?={_SPACED}*[^\W\d{UNSPACED}]){_SPACED}{{2,}}(?!{_SPACED})"
)
_OPENERS = frozenset(  # words that begin a sentence before a name
    """under over in on at by for from with without after before during since until through as of to into near use using open click set
    select choose run press see note both each every all most many some several only go type enter add create install enable disable start
    stop then next first second finally also however although though because while whereas when if unlike like according today here there
    no not neither nor captain none put make take find check edit save change remove
    may shall am need recipe guide help advice""".split()
)
_COMMON_ENDING = re.compile(r"(?:s|ing|ed|ly|tion|sion|ment|ness|ity|ance|ence|ism|ship|age|ure|ery|ive)$")
_SUBJECT = re.compile(r"^(?:is|was|has|had|can|will|does|did|together|and|with|for|uses?|comes?|may|must|should|supports?)$")
_SENTENCE = re.compile(r"(?<=[.?!:])\s+")


@lru_cache(maxsize=2048)
def names(text: str) -> frozenset[str]:
    """The names of a text as they are compared: stems, in small letters."""
    return frozenset(stem(word) for word in names_in(text))


def names_in(text: str) -> list[str]:
    """The capitalised words of a text as they stand, each once; the first of a sentence counts only where the next one is capitalised too,
    or where it has more capitals, or where it stands bare before its verb ("Blender is"). Months of dates and units are none."""
    return list(dict.fromkeys(word for sentence in _SENTENCE.split(counted(text).rest) for word in _of(WORD.findall(sentence))))


def _of(sentence: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(sentence):
        if not word[0].isupper() or word.lower() in FUNCTION_WORDS:
            continue
        if at or word[1:] != word[1:].lower() or _begins_with_name(sentence):
            yield word


def _begins_with_name(sentence: Sequence[str]) -> bool:
    first, second = sentence[0].lower(), sentence[1] if len(sentence) > 1 else ""
    if first in _OPENERS or not second:
        return False
    return second[0].isupper() or (_SUBJECT.match(second) is not None and not _COMMON_ENDING.search(first))


def specifics(text: str) -> list[str]:
    """The words of a question that say which thing it is about: its names, and what has a digit in it, as they stand. Where every word has
    a capital, as in a title, capitals tell nothing."""
    text = folded_form(text)
    meant = [word for word in words(text) if word.lower() not in FUNCTION_WORDS]
    title = len(meant) > 1 and all(word[0].isupper() for word in meant)
    named = {each for word in names_in(text) for each in words(word)}
    return list(dict.fromkeys(word for word in meant if (word in named and not title) or any(letter.isdecimal() for letter in word)))


def terms(text: str) -> set[str]:
    """Words that are written as no other word is (paths, options, identifiers), in lower case."""
    return {
        found.rstrip(".").lower()
        for found in _TERM.findall(folded_form(text))
        if not re.fullmatch(r"\d+(?:st|nd|rd|th|s|m|[a-z]{1,3})", found.lower())
    }
