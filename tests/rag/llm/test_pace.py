"""How fast a server reads is learnt from its answers, by server and model, and outlives the process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from rag.llm import choose, image_message, ollama, stream
from rag.llm.base import Model
from rag.llm.images import prepared
from rag.llm.pace import ANSWERS, LEAST_ROOM, Pace
from rag.settings import Settings, speeds_file
from tests.ollama_server import OllamaServer, ServedModel

FRONT = " ".join(f"rule {n} of the keeper" for n in range(80))  # 400 tokens
SHORT = "What is lit?"


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def model(server: OllamaServer, name: str = "llama3") -> Model:
    return choose(Settings(ollama_host=server.host), f"ollama:{name}")


def asked(server: OllamaServer, words: str, name: str = "llama3") -> float:
    """The speed that is known after one more answer to a prompt of FRONT and `words`."""
    there = model(server, name)
    list(stream(there, [SystemMessage(FRONT), HumanMessage(words)]))
    return there.pace.speed()


def passages(number: int, words: int = 300) -> str:
    return " ".join(f"{number} lamps in {n}" for n in range(0, words, 4))


def test_the_speed_is_what_the_server_reports():
    with OllamaServer(reads=20) as server:
        assert asked(server, passages(1)) == pytest.approx(20, rel=0.02)


def test_what_lay_in_the_cache_does_not_count_as_read():
    """700 tokens in the time of 300 are not 47 tokens a second."""
    with OllamaServer(reads=20) as server:
        speeds = [asked(server, passages(number)) for number in range(4)]
    assert speeds == pytest.approx([20] * 4, rel=0.25)


def test_a_prompt_that_was_read_before_teaches_nothing_also_in_another_process():
    with OllamaServer(reads=20) as server:
        asked(server, passages(1))
        script = (
            "import sys\nfrom tests.rag.llm.test_pace import *\n"
            "server = OllamaServer()\nOllamaServer.host = sys.argv[1]\nprint(asked(server, passages(1)))\n"
        )
        told = subprocess.run([sys.executable, "-c", script, server.host], capture_output=True, text=True, check=True).stdout
        assert float(told) == pytest.approx(20, rel=0.02)
        assert len(server.chats) == 2


def test_short_prompts_teach_nothing():
    with OllamaServer(reads=20) as server:
        there = model(server)
        list(stream(there, [HumanMessage(SHORT)]))
        assert there.pace.speed() == ollama.READS_ON_GPU


def test_one_answer_out_of_line_does_not_count_and_a_change_does():
    with OllamaServer(reads=20) as server:
        for number in range(3):
            asked(server, passages(number))
        server.reads = 2000
        assert asked(server, passages(3)) < 30
        for number in range(4, 4 + ANSWERS):
            last = asked(server, passages(number))
        assert last > 1000


def test_each_server_and_each_model_has_its_own():
    both = [ServedModel("llama3:latest"), ServedModel("qwen:1.5b")]
    with OllamaServer(both, reads=20) as slow, OllamaServer(both, reads=3000) as fast:
        assert asked(slow, passages(1)) < 30
        assert asked(fast, passages(1)) > 2000
        slow.reads = 200
        assert 150 < asked(slow, passages(1), "qwen:1.5b") < 250
        assert model(slow).pace.speed() < 30 and model(fast).pace.speed() > 2000
        assert model(slow, "llama3:latest").pace == model(slow, "llama3").pace
        assert set(json.loads(speeds_file().read_text())) == {f"{slow.host} llama3", f"{slow.host} qwen:1.5b", f"{fast.host} llama3"}


@pytest.mark.parametrize("on_gpu, speed", [(1.0, 500), (0.0, 25), (None, 25), (0.9, 172)])
def test_the_first_guess_is_by_what_lies_on_a_gpu(on_gpu, speed):
    with OllamaServer(on_gpu=on_gpu) as server:
        assert model(server).pace.speed() == pytest.approx(speed, abs=1)


def test_a_server_that_tells_no_time_is_measured():
    """A model in a cloud is not among the loaded ones, and may tell nothing: it is not held for slow after its first answer."""
    with OllamaServer(reads=0, on_gpu=None) as server:
        assert asked(server, passages(1)) > ollama.READS_WITHOUT_GPU


def test_pictures_teach_nothing(coast):
    with OllamaServer([ServedModel("llava:latest", ("completion", "vision"))], reads=20) as server:
        there = model(server, "llava")
        list(stream(there, [image_message(passages(1), [prepared(coast / "pictures" / "tower.png")])]))
        assert there.pace.speed() == ollama.READS_ON_GPU


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 3}', '{"key": {"speeds": "fast", "prompts": []}}', '{"key": {}}'])
def test_a_damaged_file_counts_for_none_and_is_written_anew(tmp_path, text):
    file = tmp_path / "speeds.json"
    file.write_text(text)
    pace = Pace("key", file, lambda: 25.0)
    assert pace.speed() == 25
    pace.learn("a prompt", 600, 60)
    assert pace.speed() == 10 and json.loads(file.read_text())["key"]["speeds"] == [10]
    assert list(tmp_path.iterdir()) == [file]


def test_where_nothing_can_be_kept_this_process_knows_it(tmp_path):
    (tmp_path / "file").write_text("no folder")
    pace = Pace("key", tmp_path / "file" / "speeds.json", lambda: 25.0)
    pace.learn("a prompt", 600, 60)
    assert pace.speed() == 10


def test_the_room_is_what_is_read_in_time_behind_a_front_that_was_read_before(tmp_path):
    pace = Pace("key", tmp_path / "speeds.json", lambda: 100.0)
    assert pace.room(FRONT, 400) == 1100
    pace.learn(FRONT + passages(1), 1000, 10)
    assert 1100 < pace.room(FRONT, 400) <= 1500
    assert Pace("other", tmp_path / "speeds.json", lambda: 1.0).room(FRONT, 400) == LEAST_ROOM
