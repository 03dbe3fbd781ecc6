"""The SPEC rules of `choose`, with and without an Ollama server."""

from __future__ import annotations

import socket

import pytest

from rag.errors import ModelError, ModelUnavailable, ModelUnknown
from rag.llm import choose, survey
from rag.settings import Settings
from tests.ollama_server import OllamaServer, ServedModel

LLAMA = ServedModel("llama3.1:8b")
MISTRAL = ServedModel("mistral:latest")
EMBEDS = ServedModel("llama3-embedder:latest", ("embedding",), family="bert")


@pytest.fixture
def nobody() -> Settings:
    """Settings that point to a port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Settings(ollama_host=f"127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.parametrize(
    "there, setting, name",
    [
        ([MISTRAL, EMBEDS, LLAMA], "auto", "ollama:llama3.1:8b"),
        ([EMBEDS, MISTRAL], "auto", "ollama:mistral"),
        ([LLAMA, MISTRAL], "ollama:mistral", "ollama:mistral"),
        ([MISTRAL, LLAMA], "ollama:gone", "ollama:llama3.1:8b"),
        ([EMBEDS], "auto", "packaged:smollm2-135m"),
        ([], "auto", "packaged:smollm2-135m"),
    ],
    ids=["a llama3", "any chat model", "the one in the settings", "that one is gone", "nothing that chats", "nothing"],
)
def test_auto_where_ollama_answers(there, setting, name):
    with OllamaServer(there) as server:
        assert choose(Settings(ollama_host=server.host, llm=setting), "auto").name == name


def test_auto_where_nobody_answers_is_the_packaged_model(nobody):
    model = choose(nobody)
    assert (model.name, model.small, model.sees, model.context) == ("packaged:smollm2-135m", True, False, 2048)


def test_the_setting_counts_where_no_spec_is_given(nobody):
    assert choose(nobody.model_copy(update={"llm": "quote"})).name == "quote"


def test_quote_needs_nothing(nobody):
    model = choose(nobody, "quote")
    assert model.name == "quote" and model.chat is None


@pytest.mark.parametrize("bare", ["llama3.1:8b", "mistral"])
def test_a_name_without_provider_is_looked_up_in_ollama(bare):
    with OllamaServer([LLAMA, MISTRAL]) as server:
        assert choose(Settings(ollama_host=server.host), bare).name == f"ollama:{bare}"


@pytest.mark.parametrize("wrong", ["qoute", "nosuch:model", "", "  ", "ollama:", ":x", "packaged:other"])
def test_what_is_no_spec_says_what_is_one(nobody, wrong):
    with pytest.raises(ModelError) as caught:
        choose(nobody, wrong)
    assert "packaged:smollm2-135m" in caught.value.hint


def test_ollama_by_name_does_not_fall_back(nobody):
    with pytest.raises(ModelUnavailable):
        choose(nobody, "ollama:llama3")
    with OllamaServer([MISTRAL]) as server, pytest.raises(ModelUnknown):
        choose(Settings(ollama_host=server.host), "ollama:llama3")


def test_a_provider_whose_package_is_missing_says_so(nobody):
    with pytest.raises(ModelError, match="langchain-mistralai") as caught:
        choose(nobody, "mistralai:mistral-small")
    assert "nstall" in caught.value.hint


def test_survey_with_a_server():
    with OllamaServer([MISTRAL, EMBEDS]) as server:
        found = survey(Settings(ollama_host=server.host))
        assert found.ollama_host == server.host and found.reachable and found.packaged and found.note is None
        assert [(each.name, each.chat_capable) for each in found.models] == [("mistral:latest", True), ("llama3-embedder:latest", False)]
        server.models = []
        assert "ollama pull llama3" in survey(Settings(ollama_host=server.host)).note


def test_survey_without_a_server(nobody):
    found = survey(nobody)
    assert (found.reachable, found.models, found.packaged) == (False, [], True)
    assert "ollama serve" in found.note
