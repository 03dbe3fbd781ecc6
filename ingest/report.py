"""What an ingest did: each source by what became of it, and why what failed did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.readers.unread import advice


@dataclass(frozen=True)
class Failure:
    """A path that was not taken in, why, and what to do."""

    source: str
    reason: str
    hint: str = ""


@dataclass(frozen=True)
class LeftOut:
    """How many parts of one kind ("charts without data") were left out of a file that was taken in."""

    source: str
    kind: str
    count: int


@dataclass
class Report:
    """What an ingest did. Sources by what became of them; passages, figures and examples written; seconds by stage; files of
    unknown kinds by suffix; what of the files that were read was left out; `kept_out` are sources that stay out, since they were removed.

    Reading goes on in several processes beside the encoding: the seconds of "read" and "ocr" are those of all of them together.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0
    figures: int = 0
    examples: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    left_out: list[LeftOut] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)

    def join(self, more: Report) -> None:
        """Take up what another ingest did."""
        for name in ("added", "changed", "unchanged", "renamed", "removed", "failed", "left_out", "kept_out"):
            getattr(self, name).extend(getattr(more, name))
        for name in ("passages", "figures", "examples"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        self.passed_over.update(more.passed_over)
        self.took(more.seconds)

    def took(self, seconds: Mapping[str, float]) -> None:
        """Add seconds by stage."""
        for stage, more in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + more

    def to_dict(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in ("added", "changed", "unchanged", "renamed", "removed")},
            "failed": [asdict(failure) for failure in self.failed],
            "passages": self.passages,
            "figures": self.figures,
            "examples": self.examples,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            "passed_over": dict(self.passed_over.most_common()),
            "advice": {suffix: advised for suffix in self.passed_over if (advised := advice(suffix))},
            "left_out": [asdict(each) for each in self.left_out],
            "kept_out": self.kept_out,
        }
