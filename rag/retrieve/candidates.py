"""What the routes of a search brought, before it is ranked."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from rag.retrieve.aim import Aim
from rag.storage.entries import Stored


@dataclass
class Candidates:
    """What the routes brought: each twin's best record, its rank by route, the cosine of each that the dense route brought, how clear
    the visual route is, where the question leads, and the passages at the time at which they sound like it."""

    best: dict[str, Stored]
    routes: dict[str, dict[str, int]]
    clear: float = 1.0
    nearness: dict[str, float] = field(default_factory=dict)
    aim: Aim = field(default_factory=lambda: Aim(""))
    accounts: dict[str, int] = field(default_factory=dict)
    moments: dict[str, Stored] = field(default_factory=dict)

    @property
    def pictures(self) -> set[str]:
        return {key for key, stored in self.best.items() if stored.record.image}

    @property
    def sections(self) -> dict[str, tuple[Hashable, int]]:
        passages = ((key, stored) for key, stored in self.best.items() if not stored.record.image)
        return {key: ((stored.source, stored.record.locator.heading), stored.id) for key, stored in passages}
