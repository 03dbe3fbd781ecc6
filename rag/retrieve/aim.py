"""What a question aims at beside its words: documents by their names and periods, pages, figures and sections by their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.language.measures import called
from rag.language.question import Part
from rag.language.signposts import asks_where, only_points
from rag.retrieve.cards import Card, card, meant
from rag.retrieve.pointed import Pointed, looked_up
from rag.retrieve.routes import DEPTH, Probe, follow
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored
from rag.storage.store import Store

FITTING = 0.4  # for a passage of a document that fits the names and periods of the question,
NAMED = 0.2  # and where it has names alone: they may be a matter as well
POINTED = 0.4  # for what stands on the page, or under the label, that the question points to
MOST_MEANT = 8  # documents that a question can mean without naming a file
ENOUGH = 0.5  # of a weight, for what is judged because the question points to it


@dataclass(frozen=True)
class Aim:
    """Where a question leads.

    `words` are searched for `inside` of the documents (versions of files) that the question means; there are none where it means no few.
    It is `sure` where a period tells which they are, or the word "latest": then what says so is left out of the words. `fits` tells how
    well each source fits what it names, `there` is what it points to by a number, weighed by `pointed`. `signposts` is true where it asks
    for what only points. `few` are the documents inside, or all that may be meant, where these are few.
    """

    words: str
    inside: tuple[int, ...] = ()
    fits: Mapping[str, float] | None = None
    there: tuple[Stored, ...] = ()
    pointed: Pointed | None = None
    signposts: bool = True
    sure: bool = False
    few: tuple[int, ...] = ()

    def lift(self, stored: Stored) -> float:
        """What a record rises by, beside its words."""
        fits = self.fits or {}
        best = max(fits.values(), default=0.0)
        # a picture that is a file has no first page, and one that several documents show is not only that of the first: no worse for that
        fit = fits.get(stored.source, best) if self.sure or not stored.record.image else best
        return (FITTING if self.sure else NAMED) * fit + POINTED * self.weight(stored)

    def weight(self, stored: Stored) -> float:
        """How far a record is what the question points to by a number."""
        return self.pointed.weight(stored) if self.pointed else 0.0

    def behind(self, stored: Stored) -> bool:
        """Whether a record stands behind all that tell: it only points, and the question asks for no such thing."""
        record = stored.record
        return not self.signposts and record.image is None and only_points(record.text, record.locator.heading or "")


def aimed(
    part: Part, words: str, whole: str, catalog: Catalog, store: Store, within: Sequence[int] | None, scope: Sequence[int] | None
) -> Aim:
    """Where a part of a question leads that is searched for by `words`; `whole` is the question with all its parts.

    `within` are the versions of files that may count (None: all), `scope` those of the documents that the question names. Raises
    StoreError.
    """
    allowed = None if within is None else set(within)
    cards = [card(each) for each in catalog.openings() if allowed is None or each.version in allowed]

    def whose(name: str, owners: set[int]) -> float:
        holding = [stored.source for stored, _ in follow(Probe("bm25", name, "text"), store, catalog, _listed(within), DEPTH)]
        sources = {each.source for each in cards if each.version in owners}
        return sum(source in sources for source in holding) / len(holding) if holding else 1.0

    found = meant(words, cards, whose)
    if not found.fits and words != whole:  # another part names the document
        found = replace(meant(whole, cards, whose), words=words)
    inside = _inside(cards, found.best, scope)
    signposts = asks_where(whole)
    fits = {each.source: found.fits[each.version] for each in cards if each.version in found.fits}
    sure = bool(inside and fits) and (found.dated or scope is not None)
    if sure and (lines := called(found.words)):  # a document with a period is an account of it
        found = replace(found, words=f"{found.words} ({lines})")
    few = inside or (tuple(each.version for each in cards) if len(cards) <= MOST_MEANT else ())
    aim = Aim(found.words if sure else words, inside if fits else (), fits, signposts=signposts, sure=sure, few=few)
    if not part.points_to:
        return aim
    pointed, there = looked_up(part.points_to, catalog, inside or [each.version for each in cards])
    return replace(aim, there=tuple(each for each in there if pointed.weight(each) >= ENOUGH), pointed=pointed)


def _inside(cards: Sequence[Card], best: frozenset[int], scope: Sequence[int] | None) -> tuple[int, ...]:
    """The documents that are meant, where they are few among others."""
    meant = best if scope is None else set(scope)
    found = tuple(each.version for each in cards if each.version in meant)
    return found if 0 < len(found) <= MOST_MEANT and (len(found) < len(cards) or len(cards) == 1) else ()


def _listed(versions: Sequence[int] | None) -> list[int] | None:
    return None if versions is None else list(versions)
