"""llama.cpp inside this process: one model loaded at a time, one generation at a time, stopped as soon as nobody listens."""

from __future__ import annotations

import atexit
import json
import os
import queue
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import ModelError

BATCH = 128
"""Tokens of a prompt that are read between two chances to stop: about 0.4 s on two cores."""


@dataclass(frozen=True)
class Load:
    """What is loaded, and how: a GGUF file, the tokens of its context, the threads that compute, the layers that a GPU takes over."""

    path: Path
    context: int
    threads: int
    gpu_layers: int = 0


class Engine:
    """A loaded model. Raises ModelError where it cannot be loaded.

    xllamacpp also listens on a socket, which its tokenizer is reached by: a Unix socket in a folder of our own, and on Windows, where
    there is none, a port of 127.0.0.1 behind a key.
    """

    def __init__(self, load: Load):
        import httpx
        import xllamacpp

        self.load = load
        self._one_at_a_time = threading.Lock()
        self._running: set[tuple[threading.Event, threading.Thread]] = set()
        self._folder = Path(tempfile.mkdtemp(prefix="diptych-"))
        key = secrets.token_hex(16)
        params = xllamacpp.CommonParams()
        params.model.path = str(load.path)
        params.n_ctx = load.context
        params.n_parallel = 1
        params.n_batch = params.n_ubatch = BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = load.threads
        params.n_gpu_layers = load.gpu_layers
        params.cache_prompt = True
        params.cache_ram_mib = 0
        params.verbosity = -1
        params.ui = False
        params.api_keys = [key]
        socket = self._folder / "llama.sock"
        if sys.platform != "win32":
            params.hostnames = [str(socket)]
        try:
            self._server = xllamacpp.Server(params)
        except Exception as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise ModelError(
                f"llama.cpp cannot load the model file {load.path}.",
                "Is it whole, of a kind that llama.cpp knows, and is there memory for it?",
            ) from error
        transport = None if sys.platform == "win32" else httpx.HTTPTransport(uds=str(socket))
        address = self._server.listening_address if sys.platform == "win32" else "http://llama"
        self._http = httpx.Client(
            transport=transport, base_url=address, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
        )
        self.count = lru_cache(maxsize=4096)(self._count)
        self.context = int(self._http.get("/props").raise_for_status().json()["default_generation_settings"]["n_ctx"])

    def _count(self, text: str) -> int:
        """How many tokens the model's own tokenizer makes of `text`."""
        answer = self._http.post("/tokenize", json={"content": text, "add_special": False})
        return len(answer.raise_for_status().json()["tokens"])

    def begin(self, request: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
        """Begin to answer `request`: the chunks (OpenAI's format) come from the iterator, and closing it stops the generation. That raises
        RuntimeError."""
        chunks: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        stop = threading.Event()
        body = json.dumps(request | {"stream": True, "stream_options": {"include_usage": True}, "return_progress": True})

        def receive(chunk: str) -> bool:
            chunks.put(json.loads(chunk))
            return stop.is_set()

        def generate() -> None:
            with self._one_at_a_time:
                try:
                    if not stop.is_set():
                        self._server.handle_chat_completions(body, receive)
                except Exception as error:
                    chunks.put({"error": {"message": str(error)}})
                finally:
                    self._running.discard(job)
                    chunks.put(None)

        worker = threading.Thread(target=generate, name="llama", daemon=True)
        job = (stop, worker)
        self._running.add(job)
        worker.start()
        return _heard(chunks, stop)

    def let_go(self) -> None:
        """Give the model's memory back, as soon as what it is writing is written."""
        for _, worker in list(self._running):
            worker.join()
        self.close()

    def close(self) -> None:
        """Stop what runs and let the model go."""
        for stop, worker in list(self._running):
            stop.set()
            worker.join(timeout=10)
        self._http.close()
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


def _heard(chunks: queue.SimpleQueue[dict[str, Any] | None], stop: threading.Event) -> Generator[dict[str, Any], None, None]:
    try:
        while (chunk := chunks.get()) is not None:
            if "error" in chunk:
                raise RuntimeError(chunk["error"].get("message"))
            yield chunk
    finally:
        stop.set()


_choosing = threading.Lock()
_loaded: list[Engine] = []  # one at most: what answers now has the memory
_ended = threading.Event()


def chat(load: Load, request: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
    """The chunks that answer `request`, once `load` is the model that is loaded. Raises RuntimeError, ModelError."""
    with _choosing:
        chunks = _engine(load).begin(request)
    yield from chunks


def count(load: Load, text: str) -> int:
    """How many tokens the tokenizer of `load` makes of `text`. Raises ModelError."""
    with _choosing:
        return _engine(load).count(text)


def context(load: Load) -> int:
    """The tokens of context that `load` really has: no more than the model was made for. Raises ModelError."""
    with _choosing:
        return _engine(load).context


def _engine(load: Load) -> Engine:
    if _ended.is_set():
        raise ModelError("The program ends.")
    if not _loaded or _loaded[0].load != load:
        while _loaded:
            _loaded.pop().let_go()
        _loaded.append(Engine(load))
    return _loaded[0]


@atexit.register
def _end() -> None:
    """When the interpreter exits, before its threads are torn down: nothing of llama.cpp may run on."""
    _ended.set()
    with _choosing:
        while _loaded:
            _loaded.pop().close()


def threads() -> int:
    """The physical cores that this process may use.

    llama.cpp's threads wait for each other hundreds of times a token. Where OpenMP has them spin as long as it likes, two threads on two
    cores that others use write 2 to 5 tokens a second where one writes 15; with a short spin (GOMP_SPINCOUNT, in rag/__init__.py) 8 to 17.
    On idle cores two read a prompt 1.8 times as fast as one, and write 1.4 times as fast.
    """
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = set()
    for cpu in usable:
        try:
            siblings.add(Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text())
        except OSError:
            siblings.add(str(cpu))
    return len(siblings)
