"""Ollama over real HTTP, through the real client: what is asked, what comes back, and everything that can go wrong."""

from __future__ import annotations

import base64
import io
import socket
import time

import httpx
import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from PIL import Image

from rag.errors import ModelError, ModelStalled, ModelUnavailable, ModelUnknown, ReadError, SettingsError
from rag.llm import Stats, address, choose, image_message, missing, ollama, preload, pull, stream, survey
from rag.llm.images import fitting, prepared
from rag.settings import Settings
from tests.ollama_server import OllamaServer, ServedModel

ASK = [
    SystemMessage("Answer from the passages."),
    HumanMessage("[1] The light was built in 1791. It is white.\n\nQuestion: When was it built?"),
]


@pytest.fixture
def server():
    with OllamaServer() as running:
        yield running


def settings(server: OllamaServer, **words) -> Settings:
    return Settings(ollama_host=server.host, **words)


def told(model, messages=ASK) -> tuple[str, Stats]:
    *pieces, stats = stream(model, messages)
    return "".join(pieces), stats


@pytest.mark.parametrize(
    "given, meant",
    [
        ("", "http://127.0.0.1:11434"),
        ("example.com", "http://example.com:11434"),
        ("example.com:1234", "http://example.com:1234"),
        (":1234", "http://127.0.0.1:1234"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:1234", "http://127.0.0.1:1234"),
        ("http://0.0.0.0:1234", "http://127.0.0.1:1234"),
        ("http://example.com", "http://example.com:80"),
        ("https://example.com", "https://example.com:443"),
        ("https://example.com:8443/ollama/", "https://example.com:8443/ollama"),
        ("http://me:secret@example.com:1234", "http://me:secret@example.com:1234"),
        ("HTTP://example.com", "http://example.com:80"),
        ("http://:1234", "http://127.0.0.1:1234"),
        ("example.com:1234/", "http://example.com:1234"),
        ("http://example.com:1234/a/b/", "http://example.com:1234/a/b"),
        ("http://[::1]:1234/", "http://[::1]:1234"),
        ("https://[fe80::1]", "https://[fe80::1]:443"),
        ("[::]:1234", "http://[::1]:1234"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:1234", "http://[::1]:1234"),
        ("[::]", "http://[::1]:11434"),
        ("::", "http://[::1]:11434"),
        (' "example.com:1234" ', "http://example.com:1234"),
    ],
)
def test_every_form_of_ollama_host(monkeypatch, given, meant):
    monkeypatch.setenv("OLLAMA_HOST", given)
    assert ollama.host_of(Settings()) == meant


def test_the_setting_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "elsewhere:1")
    assert ollama.host_of(Settings(ollama_host="here:2")) == "http://here:2"


@pytest.mark.parametrize("wrong", ["ftp://example.com", "example.com:port", "exam ple.com", "http://[::1", "example.com:99999"])
def test_an_address_that_is_none_is_refused(wrong):
    with pytest.raises(SettingsError, match="address of Ollama") as caught:
        ollama.host_of(Settings(ollama_host=wrong))
    assert "host:port" in caught.value.hint


def test_a_login_in_the_address_is_sent_and_not_shown(server):
    host = server.host.replace("http://", "http://me:secret@")
    told(choose(Settings(ollama_host=host), "ollama:llama3"))
    assert server.logins == {"Basic " + base64.b64encode(b"me:secret").decode()}
    assert "secret" not in survey(Settings(ollama_host=host)).ollama_host


def test_an_answer_comes_in_pieces_with_the_servers_own_counts(server):
    model = choose(settings(server), "ollama:llama3")
    *pieces, stats = stream(model, ASK)
    assert len(pieces) > 3
    assert "".join(pieces) == "The light was built in 1791 [1]."
    assert stats == Stats(prompt_tokens=26, completion_tokens=len(pieces), truncated=False, note=None)
    assert (model.name, model.sees, model.small) == ("ollama:llama3", False, False)


def test_num_ctx_is_always_sent_and_never_more_than_the_model_can(server):
    server.models = [ServedModel("llama3:latest", context=8192), ServedModel("tiny:latest", context=2048)]
    told(choose(settings(server, num_ctx=6000), "ollama:llama3"))
    told(choose(settings(server, num_ctx=6000), "ollama:tiny"))
    assert [chat["options"]["num_ctx"] for chat in server.chats] == [6000, 2048]
    assert all(chat["options"]["temperature"] == 0 and chat["keep_alive"] == "15m" for chat in server.chats)


def test_an_answer_may_have_the_tokens_that_the_context_keeps_for_it(server):
    from rag.answer.context import ANSWER_TOKENS

    told(choose(settings(server), "ollama:llama3"))
    told(choose(settings(server, num_ctx=1024), "ollama:llama3"))
    assert [chat["options"]["num_predict"] for chat in server.chats] == [ANSWER_TOKENS, 512]


def test_a_preloaded_model_is_not_loaded_again_by_the_question(server):
    asked = settings(server, num_ctx=4000)
    preload(asked, "auto").join()
    assert server.loads == [("llama3:latest", 4000)] and not server.chats
    path, sent = server.requests[-1]
    assert (path, sent["keep_alive"], sent["options"]) == ("/api/generate", "15m", {"num_ctx": 4000})
    told(choose(asked, "ollama:llama3"))
    assert len(server.loads) == 1
    told(choose(settings(server, num_ctx=5000), "ollama:llama3"))
    assert server.loads[1:] == [("llama3:latest", 5000)], "which another context would have been"


def test_preloading_does_not_wait(server):
    server.load_seconds = 2.0
    thread = preload(settings(server), "ollama:llama3")
    assert thread.is_alive() and not server.loads
    thread.join()
    assert server.loads


@pytest.mark.parametrize("spec", ["quote", "packaged:other", "openai:gpt", "ollama:gone", "ollama:"])
def test_nothing_is_loaded_that_is_not_ollamas_and_no_fault_comes_out(server, spec):
    preload(settings(server), spec).join()
    assert not server.loads


def test_a_model_that_thinks_is_asked_not_to(server):
    server.models = [
        ServedModel("qwen3:latest", ("completion", "thinking"), family="qwen3"),
        ServedModel("gpt-oss:latest", ("completion", "thinking"), family="gptoss"),
        ServedModel("llama3:latest"),
    ]
    for tag in ("qwen3", "gpt-oss", "llama3"):
        told(choose(settings(server), f"ollama:{tag}"))
    assert [chat.get("think") for chat in server.chats] == [False, "low", None]


def test_a_prompt_whose_front_was_dropped_is_told(server):
    model = choose(settings(server, num_ctx=512), "ollama:llama3")
    long = HumanMessage("[1] It was built in 1791. " + "Nothing happened in that year. " * 200 + "\n\nQuestion: When was it built?")
    _, stats = told(model, [long])
    assert stats.truncated
    assert stats.prompt_tokens == 512
    assert "512" in stats.note and "num_ctx" in stats.note


@pytest.mark.parametrize(
    "counted, estimate, lost",
    [(512, 400, True), (511, 500, False), (26, 400, False), (300, 2000, True), (500, 600, False)],
    ids=["full to the brim", "just fits", "rest was cached", "far fewer than sent", "estimate was too high"],
)
def test_when_a_count_means_that_the_front_was_dropped(counted, estimate, lost):
    from rag.llm.base import lost_its_front

    assert lost_its_front(counted, estimate, 512) is lost


def test_an_answer_cut_at_its_limit_is_told(server):
    server.answer = lambda _: "word " * 300
    text, stats = told(choose(settings(server, num_ctx=512), "ollama:llama3"))
    assert len(text.split()) == 256
    assert "cut" in stats.note and not stats.truncated


def test_no_server_is_unavailable_without_waiting(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waits, and would ask again"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailable) as caught:
        choose(Settings(ollama_host=f"127.0.0.1:{port}"), "ollama:llama3")
    assert "ollama serve" in caught.value.hint and caught.value.retry


def test_a_server_that_goes_away_before_the_question_is_unavailable():
    with OllamaServer() as server:
        model = choose(settings(server), "ollama:llama3")
    with pytest.raises(ModelUnavailable) as caught:
        told(model)
    assert "ollama serve" in caught.value.hint


def test_an_unknown_model_says_how_to_get_it(server):
    with pytest.raises(ModelUnknown, match="no model 'mistral'") as caught:
        choose(settings(server), "ollama:mistral")
    assert "ollama pull mistral" in caught.value.hint


def test_a_model_removed_before_the_question_is_unknown(server):
    model = choose(settings(server), "ollama:llama3")
    server.models = []
    with pytest.raises(ModelUnknown) as caught:
        told(model)
    assert "ollama pull llama3" in caught.value.hint


def test_an_error_in_mid_stream_keeps_the_pieces_before_it(server):
    server.fault = "error"
    pieces = []
    with pytest.raises(ModelError, match="CUDA error") as caught:
        for piece in stream(choose(settings(server), "ollama:llama3"), ASK):
            pieces.append(piece)
    assert pieces == ["The ", "light "]
    assert caught.value.hint


def test_a_stall_ends_at_the_time_out(server, monkeypatch):
    monkeypatch.setattr(address, "SILENCE_SECONDS", 1.0)
    ollama._chat.cache_clear()
    server.fault = "stall"
    pieces = []
    with pytest.raises(ModelStalled, match="long time") as caught:
        for piece in stream(choose(settings(server), "ollama:llama3"), ASK):
            pieces.append(piece)
    ollama._chat.cache_clear()
    assert pieces == ["The ", "light "] and caught.value.retry


def test_a_connection_that_breaks_is_a_stall(server):
    server.fault = "cut"
    with pytest.raises(ModelStalled, match="broke"):
        told(choose(settings(server), "ollama:llama3"))


def test_a_stream_that_ends_without_its_last_line_is_a_stall(server):
    server.fault = "end"
    with pytest.raises(ModelStalled, match="in the middle"):
        told(choose(settings(server), "ollama:llama3"))


def test_out_of_memory_says_to_take_less(server):
    server.fault = "memory"
    with pytest.raises(ModelError, match="does not fit") as caught:
        told(choose(settings(server), "ollama:llama3"))
    assert "5.6 GiB" in str(caught.value) and "smaller" in caught.value.hint


def test_a_busy_server_may_be_asked_again(server):
    server.fault = "load"
    with pytest.raises(ModelError, match="busy") as caught:
        told(choose(settings(server), "ollama:llama3"))
    assert caught.value.retry


def test_closing_the_stream_hangs_up(server):
    server.answer, server.delay = lambda _: "word " * 2000, 0.02
    pieces = stream(choose(settings(server), "ollama:llama3"), ASK)
    next(pieces)
    pieces.close()
    seen = -1
    while server.sent != seen:  # what it writes to nobody fails, and it stops
        seen = server.sent
        time.sleep(0.5)
    assert 0 < server.sent < 2000


def test_pictures_go_as_small_jpegs(server, tmp_path):
    server.models = [ServedModel("llama3.2-vision:latest", ("completion", "vision"), family="mllama")]
    model = choose(settings(server), "ollama:llama3.2-vision")
    assert model.sees
    Image.new("RGBA", (3000, 600), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    shown = [prepared(tmp_path / "clear.png"), prepared(Image.new("L", (10, 20), 0))]
    told(model, [image_message("[1] What is it.", shown)])
    sent = [Image.open(io.BytesIO(base64.b64decode(data))) for data in server.chats[-1]["messages"][0]["images"]]
    assert [(image.format, image.size) for image in sent] == [("JPEG", (1024, 205)), ("JPEG", (10, 20))]
    assert sent[0].getpixel((5, 5)) == (255, 255, 255), "what is transparent is shown on white"


def test_a_path_in_the_users_words_is_not_read(server, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"secret")
    told(choose(settings(server), "ollama:llama3"), [image_message(str(tmp_path / "secret.png"), [])])
    assert not server.chats[-1]["messages"][0].get("images")
    assert base64.b64encode(b"secret").decode() not in str(server.requests)


def test_a_broken_picture_is_a_read_error(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(ReadError, match="not an image"):
        prepared(tmp_path / "broken.png")
    whole = Image.new("RGB", (2000, 2000))
    wanted = [(1, tmp_path / "broken.png"), (2, whole), (3, tmp_path / "gone.png"), (4, Image.new("RGB", (50, 50))), (5, whole)]
    assert [(each.rank, each.tokens) for each in fitting(wanted, 3000)] == [(2, 1337), (4, 576)]
    assert fitting([(2, whole)], 1336) == []


def test_models_are_listed_with_what_they_can(server):
    server.models = [
        ServedModel("llama3:latest", context=8192, size=4_000),
        ServedModel("llava:7b", ("completion", "vision"), context=32768),
        ServedModel("all-minilm:latest", ("embedding",), context=512, family="bert"),
        ServedModel("old:latest", None, context=4096),
        ServedModel("old-bert:latest", None, context=512, family="nomic-bert"),
    ]
    found = {each.name: (each.sees, each.context, each.chat_capable) for each in ollama.models(settings(server))}
    assert found == {
        "llama3:latest": (False, 8192, True),
        "llava:7b": (True, 32768, True),
        "all-minilm:latest": (False, 512, False),
        "old:latest": (False, 4096, True),
        "old-bert:latest": (False, 512, False),
    }
    assert ollama.models(settings(server))[0].size_bytes == 4_000


def test_an_embedding_model_cannot_be_chosen_to_answer(server):
    server.models = [ServedModel("all-minilm:latest", ("embedding",), family="bert")]
    with pytest.raises(ModelError, match="cannot answer"):
        choose(settings(server), "ollama:all-minilm")


def test_pull_reports_and_brings_the_model(server):
    server.models = []
    reports = list(pull(settings(server), "llama3"))
    assert [report.status for report in reports][-1] == "success"
    assert [(report.completed, report.total) for report in reports if report.total] == [
        (0, 4 << 20),
        (2 << 20, 4 << 20),
        (4 << 20, 4 << 20),
    ]
    assert choose(settings(server), "ollama:llama3").name == "ollama:llama3"


@pytest.mark.parametrize(
    "there, llm, lacks",
    [
        (["llama3:latest"], "auto", None),
        (["mistral:latest"], "auto", None),
        ([], "auto", "llama3"),
        (["llama3:latest"], "ollama:mistral:7b", "mistral:7b"),
        (["mistral:latest"], "ollama:mistral", None),
        ([], "quote", None),
        ([], "openai:gpt", None),
    ],
)
def test_what_there_is_to_pull(server, there, llm, lacks):
    server.models = [ServedModel(name) for name in there]
    wanted = settings(server, llm=llm)
    assert missing(wanted, survey(wanted)) == lacks


def test_a_pull_that_stands_still_ends_at_the_time_out(server, monkeypatch):
    monkeypatch.setattr(address, "SILENCE_SECONDS", 1.0)
    server.fault = "stall"
    reports = []
    with pytest.raises(ModelStalled) as caught:
        for report in pull(settings(server), "llama3.2-vision"):
            reports.append(report)
    assert reports and caught.value.hint


def test_pull_of_nothing_is_unknown(server):
    with pytest.raises(ModelUnknown, match="nosuch"):
        list(pull(settings(server), "nosuch"))


def test_a_proxy_is_not_asked_for_this_machine(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    ollama._chat.cache_clear()
    assert told(choose(settings(server), "ollama:llama3"))[0].startswith("The light")


def test_something_else_on_that_port_is_told_apart():
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>not Ollama</html>")

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    other = HTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=other.serve_forever, daemon=True)
    thread.start()
    try:
        with pytest.raises(ModelError) as caught:
            choose(Settings(ollama_host=f"127.0.0.1:{other.server_port}"), "ollama:llama3")
        assert caught.value.hint
    finally:
        other.shutdown()
        other.server_close()


def test_the_server_streams_as_the_protocol_says(server):
    body = {"model": "llama3", "messages": [{"role": "user", "content": "Hello there"}]}
    lines = httpx.post(f"{server.host}/api/chat", json=body, trust_env=False)
    whole = httpx.post(f"{server.host}/api/chat", json=body | {"stream": False}, trust_env=False).json()
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [("done_reason" in line, line.count('"done": true')) for line in lines.text.splitlines()] == [(False, 0), (False, 0), (True, 1)]
    assert whole["message"]["content"] == "Hello there" and whole["eval_count"] == 2
    assert httpx.get(server.host, trust_env=False).text == "Ollama is running"


def test_a_model_that_never_stops_is_named_where_its_answer_had_to_be_cut(library, server, monkeypatch):
    server.models = [ServedModel("imported:latest", template="{{ .Prompt }}")]
    monkeypatch.setenv("OLLAMA_HOST", server.host)
    server.answer = lambda messages: "The light at Hollin Point was built in 1791 [1]. " + "And it was so. " * 400
    answer = library.ask("When was the light at Hollin Point built?", model="ollama:imported")
    assert "imported has no chat template in Ollama" in answer.error and "1791" in answer.answer
    server.answer = lambda messages: "The light at Hollin Point was built in 1791 [1]."
    assert library.ask("When was the light at Hollin Point built?", model="ollama:imported").error is None, (
        "where it stopped, nothing is wrong"
    )
