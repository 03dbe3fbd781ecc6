"""The prose encoder: all-MiniLM-L6-v2 as published, in any order and any company."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embed import Encoders
from rag.embed.prose import ProseEncoder
from rag.errors import EncoderError

TEXTS = [
    "The lighthouse on the cliff was built in 1791.",
    "",
    "Bees make honey.",
    "A long passage about ropes, knots and sails. " * 60,
    "Grüße aus Köln 🗼 und 東京",
]


def test_vectors_are_those_of_the_published_model() -> None:
    [vector] = ProseEncoder(device="cpu").encode_passages(["hello world"])
    assert vector[:5] == pytest.approx([-0.0345, 0.0310, 0.0067, 0.0261, -0.0394], abs=1e-3)


def test_near_in_meaning_is_near_in_space(packaged: Encoders) -> None:
    question, near, far = packaged.text.encode_passages(["Who produces honey?", "Bees make honey.", "The engine was overhauled in March."])
    assert question @ near > 0.6 > 0.2 > question @ far


def test_one_unit_vector_a_text_whatever_it_holds(packaged: Encoders) -> None:
    vectors = packaged.text.encode_passages(TEXTS)
    assert vectors.shape == (5, packaged.text.dimension) == (5, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert packaged.text.encode_passages([]).shape == (0, 384)


def test_order_and_company_change_nothing(packaged: Encoders) -> None:
    together = packaged.text.encode_passages(TEXTS)
    alone = np.concatenate([packaged.text.encode_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-4
    assert np.abs(packaged.text.encode_passages(TEXTS[::-1])[::-1] - together).max() < 1e-4


def test_what_is_over_the_limit_is_cut(packaged: Encoders) -> None:
    words = "anchor " * packaged.text.max_tokens
    beyond, other = packaged.text.encode_passages([words + "bees and honey", words + "the engine"])
    assert beyond == pytest.approx(other, abs=1e-6)


def test_token_vectors_stand_where_their_offsets_say(packaged: Encoders) -> None:
    text = "When was the LIGHTHOUSE built?"
    [tokens] = packaged.text.encode_passage_tokens([text])
    assert [text[start:end] for start, end in tokens.offsets] == ["When", "was", "the", "LIGHTHOUSE", "built", "?"]
    assert tokens.vectors.shape == (6, 384)
    assert tokens.vectors.dtype == np.float32
    assert np.linalg.norm(tokens.vectors, axis=1) == pytest.approx(1, abs=1e-5)
    [beacon] = packaged.text.encode_passage_tokens(["the beacon"])
    best = (tokens.vectors @ beacon.vectors[-1]).argmax()
    assert text[slice(*tokens.offsets[best])] == "LIGHTHOUSE"


def test_token_vectors_keep_order_and_length(packaged: Encoders) -> None:
    found = packaged.text.encode_passage_tokens(TEXTS)
    assert [len(each.vectors) for each in found] == [len(each.offsets) for each in found]
    assert len(found[1].offsets) == 0
    assert len(found[3].offsets) == packaged.text.max_tokens - 2  # [CLS] and [SEP] take two
    for text, together in zip(TEXTS, found, strict=True):
        [alone] = packaged.text.encode_passage_tokens([text])
        assert together.offsets == alone.offsets
        assert np.abs(together.vectors - alone.vectors).max(initial=0) < 1e-4


def test_tokenizer_counts_without_cutting_or_padding(packaged: Encoders) -> None:
    short, long = packaged.text.tokenizer.encode_batch(["rope", "rope " * 1000])
    assert len(short.ids) == 3
    assert len(long.ids) == 1002


def test_threads_may_share_an_encoder(packaged: Encoders) -> None:
    expected = packaged.text.encode_passages(TEXTS[:3])
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda _: packaged.text.encode_passages(TEXTS[:3]), range(8)))
        tokens = list(pool.map(lambda _: packaged.text.encode_passage_tokens(TEXTS[:3]), range(8)))
    assert all(np.abs(each - expected).max() < 1e-4 for each in vectors)
    assert all(each[0].offsets == tokens[0][0].offsets for each in tokens)


def test_undecodable_bytes_are_taken(packaged: Encoders) -> None:
    text = b"the \xff lighthouse".decode("utf-8", "surrogateescape")
    assert packaged.text.encode_passages([text]) == pytest.approx(packaged.text.encode_passages(["the ? lighthouse"]), abs=1e-6)
    [tokens] = packaged.text.encode_passage_tokens([text])
    assert text[slice(*tokens.offsets[-1])] == "lighthouse"


def test_an_unknown_device_is_named() -> None:
    with pytest.raises(EncoderError, match="device toaster cannot be used"):
        ProseEncoder(device="toaster")


def test_a_folder_that_holds_no_model_says_so(tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("no model here")
    with pytest.raises(EncoderError, match="holds no usable model") as caught:
        ProseEncoder(str(tmp_path))
    assert caught.value.hint
    with pytest.raises(EncoderError, match="no model folder"):
        ProseEncoder(str(tmp_path / "missing"))
