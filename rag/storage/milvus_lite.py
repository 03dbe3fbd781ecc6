"""The server behind a Milvus Lite file: where it listens, whether it lives, its end. Generation 2 runs it as a process, 3 in threads."""

from __future__ import annotations

import contextlib
import subprocess
import time
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class _Process(subprocess.Popen):
    """The server's process, whose first wait ends as soon as it listens."""

    _begun = False

    def wait(self, timeout: float | None = None) -> int:
        if self._begun or timeout is None:
            return super().wait(timeout)
        self._begun = True
        socket, until = Path(str(self.args[2]).removeprefix("unix:")), time.monotonic() + timeout  # type: ignore[index]
        while not socket.exists() and self.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        return super().wait(0)


def promptly() -> None:
    """Have servers start in the time that they take: generation 2 waits half a second to see whether one stays."""
    with warnings.catch_warnings(), contextlib.suppress(ImportError, AttributeError):
        warnings.simplefilter("ignore")
        from milvus_lite import server

        if server.subprocess is subprocess:
            server.subprocess = SimpleNamespace(Popen=_Process, TimeoutExpired=subprocess.TimeoutExpired)


def address(file: Path) -> str | None:
    """Where the server that this process started for `file` is reached; None where there is none."""
    server = _server(file)
    if isinstance(server, tuple):
        return f"http://127.0.0.1:{server[2]}"
    return server.uds_path if server else None


def lives(file: Path) -> bool:
    """Whether the server that this process started for `file` is still there."""
    server = _server(file)
    if isinstance(server, tuple):
        return True
    if server is None or server._p is None:
        return False
    try:
        server._p.wait(timeout=1)  # its socket closes a moment before it is gone
    except subprocess.TimeoutExpired:
        return True
    return False


def stop(file: Path) -> None:
    """End the server that this process started for `file`, if there is one."""
    with contextlib.suppress(ImportError, AttributeError):
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(str(file))


def _server(file: Path) -> Any:
    try:
        from milvus_lite.server_manager import server_manager_instance
    except ImportError:
        return None
    servers: dict[str, Any] = server_manager_instance._servers
    return servers.get(str(file.absolute().resolve())) or servers.get(str(file.absolute()))
