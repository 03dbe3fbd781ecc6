"""What a server that reads slowly is given: the sentences that matter, then what there is time for."""

from __future__ import annotations

import re

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.answer.chain import front
from rag.llm import preload
from rag.llm.pace import LEAST_ROOM, WAIT_SECONDS
from tests.ollama_server import OllamaServer, ServedModel

FACTS = {
    "bell": "The bell of Sorrow Quay was cast by Ada Brack in Osmere.",
    "crane": "The crane of Sorrow Quay was built by Jonas Fell in 1887.",
    "gate": "The sea gate of Sorrow Quay is opened by two keepers at high water.",
}
QUESTIONS = [
    "Who cast the bell of Sorrow Quay?",
    "Who built the crane of Sorrow Quay?",
    "By whom is the sea gate of Sorrow Quay opened?",
]
QUESTION = QUESTIONS[0]


def filler(name: str) -> list[str]:
    return [f"In week {n} the {name} of the quay was greased, and the harbour master wrote {n} lines about it." for n in range(1, 31)]


@pytest.fixture(scope="module")
def quay(tmp_path_factory):
    """A library of which whole passages take thousands of tokens; its facts stand in the middle."""
    folder = tmp_path_factory.mktemp("quay")
    for name, fact in FACTS.items():
        text = filler(name)
        (folder / f"{name}.md").write_text(f"# The {name}\n\n" + " ".join([*text[:15], fact, *text[15:]]) + "\n")
    with Library.open(folder / "library", Settings(library=folder / "library")) as library:
        assert not ingest([folder], library).failed
        yield library


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def served(monkeypatch):
    """An Ollama that says how fast it reads."""
    servers: list[OllamaServer] = []

    def serve(**words) -> OllamaServer:
        servers.append(OllamaServer(**words).__enter__())
        monkeypatch.setenv("OLLAMA_HOST", servers[-1].host)
        return servers[-1]

    yield serve
    for server in servers:
        server.__exit__(None, None, None)


def prompt(server: OllamaServer) -> str:
    return server.chats[-1]["messages"][-1]["content"]


def test_a_slow_server_is_asked_in_brief_from_the_second_answer_on(quay, served):
    server = served(reads=20)
    first, whole = quay.ask(QUESTION, model="ollama:llama3"), prompt(server)
    second, brief = quay.ask(QUESTION, model="ollama:llama3"), prompt(server)
    assert first.usage.speed is None and "cut" not in first.usage.told()
    assert second.usage.speed == pytest.approx(20, rel=0.2) and second.usage.context_budget == LEAST_ROOM
    assert second.usage.told().endswith(f"; cut to what is read in time, at {second.usage.speed:.0f} tokens a second")
    assert FACTS["bell"] in brief and "…" in brief
    assert second.usage.prompt_tokens < first.usage.prompt_tokens - 500 and len(brief) < len(whole) / 2
    for answer in (first, second):
        assert "Ada Brack" in answer.answer and answer.citations[0].source == "bell.md" and answer.grounding.supported == 1.0
        assert answer.packed == tuple(sorted(answer.packed)) and len(answer.packed) == answer.usage.hits_packed


def test_a_fast_server_gets_the_room_that_it_has(quay, served):
    server = served(reads=3000)
    answers = [quay.ask(QUESTION, model="ollama:llama3") for _ in range(2)]
    assert answers[0].usage == answers[1].usage and answers[1].usage.speed is None and answers[1].usage.hits_dropped == 0
    assert answers[1].usage.context_budget > 5000
    assert server.chats[0]["messages"] == server.chats[1]["messages"]


def test_the_first_answer_of_a_server_without_a_gpu_is_brief_already(quay, served):
    server = served(reads=25, on_gpu=0.0)
    answer = quay.ask(QUESTION, model="ollama:llama3")
    assert answer.usage.speed == 25 and FACTS["bell"] in prompt(server) and "Ada Brack" in answer.answer


