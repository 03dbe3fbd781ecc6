"""What a sentence states that can be looked up word for word: its numbers, dates and names."""

from __future__ import annotations

import re

from rag.retrieve.words import FUNCTION_WORDS

_CITATION = re.compile(r"\[\d+\]")
_NUMBER = re.compile(r"\d+(?:[.,:'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,:]\d+)*")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_TO_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty"""
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_SPELLED = {word: str(value) for value, word in enumerate(_TO_TWENTY.split())}
_SPELLED |= {word: str(value) for value, word in zip(range(30, 100, 10), _TENS.split(), strict=True)}


def numbers(text: str) -> set[str]:
    """Numbers in digits, marks between thousands and trailing zeros of decimals taken out: "1,200" and "1200" are one."""
    found = set()
    for match in _NUMBER.findall(_ORDINAL.sub("", _CITATION.sub(" ", text))):
        whole, point, part = re.sub(r"[\s'’]|,(?=\d{3}(?!\d))", "", match).partition(".")
        found.add(whole + (point + part.rstrip("0") if part.rstrip("0") else ""))
    return found


def names(sentence: str) -> set[str]:
    """Capitalised words in lower case; the first word of the sentence counts only where the next one is capitalised too."""
    words = _NAME.findall(_CITATION.sub(" ", sentence))
    found = set()
    for at, word in enumerate(words):
        if not word[0].isupper() or word.lower() in FUNCTION_WORDS:
            continue
        if at == 0 and not (len(words) > 1 and words[1][0].isupper()):
            continue
        found.add(_stem(word))
    return found


def missing(sentence: str, evidence: str) -> list[str]:
    """Numbers and names of `sentence` that `evidence` does not hold; empty where it holds them all."""
    held = {_stem(word) for word in _NAME.findall(evidence)}
    counted = numbers(evidence) | {_SPELLED[word] for word in held if word in _SPELLED}
    lacking = sorted(numbers(sentence) - counted)
    return lacking + sorted(name for name in names(sentence) - held if _SPELLED.get(name) not in counted)


def strayed(sentence: str, evidence: str) -> float:
    """The share of the sentence's content words that `evidence` has in no form; forms of a word share its beginning."""
    own = {_stem(word) for word in _NAME.findall(_CITATION.sub(" ", sentence)) if word.lower() not in FUNCTION_WORDS}
    held = {_stem(word) for word in _NAME.findall(evidence)}
    return sum(not any(_akin(word, other) for other in held) for word in own) / len(own) if own else 0.0


def _akin(word: str, other: str) -> bool:
    beginning = max(3, -(-2 * max(len(word), len(other)) // 3))
    return word == other or word[:beginning] == other[:beginning]


def _stem(word: str) -> str:
    """Lower case, without the possessive."""
    return re.sub(r"['’]s?$", "", word.lower())
