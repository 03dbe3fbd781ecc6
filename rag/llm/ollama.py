"""Models behind an Ollama server: where it is, what it has, a chat model for LangChain, and how to fetch another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.errors import ModelError, ModelUnknown, SettingsError
from rag.llm import address
from rag.llm.base import Model, Progress, estimate_tokens, stream
from rag.llm.faults import as_model_error
from rag.llm.pace import Pace
from rag.settings import Settings, speeds_file

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_ollama import ChatOllama
    from ollama import Client

PORT = 11434
MOST_TOKENS = 768
"""Of an answer: what the context keeps free for it, since Ollama drops the prompt's front where an answer grows into it."""
KEEP_ALIVE = "15m"
DEFAULT_CONTEXT = 4096
READS_WITHOUT_GPU, READS_ON_GPU = 25.0, 500.0
"""Tokens of a prompt in a second, guessed until the first answer: measured with 1.5 thousand million parameters on two cores, and what any
GPU does that holds the whole model."""
BARE = "{{.Prompt}}"  # the template of a model that was imported without one


@dataclass(frozen=True)
class ModelInfo:
    """One model of an Ollama server; `context` is the longest that it was made for, 0 where the server does not say.

    `think` is what to ask of a model that thinks before it writes: not to, or (gpt-oss, which cannot leave it) "low". An answer out of
    passages needs little of it, and what is thought takes from the tokens that the answer has. None for the others, which refuse the word.
    `bare` tells that it was made without a chat template: it does not know where its turn ends, and writes until it is stopped.
    """

    name: str
    size_bytes: int
    sees: bool
    context: int
    chat_capable: bool
    think: bool | str | None = None
    bare: bool = False


def host_of(settings: Settings) -> str:
    """The server's URL: the setting `ollama_host`, else OLLAMA_HOST, else this machine.

    Takes what Ollama itself takes; see `address.parse`. Raises SettingsError where it is no address.
    """
    return address.parse(settings.ollama_host or os.environ.get("OLLAMA_HOST") or "", PORT, "Ollama")


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
    context = _context(settings, info)
    chat, fault = _chat(host, tag, context, info.think), endless(tag) if info.bare else None
    name, server = tag.removesuffix(":latest"), address.shown(host)
    pace = Pace(f"{server} {name}", speeds_file(), lambda: _guessed_speed(host, tag))
    return Model(f"ollama:{name}", chat, context, info.sees, estimate_tokens, fault=fault, pace=pace)


def _guessed_speed(host: str, tag: str) -> float:
    """Tokens that the server reads in a second, by how much of the model lies in the memory of a GPU; none of it where that is not told (it
    is not loaded yet, or the server is an old one)."""
    share = 0.0
    with suppress(Exception):
        for each in _client(host).ps().models:
            if each.model in (tag, f"{tag}:latest") and each.size:
                share = min(1.0, (each.size_vram or 0) / each.size)
    return 1 / (share / READS_ON_GPU + (1 - share) / READS_WITHOUT_GPU)


def endless(tag: str) -> str:
    """What is to be said of a model without a chat template."""
    return f"{tag} has no chat template in Ollama, and does not stop by itself: make it anew with a TEMPLATE in its Modelfile."


def preload(settings: Settings, tag: str, front: Sequence[BaseMessage] = ()) -> None:
    """Have the server load `tag` now, with the context that questions will ask for (another one would make it load again); where it is
    slow, have it read `front` too, which then lies in its cache and tells how fast it is.

    Returns when that is done. Raises the ModelErrors.
    """
    client = _client(host_of(settings), address.SILENCE_SECONDS)
    try:
        context = _context(settings, _info(client, tag, 0))
        client.generate(model=tag, prompt="", keep_alive=KEEP_ALIVE, options={"num_ctx": context})
    except Exception as error:
        raise as_model_error(error, f"ollama:{tag}") from error
    if not front:
        return
    model = load(settings, tag)
    if model.chat and model.pace and model.pace.slow:
        for _ in stream(replace(model, chat=model.chat.model_copy(update={"num_predict": 1})), front):
            pass


def pull(settings: Settings, tag: str) -> Iterator[Progress]:
    """Have the server fetch `tag`, reporting on the way; the last report's status is "success". Raises the ModelErrors."""
    try:
        for report in _client(host_of(settings), address.SILENCE_SECONDS).pull(tag, stream=True):
            yield Progress(report.status or "", report.completed or 0, report.total or 0)
    except SettingsError:
        raise
    except Exception as error:
        if "file does not exist" in str(error):
            raise ModelUnknown(f"Ollama's library has no model '{tag}'.", "Look its name up at ollama.com/library.") from error
        raise as_model_error(error, f"ollama:{tag}") from error


@lru_cache(maxsize=16)
def _chat(host: str, tag: str, context: int, think: bool | str | None) -> ChatOllama:
    from langchain_ollama import ChatOllama

    return ChatOllama(
        model=tag,
        base_url=address.shown(host),
        client_kwargs=address.client_options(host, address.SILENCE_SECONDS),
        num_ctx=context,
        num_predict=min(MOST_TOKENS, context // 2),
        temperature=0,
        reasoning=think,
        keep_alive=KEEP_ALIVE,
    )


def _context(settings: Settings, info: ModelInfo) -> int:
    return min(settings.num_ctx, info.context or DEFAULT_CONTEXT)


def _client(host: str, read_seconds: float = address.ANSWER_SECONDS) -> Client:
    from ollama import Client

    return Client(host=address.shown(host), **address.client_options(host, read_seconds))


def _info(client: Client, tag: str, size: int) -> ModelInfo:
    """What /api/show tells of `tag`. Servers from before `capabilities` are judged by the model's family."""
    shown = client.show(tag)
    known = shown.modelinfo or {}
    family = str(known.get("general.architecture") or (shown.details and shown.details.family) or "")
    context = known.get(f"{family}.context_length") or next((value for key, value in known.items() if key.endswith(".context_length")), 0)
    able = shown.capabilities
    chats = "completion" in able if able is not None else "bert" not in family
    think = ("low" if family == "gptoss" else False) if "thinking" in (able or []) else None
    bare = chats and "".join((shown.template or "").split()) == BARE
    return ModelInfo(tag, size, "vision" in (able or []), int(context), chats, think, bare)
