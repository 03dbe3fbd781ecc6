"""Which model answers: the SPEC rules, and a survey of what there is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import DiptychError, ModelError, ModelUnavailable, ModelUnknown
from rag.llm import address, compatible, local, ollama, packaged
from rag.llm.automatic import LLAMA, Choice, automatic, choice
from rag.llm.base import Model, estimate_tokens
from rag.llm.ollama import ModelInfo
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

FORMS = (
    "Write `auto`, `ollama:llama3` (any tag), `packaged:qwen2.5-0.5b`, `packaged:qwen2.5-1.5b`, `gguf:PATH`, `quote`, "
    "or `provider:model` of LangChain's init_chat_model."
)


@dataclass(frozen=True)
class Survey:
    """What could answer now: Ollama's models, the packaged `readers` that are there, and `compatible`, the SPECs of the server at
    `llm_base_url`; and what `auto` chooses of them.

    `note` is a sentence for the user where something is missing, `fault` one where the server at `llm_base_url` does not answer.
    """

    ollama_host: str
    reachable: bool
    models: list[ModelInfo]
    readers: tuple[str, ...]
    auto: Choice
    note: str | None
    compatible: tuple[str, ...] = ()
    fault: str | None = None


def choose(settings: Settings, spec: str | None = None) -> Model:
    """The model that `spec` (default: the setting `llm`) names.

    "auto" is what `automatic` says.
    A name that starts with no known provider ("llama3:8b") is looked up in Ollama. Raises ModelUnavailable, ModelUnknown, ModelError.
    """
    spec = (settings.llm if spec is None else spec).strip()
    provider, colon, name = spec.partition(":")
    if spec == "auto":
        return choose(settings, automatic(settings).spec)
    if spec == "quote":
        return Model("quote", None, settings.num_ctx, False, estimate_tokens)
    if not provider or (colon and not name):
        raise ModelError(f"'{spec}' names no model.", FORMS)
    if provider == "ollama":
        return ollama.load(settings, name)
    if provider == "packaged":
        return packaged.load(settings, name)
    if provider == "gguf":
        return local.load_file(settings, name)
    if provider == "openai" and (url := compatible.base_url(settings)):
        return compatible.load(settings, url, name)
    if colon and (model := _provided(settings, provider, name)):
        return model
    try:
        return ollama.load(settings, spec)
    except (ModelUnavailable, ModelUnknown):
        raise ModelUnknown(f"No model is called '{spec}'.", FORMS) from None


def survey(settings: Settings) -> Survey:
    """What there is: the Ollama server's models, the packaged ones, and those of the server at `llm_base_url`. Raises SettingsError."""
    host = address.shown(ollama.host_of(settings))
    found: list[ModelInfo] = []
    note = None
    try:
        found = ollama.models(settings)
        reachable = True
    except ModelError as error:
        reachable, note = False, f"{error} {error.hint}"
    if reachable and not any(each.chat_capable for each in found):
        note = "Ollama has no chat model. Get one with `ollama pull llama3`."
    chosen = choice(settings, found if reachable else None)
    return Survey(host, reachable, found, packaged.there(settings), chosen, note, *_compatible(settings))


def _compatible(settings: Settings) -> tuple[tuple[str, ...], str | None]:
    url = compatible.base_url(settings)
    try:
        return tuple(f"openai:{each.names[0]}" for each in compatible.models(url)) if url else (), None
    except ModelError as error:
        return (), f"{error} {error.hint}"


def missing(settings: Settings, found: Survey) -> str | None:
    """The model that Ollama could fetch so that `llm` is there: the one that it names, else Llama 3; None where none lacks."""
    provider, _, tag = settings.llm.partition(":")
    chat = [each.name for each in found.models if each.chat_capable]
    if not found.reachable:
        return None
    if provider == "ollama" and tag:
        return None if {tag, f"{tag}:latest"} & {each.name for each in found.models} else tag
    return LLAMA if settings.llm == "auto" and not chat else None


def preload(settings: Settings, spec: str | None = None, front: Sequence[BaseMessage] = ()) -> threading.Thread:
    """Begin to load the model that `spec` (default: the setting `llm`) names, where it is Ollama's or runs in this process, so that its
    first answer need not wait; a slow Ollama also reads `front`, what all prompts begin with.

    Returns the thread that waits for it. What goes wrong is left for the question to tell.
    """

    def load() -> None:
        with suppress(DiptychError):
            wanted = settings.llm if spec is None else spec
            wanted = automatic(settings).spec if wanted == "auto" else wanted
            provider, _, name = wanted.partition(":")
            if provider == "ollama" and name:
                ollama.preload(settings, name, front)
            elif provider in ("packaged", "gguf"):
                choose(settings, wanted)

    thread = threading.Thread(target=load, name="preload", daemon=True)
    thread.start()
    return thread


def _provided(settings: Settings, provider: str, name: str) -> Model | None:
    """A model of another LangChain provider, None where there is no such provider. Its key and address come from the environment."""
    from langchain.chat_models import init_chat_model

    spec = f"{provider}:{name}"
    try:
        chat = init_chat_model(name, model_provider=provider, temperature=0)
    except ImportError as error:
        raise ModelError(f"'{spec}' needs a package that is not installed: {error}", "Install it into the same environment.") from error
    except Exception as error:
        words = " ".join(str(error).split())[:300]
        if isinstance(error, ValueError) and words.startswith("Unsupported provider"):
            return None
        hint = "Set what the provider needs (its API key, for one) in the environment."
        if provider == "openai":
            hint += " A server of your own with OpenAI's protocol is named by `llm_base_url`."
        raise ModelError(f"'{spec}' cannot be set up: {words}", hint) from error
    profile = chat.profile or {}
    context = min(settings.num_ctx, profile.get("max_input_tokens") or settings.num_ctx)
    return Model(spec, chat, context, bool(profile.get("image_inputs")), estimate_tokens)
