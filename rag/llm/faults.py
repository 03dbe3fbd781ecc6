"""What goes wrong at a model's server, in our own errors: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rag.errors import ModelError, ModelStalled, ModelUnavailable, ModelUnknown

MEMORY = ("out of memory", "more system memory", "cudamalloc", "insufficient memory", "unable to allocate")
CONTEXT = ("context size", "context length", "context window", "maximum context")


def as_model_error(error: BaseException, name: str) -> ModelError:
    """`error`, raised while the model `name` (a SPEC) was asked, as a ModelError. Never raises."""
    import httpx

    provider, _, tag = name.partition(":")
    chain = list(_causes(error))
    for each in chain:
        if isinstance(each, ModelError):
            return each
    words = next((line for each in chain if (line := " ".join(str(getattr(each, "error", each)).split()))), type(error).__name__)[:300]
    status = next((code for each in chain if isinstance(code := getattr(each, "status_code", None), int)), None)
    low = words.lower()
    kinds = tuple(type(each) for each in chain)
    if _is(kinds, httpx.ConnectError, httpx.ConnectTimeout):
        return ModelUnavailable(f"{_server(provider)} does not answer.", start_hint(provider), retry=True)
    if _is(kinds, httpx.TimeoutException, TimeoutError):
        return ModelStalled(f"{name} has not written anything for a long time.", _stalled_hint(provider), retry=True)
    if _is(kinds, httpx.TransportError):
        return ModelStalled(f"The connection to {_server(provider)} broke while {name} was writing.", _stalled_hint(provider), retry=True)
    if _is(kinds, ConnectionError):
        return ModelUnavailable(f"{_server(provider)} does not answer.", start_hint(provider), retry=True)
    if any(sign in low for sign in MEMORY):
        return ModelError(
            f"{name} does not fit into this machine's memory: {words}",
            "Choose a smaller model, or a smaller `num_ctx`, or close other programs.",
        )
    if any(sign in low for sign in CONTEXT):
        return ModelError(f"The prompt is longer than {name} can take: {words}", "Lower `k`, or ask a shorter question.")
    if status == 404 or ("not found" in low and "model" in low):
        return ModelUnknown(f"{_server(provider)} has no model '{tag}'.", unknown_hint(provider, tag))
    if status in (401, 403):
        return ModelError(f"{_server(provider)} refuses the key: {words}", "Set the provider's API key in the environment.")
    return ModelError(f"{name} failed: {words}", "Ask again, or choose another model.", retry=not 400 <= (status or 0) < 500)


def start_hint(provider: str) -> str:
    if provider == "ollama":
        return "Start it with `ollama serve`, or set `ollama_host`; without Ollama, choose `packaged:smollm2-135m`."
    return "Is its address right, and is the network there? Without it, choose `packaged:smollm2-135m`."


def unknown_hint(provider: str, tag: str) -> str:
    return f"Get it with `ollama pull {tag}`." if provider == "ollama" else "Look up the names that the provider offers."


def _stalled_hint(provider: str) -> str:
    return "Ask again; `ollama ps` tells whether it still runs." if provider == "ollama" else "Ask again."


def _server(provider: str) -> str:
    return {"ollama": "Ollama", "packaged": "The packaged model"}.get(provider, provider)


def _is(kinds: tuple[type, ...], *wanted: type) -> bool:
    return any(issubclass(kind, wanted) for kind in kinds)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
