"""The core of Diptych: it knows no file formats and no screens. `Library.open(folder)` is the way in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answer.events import Checked, Done, Draft, Found
    from rag.errors import (
        DiptychError,
        EncoderError,
        LibraryError,
        ModelError,
        ModelStalled,
        ModelUnavailable,
        ModelUnknown,
        NoLibrary,
        NoRoom,
        OtherEncoder,
        OtherVersion,
        PromptError,
        ReadError,
        SettingsError,
        StoreError,
        UsageError,
    )
    from rag.library import Library
    from rag.records import Answer, Citation, Hit, Locator, Place, Search
    from rag.settings import Settings

    __version__: str

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's products are small here, and its threads wait spinning for cores that encode
os.environ.setdefault("GOMP_SPINCOUNT", "300")  # read when torch is loaded, which shares it with llama.cpp: see rag/llm/engine.py

__all__ = [
    "Answer",
    "Checked",
    "Citation",
    "DiptychError",
    "Done",
    "Draft",
    "EncoderError",
    "Found",
    "Hit",
    "Library",
    "LibraryError",
    "Locator",
    "ModelError",
    "ModelStalled",
    "ModelUnavailable",
    "ModelUnknown",
    "NoLibrary",
    "NoRoom",
    "OtherEncoder",
    "OtherVersion",
    "Place",
    "PromptError",
    "ReadError",
    "Search",
    "Settings",
    "SettingsError",
    "StoreError",
    "UsageError",
]

_HOMES = {
    "Library": "rag.library",
    "Settings": "rag.settings",
    **dict.fromkeys(("Found", "Draft", "Checked", "Done"), "rag.answer.events"),
    **dict.fromkeys(("Answer", "Citation", "Hit", "Locator", "Place", "Search"), "rag.records"),
}


def __getattr__(name: str) -> Any:
    """Names are fetched when they are first asked for, so that `import rag` costs nothing."""
    if name in __all__:
        from importlib import import_module

        value = getattr(import_module(_HOMES.get(name, "rag.errors")), name)
    elif name == "__version__":
        value = _version()
    else:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})


def _version() -> str:
    """The version of the installed package; of a clone that is only on the path, what its pyproject.toml says."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("diptych")
    except PackageNotFoundError:
        import tomllib
        from pathlib import Path

        return tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]["version"]
