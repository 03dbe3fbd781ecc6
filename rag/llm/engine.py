"""llama.cpp inside this process: one model loaded once, one generation at a time, stopped as soon as nobody listens."""

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
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import ModelError

BATCH = 128
"""Tokens of a prompt that are read between two chances to stop: about 0.4 s on two cores."""


class Engine:
    """A GGUF model of `context` tokens. Raises ModelError where it cannot be loaded.

    xllamacpp also listens on a socket, which its tokenizer is reached by: a Unix socket in a folder of our own, and on Windows, where
    there is none, a port of 127.0.0.1 behind a key.
    """

    def __init__(self, path: Path, context: int):
        import httpx
        import xllamacpp

        self._one_at_a_time = threading.Lock()
        self._running: set[tuple[threading.Event, threading.Thread]] = set()
        self._folder = Path(tempfile.mkdtemp(prefix="diptych-"))
        key = secrets.token_hex(16)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context
        params.n_parallel = 1
        params.n_batch = params.n_ubatch = BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads()
        params.n_gpu_layers = 0
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
            raise ModelError(f"The model {path.name} cannot be loaded: {error}", "Install it again with `make install`.") from error
        transport = None if sys.platform == "win32" else httpx.HTTPTransport(uds=str(socket))
        address = self._server.listening_address if sys.platform == "win32" else "http://llama"
        self._http = httpx.Client(
            transport=transport, base_url=address, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
        )
        self.count = lru_cache(maxsize=4096)(self._count)
        atexit.register(self.close)

    def _count(self, text: str) -> int:
        """How many tokens the model's own tokenizer makes of `text`."""
        answer = self._http.post("/tokenize", json={"content": text, "add_special": False})
        return len(answer.raise_for_status().json()["tokens"])

    def chat(self, request: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
        """The chunks (OpenAI's format) that answer `request`; closing the iterator stops the generation. Raises RuntimeError."""
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
        try:
            while (chunk := chunks.get()) is not None:
                if "error" in chunk:
                    raise RuntimeError(chunk["error"].get("message"))
                yield chunk
        finally:
            stop.set()

    def close(self) -> None:
        """Stop what runs and let the model go. Called when the interpreter exits, before its threads are torn down."""
        for stop, worker in list(self._running):
            stop.set()
            worker.join(timeout=10)
        self._http.close()
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


def threads() -> int:
    """Half of the physical cores that this process may use, at least 1.

    llama.cpp's threads wait for each other by spinning, hundreds of times a token. On two busy cores two threads wrote 1 to 27 tokens a
    second where one wrote 80; on idle ones the second thread makes a prompt 1.5 times as fast to read and an answer no faster to write.
    """
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = set()
    for cpu in usable:
        try:
            siblings.add(Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text())
        except OSError:
            siblings.add(str(cpu))
    return max(1, len(siblings) // 2)
