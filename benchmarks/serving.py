"""The chat, served as a user does, and asked over the socket that a browser has, without a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PROJECT = Path(__file__).resolve().parent.parent


@contextmanager
def served(library: Path, *words: str) -> Iterator[tuple[int, str]]:
    """`diptych chat` with these words over a library, answering by quotes: the id of its process, and its address once it answers there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DIPTYCH_LIBRARY": str(library), "DIPTYCH_LLM": "quote", "OLLAMA_HOST": "127.0.0.1:9"}
    command = [sys.executable, "-m", "app", "chat", *words, "--port", str(port)]
    server = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while not _answers(f"{address}/_stcore/health"):
            if server.poll() is not None:
                sys.exit("The chat did not start.")
            time.sleep(0.05)
        yield server.pid, address
    finally:
        server.terminate()
        server.wait(20)


def _answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def line(address: str) -> websockets.connect:
    """The socket between a page and the chat at that address, to be opened with `async with`."""
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    return websockets.connect(stream, subprotocols=["streamlit"], max_size=None, origin=address)


async def rerun(line: websockets.ClientConnection, query: str) -> list[bytes]:
    """All that the server sends until it has drawn the page with that query in its address."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    await line.send(asked.SerializeToString())
    came: list[bytes] = []
    while True:
        came.append(bytes(await line.recv()))
        message = ForwardMsg()
        message.ParseFromString(came[-1])
        if message.WhichOneof("type") == "script_finished":
            return came
