"""What of a letter or a mail only directs it: the lines of its head, its greeting and its close. They have the names, and tell nothing."""

from __future__ import annotations

import re

FEWEST = 3  # lines of a head: two may be the facts of something else

_HEAD = re.compile(r"(?P<name>from|to|cc|bcc|subject|date|sent|reply-to):\s", re.IGNORECASE)
_GREETS = re.compile(
    r"(?i:dear|hello|hi|hey|good (?:morning|afternoon|evening))\b(?:[ .]+(?:[A-Z][\w’'.-]*|and|all|sir|madam|or)){1,6}\s*[,!:]?"
)
_CLOSES = re.compile(
    r"(?i:yours (?:sincerely|faithfully|truly|ever)|(?:with )?(?:kind|best|warm) (?:regards|wishes)|sincerely|regards|cheers)\b"
    r"[^.?!:]{0,60}"
)
_ASKS = re.compile(
    r"\b(?:letters?|e-?mails?|messages?|subjects?|wrote|write|writes|written|sent|sends?|address(?:ed|ee)?|to whom|sender|recipient)\b",
    re.IGNORECASE,
)


def directs(sentence: str, text: str) -> bool:
    """Whether a sentence of a text greets somebody, closes it, or is a line of its head ("To: Ada Brann")."""
    if _GREETS.fullmatch(sentence) or _CLOSES.fullmatch(sentence):
        return True
    return _HEAD.match(sentence) is not None and len(_names(text)) >= FEWEST


def asks_of_letter(question: str) -> bool:
    """Whether a question asks for what these tell: who wrote to whom, a subject."""
    return _ASKS.search(question) is not None


def _names(text: str) -> set[str]:
    return {found["name"].lower() for line in text.splitlines() if (found := _HEAD.match(line.strip()))}
