"""The packaged models, the smaller one really asked."""

from __future__ import annotations

import threading
import time

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from rag.errors import ModelUnavailable, ModelUnknown
from rag.llm import Stats, choose, engine, packaged, stream
from rag.llm.packaged import LARGER, READERS, SMALLER
from rag.prompts import load
from rag.settings import Settings
from tests.models import READER, needs_reader
from tests.wheels import tiny_reader


@pytest.fixture
def model():
    return choose(Settings(), READER)


def told(model, *messages) -> tuple[str, Stats]:
    *pieces, stats = stream(model, list(messages))
    return "".join(pieces), stats


@needs_reader
def test_it_reads_what_it_is_given(model):
    text, stats = told(model, SystemMessage("Answer briefly."), HumanMessage("The light was built in 1791. When was the light built?"))
    assert "1791" in text
    assert stats.completion_tokens - model.count_tokens(text) in (0, 1), "the end mark counts as one"
    assert not stats.truncated and stats.note is None
    assert (model.name, model.context, model.small, model.sees) == ("packaged:qwen2.5-0.5b", 4096, True, False)
    assert choose(Settings(num_ctx=1024), READER).context == 1024


@needs_reader
def test_what_two_prompts_begin_with_is_read_once(model):
    """The text stands before the question in the prompt, so that another question on the same text is quick."""
    prompt = load("answer_small", Settings())
    text = "[1] The light was built in 1791 by Marta Quill.\n[2] The oil for the lamp ran out on the night of the storm."

    def usage(context: str, question: str) -> tuple[int, int]:
        *_, last = model.chat.stream(prompt.render(context=context, question=question))
        return last.usage_metadata["input_tokens"], last.usage_metadata["input_token_details"]["cache_read"]

    told(model, HumanMessage("Say hello."))
    read, cached = usage(text, "When was the light built?")
    assert cached < read - model.count_tokens(text), "nobody has asked about this text before"
    read, cached = usage(text, "Who built it?")
    assert read - cached < model.count_tokens(prompt.render(context="", question="Who built it?")[-1].text), "the question, and no text"
    read, cached = usage("[1] Bread was dear.", "Who built it?")
    front, _ = prompt.user.split("{context}")
    assert cached >= model.count_tokens(front)


@needs_reader
def test_closing_the_stream_stops_the_generation(model, monkeypatch):
    pieces = stream(model, [HumanMessage("Write a long story about a lighthouse.")])
    next(pieces)
    written: list[str] = []
    monkeypatch.setattr("rag.llm.engine.json.loads", lambda chunk, load=engine.json.loads: written.append(chunk) or load(chunk))
    pieces.close()
    while any(thread.name == "llama" for thread in threading.enumerate()):
        time.sleep(0.01)
    assert len(written) < 80, "of 160: nothing goes on in the background"


def test_a_reader_that_is_not_here_says_how_to_get_it(tmp_path):
    for name in READERS:
        with pytest.raises(ModelUnavailable, match=f"'{name}' is not on this machine") as caught:
            choose(Settings(readers=tmp_path), f"packaged:{name}")
        assert f"diptych doctor --reader {name}" in caught.value.hint
    with pytest.raises(ModelUnknown, match="no packaged model 'other'") as unknown:
        choose(Settings(), "packaged:other")
    assert all(reader.spec in unknown.value.hint for reader in READERS.values())


def test_only_what_was_verified_is_there(tmp_path, monkeypatch):
    reader = tiny_reader(tmp_path / "shop", SMALLER)
    monkeypatch.setitem(READERS, SMALLER, reader)
    settings = Settings(readers=tmp_path)
    (tmp_path / reader.file).write_bytes(bytes(reader.bytes))
    assert packaged.there(settings) == ()
    packaged.marker(reader, tmp_path).write_text(f"{reader.sha256}  {reader.file}\n")
    assert packaged.there(settings) == (SMALLER,)
    packaged.marker(reader, tmp_path).write_text(f"{READERS[LARGER].sha256}  {reader.file}\n")
    assert packaged.there(settings) == ()
