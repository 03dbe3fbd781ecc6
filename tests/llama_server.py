"""llama.cpp's own server with OpenAI's protocol, in a process that a test may halt or kill.

with LlamaServer(path, context=2048) as server:
    model = choose(Settings(llm_base_url=server.url), "openai:tiny")
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class LlamaServer:
    """Of the model file at `path`, under the name "tiny", on a free port of 127.0.0.1, with `context` tokens, behind `key` where there is
    one."""

    def __init__(self, path: Path, context: int = 2048, key: str = ""):
        self._words = [sys.executable, "-m", "tests.llama_server", str(path), str(context), key]
        self.url = ""

    def __enter__(self) -> LlamaServer:
        self._process = subprocess.Popen(self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip() + "/v1"
        assert self.url.startswith("http"), "the server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def halt(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def _serve(path: str, context: int, key: str) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {"tiny"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = 128
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.n_gpu_layers = 0
    params.verbosity = -1
    params.ui = False
    params.api_keys = [key] if key else []
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()  # until whoever started it is gone


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), sys.argv[3])
