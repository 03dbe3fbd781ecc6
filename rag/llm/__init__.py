"""Choosing a language model and asking it: Ollama, the packaged model, or any provider that LangChain knows."""

from rag.llm.base import Model, Stats, count_messages, estimate_tokens, stream
from rag.llm.choose import Survey, choose, missing, preload, survey
from rag.llm.images import image_message
from rag.llm.ollama import ModelInfo, Progress, pull

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
