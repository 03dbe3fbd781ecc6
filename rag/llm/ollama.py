"""Models behind an Ollama server: where it is, what it has, a chat model for LangChain, and how to fetch another."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from rag.errors import ModelError, ModelUnknown, SettingsError
from rag.llm.base import Model, estimate_tokens
from rag.llm.faults import as_model_error
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_ollama import ChatOllama
    from ollama import Client

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 10.0
SILENCE_SECONDS = 120.0
"""A model that writes nothing for so long (loading and reading the prompt included) counts as stalled."""
MOST_TOKENS = 768
"""Of an answer: what the context keeps free for it, since Ollama drops the prompt's front where an answer grows into it."""
KEEP_ALIVE = "15m"
DEFAULT_CONTEXT = 4096


@dataclass(frozen=True)
class ModelInfo:
    """One model of an Ollama server; `context` is the longest that it was made for, 0 where the server does not say."""

    name: str
    size_bytes: int
    sees: bool
    context: int
    chat_capable: bool


@dataclass(frozen=True)
class Progress:
    """One report of a `pull`; bytes of the layer at hand, 0 where there is nothing to count."""

    status: str
    completed: int = 0
    total: int = 0


def host_of(settings: Settings) -> str:
    """The server's URL: the setting `ollama_host`, else OLLAMA_HOST, else this machine.

    Takes what Ollama itself takes: `host`, `host:port`, `:port`, `scheme://host[:port][/path]`, IPv6 with or without brackets. An address
    that a *server* listens on (0.0.0.0, ::) means this machine. Raises SettingsError where it is none of these.
    """
    return parse_host(settings.ollama_host or os.environ.get("OLLAMA_HOST") or "")


def parse_host(text: str) -> str:
    """`text` as scheme://host:port[/path]; see `host_of`."""
    words = text.strip().strip("\"'").strip()
    scheme, mark, rest = words.partition("://")
    if not mark:
        scheme, rest = "http", words
    port = {"http": 80, "https": 443}.get(scheme) if mark else 11434
    if _is_ipv6(rest):
        rest = f"[{rest}]"
    wrong = SettingsError(f"'{words}' is not an address of Ollama.", "Write it as `host:port` or `http://host:port`.")
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


def shown_host(url: str) -> str:
    """`url` without the login that may stand in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def models(settings: Settings) -> list[ModelInfo]:
    """Every model that the server has, in its order (newest first). Raises ModelUnavailable and the other ModelErrors."""
    try:
        client = _client(host_of(settings))
        listed = [each for each in client.list().models if each.model]
        return [_info(client, each.model or "", int(each.size or 0)) for each in listed]
    except SettingsError:
        raise
    except Exception as error:
        raise as_model_error(error, "ollama:") from error


def load(settings: Settings, tag: str) -> Model:
    """The server's model `tag`, ready to be asked. Raises ModelUnavailable, ModelUnknown, or ModelError where it cannot chat."""
    host = host_of(settings)
    try:
        info = _info(_client(host), tag, 0)
    except Exception as error:
        raise as_model_error(error, f"ollama:{tag}") from error
    if not info.chat_capable:
        raise ModelError(f"'{tag}' makes embeddings and cannot answer.", "Choose a chat model, for example `ollama:llama3`.")
    context = min(settings.num_ctx, info.context or DEFAULT_CONTEXT)
    return Model(f"ollama:{tag.removesuffix(':latest')}", _chat(host, tag, context), context, info.sees, estimate_tokens)


def pull(settings: Settings, tag: str) -> Iterator[Progress]:
    """Have the server fetch `tag`, reporting on the way; the last report's status is "success". Raises the ModelErrors."""
    try:
        for report in _client(host_of(settings), SILENCE_SECONDS).pull(tag, stream=True):
            yield Progress(report.status or "", report.completed or 0, report.total or 0)
    except SettingsError:
        raise
    except Exception as error:
        if "file does not exist" in str(error):
            raise ModelUnknown(f"Ollama's library has no model '{tag}'.", "Look its name up at ollama.com/library.") from error
        raise as_model_error(error, f"ollama:{tag}") from error


@lru_cache(maxsize=16)
def _chat(host: str, tag: str, context: int) -> ChatOllama:
    from langchain_ollama import ChatOllama

    return ChatOllama(
        model=tag,
        base_url=shown_host(host),
        client_kwargs=_client_options(host, SILENCE_SECONDS),
        num_ctx=context,
        num_predict=min(MOST_TOKENS, context // 2),
        temperature=0,
        keep_alive=KEEP_ALIVE,
    )


def _client(host: str, read_seconds: float = ANSWER_SECONDS) -> Client:
    from ollama import Client

    return Client(host=shown_host(host), **_client_options(host, read_seconds))


def _client_options(host: str, read_seconds: float) -> dict[str, Any]:
    """Time-outs, the login that stands in the address, and no proxy between us and a server on this machine."""
    import httpx

    parts = urlsplit(host)
    name = parts.hostname or ""
    here = name == "localhost" or (_is_ip(name) and ipaddress.ip_address(name).is_loopback)
    return {
        "timeout": httpx.Timeout(read_seconds, connect=CONNECT_SECONDS if here else 3 * CONNECT_SECONDS),
        "trust_env": not here,
        "verify": parts.scheme == "https",
        "auth": (unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
    }


def _info(client: Client, tag: str, size: int) -> ModelInfo:
    """What /api/show tells of `tag`. Servers from before `capabilities` are judged by the model's family."""
    shown = client.show(tag)
    known = shown.modelinfo or {}
    family = str(known.get("general.architecture") or (shown.details and shown.details.family) or "")
    context = known.get(f"{family}.context_length") or next((value for key, value in known.items() if key.endswith(".context_length")), 0)
    able = shown.capabilities
    chats = "completion" in able if able is not None else "bert" not in family
    return ModelInfo(tag, size, "vision" in (able or []), int(context), chats)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    return ":" in text and _is_ip(text)
