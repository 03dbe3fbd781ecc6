"""The second stage of a search: what words brought is reranked by late interaction, its head by a cross-encoder where one is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.language.words import numbered, own_words, with_digits
from rag.retrieve.candidates import Candidates
from rag.retrieve.fuse import ranks, reciprocal_rank_fusion
from rag.retrieve.query import Asked, Query
from rag.retrieve.ranking import NUMBERS, Wish, reranked
from rag.retrieve.rerank import LateInteraction, MaxSim
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored

if TYPE_CHECKING:
    from rag.retrieve.cross import CrossRerank

CROSSED = 20  # candidates that a cross-encoder sees
OWN_K = 1  # the RRF constant between a follow-up as a whole and its own words
CAPTIONED = 0.12  # for a caption, in the choice among the appearances of one picture
PLACES = 3  # appearances of a picture that it reads, the wordiest


@dataclass(frozen=True)
class SecondStage:
    """What reranks; without `cross`, late interaction has the last word."""

    late: LateInteraction
    catalog: Catalog
    cross: CrossRerank | None = None

    def ranks(self, asked: Asked, candidates: Candidates, keys: Sequence[str], wanted: Wish) -> dict[str, int]:
        """Ranks of `keys` by late interaction, and by the cross-encoder where there is one.

        A follow-up is judged as a whole and by its own words alone, so that what was taken from the history does not outweigh them. The
        words inside a picture are the question's own. What only says which documents are meant is not looked for in them. What only
        points stands behind what tells. Of a picture that appears in several places, `candidates.best` becomes the one that tells most.
        """
        rankings: dict[str, dict[str, int]] = {}
        own = own_words(asked.part.text) if asked.query.image is None else asked.words
        aim, keys = candidates.aim, [key for key in keys if key in candidates.best]
        for words in [aim.words] if aim.sure else dict.fromkeys([asked.words, own]):
            judged = self._judged(asked.query, words, candidates, keys)
            lifts = {key: aim.lift(candidates.best[key]) for key in keys}
            rankings[words] = reranked(
                judged,
                candidates.routes,
                candidates.pictures,
                candidates.sections,
                candidates.nearness,
                wanted,
                lifts,
                aim.sure and not aim.there,
                candidates.accounts,
            )
        order = list(reciprocal_rank_fusion(rankings, k=OWN_K))
        behind = {key for key in order if aim.behind(candidates.best[key])}
        late = ranks([*(key for key in order if key not in behind), *(key for key in order if key in behind)])
        return self._crossed(self.cross, asked.words, candidates, list(late)) if self.cross and late else late

    def _judged(self, query: Query, words: str, candidates: Candidates, keys: Sequence[str]) -> dict[str, MaxSim]:
        """Each candidate by late interaction; a picture by the best of its appearances, which is shown unless one with a caption comes near
        it: the file of a picture says less of it than the document that shows it."""
        places: list[tuple[str, Stored]] = []
        for key in keys:
            stored = candidates.best[key]
            alike = self.catalog.twins(stored) if key in candidates.pictures and query.source is None else []
            wordiest = sorted(alike, key=lambda twin: -len(twin.record.text))[:PLACES]
            places += [(key, place) for place in {each.id: each for each in [stored, *wordiest]}.values()]
        judged: dict[str, MaxSim] = {}
        shown: dict[str, float] = {}
        scores = self.late.score(words, [place.id for _, place in places])
        asked, beside = with_digits(words), numbered(words)
        for (key, place), score in zip(places, scores, strict=True):
            if asked and key not in candidates.pictures:  # to the encoder, one number is much like another
                held = len(asked & with_digits(place.record.words)) / len(asked)
                held += len(beside & numbered(place.record.words)) / len(asked) if beside else 0.0
                score = replace(score, score=score.score + NUMBERS * held)
            if key not in judged or score.score > judged[key].score:
                judged[key] = score
            telling = score.score + CAPTIONED * bool(place.record.caption)
            if key not in shown or telling > shown[key]:
                shown[key] = telling
                candidates.best[key] = place
        return judged

    def _crossed(self, cross: CrossRerank, question: str, candidates: Candidates, keys: list[str]) -> dict[str, int]:
        """Ranks of `keys`, the first of them as the cross-encoder orders them."""
        first, rest = keys[:CROSSED], keys[CROSSED:]
        scores = dict(zip(first, cross.score(question, [candidates.best[key].record.words for key in first]), strict=True))
        return ranks([*sorted(first, key=lambda key: -scores[key]), *rest])
