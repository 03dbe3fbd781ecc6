"""`diptych.toml` as the settings page writes it: its comments and its order stay, and nothing wrong is ever written."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

NAME = "diptych.toml"
AT_ONCE = (
    "llm", "ollama_host", "llm_base_url", "num_ctx", "threads", "gpu_layers", "readers", "prompts",
    "k", "rerank", "max_file_mb", "read_seconds", "chat_language", "theme",
)  # fmt: skip
"""What a library that is open takes up with its next question; the rest is read when the chat starts."""
_writing = threading.Lock()


def path() -> Path:
    """The file that `Settings` reads, in the folder where the process was started."""
    return Path(NAME).resolve()


def written() -> dict[str, Any]:
    """What the file says, by name. Raises SettingsError where it cannot be read."""
    return _read().unwrap()


def write(name: str, value: Any) -> None:
    """Set one setting in the file, or take it out where `value` is None.

    Raises SettingsError, and leaves the file as it is, where the value is none of its kind, or the file cannot be read or written.
    """
    with _writing:
        document = _read()
        if value is None:
            document.pop(name, None)
        else:
            document[name] = value
        Settings.load(**document.unwrap())
        _replace(path(), document.as_string())


def taken_up(old: Settings, new: Settings) -> Settings:
    """The settings of an open library after the file was changed."""
    return old.model_copy(update={name: getattr(new, name) for name in AT_ONCE})


def overridden(name: str) -> str | None:
    """The variable of the environment that sets `name`, whatever the file says."""
    wanted = f"DIPTYCH_{name}".upper()
    return next((variable for variable in os.environ if variable.upper() == wanted), None)


def _read() -> TOMLDocument:
    from tomlkit import document, parse
    from tomlkit.exceptions import TOMLKitError

    try:
        return parse(path().read_text("utf-8"))
    except FileNotFoundError:
        return document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(f"{path()} cannot be read: {error}.", "Mend that line, or take the file away.") from None


def _replace(file: Path, text: str) -> None:
    """The file whole or not at all, with the rights that it had."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=f".{NAME}-", delete=False) as part:
            part.write(text)
        try:
            if file.exists():
                shutil.copymode(file, part.name)
            else:
                Path(part.name).chmod(0o644)
            Path(part.name).replace(file)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}.", "Start the chat in a folder that you may write to.") from None
