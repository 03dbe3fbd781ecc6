"""What passes between an ingest and its reading processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingest.blocks import Lost
from ingest.spool import Spool


@dataclass(frozen=True)
class Setup:
    """What every reading process of one ingest needs; `tokenizer` is the encoder's, as JSON, `max_tokens` a passage's limit.

    `spools` is the folder for spools and all other temporary files: what a killed process leaves there goes with it. `speech` is the model
    that recognises what is said, on so many `threads`; `lacking` says why none is there, and what to do. `sound_model` gives
    sounds their vectors, on that `device`.
    """

    library: Path
    spools: Path
    media_uri: str | None
    tokenizer: str
    max_tokens: int
    speech: str = ""
    threads: int = 1
    lacking: tuple[str, str] | None = None
    sound_model: str | None = None
    device: str | None = None


@dataclass(frozen=True)
class Job:
    """One file to read: where it lies now, its name in the library, the folder that it may refer into, where its spool goes, where what was
    made of its parts is kept while it is read (None: nowhere), and the hash of its content."""

    path: Path
    source: str
    root: Path
    spool: Path
    parts: Path | None = None
    hash: str = ""


@dataclass(frozen=True)
class Beat:
    """A sign of life: another block was read, or more of a recording was heard: how many seconds, and of how many (0: not known)."""

    heard: tuple[float, float] | None = None


@dataclass(frozen=True)
class Unread:
    """The file cannot be taken in. `lasting` where nothing but another file or another reader will change that."""

    reason: str
    hint: str
    lasting: bool = False


@dataclass(frozen=True)
class Stop:
    """Nothing can be taken in any more (the disk is full)."""

    reason: str
    hint: str


@dataclass(frozen=True)
class Read:
    """The file is read; `seconds` by stage. `references` are the files that it refers to, as paths from its folder, with their marks; the
    whole path of a model is one that lacks, and with which it will be read anew.

    `lost` are the parts of it that could not be read, `passed` counts by kind those that were left out.
    """

    spool: Spool
    seconds: dict[str, float] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    lost: tuple[Lost, ...] = ()
    passed: dict[str, int] = field(default_factory=dict)
