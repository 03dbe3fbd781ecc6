"""The core of Diptych: it knows no file formats and no screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import Answer, Citation, Hit
    from rag.settings import Settings

__all__ = ["Answer", "Citation", "Hit", "Library", "Settings"]

_HOMES = {"Library": "library", "Settings": "settings"}


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module

        return getattr(import_module(f"rag.{_HOMES.get(name, 'records')}"), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
