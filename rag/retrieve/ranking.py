"""The last order of a search: what words found, reranked, and the pictures that were seen, brought into one list.

The constants were chosen on three development corpora (data/gold/sample.jsonl and benchmarks/gold/); the table is in
benchmarks/retrieval.md.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from enum import Enum

from rag.language.question import Part
from rag.retrieve.fuse import RRF_K, ranks, reciprocal_rank_fusion
from rag.retrieve.rerank import MaxSim

WEAKEST = 0.3  # of the worst-matched third of the question, beside the mean of all its words
NUMBERS = 0.1  # for a passage that holds all numbers of the question, as they are written there
PICTURE_REST = 0.87  # times a picture's score by words in a plain question: its words repeat the passage beside it
ROUTES_WEIGHT = 0.1  # of the dense and the bm25 rank beside the rank of late interaction
ROUTES_K = 10
LAST_K = 6
SECTION = 0.7  # of the way that a passage rises to the best of its section,
REACH = 4  # of those so many records away
ACCOUNTS = 2.0  # votes of the statements that a question is worked out from, beside one of late interaction
INSIDE = " inside"  # of the documents that a question means
WORD_ROUTES = ("dense", "bm25", "dense" + INSIDE, "bm25" + INSIDE)
DIM = 0.3  # of its weight is left to the visual route where all pictures look alike to it


class Wish(Enum):
    """What a query wants."""

    FACT = "a question in words"
    MATTER = "bare words"
    PICTURE = "words that ask for a picture"
    COMPOSED = "words with a picture"
    LIKENESS = "a picture alone"


SIGHT = {Wish.FACT: 0.5, Wish.MATTER: 0.8, Wish.PICTURE: 0.6, Wish.COMPOSED: 0.7, Wish.LIKENESS: 1.0}  # of the visual route, beside words
LEAN = {Wish.PICTURE: 2.0, Wish.COMPOSED: 1.25, Wish.LIKENESS: 1.25}  # times the score of every picture, where seen and told add up


def wish(part: Part, words: bool, shows_picture: bool) -> Wish:
    """What is wanted, by a part of a question, whether it has words, and whether it comes with a picture."""
    if shows_picture:
        return Wish.COMPOSED if words else Wish.LIKENESS
    if part.picture:
        return Wish.PICTURE
    return Wish.FACT if part.question else Wish.MATTER


def reranked(
    judged: Mapping[str, MaxSim],
    routes: Mapping[str, Mapping[str, int]],
    pictures: Collection[str],
    sections: Mapping[str, tuple[Hashable, int]],
    nearness: Mapping[str, float],
    wanted: Wish,
    lifts: Mapping[str, float] | None = None,
    inside: bool = False,
    accounts: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Ranks of the judged candidates: late interaction first, steadied by the ranks of the word routes.

    `sections` gives each passage's section and its number in reading order, `nearness` the cosines of the dense route, `lifts` what each
    rises by beside its words. With `inside` documents were searched by themselves; then each ranking of that search has one vote.
    """
    told = _lifted({key: each.score + WEAKEST * each.weakest for key, each in judged.items()}, sections)
    furthest = min(nearness.values(), default=0.0)
    worth = {}
    for key, value in told.items():
        if key not in pictures:
            worth[key] = value
        elif wanted is Wish.FACT:
            worth[key] = PICTURE_REST * value
        else:  # a caption is short and what OCR reads is many words: as a whole they say more than word by word
            worth[key] = (value + (1 + WEAKEST) * nearness.get(key, furthest)) / 2
        worth[key] += (lifts or {}).get(key, 0.0)
    rankings: dict[str, Mapping[str, int]] = {"late": ranks(sorted(worth, key=lambda key: -worth[key]))}
    for name in WORD_ROUTES[2:] if inside else WORD_ROUTES[:2]:
        brought = {key: rank for key, rank in routes.get(name, {}).items() if key in judged}
        rankings[name] = ranks(sorted(brought, key=lambda key: brought[key]))
    if accounts:
        rankings["accounts"] = accounts
    weights = {"accounts": ACCOUNTS, **({} if inside else dict.fromkeys(WORD_ROUTES, ROUTES_WEIGHT))}
    fused = reciprocal_rank_fusion(rankings, weights, RRF_K if inside else ROUTES_K)
    return ranks(list(fused))


def _lifted(worth: Mapping[str, float], sections: Mapping[str, tuple[Hashable, int]]) -> dict[str, float]:
    """Worth by key, with each passage raised towards the best one near it in its section: what answers often stands beside what the
    question repeats."""
    together: dict[Hashable, list[str]] = {}
    for key, (section, _) in sections.items():
        if key in worth:
            together.setdefault(section, []).append(key)
    lifted = dict(worth)
    for keys in together.values():
        for key in keys:
            best = max(worth[other] for other in keys if abs(sections[other][1] - sections[key][1]) <= REACH)
            lifted[key] += SECTION * (best - worth[key])
    return lifted


def clearness(cosines: Sequence[float]) -> float:
    """How much the visual route has to say of some words, from DIM to 1, by how far its best picture stands out from the mean of all that
    it brought. Words for which the classifier has no class come near to every picture alike."""
    mean = sum(cosines) / len(cosines) if cosines else 0.0
    contrast = max(cosines) / mean - 1 if mean > 0 else 0.0
    return DIM + (1 - DIM) * min(1.0, contrast)


def ordered(
    told: Mapping[str, int],
    seen: Mapping[str, int],
    pictures: Collection[str],
    wanted: Wish,
    clear: float = 1.0,
    sounds: Mapping[str, int] | None = None,
) -> dict[str, float]:
    """Scores of all candidates, best first, from their rank by words (`told`), by the visual route (`seen`), which counts as far as it is
    `clear`, and by how they sound, which counts as the visual one.

    Only pictures and recordings can have two ranks. Where no picture is asked for, the better one counts, so that passages are not
    drowned; else they add up, and every picture is lifted.
    """
    by_words = reciprocal_rank_fusion({"told": told}, k=LAST_K)
    by_sight = reciprocal_rank_fusion({"seen": seen}, {"seen": SIGHT[wanted] * clear}, LAST_K)
    by_sound = reciprocal_rank_fusion({"sounds": sounds or {}}, {"sounds": SIGHT[wanted]}, LAST_K)
    lean = LEAN.get(wanted)
    scores = {}
    for key in {**by_words, **by_sight, **by_sound}:
        parts = (by_words.get(key, 0.0), by_sight.get(key, 0.0), by_sound.get(key, 0.0))
        scores[key] = sum(parts) * (lean if key in pictures else 1.0) if lean else max(parts)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))
