"""How fast a server reads a prompt, learnt from its answers before; kept for each server and model, also over the end of the process.

What the front of a prompt has in common with one before lies in the server's cache and is not read again, yet Ollama counts it as read.
So the fronts of the last prompts are remembered (by checksums of their blocks), and only what is new counts.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any
from zlib import crc32

WAIT_SECONDS = 15.0
"""What a person waits for the first word and does not give up; the prompt is cut to what is read in it."""
LEAST_ROOM = 400  # tokens of passages, however slow: fewer do not hold the sentences that matter
SLOW = 100.0  # tokens a second: a server that reads fewer is kept for the answers, and works on nothing beside them
LEAST_READ = 150  # tokens: of fewer, the time says more about the rest of the work
ANSWERS = 5  # the last, whose median counts
PROMPTS = 4  # the last, whose fronts are remembered
BLOCK = 64  # characters

_lock = threading.Lock()
_kept: dict[tuple[Path, str], Memory] = {}


@dataclass(frozen=True)
class Memory:
    """What is known of a server's model: the tokens a second of its last answers, and the checksums of its last prompts, block by block."""

    speeds: tuple[float, ...] = ()
    prompts: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Pace:
    """The pace of one model of one server, `key`; `file` keeps it, and `guess` gives tokens a second until there is an answer."""

    key: str
    file: Path
    guess: Callable[[], float] = field(compare=False)

    def speed(self) -> float:
        """The tokens of a prompt that are read in a second: the median of the last answers, the lower one of two."""
        speeds = self._memory().speeds
        return statistics.median_low(speeds) if speeds else self.guess()

    @property
    def slow(self) -> bool:
        return self.speed() < SLOW

    def room(self, frame: str, tokens: int) -> int:
        """How many tokens of passages are read in time, in a prompt that has `tokens` without them, whose text is `frame`."""
        unread = tokens * (1 - self._read_before(_blocks(frame)))
        return max(LEAST_ROOM, int(self.speed() * WAIT_SECONDS - unread))

    def learn(self, prompt: str, tokens: int, seconds: float) -> None:
        """Take in that a prompt of so many tokens, those in the cache among them, was read in so many seconds."""
        blocks = _blocks(prompt)
        read = tokens * (1 - self._read_before(blocks))
        with _lock:
            known = self._memory()
            speeds = (*known.speeds, read / seconds) if read >= LEAST_READ and seconds > 0 else known.speeds
            prompts = (*(each for each in known.prompts if each != blocks), blocks)
            self._keep(Memory(speeds[-ANSWERS:], prompts[-PROMPTS:]))

    def _read_before(self, blocks: Sequence[int]) -> float:
        """The share of a prompt that it has in common with the front of one before."""
        return max((_common(blocks, each) for each in self._memory().prompts), default=0) / max(1, len(blocks))

    def _memory(self) -> Memory:
        """What the file says (another process may have written it), else what this process knows."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            known = _read(self.file)[self.key]
            speeds = [float(each) for each in known["speeds"] if each > 0]
            return Memory(tuple(speeds), tuple(tuple(map(int, each)) for each in known["prompts"]))
        return _kept.get((self.file, self.key), Memory())

    def _keep(self, memory: Memory) -> None:
        _kept[self.file, self.key] = memory
        with suppress(OSError):  # where nothing can be kept, this process knows it
            self.file.parent.mkdir(parents=True, exist_ok=True)
            try:
                others = _read(self.file)
            except (OSError, ValueError):
                others = {}
            part, name = tempfile.mkstemp(prefix=f"{self.file.name}.", dir=self.file.parent)
            try:
                with os.fdopen(part, "w", encoding="utf-8") as out:
                    json.dump({**others, self.key: {"speeds": memory.speeds, "prompts": memory.prompts}}, out)
                Path(name).replace(self.file)
            finally:
                Path(name).unlink(missing_ok=True)


def report(pace: Pace, prompt: str, end: Mapping[str, Any], estimate: int, first_seconds: float) -> None:
    """Have `pace` learn from the last line of an answer of Ollama; where that does not tell the time (a server in between, a model in the
    cloud), from the seconds until the first piece."""
    spent = end.get("prompt_eval_duration")
    pace.learn(prompt, end.get("prompt_eval_count") or estimate, spent / 1e9 if spent else first_seconds)


def _read(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def _blocks(text: str) -> tuple[int, ...]:
    return tuple(crc32(text[at : at + BLOCK].encode("utf-8", "replace")) for at in range(0, len(text), BLOCK))


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
