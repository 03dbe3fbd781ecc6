"""Models behind a server that speaks OpenAI's protocol (vLLM, llama-server, LM Studio and others), named by its base URL."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError, ModelUnknown
from rag.llm import address
from rag.llm.base import Model, estimate_tokens
from rag.llm.faults import as_model_error
from rag.llm.ollama import DEFAULT_CONTEXT, MOST_TOKENS
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

CONTEXT_NAMES = ("max_model_len", "n_ctx", "context_length")
"""What the servers call the length of a model's context in their list: vLLM, llama-server, hosted ones."""


@dataclass(frozen=True)
class Served:
    """One model of a server: every name that it answers to, its context (0 where the server does not say), whether it takes pictures."""

    names: tuple[str, ...]
    context: int
    sees: bool


def base_url(settings: Settings) -> str | None:
    """The setting `llm_base_url`, else OPENAI_BASE_URL or OPENAI_API_BASE, else None. Raises SettingsError where it is no address.

    Takes the forms of `address.parse`; the path is /v1 where none is given, as the servers have it.
    """
    given = settings.llm_base_url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    if not given:
        return None
    url = address.parse(given, 80, "a model's server")
    return url if "/" in url.partition("://")[2] else f"{url}/v1"


def models(url: str) -> list[Served]:
    """What the server at `url` lists; nothing where it keeps no list. Raises ModelUnavailable and the other ModelErrors."""
    import httpx

    try:
        with httpx.Client(**address.client_options(url, address.ANSWER_SECONDS)) as client:
            answer = client.get(f"{address.shown(url)}/models", headers={"Authorization": f"Bearer {_key()}"})
        if answer.status_code in (404, 405):
            return []
        listed = answer.raise_for_status().json()["data"]
        return [_served(each) for each in listed]
    except httpx.HTTPError as error:
        raise as_model_error(error, "openai:", address.shown(url)) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ModelError(
            f"What answers at {address.shown(url)} does not speak OpenAI's protocol.",
            "Write its base URL, for example http://host:port/v1.",
        ) from None


def load(settings: Settings, url: str, name: str) -> Model:
    """The model `name` of the server at `url`, ready to be asked. Raises ModelUnavailable, ModelUnknown, ModelError, SettingsError."""
    listed = models(url)
    served = _named(listed, name)
    if served is None and listed:
        names = ", ".join(f"`openai:{each.names[0]}`" for each in listed[:10])
        raise ModelUnknown(f"The server at {address.shown(url)} has no model '{name}'.", f"It has {names}.")
    context = min(settings.num_ctx, (served and served.context) or DEFAULT_CONTEXT)
    chat = _chat(url, name, context, _key(), address.SILENCE_SECONDS)
    return Model(f"openai:{name}", chat, context, bool(served and served.sees), estimate_tokens, server=address.shown(url))


def _named(listed: list[Served], name: str) -> Served | None:
    """The model that answers to `name`. A llama-server of one model answers to every name; a pattern stands for names that nobody lists."""
    for each in listed:
        if name in each.names or f"{name}:latest" in each.names:
            return each
    return next((each for each in listed if any("*" in known for known in each.names)), None)


def _served(entry: dict[str, Any]) -> Served:
    meta, architecture = entry.get("meta") or {}, entry.get("architecture") or {}
    context = next((int(value) for known in CONTEXT_NAMES if (value := entry.get(known) or meta.get(known))), 0)
    names = [entry["id"], *(entry.get("aliases") or ())]
    if entry.get("owned_by") == "llamacpp" and "status" not in entry:  # a router of several models tells the state of each
        names.append("*")
    return Served(tuple(names), context, "image" in (architecture.get("input_modalities") or ()))


def _key() -> str:
    """OPENAI_API_KEY; servers of one's own mostly want none, but the client insists on sending one."""
    return os.environ.get("OPENAI_API_KEY") or "none"


@lru_cache(maxsize=16)
def _chat(url: str, name: str, context: int, key: str, silence: float) -> BaseChatModel:
    try:
        from langchain_openai import ChatOpenAI
        from openai import DefaultHttpxClient, Timeout
        from pydantic import SecretStr
    except ImportError as error:
        raise ModelError(
            f"'openai:{name}' needs a package that is not installed: {error}", "Install the extra `openai`: pip install 'diptych[openai]'."
        ) from error
    timeout = Timeout(silence, connect=address.connect_seconds(url))
    return ChatOpenAI(
        model=name,
        base_url=address.shown(url),
        api_key=SecretStr(key),
        http_client=DefaultHttpxClient(**address.client_options(url, silence) | {"timeout": timeout}),
        timeout=timeout,
        max_retries=0,
        temperature=0,
        stream_usage=True,
        use_responses_api=False,
        extra_body={"max_tokens": min(MOST_TOKENS, context // 2)},  # under the older name, which all of these servers know
    )
