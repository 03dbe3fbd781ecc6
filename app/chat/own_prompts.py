"""Prompts as a reader changes them: in a folder of their own, checked before they are kept; what is taken out is as shipped again."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from rag.errors import PromptError
from rag.prompts import OPTIONAL, REQUIRED, Prompt, parse
from rag.settings import Settings, own_prompts_folder


def folder(settings: Settings) -> Path:
    """Where own prompts lie: the setting `prompts`, else a folder in the user's data folder."""
    return settings.prompts or own_prompts_folder()


def shipped(name: str) -> str:
    """The prompt as Diptych ships it."""
    return (files("prompts") / f"{name}.md").read_text("utf-8")


def own(name: str, settings: Settings) -> str | None:
    """The reader's own text of a prompt that is in use; None where it is as shipped. Raises PromptError where it cannot be read."""
    file = settings.prompts / f"{name}.md" if settings.prompts else None
    if file is None or not file.is_file():
        return None
    try:
        return file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise PromptError(f"{file} cannot be read: {error}", "Prompts are text files in UTF-8.") from error


def preview(name: str, text: str) -> list[tuple[str, str]]:
    """What a model would be told, by role, with each variable's name where its value goes. Raises PromptError where the text is no such
    prompt."""
    told = _checked(name, text).render(**{variable: f"‹{variable}›" for variable in REQUIRED[name] | OPTIONAL[name]})
    return [("system" if message.type == "system" else "user", str(message.content)) for message in told]


def keep(name: str, text: str, settings: Settings) -> Path:
    """Check the text and write it; the folder that it lies in, which the setting `prompts` must name. Raises PromptError."""
    _checked(name, text)
    where = _mine(settings)
    try:
        where.mkdir(parents=True, exist_ok=True)
        part = where / f".{name}.part"
        part.write_text(text, "utf-8")
        part.replace(where / f"{name}.md")
    except OSError as error:
        raise PromptError(f"{where} cannot be written: {error.strerror}.", "Name another folder in the setting `prompts`.") from None
    return where


def reset(name: str, settings: Settings) -> None:
    """Take the reader's own text away: the prompt is as shipped again. Raises PromptError."""
    try:
        (_mine(settings) / f"{name}.md").unlink(missing_ok=True)
    except OSError as error:
        raise PromptError(f"The own prompt cannot be taken away: {error.strerror}.", "Delete the file yourself.") from None


def idle(settings: Settings) -> bool:
    """Whether the setting `prompts` names the folder that `keep` made, and none is in it any more."""
    return settings.prompts == own_prompts_folder() and not any((settings.prompts / f"{name}.md").exists() for name in REQUIRED)


def _checked(name: str, text: str) -> Prompt:
    return parse(name, text, f"{name}.md")


def _mine(settings: Settings) -> Path:
    where = folder(settings)
    if where.is_dir() and where.samefile(Path(str(files("prompts") / "answer.md")).parent):
        raise PromptError("The setting `prompts` names the folder of the shipped prompts.", "Name a folder of your own, or leave it out.")
    return where
