"""What a library taught its own questions: a linear map for words that look for passages, and one for words that look for pictures.

A map turns the vector of a question towards what such words stand beside in this library. For words and pictures that is as much as a
linear head over the pictures. Nothing that is stored is encoded anew for it: what comes in later is found by the same map, and without it
all is as it was.
"""

from __future__ import annotations

import json
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from rag.embed.unit import unit
from rag.errors import LibraryError, OtherEncoder

FILE = "adapter.npz"
Turned = Literal["dense", "visual"]
ROUTES: tuple[Turned, ...] = ("dense", "visual")


@dataclass(frozen=True)
class Adapter:
    """`dense` (text dimension, same) and `visual` (joint dimension, same) are what is added to a question, None where it stays as it is;
    `card` tells the encoders, the data, the date, the seed and the figures."""

    dense: np.ndarray | None = None
    visual: np.ndarray | None = None
    card: Mapping[str, Any] = field(default_factory=dict)

    def turned(self, route: Turned, questions: np.ndarray) -> np.ndarray:
        """Questions (n, d) of unit length as this library asks them on a route."""
        learnt = getattr(self, route)
        return questions if learnt is None else unit(questions + questions @ learnt)

    def but(self, route: Turned, learnt: np.ndarray) -> Adapter:
        """The same with another map on a route."""
        return replace(self, dense=learnt) if route == "dense" else replace(self, visual=learnt)

    def save(self, folder: Path) -> None:
        """Into a library's folder, in 16 bits. Raises LibraryError where it cannot be written."""
        maps = {route: learnt.astype(np.float16) for route in ROUTES if (learnt := getattr(self, route)) is not None}
        part = folder / f"adapter.{uuid.uuid4().hex[:8]}.npz"
        try:
            np.savez(part, card=np.array(json.dumps(self.card)), **maps)
            part.replace(folder / FILE)
        except OSError as error:
            raise LibraryError(f"{folder / FILE} cannot be written: {error.strerror}.", "Check the rights of the library.") from None
        finally:
            part.unlink(missing_ok=True)


AS_IT_IS = Adapter()


def card(folder: Path) -> dict[str, Any] | None:
    """What a library's adapter tells of itself; None where there is none. Raises LibraryError."""
    return dict(_read(folder, ())[1]) if (folder / FILE).exists() else None


def adapter(folder: Path, encoders: Mapping[str, Any]) -> Adapter:
    """The adapter of a library that was made with these encoders. Raises OtherEncoder, LibraryError."""
    maps, told = _read(folder, ROUTES)
    if told["encoders"] != encoders:
        raise OtherEncoder(
            "The adapter of this library was learnt over other encoders.", "Learn it anew with `diptych adapt`, or take it back with --off."
        )
    return Adapter(card=told, **maps)


def _read(folder: Path, routes: tuple[Turned, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        with np.load(folder / FILE, allow_pickle=False) as kept:
            told = json.loads(str(kept["card"]))
            return {route: kept[route].astype(np.float32) for route in routes if route in kept.files}, told
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        raise LibraryError(
            f"{folder / FILE} cannot be read.", "Learn it anew with `diptych adapt`, or take it back with `diptych adapt --off`."
        ) from None
