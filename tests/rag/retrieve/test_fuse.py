"""rag/retrieve/fuse.py: fusion by reciprocal rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.fuse import ranks, reciprocal_rank_fusion


def test_scores_are_the_sum_of_reciprocal_ranks():
    fused = reciprocal_rank_fusion({"dense": ranks(["a", "b"]), "bm25": ranks(["b", "c"])}, k=60)
    assert list(fused) == ["b", "a", "c"]
    assert fused["b"] == pytest.approx(1 / 62 + 1 / 61)
    assert fused["a"] == pytest.approx(1 / 61)


def test_weights_scale_a_ranking():
    fused = reciprocal_rank_fusion({"dense": {"a": 1}, "visual": {"b": 1}}, {"visual": 2.0})
    assert list(fused) == ["b", "a"]


def test_ranks_take_the_first_place():
    assert ranks(["a", "b", "a", "c"]) == {"a": 1, "b": 2, "c": 3}


@given(st.lists(st.permutations("abcdef"), min_size=1, max_size=4))
def test_what_every_ranking_puts_first_stays_ahead_of_what_every_ranking_puts_behind_it(rankings):
    fused = list(reciprocal_rank_fusion({str(n): ranks(ranking) for n, ranking in enumerate(rankings)}))
    for a in "abcdef":
        for b in "abcdef":
            if a != b and all(ranking.index(a) < ranking.index(b) for ranking in rankings):
                assert fused.index(a) < fused.index(b)
