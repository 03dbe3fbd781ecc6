"""What answers where nobody names a model, and why that."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import ModelError
from rag.llm import address, ollama
from rag.llm.ollama import ModelInfo
from rag.settings import Settings

LLAMA = "llama3"
OVERHEAD = 1.25  # what a loaded model takes, over the size of its file: its context, and what computes


REASONS = {  # the ends of a sentence ("because ..."); who speaks another language has them in that
    "unreachable": "Ollama does not answer, and quotes are right more often than what the packaged models write",
    "chatless": "Ollama has no chat model, and quotes are right more often than what the packaged models write",
    "named": "the settings name it",
    "llama": "Ollama has it, and Llama 3 goes before others",
    "only": "it is the only chat model that Ollama has",
    "largest": "Ollama has no Llama 3, and this is the largest of its chat models",
    "fits": "Ollama has no Llama 3, and this is the largest of its chat models that fits into {memory} GB of memory",
    "smallest": "none of Ollama's chat models fits into {memory} GB of memory, and this is the smallest",
}


@dataclass(frozen=True)
class Choice:
    """A SPEC, and the reason for it: a key of REASONS, with the GB of `memory` that it speaks of."""

    spec: str
    reason: str
    memory: str = ""

    @property
    def why(self) -> str:
        """The reason in English."""
        return REASONS[self.reason].format(memory=self.memory)


def automatic(settings: Settings) -> Choice:
    """What `auto` is now. Raises SettingsError where the address of Ollama is none."""
    try:
        models: Sequence[ModelInfo] | None = ollama.models(settings)
    except ModelError:
        models = None
    return choice(settings, models)


def choice(settings: Settings, models: Sequence[ModelInfo] | None) -> Choice:
    """What `auto` is where Ollama has `models` (None: it does not answer): of its chat models the one in the settings, else a Llama 3, else
    the largest that fits; without any, `quote`, which measures better than the packaged readers (benchmarks/answers.md)."""
    chats = [each for each in models or () if each.chat_capable]
    able = [each for each in chats if not each.bare] or chats  # one that never stops comes last
    if not able:
        return Choice("quote", "unreachable" if models is None else "chatless")
    wanted = settings.llm.removeprefix("ollama:") if settings.llm.startswith("ollama:") else None
    for each in chats:
        if wanted and each.name in (wanted, f"{wanted}:latest"):
            return Choice(f"ollama:{each.name}", "named")
    for each in able:
        if each.name.rpartition("/")[2].startswith(LLAMA):
            return Choice(f"ollama:{each.name}", "llama")
    memory = _memory() if address.is_here(ollama.host_of(settings)) else None
    return _largest(able, memory)


def _largest(models: Sequence[ModelInfo], memory: int | None) -> Choice:
    """The largest model that fits into `memory` bytes (None: not known, all do), else the smallest."""
    fitting = [each for each in models if memory is None or each.size_bytes * OVERHEAD <= memory]
    best = max(fitting, key=lambda each: each.size_bytes) if fitting else min(models, key=lambda each: each.size_bytes)
    reason = "only" if len(models) == 1 else "largest" if memory is None else "fits" if fitting else "smallest"
    return Choice(f"ollama:{best.name}", reason, "" if memory is None else f"{memory / 1e9:.0f}")


def _memory() -> int | None:
    """The bytes of memory of this machine; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
