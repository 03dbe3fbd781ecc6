"""What a question asks, thing by thing: one that asks two things is parted, so that each can be looked up by itself.

By rule, and with care: what is not plainly two questions stays one.
"""

from __future__ import annotations

import re

from rag.language.periods import periods
from rag.language.turns import points_back
from rag.language.words import ASKING, AUXILIARY, meaning, without_article, words

MOST = 3  # parts
LONGEST = 400  # characters of a question that is parted
TOPIC = 8  # words of the first part that complete a later one

_SUBJECT = (
    r"(?:i|you|he|she|it|we|they|one|there|the|a|an|this|that|these|those|my|your|his|her|its|our|their|any|all|each|every|some|"
    r"someone|anyone|people)"
)
_REQUEST = r"(?:(?:please\s+)?(?:can|could|would|will)\s+you\s+)?(?:please\s+)?(?:tell|show|give)\s+me"

# "who paid", "how do I", "what colour is", "can it", "what about": a question in its own right, whatever stands before it
_DIRECT = re.compile(
    rf"(?:{ASKING}(?:'s|’s|'re|\s+{AUXILIARY})\b|"
    rf"(?:what|which|whose|how)\s+(?!{_SUBJECT}\b)(?:[\w-]+\s+){{1,3}}?{AUXILIARY}\b|"
    rf"{AUXILIARY}\s+{_SUBJECT}\b|(?:what|how)\s+about\b|{_REQUEST}\b)",
    re.IGNORECASE,
)
# "who paid for it", "what happened", "how many people": a question, unless the clause before it has just opened an indirect one
_BY_SUBJECT = re.compile(rf"(?:who|what|which|whose|how\s+(?:many|much))\s+(?!{_SUBJECT}\b)[\w-]", re.IGNORECASE)
_INDIRECT = re.compile(rf"{ASKING}\b", re.IGNORECASE)
_OPENS = re.compile(rf"(?:(?:and|but|so|or|also)\s+)?(?:{ASKING}|{AUXILIARY}|{_REQUEST}|explain|describe)\b", re.IGNORECASE)
_ASKED_OF_YOU = re.compile(rf"{_REQUEST}\s+(?=(?:{ASKING}|if|whether)\b)|(?:do|does)\s+\w+\s+know\s+(?={ASKING}\b)", re.IGNORECASE)
_SETTING = re.compile(r"^(?:in|on|with|for|under|using|at)\s+[^,?]{1,60},\s+", re.IGNORECASE)  # "In the PCB editor, how do I ..."
_JOINT = re.compile(
    rf"(?:\s*[,;]\s*(?:(?:and|but)\s+)?|\s+and\s+)(?:(?:also|then)\s+)?(?=(?:{ASKING}|{AUXILIARY}|{_REQUEST})\b)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[?.!])\s+(?=\S)")
_CONTEXT = re.compile(r"\s*(\([^()]*\))\s*$")  # what a follow-up was made whole with
_LINK = re.compile(r"^(?:and|but|so|also)\s+(?:also\s+)?", re.IGNORECASE)

_COMPARISONS = [
    re.compile(rf"\b(?:{joint})", re.IGNORECASE)
    for joint in (
        r"(?:differences?|distinctions?|similarit(?:y|ies)|comparison)\s+between\s+(?P<a>.+?)\s+and\s+(?P<b>.+)",
        r"comparison\s+of\s+(?P<a>.+?)\s+and\s+(?P<b>.+)",
        r"compare\s+(?P<a>.+?)\s+(?:and|with|to|against)\s+(?P<b>.+)",
        r"(?:does|do|did)\s+(?P<a>.+?)\s+differ\s+from\s+(?P<b>.+)",
        r"(?:does|do|did)\s+(?P<a>.+?)\s+compare\s+(?:with|to)\s+(?P<b>.+)",
        r"(?:do|did)\s+(?P<a>.+?)\s+and\s+(?P<b>.+?)\s+(?:differ|compare)\b",
        r"(?:is|are|was|were)\s+(?P<a>.+?)\s+different\s+from\s+(?P<b>.+)",
    )
]
_VERSUS = re.compile(r"^(?P<a>.+?)\s+(?:vs\.?|versus)\s+(?P<b>.+)$", re.IGNORECASE)
_LONGEST_NAME = 6  # words of what is compared


