"""The words of the chat in the reader's language: English stands in the code, other languages in gettext catalogues (`locale/`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import streamlit as st

CATALOGUES = Path(__file__).with_name("locale")
ENGLISH = "en"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def languages() -> list[str]:
    """The codes of the languages that there are: "en" first, then those of the catalogues."""
    return [ENGLISH, *sorted(file.stem for file in CATALOGUES.glob("*.po"))]


def current() -> str:
    """The language of this session: what was chosen, else the browser's where there is a catalogue for it, else English."""
    if speaks := _spoken.get():
        return speaks
    chosen: str | None = st.session_state.get("language")
    wanted = chosen or (st.context.locale or ENGLISH).partition("-")[0]
    return wanted if wanted in languages() else ENGLISH


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Within it, `language` is spoken, for what is written outside of a session."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(text: str) -> str:
    """`text` in the language of this session."""
    return _catalogue(current()).gettext(text)


def several(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the language of this session has it for `count`."""
    return _catalogue(current()).ngettext(one, many, count)


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
