"""The prompts as files: found, checked, filled in, and split into what the system says and what the user says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PromptError
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

REQUIRED = {
    "answer": {"question", "context"},
    "answer_small": {"question", "context"},
    "condense": {"question", "history"},
    "followups": {"question", "context"},
    "judge": {"question", "gold", "answer"},
}
OPTIONAL = {
    "answer": {"refusal", "examples"},
    "answer_small": {"refusal"},
    "condense": set[str](),
    "followups": {"answer"},
    "judge": {"scale"},
}

_VARIABLE = re.compile(r"\{([A-Za-z_]+)\}")
_TAG = re.compile(r"</?([a-z]+)>")
_CONTROL = re.compile(r"<(?=[|\uff5c]|<?/?SYS>|/?s>|(?:start|end)_of_turn>|[be]os>)|\[(?=/?INST\])", re.IGNORECASE)
"""Where the marks begin by which models tell turns apart (ChatML, Llama, Gemma, Mistral, DeepSeek): servers read them out of any text."""
_MARK = re.compile(r"^=== (system|user) ===[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    """A prompt file's two parts, with `{variable}`s to fill in; `system` may be empty."""

    name: str
    system: str
    user: str

    def uses(self, variable: str) -> bool:
        """Whether the prompt has a place for a variable."""
        return variable in _VARIABLE.findall(self.system + self.user)

    def render(self, **values: str) -> list[BaseMessage]:
        """The messages, every variable replaced once by its value. Raises PromptError.

        Braces in values stay as they are. A value cannot close the tags that the prompt puts around it as data, nor begin a turn of the
        conversation with a model's own marks, and a lone surrogate (which no server takes) becomes a question mark.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        for name in values:
            if name not in REQUIRED[self.name] | OPTIONAL[self.name]:
                raise PromptError(f"The prompt '{self.name}' knows no variable '{name}'.", _variables(self.name))

        tags = "|".join(set(_TAG.findall(self.user)))
        closing = re.compile(rf"<(?=\s*/?\s*(?:{tags})\s*>)" if tags else r"(?!)", re.IGNORECASE)
        safe = {name: closing.sub("‹", _without_marks(value.encode("utf-8", "replace").decode())) for name, value in values.items()}

        def fill(part: str) -> str:
            return _VARIABLE.sub(lambda found: self._value(found.group(1), safe), part)

        user = HumanMessage(fill(self.user))
        return [SystemMessage(fill(self.system)), user] if self.system else [user]

    def _value(self, name: str, values: dict[str, str]) -> str:
        if name not in values:
            raise PromptError(f"The prompt '{self.name}' needs a value for its variable '{name}'.", _variables(self.name))
        return values[name]


def load(name: str, settings: Settings) -> Prompt:
    """The prompt `name` (one of `REQUIRED`): from the folder in the setting `prompts` where it has `name`.md, else the shipped one.

    Raises PromptError where the file cannot be read, has no user part, or its variables are not the right ones.
    """
    own = settings.prompts / f"{name}.md" if settings.prompts else None
    if settings.prompts and not settings.prompts.is_dir():
        raise PromptError(f"The folder of prompts {settings.prompts} is not there.", "Make it, or take the setting `prompts` out.")
    if own and own.is_file():
        return parse(name, _read(own), str(own))
    return parse(name, (files("prompts") / f"{name}.md").read_text(encoding="utf-8"), f"prompts/{name}.md")


def check(settings: Settings) -> None:
    """Raises PromptError where any prompt is wrong: before the first of them is sent."""
    for name in REQUIRED:
        load(name, settings)


def parse(name: str, text: str, where: str) -> Prompt:
    """The prompt that `text` holds: what follows a line `=== system ===`, and what follows `=== user ===`; the lines above are notes."""
    pieces = _MARK.split(text.replace("\r\n", "\n"))
    marks, parts = pieces[1::2], [part.strip() for part in pieces[2::2]]
    if marks not in (["user"], ["system", "user"]) or not parts[-1]:
        raise PromptError(
            f"{where} must hold a part '=== user ===' and may hold a part '=== system ===' before it.",
            "Write each mark on a line of its own.",
        )
    prompt = Prompt(name, parts[0] if len(parts) == 2 else "", parts[-1])
    used = set(_VARIABLE.findall(prompt.system + prompt.user))
    for variable in sorted(used - REQUIRED[name] - OPTIONAL[name]):
        raise PromptError(f"{where} names a variable '{variable}' that nobody fills.", _variables(name))
    for variable in sorted(REQUIRED[name] - used):
        raise PromptError(f"{where} lacks the variable '{variable}'.", _variables(name))
    return prompt


def _without_marks(text: str) -> str:
    return _CONTROL.sub(lambda found: "‹" if found.group() == "<" else "(", text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise PromptError(f"{path} cannot be read: {error}", "Prompts are text files in UTF-8.") from error


def _variables(name: str) -> str:
    must, may = sorted(REQUIRED[name]), sorted(OPTIONAL[name])
    return f"It must have {', '.join(f'{{{each}}}' for each in must)}" + (
        f" and may have {', '.join(f'{{{each}}}' for each in may)}." if may else "."
    )
