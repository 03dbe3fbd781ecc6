"""Where a model's server is: the forms in which people write its address, and how a client of ours goes there."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import unquote, urlsplit

from rag.errors import SettingsError

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 10.0
SILENCE_SECONDS = 120.0
"""A model that writes nothing for so long (loading and reading the prompt included) counts as stalled."""


def parse(text: str, bare_port: int, server: str) -> str:
    """`text` as scheme://[login@]host:port[/path], without a slash at its end.

    Takes `host`, `host:port`, `:port`, `scheme://host[:port][/path]`, and IPv6 with or without brackets; quotes and blanks around it do
    not count. Without a scheme it is http, and `bare_port` where no port stands. What a *server* listens on (0.0.0.0, ::) means this
    machine. Raises SettingsError, which calls it an address of `server`.
    """
    words = text.strip().strip("\"'").strip()
    scheme, mark, rest = words.partition("://")
    scheme = scheme.lower()
    if not mark:
        scheme, rest = "http", words
    port = {"http": 80, "https": 443}.get(scheme) if mark else bare_port
    if ":" in rest and _is_ip(rest):
        rest = f"[{rest}]"
    wrong = SettingsError(f"'{words}' is not an address of {server}.", "Write it as `host:port` or `http://host:port`.")
    if port is None or any(letter.isspace() for letter in rest):
        raise wrong
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname or "127.0.0.1", parts.port or port
    except ValueError:
        raise wrong from None
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    login = parts.netloc.rpartition("@")[0]
    return f"{scheme}://{login + '@' if login else ''}{f'[{host}]' if ':' in host else host}:{port}{parts.path.rstrip('/')}"


def shown(url: str) -> str:
    """`url` without the login that may stand in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def is_here(url: str) -> bool:
    """Whether `url` is on this machine."""
    name = urlsplit(url).hostname or ""
    return name == "localhost" or (_is_ip(name) and ipaddress.ip_address(name).is_loopback)


def connect_seconds(url: str) -> float:
    """How long to wait for a server at `url` to take a connection."""
    return CONNECT_SECONDS if is_here(url) else 3 * CONNECT_SECONDS


def client_options(url: str, read_seconds: float) -> dict[str, Any]:
    """For an httpx client: time-outs, the login that stands in the address, and no proxy between us and a server on this machine."""
    import httpx

    parts = urlsplit(url)
    return {
        "timeout": httpx.Timeout(read_seconds, connect=connect_seconds(url)),
        "trust_env": not is_here(url),
        "verify": parts.scheme == "https",
        "auth": (unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
    }


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
