"""One form for what is one to a reader: composed and decomposed letters, full-width and presentation forms, ligatures, soft hyphens."""

from __future__ import annotations

import re
import unicodedata

UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # letters beside which a number or a Latin word may stand without a space
_KEPT = ("<fraction>", "<super>", "<circle>")  # these say something: 2½, m², ①; who types H₂O writes H2O
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def folded_form(text: str) -> str:
    """The text as it is compared, never as it is shown: NFKC, but fractions and powers stay as they are."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).translate({0x2010: "-", 0x2011: "-"})
    return text if unicodedata.is_normalized("NFKC", text) else "".join(_folded(sign) for sign in text)


def _folded(sign: str) -> str:
    kind = unicodedata.decomposition(sign)
    return unicodedata.normalize("NFKC", sign) if kind.startswith("<") and not kind.startswith(_KEPT) else sign
