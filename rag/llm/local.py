"""Models that this process loads by itself: any GGUF file, with the chat template that it brings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path

from rag.errors import ModelUnavailable, ModelUnknown
from rag.llm import engine
from rag.llm.base import Model
from rag.settings import Settings

MAGIC = b"GGUF"
TEMPLATE = b"tokenizer.chat_template"
HEAD_BYTES = 64 << 20  # of a file, in which its description stands
SMALL_BYTES = 1_500_000_000
"""Under so many, a file holds a model of at most two thousand million parameters, which wants the short prompt."""


def load_file(settings: Settings, name: str) -> Model:
    """The model in the file that `gguf:name` names. Raises ModelUnknown, ModelUnavailable, ModelError."""
    path = Path(name).expanduser()
    if not path.is_file():
        raise ModelUnknown(f"There is no model file {path}.", "`gguf:` is followed by the path of a GGUF file.")
    try:
        size = path.stat().st_size
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            known, templated = data[: len(MAGIC)] == MAGIC, data.find(TEMPLATE, 0, HEAD_BYTES) >= 0
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise ModelUnknown(f"The model file {path} cannot be read: {getattr(error, 'strerror', None) or error}.", "Is it whole?") from error
    if not known:
        raise ModelUnknown(f"{path} is no GGUF file.", "llama.cpp's own scripts make one of a model of another format.")
    model = load(settings, path.resolve(), f"gguf:{name}", settings.num_ctx, small=size < SMALL_BYTES)
    return model if templated else replace(model, fault=f"{path.name} has no chat template, and may not stop by itself.")


def load(settings: Settings, path: Path, spec: str, context: int, *, small: bool) -> Model:
    """The model in the file at `path` under the name `spec`, with `context` tokens at most. Raises ModelUnavailable, ModelError."""
    if find_spec("xllamacpp") is None:
        raise ModelUnavailable("llama.cpp is not installed.", "Run `make install`, or start Ollama with `ollama serve`.")
    from rag.llm.local_chat import LocalChat

    wanted = engine.Load(path, context, settings.threads or engine.threads(), settings.gpu_layers)
    return Model(spec, LocalChat(load=wanted, spec=spec), engine.context(wanted), False, partial(engine.count, wanted), small)
