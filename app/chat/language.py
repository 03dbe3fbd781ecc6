"""The words of the chat in the reader's language: English stands in the code, other languages in gettext catalogues (`locale/`).

What is said on a thread of its own, or stands in a constant, is said `later`: it is put into words where it is shown. Messages of `rag` and
`ingest` (errors, hints, reasons) are English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

CATALOGUES = Path(__file__).with_name("locale")
ENGLISH = "en"
AUTO = "auto"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


class later:  # noqa: N801 (used as a function, like `_`)
    """Words that `str` puts into the language of the session that shows them; values go in by `format`."""

    def __init__(self, text: str):
        self.text = text  # in English
        self._values: dict[str, object] = {}

    def format(self, **values: object) -> later:
        filled = later(self.text)
        filled._values = self._values | values
        return filled

    def __str__(self) -> str:
        return _(self.text).format(**self._values)


@cache
def languages() -> list[str]:
    """The codes of the languages that there are: "en" first, then those of the catalogues."""
    return [ENGLISH, *sorted(file.stem for file in CATALOGUES.glob("*.po"))]


def choose(language: str) -> None:
    """The language of this session from now on; "auto" is that of the browser."""
    st.session_state.language = None if language == AUTO else language


def current() -> str:
    """The language of this session: what was chosen, else the browser's where there is a catalogue for it, else English."""
    return _spoken.get() or _of_session()


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Within it, `language` is spoken, for what is written outside of a session."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def _of_session() -> str:
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    chosen: str | None = st.session_state.get("language")
    wanted = chosen or (st.context.locale or ENGLISH).partition("-")[0]
    return wanted if wanted in languages() else ENGLISH


def _(text: str) -> str:
    """`text` in the language of this session."""
    return _catalogue(current()).gettext(text)


def several(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the language of this session has it for `count`, which stands for {n}."""
    return _catalogue(current()).ngettext(one, many, count).replace("{n}", number(count))


def number(value: float, digits: int = 0) -> str:
    """`value` as the language of this session writes it, rounded to so many `digits`: 1,234.5 is 1.234,5 in German."""
    from babel.numbers import format_decimal

    return format_decimal(value, "#,##0." + "0" * digits if digits else "#,##0", locale=current())


def rounded(value: float) -> str:
    """`value` to three figures, as the language of this session writes them: 1.25 is 1,25 in German."""
    from babel.numbers import format_decimal

    return format_decimal(value, "@##", locale=current())


@cache
def _catalogue(language: str) -> NullTranslations:
    file = CATALOGUES / f"{language}.po"
    if not file.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(file.open("rb")))
    compiled.seek(0)
    return GNUTranslations(compiled)
