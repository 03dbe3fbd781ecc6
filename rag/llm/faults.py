"""What goes wrong at a model's server, in our own errors: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.errors import ModelError, ModelStalled, ModelUnavailable, ModelUnknown

MEMORY = ("out of memory", "more system memory", "cudamalloc", "insufficient memory", "unable to allocate")
PROVIDERS = {"ollama": "Ollama", "packaged": "The packaged model", "gguf": "The model file"}
KEYS = {"openai": "Set OPENAI_API_KEY to the key that it wants."}
CONTEXT = ("context size", "context length", "context window", "maximum context")


def as_model_error(error: BaseException, name: str, server: str = "") -> ModelError:
    """`error`, raised while the model `name` (a SPEC) was asked at the address `server`, as a ModelError. Never raises."""
    provider, _, tag = name.partition(":")
    there = f"The server at {server}" if server else PROVIDERS.get(provider, provider)
    model = name if tag else there
    chain = list(_causes(error))
    for each in chain:
        if isinstance(each, ModelError):
            return each
    words = next((line for each in chain if (line := " ".join(_said(each).split()))), type(error).__name__)[:300]
    status = next((code for each in chain if isinstance(code := _status(each), int)), None)
    low = words.lower()
    if _is(chain, "ConnectError", "ConnectTimeout"):
        return ModelUnavailable(f"{there} does not answer.", start_hint(provider), retry=True)
    if _is(chain, "TimeoutException", "APITimeoutError") or any(isinstance(each, TimeoutError) for each in chain):
        return ModelStalled(f"{model} has not written anything for a long time.", stalled_hint(provider), retry=True)
    if _is(chain, "TransportError"):
        return ModelStalled(f"{there} broke the connection while {model} was writing.", stalled_hint(provider), retry=True)
    if any(isinstance(each, ConnectionError) for each in chain):
        return ModelUnavailable(f"{there} does not answer.", start_hint(provider), retry=True)
    if any(sign in low for sign in MEMORY):
        return ModelError(
            f"{model} does not fit into the memory that is there: {words}",
            "Choose a smaller model, or a smaller `num_ctx`, or close other programs.",
        )
    if any(sign in low for sign in CONTEXT):
        return ModelError(f"The prompt is longer than {model} can take: {words}", "Lower `num_ctx` or `k`, or ask a shorter question.")
    if status in (401, 403):
        return ModelError(f"{there} refuses the key: {words}", KEYS.get(provider, "Set the provider's API key in the environment."))
    if status == 404 or ("not found" in low and "model" in low):
        return ModelUnknown(f"{there} has no model '{tag}'.", unknown_hint(provider, tag))
    if status == 503:
        return ModelUnavailable(
            f"{there} is not ready: {words}.", "It may still be loading its model, or be busy. Ask again in a moment.", retry=True
        )
    return ModelError(f"{model} failed: {words}", "Ask again, or choose another model.", retry=not 400 <= (status or 0) < 500)


def start_hint(provider: str) -> str:
    if provider == "ollama":
        return "Start it with `ollama serve`, or set `ollama_host`; without Ollama, choose `packaged:qwen2.5-0.5b`."
    if provider == "openai":
        return "Start it, or set `llm_base_url`; without it, choose `packaged:qwen2.5-0.5b`."
    return "Is its address right, and is the network there? Without it, choose `packaged:qwen2.5-0.5b`."


def unknown_hint(provider: str, tag: str) -> str:
    if provider == "ollama":
        return f"Get it with `ollama pull {tag}`."
    return "Look up the names that it offers" + (", and its base URL, which mostly ends in /v1." if provider == "openai" else ".")


def stalled_hint(provider: str) -> str:
    return "Ask again; `ollama ps` tells whether it still runs." if provider == "ollama" else "Ask again."


def _said(error: BaseException) -> str:
    """The words of an error: those that the server sent, where the client keeps them apart."""
    answer = getattr(error, "response", None)
    if _is([error], "HTTPStatusError") and answer is not None:
        return f"{answer.status_code} {answer.reason_phrase}"
    body = getattr(error, "body", None)
    told = body.get("message") if isinstance(body, dict) else getattr(error, "error", None)
    return told if isinstance(told, str) else str(error)


def _status(error: BaseException) -> Any:
    """The HTTP status, where the error knows one."""
    return getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)


def _is(chain: list[BaseException], *names: str) -> bool:
    """Whether an error of an HTTP client is among them; by name, since the providers' clients use several generations of httpx."""
    return any(kind.__name__ in names for each in chain for kind in type(each).__mro__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
