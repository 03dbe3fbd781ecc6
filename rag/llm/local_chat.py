"""A model that this process loads, as a LangChain chat model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from rag.llm import engine
from rag.llm.repeats import WithoutRepeats

MOST_TOKENS = 160
ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class LocalChat(BaseChatModel):
    """A model file as a LangChain chat model: greedy, at most `max_tokens` tokens an answer, cut where it begins to repeat itself.

    What a prompt has in common with the front of the one before it is not read again: `usage_metadata` tells how many tokens that were.
    """

    load: engine.Load = Field(exclude=True, repr=False)
    spec: str
    max_tokens: int = MOST_TOKENS

    @property
    def _llm_type(self) -> str:
        return "local"

    def get_num_tokens(self, text: str) -> int:
        return engine.count(self.load, text)

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        request = {
            "messages": [{"role": ROLES.get(message.type, "user"), "content": message.text} for message in messages],
            "temperature": 0,
            "max_tokens": kwargs.get("max_tokens", self.max_tokens),
            "stop": ["<|im_start|>", "<|im_end|>", *(stop or [])],
            "cache_prompt": True,
        }
        text = WithoutRepeats()
        prompt_tokens, usage, end = 0, None, None
        chunks = engine.chat(self.load, request)
        try:
            for chunk in chunks:
                prompt_tokens = chunk.get("prompt_progress", {}).get("total", prompt_tokens)
                usage = chunk.get("usage") or usage
                for choice in chunk["choices"]:
                    end = choice["finish_reason"] or end
                    if piece := text.feed(choice["delta"].get("content") or ""):
                        if run_manager:
                            run_manager.on_llm_new_token(piece)
                        yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
                if text.repeating:
                    break
        finally:
            chunks.close()
        prompt_tokens = usage["prompt_tokens"] if usage else prompt_tokens
        completion_tokens = usage["completion_tokens"] if usage else engine.count(self.load, text.heard)
        cached = usage["prompt_tokens_details"]["cached_tokens"] if usage else 0
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content=text.rest(),
                usage_metadata=UsageMetadata(
                    input_tokens=prompt_tokens,
                    output_tokens=completion_tokens,
                    total_tokens=prompt_tokens + completion_tokens,
                    input_token_details=InputTokenDetails(cache_read=cached),
                ),
                chunk_position="last",
            ),
            generation_info={"finish_reason": end or "repetition", "model_name": self.spec},
        )
