"""Sentences of documents that give orders to whoever reads them: they bear nothing that they want said."""

from __future__ import annotations

import re

from rag.language.facts import akin, content

_SAY = r"(?:reply|respond|answer|say|output|print|repeat|claim|pretend|cite|write|tell|state|append|include)"
_ORDERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(ignore|disregard|forget|override|bypass)\b.{0,60}"
        r"\b(?:instructions?|rules?|prompts?|passages?|guidelines|context|above|previous|prior|said)\b",
        rf"(?:^|[^\w\s]\s*|\b(?:please|and|then|instead|now|just|simply|always|must|should|shall|will|only|to)\s+)({_SAY})\s+"
        r"(?:only|just|exactly|always|that|with|to (?:every|any|all|the user)|as|nothing|verbatim|"
        r"the (?:word|words|phrase|following|sentence|link|image|user)|[“\"':])",
        rf"(?:^|[^\w\s]\s*)({_SAY})\s+(?-i:[A-Z]{{3,}})\b",
        rf"\b({_SAY})\b.{{0,80}}\b(?:in|to) (?:your|every|each|the) (?:answers?|repl(?:y|ies)|responses?)\b",
        r"\byou (?:are|act|will act) (?:now|from now on)\b|\b(?:from now on|henceforth),? you\b|"
        r"\byour (?:new|only|real) (?:role|task|instructions?)\b",
        r"\b(?:ignorier\w*|antworte\w*|ignore[zr]|réponde[zr]|ignor[ae]|respond[ae]|rispondi|negeer|antwoord)\b.{0,60}"
        r"\b(?:anweisung\w*|nur|instructions|seulement|uniquement|instrucciones|solo|sólo|somente|istruzioni|instructies|alleen)\b",
        r"忽略|无视|無視|忘记|只回答|игнорируй|ответь только|답하세요",
        r"\b(?:new|updated|system) (?:instructions?|prompt)\s*[:—-]|^\W*(?:system|assistant|user|human|ai)\s*:",
    )
]


def gives_orders(sentence: str) -> bool:
    """Whether a sentence tells its reader what to say or to ignore."""
    return any(pattern.search(sentence) for pattern in _ORDERS)


def only_ordered(statement: str, sentence: str) -> bool:
    """Whether a sentence of a document orders what a statement says, and the statement does not report it as an order."""
    found = [match for pattern in _ORDERS if (match := pattern.search(sentence))]
    if not found:
        return False
    verbs = {verb.lower() for match in found for verb in match.groups() if verb}
    words = content(statement)
    return not any(akin(verb, word) for verb in verbs for word in words)
