"""The SPEC rules of `choose`, with and without an Ollama server."""

from __future__ import annotations

import socket

import pytest

from rag.errors import ModelError, ModelUnavailable, ModelUnknown
from rag.llm import automatic, choose, survey
from rag.llm.packaged import READERS
from rag.settings import Settings
from tests.models import READER, needs_reader
from tests.ollama_server import OllamaServer, ServedModel

GB = 1_000_000_000
LLAMA = ServedModel("llama3.1:8b")
MISTRAL = ServedModel("mistral:latest", size=4 * GB)
QWEN = ServedModel("qwen2.5:0.5b", size=GB // 2)
LARGE = ServedModel("mixtral:8x22b", size=80 * GB)
BARE = ServedModel("imported:latest", size=5 * GB, template=" {{ .Prompt }}\n")
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
        ([QWEN, MISTRAL, LARGE], "auto", "ollama:mistral"),
        ([LARGE], "auto", "ollama:mixtral:8x22b"),
        ([QWEN, BARE], "auto", "ollama:qwen2.5:0.5b"),
        ([BARE], "auto", "ollama:imported"),
        ([LLAMA, MISTRAL], "ollama:mistral", "ollama:mistral"),
        ([MISTRAL, LLAMA], "ollama:gone", "ollama:llama3.1:8b"),
        ([EMBEDS], "auto", "quote"),
        ([], "auto", "quote"),
    ],
    ids=[
        "a llama3",
        "any chat model",
        "the largest that fits",
        "none that fits",
        "one that stops",
        "one that never stops",
        "the one in the settings",
        "that one is gone",
        "nothing that chats",
        "nothing",
    ],
)
def test_auto_where_ollama_answers(there, setting, name, tmp_path, monkeypatch):
    monkeypatch.setattr(automatic, "_memory", lambda: 16 * GB)
    with OllamaServer(there) as server:
        assert choose(Settings(ollama_host=server.host, llm=setting, readers=tmp_path), "auto").name == name


@pytest.mark.parametrize(
    "there, memory, spec, why",
    [
        ([MISTRAL, LLAMA], 16 * GB, "ollama:llama3.1:8b", "Llama 3 goes before others"),
        ([QWEN, MISTRAL, LARGE], 16 * GB, "ollama:mistral:latest", "the largest of its chat models that fits into 16 GB"),
        ([QWEN, MISTRAL, LARGE], None, "ollama:mixtral:8x22b", "the largest of its chat models"),
        ([LARGE, MISTRAL], 2 * GB, "ollama:mistral:latest", "none of Ollama's chat models fits into 2 GB"),
        ([EMBEDS, MISTRAL], 16 * GB, "ollama:mistral:latest", "the only chat model"),
        ([EMBEDS], 16 * GB, "quote", "Ollama has no chat model, and quotes are right more often than what the packaged models write"),
    ],
)
def test_the_choice_has_its_reason(there, memory, spec, why, tmp_path, monkeypatch):
    monkeypatch.setattr(automatic, "_memory", lambda: memory)
    with OllamaServer(there) as server:
        found = automatic.automatic(Settings(ollama_host=server.host, readers=tmp_path))
        assert found.spec == spec and why in found.why
        assert survey(Settings(ollama_host=server.host, readers=tmp_path)).auto == found


def test_the_memory_of_another_machine_is_not_that_of_this_one(monkeypatch):
    monkeypatch.setattr(automatic, "_memory", lambda: 2 * GB)
    models = [automatic.ModelInfo(each.name, each.size, False, 8192, True) for each in (MISTRAL, LARGE)]
    assert automatic.choice(Settings(ollama_host="192.168.1.20"), models).spec == "ollama:mixtral:8x22b"


def test_without_ollama_it_is_quotes(nobody):
    assert choose(nobody).name == "quote"
    found = automatic.choice(nobody, None)
    assert found.spec == "quote" and "Ollama does not answer" in found.why


@needs_reader
def test_a_packaged_model_is_small_and_reads_four_thousand_tokens(nobody):
    model = choose(nobody, READER)
    assert (model.name, model.small, model.sees, model.context) == (READER, True, False, 4096)


def test_the_setting_counts_where_no_spec_is_given(nobody):
    assert choose(nobody.model_copy(update={"llm": "quote"})).name == "quote"


def test_quote_needs_nothing(nobody):
    model = choose(nobody, "quote")
    assert model.name == "quote" and model.chat is None


@pytest.mark.parametrize("bare", ["llama3.1:8b", "mistral"])
def test_a_name_without_provider_is_looked_up_in_ollama(bare):
    with OllamaServer([LLAMA, MISTRAL]) as server:
        assert choose(Settings(ollama_host=server.host), bare).name == f"ollama:{bare}"


@pytest.mark.parametrize("wrong", ["qoute", "nosuch:model", "", "  ", "ollama:", ":x", "packaged:other", "gguf:"])
def test_what_is_no_spec_says_what_is_one(nobody, wrong):
    with pytest.raises(ModelError) as caught:
        choose(nobody, wrong)
    assert READER in caught.value.hint


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
        assert found.ollama_host == server.host and found.reachable and found.note is None
        assert [(each.name, each.chat_capable) for each in found.models] == [("mistral:latest", True), ("llama3-embedder:latest", False)]
        server.models = []
        assert "ollama pull llama3" in survey(Settings(ollama_host=server.host)).note


def test_survey_without_a_server(nobody):
    found = survey(nobody)
    assert (found.reachable, found.models) == (False, []) and set(found.readers) <= {*READERS}
    assert "ollama serve" in found.note
