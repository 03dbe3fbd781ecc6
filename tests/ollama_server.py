"""A server that speaks Ollama's HTTP protocol, with scripted answers and faults, for tests through the real client.

    with OllamaServer() as server:
        model = choose(Settings(ollama_host=server.host))

Its wire format follows Ollama's API document: NDJSON streams, `done_reason`, counts, durations in nanoseconds, errors as
`{"error": ...}` (in mid-stream under status 200), and an over-long prompt whose front is dropped without a word. Like Ollama, it
speaks OpenAI's protocol too, under /v1: server-sent events, errors as `{"error": {"message", "type"}}`, a context that no request sets.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from typing import Any, Literal

Fault = Literal["error", "stall", "cut", "end", "memory", "load"]
Messages = list[dict[str, Any]]
DEFAULT_NUM_CTX = 4096
MEMORY = "model requires more system memory (5.6 GiB) than is available (3.1 GiB)"
WORDS = re.compile(r"\w+|[^\w\s]")
PASSAGE = re.compile(r'(?m)^(?:<passage n="|\[)(\d+)(?:"[^\n]*>|\])\s*([\s\S]*?)(?=^</passage>|^\[\d+\]|^\s*$|\Z)')


@dataclass(frozen=True)
class ServedModel:
    """A model that the server has; `capabilities` None is a server from before there were any."""

    name: str = "llama3:latest"
    capabilities: tuple[str, ...] | None = ("completion",)
    context: int = 8192
    family: str = "llama"
    size: int = 4_661_224_676
    template: str = "{{ .System }}{{ .Prompt }}"

    @property
    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": "8.0B",
            "quantization_level": "Q4_0",
        }


def extract(messages: Messages) -> str:
    """A sensible answer without a model: of the numbered passages, the sentence with most of the question's words, and its [n].

    Without passages, the question itself (which is what condensing a question may well give).
    """
    prompt = _text(messages[-1])
    question = " ".join((re.findall(r"(?im)^\W*question:(.*)$", prompt) or prompt.strip().splitlines() or [""])[-1].split())
    asked = {word.lower() for word in WORDS.findall(question) if len(word) > 3}
    best, most = question, -1
    for number, text in PASSAGE.findall(prompt):
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())):
            shared = len(asked & {word.lower() for word in WORDS.findall(sentence)})
            if sentence and shared > most:
                best, most = f"{sentence.rstrip('.!?')} [{number}].", shared
    return best


@dataclass
class OllamaServer:
    """The server on a free port of 127.0.0.1, started by `with`. Everything may be changed while it runs.

    `answer` makes the text of an answer from the messages that fit into the context; `delay` is the pause in seconds before each piece.
    `fault` happens after `fault_after` pieces: "error" (a line with the words of `error`), "stall" (silence until the client goes), "cut"
    (the connection breaks), "end" (the stream ends without its last line); or at once: "memory" (500), "load" (503, too many requests).
    `listed` stands in /v1/models for what Ollama has there, to have it as another server does.
    A model is loaded, which takes `load_seconds`, where its last of the `loads` (name, num_ctx) was not with the same num_ctx.
    It reports that it reads `reads` tokens of a prompt in a second (None: as quickly as it is; 0: it does not report), but not again what
    stands at the front of the prompt before, which counts in `prompt_eval_count`;
    `on_gpu` is the share of every model in a GPU's memory (None: no model is loaded).
    `requests` holds what came, as (path, body), and `logins` the Authorization headers.
    """

    models: list[ServedModel] = field(default_factory=lambda: [ServedModel()])
    answer: Callable[[Messages], str] = extract
    delay: float = 0.0
    fault: Fault | None = None
    fault_after: int = 2
    error: str = "an error was encountered while running the model: CUDA error"
    listed: list[dict[str, Any]] | None = None
    load_seconds: float = 0.0
    reads: float | None = None
    on_gpu: float | None = 1.0
    sent: int = 0  # pieces of answers that went out
    loads: list[tuple[str, int]] = field(default_factory=list)
    read: dict[str, list[str]] = field(default_factory=dict)  # the words of the last prompt, by model
    pullable: tuple[str, ...] = ("llama3", "llama3.2-vision")
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    logins: set[str | None] = field(default_factory=set)

    def __enter__(self) -> OllamaServer:
        owner = self

        class Handler(_Handler):
            server_of = owner

        self._gone = threading.Event()
        self._loading = threading.Lock()
        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def chats(self) -> list[dict[str, Any]]:
        """The bodies of the chat requests so far."""
        return [body for path, body in self.requests if path == "/api/chat"]

    def load(self, name: str, num_ctx: int) -> None:
        """One runner a model: another context loads it again."""
        with self._loading:
            model = self.find(name)
            assert model is not None
            last = [ctx for known, ctx in self.loads if known == model.name][-1:]
            if last != [num_ctx]:
                time.sleep(self.load_seconds)
                self.loads.append((model.name, num_ctx))

    def find(self, name: str) -> ServedModel | None:
        full = name if ":" in name else f"{name}:latest"
        return next((model for model in self.models if model.name == full), None)


class _Quiet(ThreadingHTTPServer):
    """Who goes away in mid-answer is no fault of this server: a line of it would stand among what a command prints."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: OllamaServer

    def parse_request(self) -> bool:
        parsed = super().parse_request()
        if parsed:
            self.server_of.logins.add(self.headers.get("Authorization"))
        return parsed

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        owner = self.server_of
        owner.requests.append((self.path, {}))
        if self.path == "/":
            self._reply(b"Ollama is running", kind="text/plain; charset=utf-8")
        elif self.path == "/api/version":
            self._json({"version": "0.12.6"})
        elif self.path == "/api/tags":
            self._json({"models": [self._listed(model) for model in owner.models]})
        elif self.path == "/api/ps":
            loaded = [] if owner.on_gpu is None else owner.models
            self._json({"models": [self._listed(model) | {"size_vram": int(model.size * (owner.on_gpu or 0))} for model in loaded]})
        elif self.path == "/v1/models":
            listed = [{"id": model.name, "object": "model", "created": 1, "owned_by": "library"} for model in owner.models]
            self._json({"object": "list", "data": listed if owner.listed is None else owner.listed})
        else:
            self._reply(b"404 page not found", 404, "text/plain")

    def do_POST(self) -> None:
        owner = self.server_of
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        except ValueError as error:
            return self._json({"error": str(error)}, 400)
        owner.requests.append((self.path, body))
        name = body.get("model") or body.get("name") or ""
        if self.path == "/api/pull":
            return self._stream(self._pull(name))
        if self.path == "/v1/chat/completions":
            return self._completion(name, body)
        if self.path not in ("/api/chat", "/api/show", "/api/generate"):
            return self._reply(b"404 page not found", 404, "text/plain")
        model = owner.find(name)
        if model is None:
            return self._json({"error": f"model '{name}' not found"}, 404)
        if self.path == "/api/show":
            return self._json(self._shown(model))
        if model.capabilities is not None and "completion" not in model.capabilities:
            return self._json({"error": f'"{name}" does not support chat'}, 400)
        if owner.fault == "memory":
            return self._json({"error": MEMORY}, 500)
        if owner.fault == "load":
            return self._json({"error": "server busy, please try again.  maximum pending requests exceeded"}, 503)
        if self.path == "/api/generate":
            owner.load(name, (body.get("options") or {}).get("num_ctx", DEFAULT_NUM_CTX))
            return self._json({"model": name, "created_at": _now(), "response": "", "done": True, "done_reason": "load"})
        if body.get("think") and "thinking" not in (model.capabilities or ()):
            return self._json({"error": f'"{name}" does not support thinking'}, 400)
        lines = self._chat(name, body)
        if body.get("stream", True):
            return self._stream(lines)
        return self._whole(list(lines))

    def _completion(self, name: str, body: dict[str, Any]) -> None:
        if self.server_of.find(name) is None:
            return self._json({"error": {"message": f"model '{name}' not found", "type": "not_found_error"}}, 404)
        if self.server_of.fault == "memory":
            return self._json({"error": {"message": MEMORY, "type": "api_error"}}, 500)
        lines = self._chat(name, body | {"options": {"num_predict": body.get("max_tokens", -1)}})
        self._stream(self._events(name, lines), "text/event-stream")

    @staticmethod
    def _events(name: str, lines: Iterator[dict[str, Any]]) -> Iterator[bytes]:
        frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": name}
        for line in lines:
            if "error" in line:
                yield b"data: %s\n\n" % json.dumps({"error": {"message": line["error"], "type": "api_error"}}).encode()
                return
            delta = {"role": "assistant", "content": line["message"]["content"]}
            choice = {"index": 0, "delta": delta, "finish_reason": line.get("done_reason")}
            yield b"data: %s\n\n" % json.dumps(frame | {"choices": [choice]}).encode()
        if "done_reason" not in line:
            return
        counts = {"prompt_tokens": line["prompt_eval_count"], "completion_tokens": line["eval_count"], "total_tokens": 0}
        yield b"data: %s\n\ndata: [DONE]\n\n" % json.dumps(frame | {"choices": [], "usage": counts}).encode()

    def _chat(self, name: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        owner, began = self.server_of, time.perf_counter_ns()
        options = body.get("options") or {}
        owner.load(name, options.get("num_ctx", DEFAULT_NUM_CTX))
        messages, count = fit(body["messages"], options.get("num_ctx", DEFAULT_NUM_CTX))
        pieces = re.findall(r"\S+\s*|\s+", owner.answer(messages))
        limit = options.get("num_predict", -1)
        reason = "length" if 0 <= limit < len(pieces) else "stop"
        pieces = pieces[:limit] if reason == "length" else pieces
        for number, piece in enumerate(pieces):
            if number == owner.fault_after:
                if owner.fault == "error":
                    yield {"error": owner.error}
                    return
                if owner.fault == "stall":
                    owner._gone.wait(60)
                    return
                if owner.fault == "cut":
                    raise ConnectionAbortedError
                if owner.fault == "end":
                    return
            time.sleep(owner.delay)
            yield {"model": name, "created_at": _now(), "message": {"role": "assistant", "content": piece}, "done": False}
            owner.sent += 1
        spent = time.perf_counter_ns() - began
        words = [word for message in messages for word in WORDS.findall(_text(message))]
        cached = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, owner.read.get(name, ()), strict=False)))
        owner.read[name] = words
        read = {"prompt_eval_count": count, "prompt_eval_duration": spent // 10}
        if owner.reads:
            read["prompt_eval_duration"] = int((count - cached) / owner.reads * 1e9) + 1
        if owner.reads == 0:
            del read["prompt_eval_duration"]
        yield {
            "model": name,
            "created_at": _now(),
            "message": {"role": "assistant", "content": ""},
            "done_reason": reason,
            "done": True,
            "total_duration": spent,
            "load_duration": spent // 10,
            **read,
            "eval_count": len(pieces),
            "eval_duration": spent // 2,
        }

    def _pull(self, name: str) -> Iterator[dict[str, Any]]:
        owner = self.server_of
        yield {"status": "pulling manifest"}
        if name.removesuffix(":latest") not in owner.pullable:
            yield {"error": "pull model manifest: file does not exist"}
            return
        if owner.fault == "stall":
            owner._gone.wait(60)
        digest, total = _digest(name), 4 << 20
        for completed in (0, total // 2, total):
            yield {"status": f"pulling {digest[:12]}", "digest": f"sha256:{digest}", "total": total, "completed": completed}
        for status in ("verifying sha256 digest", "writing manifest", "success"):
            yield {"status": status}
        if not owner.find(name):
            owner.models.insert(0, ServedModel(name if ":" in name else f"{name}:latest"))

    def _whole(self, lines: list[dict[str, Any]]) -> None:
        if "error" in lines[-1]:
            return self._json(lines[-1], 500)
        text = "".join(line["message"]["content"] for line in lines)
        return self._json(lines[-1] | {"message": {"role": "assistant", "content": text}})

    def _stream(self, lines: Iterator[dict[str, Any]] | Iterator[bytes], kind: str = "application/x-ndjson") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for line in lines:
                data = line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.close_connection = True

    def _json(self, value: dict[str, Any], status: int = 200) -> None:
        self._reply(json.dumps(value).encode(), status)

    def _reply(self, data: bytes, status: int = 200, kind: str = "application/json; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            with suppress(ConnectionError):  # who asked may be gone
                self.wfile.write(data)

    @staticmethod
    def _listed(model: ServedModel) -> dict[str, Any]:
        return {
            "name": model.name,
            "model": model.name,
            "modified_at": _now(),
            "size": model.size,
            "digest": _digest(model.name),
            "details": model.details,
        }

    @staticmethod
    def _shown(model: ServedModel) -> dict[str, Any]:
        shown = {
            "license": "",
            "modelfile": f"FROM {model.name}",
            "parameters": 'stop "<|eot_id|>"',
            "template": model.template,
            "details": model.details,
            "model_info": {"general.architecture": model.family, f"{model.family}.context_length": model.context},
            "modified_at": _now(),
        }
        return shown if model.capabilities is None else shown | {"capabilities": list(model.capabilities)}


def fit(messages: Messages, num_ctx: int) -> tuple[Messages, int]:
    """`messages` as the model gets them, and their tokens (roughly: words and signs).

    As Ollama does: older messages go first, the system's and the last stay; then the front of the last one goes, without a word.
    """
    messages = list(messages)
    while sum(map(_tokens, messages)) > num_ctx and any(message["role"] != "system" for message in messages[:-1]):
        messages.remove(next(message for message in messages if message["role"] != "system"))
    over = sum(map(_tokens, messages)) - num_ctx
    if over > 0:
        ends = [match.end() for match in WORDS.finditer(messages[-1]["content"])]
        messages[-1] = messages[-1] | {"content": messages[-1]["content"][ends[min(over, len(ends)) - 1] :]}
    return messages, sum(map(_tokens, messages))


def _tokens(message: dict[str, Any]) -> int:
    return len(WORDS.findall(_text(message)))


def _text(message: dict[str, Any]) -> str:
    """The words of a message; OpenAI's protocol has them in parts where there are pictures."""
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