def parted(question: str) -> tuple[str, ...]:
    """The questions that a question is made of, each whole in itself; only the question itself where it asks one thing.

    "When was it built, and who paid for the tower?" gives both questions, a later one that points back or says too little with the
    first one's words behind it in brackets. A question that compares two things gives itself and one about each of them.
    """
    asked = " ".join(question.split())
    if len(asked) > LONGEST:
        return (question,)
    context = _CONTEXT.search(asked)
    bare = asked[: context.start()] if context else asked
    found = _compared(bare) or _parted(bare)
    if not found:
        return (question,)
    return tuple(f"{part} {context.group(1)}" if context else part for part in found[:MOST])


def _compared(question: str) -> list[str]:
    """The question itself, and a question about each of the two things that it compares; nothing where it compares none."""
    end = question.rstrip(" ?.!")
    match = next(filter(None, [pattern.search(end) for pattern in _COMPARISONS]), None) or _VERSUS.search(end)
    if match is None:
        return []
    first, second = (match.group(name).strip(" ,") for name in "ab")
    if match.re is _VERSUS:
        first = re.sub(rf"^(?:{ASKING}\s+)?(?:{AUXILIARY}\s+)?", "", first, flags=re.IGNORECASE)
    bare = all(without_article(each) == each for each in (first, second))
    first, second = (without_article(each) for each in (first, second))
    several = any(re.search(rf"\band\b|[,?]|^{ASKING}\b", each, re.IGNORECASE) for each in (first, second))
    if several or not all(meaning(each) and len(words(each)) <= _LONGEST_NAME for each in (first, second)):
        return []
    if any(not meaning(periods(each)[1]) for each in (first, second)):  # "in 2022 compare to 2021": a year is no thing
        return []
    own, other = meaning(first), meaning(second)
    if bare and len(own) == 1 and len(other) == 2 and own[0].islower() and own[0] not in other:
        first = f"{first} {other[-1]}"  # "hard and soft links"
    return [question, f"What is {first}?", f"What is {second}?"]


def _parted(question: str) -> list[str]:
    """The questions that stand in sentences of their own or are joined in one, each with what is told beside them."""
    pieces = _SENTENCE.split(question)
    asked = [piece for piece in pieces if piece.endswith("?")] if len(pieces) > 1 else pieces
    told = " ".join(piece for piece in pieces if piece not in asked)
    whole = all(_OPENS.match(_SETTING.sub("", piece)) and meaning(piece) for piece in asked)
    if not whole or _OPENS.match(told):  # "How do they lock? Show me a drawing."
        return []
    found = [part for piece in asked for part in _clauses(piece) or [piece]]
    if len(found) < 2:
        return []
    found = [found[0], *(_completed(_LINK.sub("", part), found[0]) for part in found[1:])]
    return [f"{told} {part}" if told else part for part in found]


def _clauses(sentence: str) -> list[str]:
    """The questions that one sentence joins; nothing where it is one."""
    setting = _SETTING.match(sentence)
    before = setting.group() if setting else ""
    rest = sentence[len(before) :]
    if not _OPENS.match(rest):
        return []
    indirect = _ASKED_OF_YOU.match(rest)
    found, start = [], 0
    for joint in _JOINT.finditer(rest):
        clause, after = rest[start : joint.start()], rest[joint.end() :]
        if _is_question(clause, after, indirect is not None):
            found.append(clause)
            start = joint.end()
    if not found:
        return []
    mark = "?" if sentence.endswith("?") else ""
    found.append(rest[start:].rstrip(" ?"))
    return [f"{before}{clause}{mark}" for clause in found]


def _is_question(before: str, after: str, indirect: bool) -> bool:
    """Whether `after` begins a question of its own behind the question `before`."""
    own = _JOINT.split(after.rstrip(" ?"), maxsplit=1)[0]
    if not meaning(before) or not meaning(own) or re.search(r"\b(?:between|both|either|whether)\b", before, re.IGNORECASE):
        return False
    if re.search(rf"\b(?:{ASKING}|{AUXILIARY}|and|or)$", before, re.IGNORECASE):  # "do you know where and when it was built"
        return False
    if indirect and _INDIRECT.match(after):
        return True
    if _DIRECT.match(after):
        return True
    opened = re.sub(rf"^(?:\W|(?:and|but|so|also)\b|{ASKING}\b|{_REQUEST}\b)+", "", before, flags=re.IGNORECASE)
    return _BY_SUBJECT.match(after) is not None and not _INDIRECT.search(opened)


def _completed(part: str, first: str) -> str:
    """A later part, where it points back or says too little, with the words of the first behind it."""
    if not points_back(part):
        return part
    have = {word.lower() for word in words(part)}
    topic = [word for word in dict.fromkeys(meaning(first)) if word.lower() not in have]
    return f"{part} ({' '.join(topic[:TOPIC])})" if topic else part
