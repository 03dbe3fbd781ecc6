"""Prompts of encoders: named by the configuration or by the card, before what is encoded, and in nothing that comes back."""

from __future__ import annotations

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.embed import signature
from rag.embed.prompts import Prompts, chosen, of_card
from rag.embed.prose import ProseEncoder
from rag.errors import OtherEncoder
from rag.storage.store import Filter
from tests.models import tiny_text

TEXTS = ["the harbour", "", "harbour lights at night: all of them. " * 9, "Who keeps the harbour?"]
ASKED, SEARCHED = "ask: ", "find this: "


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_text(tmp_path_factory.mktemp("models") / "tiny", query=ASKED, passage=SEARCHED)


@pytest.fixture(scope="module")
def prompted(folder):
    return ProseEncoder(str(folder), "cpu")


@pytest.fixture(scope="module")
def published(folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return ProseEncoder(str(tiny_text(tmp_path_factory.mktemp("models") / "tiny")), "cpu")


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1]], ids=["several", "one"])
def test_vectors_are_those_of_the_model_with_its_prompts(prompted, published, texts):
    def expected(prompt):
        return published.encode(texts, prompt=prompt, normalize_embeddings=True)

    assert prompted.encode_query(texts) == pytest.approx(expected(ASKED), abs=1e-5)
    assert prompted.encode_passages(texts) == pytest.approx(expected(SEARCHED), abs=1e-5)
    assert abs(expected(ASKED) - expected(SEARCHED)).max() > 0.01
    both = {at: whole for at, whole, _ in prompted.encode_both(texts)}
    assert [both[at] for at in range(len(texts))] == pytest.approx(expected(SEARCHED), abs=1e-5)


def test_token_vectors_are_of_the_text_alone_and_seen_after_the_prompt(prompted, plain):
    for told, bare in zip(prompted.encode_query_tokens(TEXTS[:2]), plain.encode_query_tokens(TEXTS[:2]), strict=True):
        assert told.offsets == bare.offsets and told.vectors.shape == bare.vectors.shape
    [asked], [searched] = prompted.encode_query_tokens(TEXTS[:1]), prompted.encode_passage_tokens(TEXTS[:1])
    assert [TEXTS[0][start:end] for start, end in searched.offsets] == ["t", "h", "e", "harbour"]
    assert abs(asked.vectors - searched.vectors).max() > 0.01


def test_the_prompt_takes_its_room(prompted, plain):
    taken = len(plain.tokenizer.encode(SEARCHED, add_special_tokens=False).ids)
    assert taken > 5 and prompted.max_tokens == plain.max_tokens - taken
    [long] = prompted.encode_passage_tokens(TEXTS[2:3])
    assert len(long.offsets) == prompted.max_tokens - 2
    assert len(prompted.tokenizer.encode("harbour").ids) == 3, "the tokenizer itself knows of no prompt"


@pytest.mark.parametrize("text", TEXTS)
def test_offsets_are_told_without_encoding(prompted, plain, text):
    for encoder in (prompted, plain):
        assert encoder.passage_offsets(text) == encoder.encode_passage_tokens([text])[0].offsets


def test_a_model_that_pools_without_its_prompt_does(tmp_path):
    from sentence_transformers import SentenceTransformer

    folder = tiny_text(tmp_path / "tiny", pools_prompt=False, query=ASKED)
    expected = SentenceTransformer(str(folder), device="cpu").encode(TEXTS[:1], prompt=ASKED, normalize_embeddings=True)
    encoder = ProseEncoder(str(folder), "cpu")
    assert encoder.encode_query(TEXTS[:1]) == pytest.approx(expected, abs=1e-5)
    assert encoder.encode_query(TEXTS)[:1] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "model, configured, default, expected",
    [
        ("x", {"query": "", "document": "", "passage": "p: "}, None, Prompts("", "p: ")),  # as the library fills in what is not named
        ("x", {"query": "q: ", "document": "d: ", "clustering": "c: "}, None, Prompts("q: ", "d: ")),
        ("x", {"query": "q: ", "document": ""}, None, Prompts("q: ", "")),
        ("x", {"retrieval.query": "q: ", "retrieval.passage": "p: "}, None, Prompts("q: ", "p: ")),
        ("x", {"query": "", "document": "", "sts": "s: "}, "sts", Prompts("s: ", "s: ")),
        ("x", {"query": "q: ", "sts": "s: "}, "sts", Prompts("q: ", "")),
        ("x", {"query": "", "document": ""}, None, Prompts()),
        ("intfloat/multilingual-e5-small", {"query": "", "document": ""}, None, Prompts("query: ", "passage: ")),
        ("intfloat/e5-base-v2", {"query": "q: "}, None, Prompts("q: ", "")),
    ],
)
def test_the_configuration_names_them_before_the_card(model, configured, default, expected):
    assert chosen(model, configured, default) == expected


@pytest.mark.parametrize(
    "model, query, passage",
    [
        ("models/my-multilingual-e5-small", "query: ", "passage: "),
        ("intfloat/E5-large-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: ", ""),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence", ""),
        ("BAAI/bge-m3", "", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("sentence-transformers/all-MiniLM-L6-v2", "", ""),
        ("someone/file5-small", "", ""),
    ],
)
def test_the_cards_that_are_known(model, query, passage):
    found = of_card(model)
    assert found.query.startswith(query) and bool(found.query) == bool(query) and found.passage == passage


def test_a_library_is_kept_to_its_prompts(coast, folder, tmp_path):
    settings = Settings(text_model=str(folder), library=tmp_path / "library")
    with Library.open(settings.library, settings) as library:
        assert not ingest([coast], library).failed
        encoder = library.encoders.text
        passages = [stored.record for stored in library.catalog.all_records() if stored.record.image is None]
        assert all(len(encoder.passage_offsets(each.words)) <= encoder.max_tokens - 2 for each in passages)
        [own] = encoder.encode_passages([passages[0].words])
        found = library.store.search("dense", own, 1, Filter("text"))
        assert found[0][1] == pytest.approx(1, abs=1e-3), "what is stored was encoded as a passage"
    other = tiny_text(tmp_path / "tiny", query=ASKED, passage="another: ")
    assert signature(Settings(text_model=str(other))) != signature(settings)
    with pytest.raises(OtherEncoder, match="text"):
        Library.open(settings.library, Settings(text_model=str(other), library=settings.library))


def test_prompts_of_the_card_are_part_of_the_name(tmp_path):
    assert "'query: ' and 'passage: '" in signature(Settings(text_model="intfloat/e5-small"))["text"]
    encoder = ProseEncoder(str(tiny_text(tmp_path / "e5-small")), "cpu")
    assert encoder.prompts == Prompts("query: ", "passage: ")
    assert signature(Settings(text_model=str(tmp_path / "e5-small")))["text"] == encoder.name
