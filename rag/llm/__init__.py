"""Choosing a language model and asking it: Ollama, a packaged model, a model file, or any provider that LangChain knows."""

from rag.llm.base import Model, Progress, Stats, count_messages, estimate_tokens, stream
from rag.llm.choose import Survey, choose, missing, preload, survey
from rag.llm.images import image_message
from rag.llm.ollama import ModelInfo, pull

__all__ = [
    "Model",
    "ModelInfo",
    "Progress",
    "Stats",
    "Survey",
    "choose",
    "count_messages",
    "estimate_tokens",
    "image_message",
    "missing",
    "preload",
    "pull",
    "stream",
    "survey",
]
