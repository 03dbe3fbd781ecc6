"""Whether what an answer cites bears what it says: a checker of the evaluation's own, apart from the code that writes answers.

The rule is lexical, needs no model, and is the same for every model that answers. A text bears a sentence where it holds

1. every number of the sentence (thousands marks taken out; numbers that the text spells up to ninety-nine count as digits),
2. every name: a capitalised word that is no function word, and that does not merely begin the sentence,
3. at least SHARE of the sentence's other content words, in some form: two forms of a word share most of their beginning.

The text of a citation is what its hit tells in words, guesses from the pixels excluded, with its heading, caption and file; a citation
whose quote does not stand in its hit bears nothing. What is said in other words altogether is taken for not borne, so that the figures are
rather too low than too high.

Sentences and citations are counted as in ALCE (Gao et al. 2023, arXiv:2305.14627), with this rule in place of its entailment model: a
sentence is supported where all that it cites bears it together; a citation is precise where its sentence is supported, and where it bears
the sentence alone or the others do not bear it without it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rag.evaluate.metrics import folded
from rag.language.split import sentences
from rag.language.words import FUNCTION_WORDS
from rag.records import Answer, Citation, Hit

SHARE = 0.5

_MARK = re.compile(r"\[(?:\d+|unverified)\]")
_CITED_END = re.compile(r"""(?<=[.!?…”"])(?:\s*\[\d+\])+(?=\s+(?:[“"(]|[^\W\d_a-z]))""")  # the marks that close a sentence before the next
# what states nothing of its own: the head of a table, a line that leads over, how many members are left out
_FRAME = re.compile(r"^\|.*\|[ \t]*\n(?=\|[ \t:|-]*-[ \t:|-]*$)|^[^\[\]\n]*:[ \t]*$|^… and [\d,]+ more[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+(?:['’][^\W\d_]+)*")  # a sign of Chinese and the like is a word
_NUMBER = re.compile(r"\d+(?:[.,:'’\u00a0\u202f]\d+)*")
_THOUSANDS = re.compile(r"[,'’\u00a0\u202f](?=\d{3}(?!\d))")
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED = {word: str(value) for value, word in enumerate(_ONES)} | {word: str(10 * value) for value, word in enumerate(_TENS, 2)}
_SPELLED |= {f"{tens}-{ones}": str(10 * n + m) for n, tens in enumerate(_TENS, 2) for m, ones in enumerate(_ONES[1:10], 1)}
_SPELLED_OUT = re.compile(rf"\b(?:{'|'.join(sorted(_SPELLED, key=len, reverse=True))})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Support:
    """Of one answer: its sentences that state something and how many are supported, its citations and how many are precise."""

    sentences: int
    supported: int
    citations: int
    precise: int


def support(answer: Answer) -> Support:
    """Count an answer's sentences and citations by the rule of this module."""
    hits = {hit.rank: hit for hit in answer.hits}
    told = {citation.n: _told(citation, hits.get(citation.rank)) for citation in answer.citations}
    stated = supported = cited = precise = 0
    for sentence in _sentences(_FRAME.sub("", answer.answer or "")):
        plain = _MARK.sub(" ", sentence)
        marks = dict.fromkeys(int(mark[1:-1]) for mark in _MARK.findall(sentence) if mark[1:-1].isdigit())
        texts = [told.get(n, "") for n in marks]
        if not marks and not _numbers(plain) and not _content(plain):
            continue
        borne = any(texts) and bears(texts, plain)
        stated += 1
        supported += borne
        cited += len(texts)
        if borne:
            precise += sum(bears([text], plain) or not bears(texts[:at] + texts[at + 1 :], plain) for at, text in enumerate(texts) if text)
    return Support(stated, supported, cited, precise)


def bears(texts: Collection[str], sentence: str) -> bool:
    """Whether the texts, taken together, hold the sentence's numbers and names, and enough of its other content words."""
    text = "\n".join(texts)
    held = {_bare(word) for word in _WORD.findall(text)}
    spelled = {_SPELLED[word.lower()] for word in _SPELLED_OUT.findall(text)}
    names = _names(sentence)
    if not _numbers(sentence) <= _numbers(text) | spelled or not names <= held:
        return False
    rest = _content(sentence) - names
    return sum(_has(held, word) for word in rest) >= SHARE * len(rest)


def _sentences(text: str) -> Iterator[str]:
    """Sentences with their marks; quotes that follow each other are sentences too."""
    for sentence in sentences(text):
        start = 0
        for end in _CITED_END.finditer(sentence):
            yield sentence[start : end.end()]
            start = end.end()
        yield sentence[start:]


def _told(citation: Citation, hit: Hit | None) -> str:
    """What the hit of a citation tells; nothing where its quote does not stand there."""
    if hit is None or folded(citation.quote) not in folded(hit.text):
        return ""
    named = (hit.source, hit.origin, hit.caption, hit.place.above, hit.locator.heading)
    return "\n".join([*filter(None, named), hit.evidence])


def _numbers(text: str) -> set[str]:
    return {_THOUSANDS.sub("", number) for number in _NUMBER.findall(_MARK.sub(" ", text))}


def _names(sentence: str) -> set[str]:
    words = _WORD.findall(sentence)
    beginning = [at == 0 and not (len(words) > 1 and words[1][0].isupper()) for at in range(len(words))]
    return {
        _bare(word)
        for word, begins in zip(words, beginning, strict=True)
        if word[0].isupper() and not begins and word.lower() not in FUNCTION_WORDS
    }


def _content(sentence: str) -> set[str]:
    return {_bare(word) for word in _WORD.findall(sentence) if word.lower() not in FUNCTION_WORDS}


def _has(held: Iterable[str], word: str) -> bool:
    """Whether a form of `word` is held: the shorter of the two, less up to three letters of ending, begins both."""
    return any(other == word or _akin(other, word) for other in held)


def _akin(one: str, other: str) -> bool:
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= 4 and max(len(one), len(other)) - shared <= 3


def _bare(word: str) -> str:
    """In lower case, without the possessive."""
    return re.sub(r"['’]s?$", "", word.casefold())
