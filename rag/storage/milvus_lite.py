"""The server behind a Milvus Lite file: where it listens, whether it lives, its end. Generation 2 runs it as a process, 3 in threads."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path
from typing import Any


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
