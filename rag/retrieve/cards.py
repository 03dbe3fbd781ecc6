"""Which documents the names and periods of a question point to: what a reader knows from the cover, and no passage says again.

"Gross margin of Ossett in Q3 2023" is asked of one report among many that all have a gross margin. What sets them apart stands in the
file's name, in the title and on the first page. A name tells as much as it sets documents apart: one that all have tells nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.language.names import specifics
from rag.language.periods import Period, ends, months, periods
from rag.language.words import meaning, words
from rag.records import Place
from rag.storage.entries import Opening

NAMES = 0.6  # of the fit by names, the rest by periods
OWN = 0.6  # of the passages with a name, at least so many stand in the documents that it belongs to
SAME_YEAR = 0.5  # of a report on the year for one on a quarter of it, and the other way round
EARLIER = 0.5  # of a report on a period that is not the last of those asked for: the last one tells of those before it, too


@dataclass(frozen=True)
class Card:
    """What sets a document apart: the words of its name, title and first page, in small letters; the periods that it names as its own; and
    the months at whose end these end."""

    source: str
    version: int
    place: Place
    words: frozenset[str]
    periods: tuple[Period, ...]
    ends: tuple[tuple[int, int], ...]

    @property
    def quarters(self) -> set[Period]:
        """Its quarters: as it calls them, else as the calendar has them."""
        named = {each for each in self.periods if each.quarter}
        return named or {Period(year, (month + 2) // 3) for year, month in self.ends}


@lru_cache(maxsize=50_000)
def card(opening: Opening) -> Card:
    """The card of a document."""
    place = opening.place
    told = f"{place.name}\n{place.title}\n{opening.text}"
    own = next((found for text in (place.name, place.title, opening.text) if (found := periods(text)[0])), [])
    plain = {part for word in words(told) for part in _forms(word)}
    for name in (place.name, place.title):
        plain |= {f"{one[0]}n{other[0]}".casefold() for one, other in pairwise(words(name))}  # "JnJ"
    return Card(opening.source, opening.version, place, frozenset(plain), tuple(own), tuple(ends(told)))


@dataclass(frozen=True)
class Meant:
    """Which documents a question means: by version how well each `fits` what it names, from 0 to 1 (nothing where that sets none
    apart), the versions that fit `best`, and the `words` of the question without what only says which document. It is `dated` where a
    period says so: a name alone may be a matter as well."""

    fits: Mapping[int, float]
    best: frozenset[int]
    words: str
    dated: bool = False


def meant(question: str, cards: Sequence[Card], whose: Callable[[str, set[int]], float]) -> Meant:
    """The documents that the names and periods of a question point to.

    `whose` tells which share of all that has a name stands in the documents of these versions: where it is small, the name is a matter
    that many write of, and not whose document it is.
    """
    asked, rest = periods(question)
    names, by_names = by_name(specifics(rest), cards, whose)
    by_periods = _by_period(asked, months(question), cards)
    told = [(share, found) for share, found in ((NAMES, by_names), (1 - NAMES, by_periods)) if len(set(found)) > 1]
    alone = len(cards) == 1 and by_periods[0] > 0  # the one that there is, or that is asked, is a report on that period
    if alone:
        told = [(1.0, by_periods)]
    if not told:
        return Meant({}, frozenset(), question)
    whole = sum(share for share, _ in told)
    fits = {each.version: sum(share * found[at] for share, found in told) / whole for at, each in enumerate(cards)}
    most = max(fits.values())
    best = frozenset(version for version, fit in fits.items() if fit == most)
    shared = frozenset.intersection(*(each.words for each in cards if each.version in best))
    names |= {form for word in specifics(rest) for form in _forms(word)[:1] if all(form in each.words for each in cards)} & shared
    dated = alone or len(set(by_periods)) > 1
    return Meant(fits, best, _without(rest if dated else question, names), dated)


def _without(question: str, names: Collection[str]) -> str:
    """The question without these names; as it was where nothing else is in it."""
    bare = " ".join(word for word in question.split() if _forms(word.strip("\"'“”‘’.,;:!?()"))[0] not in names)
    return bare if meaning(bare) else question


def by_name(
    names: Sequence[str], cards: Sequence[Card], whose: Callable[[str, set[int]], float] = lambda name, versions: 1.0
) -> tuple[set[str], list[float]]:
    """Those of the names that set documents apart, and for each document the share of them that it has, those that few documents have
    counting more; 0 where none does."""
    weights: dict[str, tuple[float, set[int]]] = {}
    for name in dict.fromkeys(form for word in names for form in _forms(word)[:1]):
        held = {at for at, each in enumerate(cards) if name in each.words}
        if 0 < len(held) < len(cards) and (share := whose(name, {cards[at].version for at in held})) > OWN:
            weights[name] = share * math.log(len(cards) / len(held)), held
    whole = sum(weight for weight, _ in weights.values()) or 1.0
    return set(weights), [sum(weight for weight, held in weights.values() if at in held) / whole for at in range(len(cards))]


def _by_period(asked: Sequence[Period], days: Sequence[tuple[int, int]], cards: Sequence[Card]) -> list[float]:
    last = max(asked, default=None)
    found = []
    for each in cards:
        quarters, years = each.quarters, {period.year for period in each.periods if not period.quarter}
        years = years or ({year for year, _ in each.ends} if not quarters else years)
        best = [(1.0 if period == last else EARLIER) * _match(period, quarters, years) for period in asked]
        best += [1.0 for day in days if day in each.ends]
        found.append(max(best, default=0.0))
    return found


def _match(period: Period, quarters: Collection[Period], years: Collection[int]) -> float:
    if period.quarter:
        return 1.0 if period in quarters else SAME_YEAR if period.year in years else 0.0
    if period.year in years or Period(period.year, 4) in quarters:  # the report on the last quarter tells of the year
        return 1.0
    return SAME_YEAR if any(each.year == period.year for each in quarters) else 0.0


def _forms(word: str) -> list[str]:
    """A word in small letters without an ending of possession, and the parts of one that is put together with hyphens or dots."""
    plain = word.casefold().replace("’", "'").removesuffix("'s").rstrip("'")
    return [plain, *(part for part in re.split(r"[-.]", plain) if part != plain)]