def test_in_between_there_is_room_for_whole_passages_behind_the_sentences(quay, served):
    """What is read in time, and no more: sentences of every hit that bears, and the first of them with more around it."""
    server = served(reads=60)
    whole = quay.ask(QUESTION, model="ollama:llama3")
    answer = quay.ask("Who cast the bell, and who built the crane of Sorrow Quay?", model="ollama:llama3")
    shown = prompt(server)
    assert FACTS["bell"] in shown and FACTS["crane"] in shown
    assert LEAST_ROOM < answer.usage.context_budget <= answer.usage.speed * WAIT_SECONDS
    sizes = [len(text) for text in re.findall(r"<passage[^>]*>\n(.*?)\n</passage>", shown, re.DOTALL)]
    assert max(sizes) > 1500 and 700 < answer.usage.prompt_tokens < whole.usage.prompt_tokens - 300


def test_numbers_in_a_brief_prompt_are_those_of_the_citations(quay, served):
    server = served(reads=20, on_gpu=0.0)

    def every_fact(messages) -> str:
        shown = messages[-1]["content"]
        numbers = {source: number for number, source in re.findall(r'<passage n="(\d+)" source="(\w+)\.md"', shown)}
        return " ".join(f"{fact.rstrip('.')} [{numbers[name]}]." for name, fact in FACTS.items() if fact in shown)

    server.answer = every_fact
    answer = quay.ask("Who cast the bell, who built the crane, and how is the sea gate of Sorrow Quay opened?", model="ollama:llama3")
    assert answer.usage.speed == 25 and answer.fallback is None and answer.grounding.supported == 1.0
    assert [citation.source for citation in answer.citations] == [f"{name}.md" for name in FACTS]


def test_the_front_of_every_prompt_is_the_same(quay, served):
    server = served(reads=20, on_gpu=0.0)
    for question in QUESTIONS:
        quay.ask(question, model="ollama:llama3")
    fronts = {(body["messages"][0]["content"], body["messages"][1]["content"].partition("<passage n=")[0]) for body in server.chats}
    assert len(server.chats) == 3 and len(fronts) == 1


@pytest.mark.parametrize("on_gpu, front_reads", [(0.0, 1), (1.0, 0)])
def test_a_slow_server_has_read_the_front_before_the_first_question(quay, served, on_gpu, front_reads):
    server = served(reads=40, on_gpu=on_gpu)
    preload(quay.settings, "ollama:llama3", front(quay.settings)).join()
    assert len(server.chats) == front_reads
    answer = quay.ask(QUESTION, model="ollama:llama3")
    assert answer.usage.speed == (pytest.approx(40, rel=0.1) if front_reads else None)
    if front_reads:
        read, sent = server.chats
        assert read["options"] == sent["options"] | {"num_predict": 1} and read["messages"][0] == sent["messages"][0]
        assert sent["messages"][1]["content"].startswith(read["messages"][1]["content"].partition("</passages>")[0].rstrip())
        assert answer.usage.context_budget > 40 * WAIT_SECONDS - 100, "the front takes none of the time"


def test_a_slow_server_is_not_asked_to_make_a_question_whole(quay, served):
    server = served(reads=20, on_gpu=0.0)
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": FACTS["bell"]}]
    answer = quay.ask("When was it cast?", history=history, model="ollama:llama3")
    assert len(server.chats) == 1 and "bell" in answer.query and "<conversation>" not in prompt(server)


def test_the_pictures_of_hits_are_left_out_where_there_is_no_time_and_the_own_one_is_not(library, coast, served):
    server = served(models=[ServedModel("llava:latest", ("completion", "vision"))], reads=20, on_gpu=0.0)
    answer = library.ask("What does the tower of Hollin Point look like?", image=coast / "pictures" / "tower.png", model="ollama:llava")
    assert answer.saw == (0,) and len(server.chats[-1]["messages"][-1]["images"]) == 1


def test_a_document_as_a_whole_is_told_from_its_sections_in_brief(quay, served):
    server = served(reads=20, on_gpu=0.0)
    answer = quay.ask("Summarise bell.md", model="ollama:llama3")
    assert answer.usage.speed == 25 and answer.usage.context_budget == LEAST_ROOM and answer.citations[0].source == "bell.md"
    assert {"bell.md"} == set(re.findall(r'source="([^"]*)"', prompt(server)))
