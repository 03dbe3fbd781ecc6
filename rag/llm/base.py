"""A model that writes answers, and the one place where its words are read and its faults become ours."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError, ModelStalled
from rag.llm.faults import as_model_error, stalled_hint
from rag.llm.pace import Pace, report

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

MESSAGE_TOKENS = 8
"""What a chat template adds to a message, at most (role, marks, line ends)."""


@dataclass(frozen=True)
class Model:
    """A language model, ready to be asked.

    `name` is its SPEC ("ollama:llama3", "packaged:qwen2.5-0.5b", "quote"); `chat` is None for quote only; `context` counts the tokens of
    prompt and answer together; `sees` tells whether it takes pictures; `count_tokens` counts a text's tokens (exactly for a model that this
    process loads, else by `estimate_tokens`); `small` asks for the short prompt; `server` is the address that the SPEC does not tell;
    `fault` is a sentence for the user about why its answers do not end by themselves; `pace` knows how fast it reads, where that is learnt.
    """

    name: str
    chat: BaseChatModel | None
    context: int
    sees: bool
    count_tokens: Callable[[str], int]
    small: bool = False
    server: str = ""
    fault: str | None = None
    pace: Pace | None = None

    @property
    def helps(self) -> bool:
        """Whether it is able, and quick enough, to be asked for more than answers."""
        return self.chat is not None and not self.small and not (self.pace and self.pace.slow)


@dataclass(frozen=True)
class Stats:
    """What one answer cost: the tokens that the model itself reports (estimates where it reports none).

    `truncated` tells that the model did not get the whole prompt; `note` is a sentence for the user, about that or about an answer that
    was cut at its limit.
    """

    prompt_tokens: int
    completion_tokens: int
    truncated: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Progress:
    """One report of a model that is being fetched; bytes of what is at hand, 0 where there is nothing to count."""

    status: str
    completed: int = 0
    total: int = 0


def estimate_tokens(text: str) -> int:
    """A guess, on the high side, of how many tokens a byte-pair tokenizer makes of `text`; for models whose tokenizer is not at hand."""
    words = re.findall(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]", text)
    return sum(1 if not word.isascii() else math.ceil(len(word) / (3 if word.isdigit() else 6)) for word in words)


def count_messages(model: Model, messages: Sequence[BaseMessage]) -> int:
    """The tokens of `messages` as `model` counts them, the chat template's included, pictures left out."""
    return sum(MESSAGE_TOKENS + model.count_tokens(message.text) for message in messages)


def prompt_text(messages: Sequence[BaseMessage]) -> str:
    """The words of `messages` as they follow each other."""
    return "\n".join(message.text for message in messages)


def stream(model: Model, messages: Sequence[BaseMessage]) -> Iterator[str | Stats]:
    """The answer of `model` piece by piece, and its Stats last.

    Closing the iterator ends the generation. Raises ModelUnavailable, ModelUnknown, ModelStalled or ModelError, each with what to do.
    """
    if model.chat is None:
        raise ModelError("'quote' writes no text of its own.", "Choose a model, for example `packaged:qwen2.5-0.5b`.")
    estimate = count_messages(model, messages)
    pieces = model.chat.stream(list(messages))
    text, usage, end, told = [], None, None, dict[str, Any]()
    began, first = time.perf_counter(), 0.0
    try:
        for chunk in pieces:
            first = first or time.perf_counter()
            if chunk.text:
                text.append(chunk.text)
                yield chunk.text
            usage = chunk.usage_metadata or usage
            told |= chunk.response_metadata
            end = chunk.response_metadata.get("done_reason") or chunk.response_metadata.get("finish_reason") or end
    except Exception as error:
        raise as_model_error(error, model.name, model.server) from error
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()
    if model.name.startswith(("ollama:", "openai:")) and end is None:
        raise ModelStalled(f"{model.name} stopped in the middle of its answer.", stalled_hint(model.name.partition(":")[0]), retry=True)
    if model.pace and all(isinstance(message.content, str) for message in messages):  # how long a picture takes tells nothing of words
        report(model.pace, prompt_text(messages), told, estimate, first - began)
    prompt_tokens = usage["input_tokens"] if usage else estimate
    completion_tokens = usage["output_tokens"] if usage else model.count_tokens("".join(text))
    truncated = model.name.startswith("ollama:") and lost_its_front(prompt_tokens, estimate, model.context)
    yield Stats(prompt_tokens, completion_tokens, truncated, _note(truncated, end, prompt_tokens, estimate, model))


def lost_its_front(counted: int, estimate: int, context: int) -> bool:
    """Whether Ollama, which drops an over-long prompt's front without a word, did so.

    It fills the context to the brim then; or counts far fewer tokens than were sent, where more were sent than fit. A low count alone
    proves nothing: some servers leave out what they had in their cache.
    """
    return counted >= context or (estimate > context and counted < 0.8 * estimate)


def _note(truncated: bool, end: str | None, counted: int, estimate: int, model: Model) -> str | None:
    if truncated:
        return (
            f"The model read only {counted} of about {max(estimate, counted)} tokens: its context holds {model.context}. "
            "Raise `num_ctx`, or lower `k`."
        )
    if end == "length":
        return model.fault or "The answer was cut at the length that the model may write."
    return None
