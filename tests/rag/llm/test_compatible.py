"""Servers with OpenAI's protocol: llama.cpp's own, really asked over HTTP; faults that it cannot have come from Ollama's /v1."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from PIL import Image

from app.doctor import examine
from rag.errors import ModelError, ModelStalled, ModelUnavailable, ModelUnknown, SettingsError
from rag.llm import Stats, address, choose, compatible, image_message, stream, survey
from rag.llm.images import prepared
from rag.llm.packaged import READERS, SMALLER
from rag.settings import Settings
from tests.llama_server import LlamaServer
from tests.models import needs_reader, tiny_gguf
from tests.ollama_server import OllamaServer, ServedModel

ASK = [SystemMessage("Answer briefly."), HumanMessage("The light was built in 1791. When was the light built?")]
LONG = [HumanMessage("Write a long story about a lighthouse and its keeper.")]


TOLD = "The light at Hollin Point was built in 1791 [1]."
CONTEXT = 8192  # in tokens of the tiny model, which are letters


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def server(folder):
    with LlamaServer(tiny_gguf(folder / "tiny.gguf", TOLD, context=CONTEXT), CONTEXT) as running:
        yield running


@pytest.fixture(scope="module")
def slow():
    """A real model, which takes its time."""
    with LlamaServer(Settings().readers / READERS[SMALLER].file, 1024) as running:
        yield running


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


def model_of(server, name: str = "tiny", **words):
    return choose(Settings(llm_base_url=server.url, **words), f"openai:{name}")


def heard(model, messages=ASK) -> tuple[list[str], ModelError | None]:
    """What came, and what ended it."""
    pieces: list[str] = []
    try:
        for piece in stream(model, messages):
            if isinstance(piece, str):
                pieces.append(piece)
    except ModelError as error:
        return pieces, error
    return pieces, None


# ── the server of llama.cpp ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_comes_in_pieces_with_the_servers_own_counts(server):
    model = model_of(server)
    *pieces, stats = stream(model, ASK)
    assert "".join(pieces).strip() == TOLD and len(pieces) > 5
    assert isinstance(stats, Stats) and stats.note is None
    assert 100 < stats.prompt_tokens < 140 and abs(stats.completion_tokens - len(pieces)) <= 1
    assert (model.name, model.server, model.sees, model.small) == ("openai:tiny", server.url, False, False)


def test_the_context_is_what_the_server_has_and_no_more_than_the_setting(server):
    assert model_of(server, num_ctx=9000).context == CONTEXT
    assert model_of(server, num_ctx=600).context == 600


def test_a_whole_question_is_answered_and_checked(library, server, monkeypatch):
    monkeypatch.setattr(library, "settings", library.settings.model_copy(update={"llm_base_url": server.url}))
    answer = library.ask("When was the light at Hollin Point built?", model="openai:tiny")
    assert answer.model == "openai:tiny" and answer.answer == "The light at Hollin Point was built in 1791. [1]" and answer.citations
    assert answer.usage.prompt_tokens > 1000 and answer.usage.completion_tokens > 0 and answer.error is None


def test_an_answer_that_meets_its_limit_is_told(folder):
    with LlamaServer(tiny_gguf(folder / "long.gguf", " ".join(map(str, range(300)))), 1024) as server:
        *_, stats = stream(model_of(server, num_ctx=512), LONG)
    assert stats.completion_tokens == 256 and "cut" in stats.note


def test_a_llama_server_answers_to_any_name(server):
    assert heard(model_of(server, "whatever:latest"))[1] is None


def test_a_prompt_over_the_context_says_what_to_do(server):
    pieces, error = heard(model_of(server), [HumanMessage("Nothing happened. " * 500)])
    assert not pieces and "longer than openai:tiny can take" in str(error) and f"{CONTEXT} tokens" in str(error)
    assert "`k`" in error.hint and "Error code" not in str(error)


@needs_reader
def test_closing_the_stream_hangs_up(slow):
    pieces = stream(model_of(slow), LONG)
    next(pieces)
    pieces.close()
    written = 0
    while (slot := httpx.get(slow.url.removesuffix("/v1") + "/slots").json()[0])["is_processing"]:
        written = slot["next_token"][0]["n_decoded"]
    assert written < 150, "of the 512 that it was asked for"
    assert heard(model_of(slow))[1] is None, "the server is free for the next question"


@needs_reader
def test_a_server_that_stands_still_is_a_stall_and_what_came_is_kept(slow, monkeypatch):
    model = model_of(slow)
    list(stream(model, ASK))  # so that what comes before the halt is quicker than the silence
    monkeypatch.setattr(address, "SILENCE_SECONDS", 3.0)
    pieces = []
    try:
        with pytest.raises(ModelStalled, match="long time") as caught:
            for piece in stream(model_of(slow), LONG):
                pieces.append(piece)
                if len(pieces) == 3:
                    slow.halt()
    finally:
        slow.go_on()
    assert len(pieces) >= 3 and caught.value.retry and "Ask again" in caught.value.hint


@needs_reader
def test_a_server_that_dies_in_mid_stream_is_a_stall_and_then_unavailable():
    with LlamaServer(Settings().readers / READERS[SMALLER].file, 512) as server:
        model, pieces = model_of(server), []
        with pytest.raises(ModelStalled, match="broke the connection") as caught:
            for piece in stream(model, LONG):
                pieces.append(piece)
                server.kill()
        assert pieces and server.url in str(caught.value)
        with pytest.raises(ModelUnavailable, match="does not answer") as caught:
            list(stream(model, LONG))
        assert server.url in str(caught.value) and "llm_base_url" in caught.value.hint and caught.value.retry


def test_a_key_that_the_server_wants(folder, monkeypatch):
    with LlamaServer(tiny_gguf(folder / "locked.gguf", TOLD), 512, "sesame") as server:
        with pytest.raises(ModelError, match=r"refuses the key: 401 \w+$") as caught:
            model_of(server)
        assert server.url in str(caught.value) and "OPENAI_API_KEY" in caught.value.hint
        monkeypatch.setenv("OPENAI_API_KEY", "sesame")
        pieces, error = heard(model_of(server))
        assert error is None and "1791" in "".join(pieces)


def test_the_survey_and_the_doctor_name_its_models(server, tmp_path):
    settings = Settings(llm_base_url=server.url, llm="openai:tiny", library=tmp_path / "none")
    found = survey(settings)
    assert found.compatible == ("openai:tiny",) and found.fault is None
    checks = {check.name: check for check in examine(settings)}
    assert checks["model"].ok and f"openai:tiny, with {CONTEXT} tokens of context" in checks["model"].detail
    assert checks["server"].ok and server.url in checks["server"].detail and "openai:tiny" in checks["server"].detail


def test_the_environment_names_the_server_too_and_the_setting_goes_before_it(server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    assert choose(Settings(), "openai:tiny").server == server.url
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert model_of(server).server == server.url


def test_a_proxy_is_not_asked_for_this_machine(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    compatible._chat.cache_clear()
    assert heard(model_of(server))[1] is None


# ── the address ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "given, meant",
    [
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080/v1"),
        ("localhost:1234", "http://localhost:1234/v1"),
        ("https://example.com/api/v1", "https://example.com:443/api/v1"),
        ("http://[::1]:8000/", "http://[::1]:8000/v1"),
    ],
)
def test_every_form_of_a_base_url(given, meant):
    assert compatible.base_url(Settings(llm_base_url=given)) == meant


def test_an_address_that_is_none_is_refused_and_none_is_none():
    with pytest.raises(SettingsError, match="address"):
        compatible.base_url(Settings(llm_base_url="ftp://example.com"))
    assert compatible.base_url(Settings()) is None


def test_without_an_address_openai_itself_wants_its_key():
    with pytest.raises(ModelError, match="openai:gpt") as caught:
        choose(Settings(), "openai:gpt-4o-mini")
    assert "llm_base_url" in caught.value.hint


# ── faults, over Ollama's protocol ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def ollama():
    with OllamaServer() as running:
        yield running


def v1(server: OllamaServer) -> Settings:
    return Settings(llm_base_url=f"{server.host}/v1")


def test_it_works_with_a_server_that_says_nothing_of_its_context(ollama):
    model = choose(v1(ollama), "openai:llama3")
    assert model.context == 4096
    pieces, error = heard(model, [HumanMessage("[1] The light was built in 1791.\n\nQuestion: When was it built?")])
    assert "".join(pieces) == "The light was built in 1791 [1]." and error is None
    path, sent = ollama.requests[-1]
    assert path == "/v1/chat/completions" and sent["max_tokens"] == 768 and sent["temperature"] == 0
    assert ollama.logins == {"Bearer none"}


VLLM = {"id": "meta-llama/Llama-3.1-8B-Instruct", "object": "model", "owned_by": "vllm", "root": "/models/l", "max_model_len": 6000}
LLAMA = {"id": "gemma-3", "aliases": ["gemma"], "owned_by": "llamacpp", "meta": {"n_ctx": 3000, "n_ctx_train": 131072}}
SEES = LLAMA | {"architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]}}
HOSTED = {"id": "qwen/qwen2.5-vl", "context_length": 32768, "architecture": {"input_modalities": ["image", "text"]}}
ROUTER = [LLAMA | {"id": name, "status": {"value": "loaded"}, "aliases": []} for name in ("a", "b")]
LM_STUDIO = {"id": "qwen2-vl-7b-instruct", "object": "model", "owned_by": "organization_owner"}
ANY = {"id": "openai/*", "object": "model"}


@pytest.mark.parametrize(
    "listed, name, context, sees",
    [
        ([VLLM], "meta-llama/Llama-3.1-8B-Instruct", 6000, False),
        ([LLAMA], "gemma", 3000, False),
        ([SEES], "anything", 3000, True),
        ([VLLM, HOSTED], "qwen/qwen2.5-vl", 8192, True),
        ([LM_STUDIO], "qwen2-vl-7b-instruct", 4096, False),
        ([ANY], "gpt", 4096, False),
        ([], "unlisted", 4096, False),
        (ROUTER, "b", 3000, False),
    ],
    ids=["vllm", "llama-server", "llama-server that sees", "hosted", "lm studio", "gateway", "no list", "router"],
)
def test_the_lists_of_other_servers_are_read(ollama, listed, name, context, sees):
    ollama.listed = listed
    model = choose(v1(ollama), f"openai:{name}")
    assert (model.context, model.sees) == (context, sees)


@pytest.mark.parametrize("listed", [[VLLM], ROUTER])
def test_a_name_that_a_server_of_several_models_does_not_list_is_unknown(ollama, listed):
    ollama.listed = listed
    with pytest.raises(ModelUnknown, match="no model 'c'"):
        choose(v1(ollama), "openai:c")


def test_a_model_that_sees_gets_pictures(ollama):
    ollama.listed = [SEES | {"id": "llama3"}]
    heard(choose(v1(ollama), "openai:llama3"), [image_message("What is it?", [prepared(Image.new("RGB", (40, 30), "red"))])])
    words, picture = ollama.requests[-1][1]["messages"][0]["content"]
    assert words["text"] == "What is it?" and picture["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_a_server_that_sees_nothing_says_so(server):
    message = image_message("What is it?", [prepared(Image.new("RGB", (40, 30), "red"))])
    pieces, error = heard(model_of(server), [message])
    assert not pieces and "image input is not supported" in str(error) and "Error code" not in str(error)


def test_an_unknown_model_is_told_with_what_there_is(ollama):
    with pytest.raises(ModelUnknown, match="no model 'nosuch'") as caught:
        choose(v1(ollama), "openai:nosuch")
    assert "openai:llama3:latest" in caught.value.hint


def test_a_wrong_path_says_so_when_it_is_asked(ollama):
    pieces, error = heard(choose(Settings(llm_base_url=f"{ollama.host}/wrong"), "openai:llama3"))
    assert not pieces and isinstance(error, ModelUnknown) and "/wrong" in str(error) and "/v1" in error.hint


def test_without_the_package_it_says_what_to_install(ollama, monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(ModelError, match="not installed") as caught:
        choose(v1(ollama), "openai:llama3")
    assert "diptych[openai]" in caught.value.hint


def test_a_model_removed_before_the_question_is_unknown(ollama):
    model = choose(v1(ollama), "openai:llama3")
    ollama.models = [ServedModel("mistral:latest")]
    with pytest.raises(ModelUnknown, match="no model 'llama3'"):
        list(stream(model, ASK))


@pytest.mark.parametrize(
    "fault, kind, said, came",
    [
        ("memory", ModelError, "does not fit", 0),
        ("error", ModelError, "CUDA error", 2),
        ("stall", ModelStalled, "long time", 2),
        ("cut", ModelStalled, "broke the connection", 2),
        ("end", ModelStalled, "in the middle", 2),
    ],
)
def test_a_fault_is_a_line_that_says_what_to_do_and_keeps_what_came(ollama, monkeypatch, fault, kind, said, came):
    if fault == "stall":
        monkeypatch.setattr(address, "SILENCE_SECONDS", 2.0)
    ollama.fault = fault
    pieces, error = heard(choose(v1(ollama), "openai:llama3"))
    assert type(error) is kind and said in str(error) and error.hint
    assert len(pieces) == came


def test_nobody_there_is_unavailable_without_waiting(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waits, and would ask again"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelUnavailable, match="does not answer") as caught:
        choose(Settings(llm_base_url=url), "openai:llama3")
    assert url in str(caught.value) and "packaged" in caught.value.hint
    assert url in survey(Settings(llm_base_url=url)).fault


@contextmanager
def replying(status: int, body: bytes) -> Iterator[str]:
    """The address of a server that says this to whatever it is asked."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{other.server_port}"
        other.shutdown()


def test_something_else_at_the_address_is_told_apart():
    with replying(200, b"<html>a page</html>") as there, pytest.raises(ModelError, match="OpenAI's protocol") as caught:
        choose(Settings(llm_base_url=there), "openai:llama3")
    assert "/v1" in caught.value.hint


def test_a_server_that_still_loads_its_model_is_waited_for():
    """As llama-server says it."""
    loading = b'{"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}'
    with replying(503, loading) as there, pytest.raises(ModelUnavailable, match="not ready: 503") as caught:
        choose(Settings(llm_base_url=there), "openai:llama3")
    assert "in a moment" in caught.value.hint and caught.value.retry
