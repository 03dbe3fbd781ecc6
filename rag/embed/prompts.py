"""The prompts that an encoder wants before what is asked and before what is searched, as its configuration or its model card names them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.embed.sources import fingerprint


@dataclass(frozen=True)
class Prompts:
    """What is put before a text: one for queries, one for passages; nothing where they are empty."""

    query: str = ""
    passage: str = ""


# Names of prompts in the configurations of sentence-transformers models, the library's own `encode_query` and `encode_document` first.
_QUERY = ("query", "search_query", "retrieval.query", "web_search_query")
_PASSAGE = ("document", "passage", "corpus", "search_document", "retrieval.passage")

# By the model's name, from the model cards, for those whose configurations name none.
_CARDS: tuple[tuple[str, Prompts], ...] = (
    (
        r"e5\b.*-instruct",  # intfloat/multilingual-e5-large-instruct, e5-mistral-7b-instruct
        Prompts("Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "),
    ),
    (r"e5-(?:small|base|large)", Prompts("query: ", "passage: ")),  # intfloat/e5-*, e5-*-v2, multilingual-e5-*
    (r"bge-(?:small|base|large)-en", Prompts("Represent this sentence for searching relevant passages: ")),  # BAAI
    (r"bge-(?:small|base|large)-zh", Prompts("为这个句子生成表示以用于检索相关文章：")),
    (r"nomic-embed-text", Prompts("search_query: ", "search_document: ")),
)


def of_card(model: str) -> Prompts:
    """The prompts of the card of `model`, a hub name or a folder that is named like the model; empty ones for all but a few families."""
    name = Path(model).name.lower()
    return next((prompts for pattern, prompts in _CARDS if re.search(rf"(?:^|[-_.]){pattern}", name)), Prompts())


def chosen(model: str, configured: Mapping[str, str | None], default: str | None) -> Prompts:
    """The prompts of `model`: those that its configuration names for a query and a passage, else its default for both, else its card's.

    A prompt that is named and empty counts as not named: the library itself fills in "query" and "document" so, and would then pass over
    a "passage" that the configuration does name.
    """
    query, passage = _first(configured, _QUERY), _first(configured, _PASSAGE)
    if query or passage:
        return Prompts(query, passage)
    both = configured.get(default or "") or ""
    return Prompts(both, both) if both else of_card(model)


def named(model: str) -> str:
    """A name that tells models apart, and the same model with other prompts of its card.

    Prompts of the configuration are told by the name already: a folder's counts its files, and a hub's cannot be changed here.
    """
    prompts = of_card(model)
    return fingerprint(model) + (f" with {prompts.query!r} and {prompts.passage!r}" if prompts != Prompts() else "")


def _first(configured: Mapping[str, str | None], names: Sequence[str]) -> str:
    return next((prompt for name in names if (prompt := configured.get(name))), "")
