"""What a library is: the card `library.json` in its folder, made once, and held against the settings whenever it is opened."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import LibraryError, NoLibrary, OtherEncoder, OtherVersion
from rag.settings import Settings
from rag.storage.disk import room_in

SCHEMA_VERSION = 3


@dataclass(frozen=True)
class Identity:
    """`schema` is that of the folder, `language` that of the keywords, and `encoders` what `rag.embed.signature` told when it was made."""

    schema: int
    id: str
    language: str
    encoders: dict[str, Any]


def identified(folder: Path, settings: Settings, *, create: bool) -> Identity:
    """The identity of the library in a folder, made where there is none and `create` is true.

    Raises NoLibrary, OtherEncoder, OtherVersion, LibraryError.
    """
    from rag.embed import is_former, signature

    card = folder / "library.json"
    try:
        there = card.exists()
    except OSError as error:
        raise LibraryError(f"{folder} cannot be looked into: {error.strerror}.", "Give yourself the right to read it.") from None
    if not there and not create:
        raise NoLibrary(folder)
    ours = signature(settings)  # it looks into every file of a model's folder: once is enough
    if not there:
        _make(card, Identity(SCHEMA_VERSION, uuid.uuid4().hex[:12], settings.language, ours))
    found = _read(card)
    if found.encoders != ours and not is_former(found.encoders, ours):
        theirs = found.encoders
        named = ", ".join(f"{part} {theirs.get(part)} (now {ours[part]})" for part in ours if ours[part] != theirs.get(part))
        raise OtherEncoder(
            f"This library was made with other encoders: {named}.",
            "Set profile, text_model and joint_model as they were, name another library, or run `diptych rebuild` to encode anew.",
        )
    return found


def _make(card: Path, identity: Identity) -> None:
    """Write the card; where another maker was first, his stays."""
    folder = card.parent
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder} is a file.", "A library is a folder; name another.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{folder} cannot be made: {error.strerror}.", "Name a folder that you may write to.") from None
    part = card.with_suffix(f".{uuid.uuid4().hex[:8]}")
    try:
        with room_in(folder):
            part.write_text(json.dumps(asdict(identity), indent=2))
            card.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)


def _read(card: Path) -> Identity:
    damaged = LibraryError(f"{card} is damaged.", "Put it back from a copy, or ingest into a new library.")
    try:
        told = json.loads(card.read_text())
        schema = told["schema"]
    except OSError as error:
        raise LibraryError(f"{card} cannot be read: {error.strerror}.", "Give yourself the right to read it.") from None
    except (ValueError, KeyError, TypeError):
        raise damaged from None
    if schema != SCHEMA_VERSION:
        older = isinstance(schema, int) and schema < SCHEMA_VERSION
        hint = "`diptych rebuild` makes it anew from its sources." if older else "Take the Diptych that made it, or name another library."
        raise OtherVersion(f"This library has schema {schema}; this Diptych reads {SCHEMA_VERSION}.", hint)
    try:
        return Identity(schema, told["id"], told["language"], told["encoders"])
    except KeyError:
        raise damaged from None
