"""app/doctor.py: what is tried and told of the models."""

from __future__ import annotations

from app.doctor import Check, examine, fetch_reader
from rag import Settings
from rag.llm.packaged import READERS, SMALLER
from tests.models import tiny_cross
from tests.ollama_server import OllamaServer, ServedModel
from tests.wheels import tiny_reader


def test_a_rerank_model_is_tried_and_told(tmp_path):
    def encoders(model: str) -> Check:
        checks = examine(Settings(library=tmp_path / "none", rerank_model=model))
        return next(check for check in checks if check.name == "encoders")

    good = encoders(str(tiny_cross(tmp_path / "cross")))
    assert good.ok and "rerank" in good.detail
    bad = encoders("./no/model/here")
    assert not bad.ok and "no model folder" in bad.detail and bad.hint


def check(settings: Settings, name: str) -> Check:
    return next(check for check in examine(settings) if check.name == name)


def test_the_choice_of_auto_is_told_with_its_reason(tmp_path):
    settings = Settings(library=tmp_path / "none", readers=tmp_path)
    found = check(settings, "model")
    assert (
        found.ok
        and found.detail
        == "auto is quote, since Ollama does not answer, and quotes are right more often than what the packaged models write"
    )
    with OllamaServer([ServedModel("qwen:0.5b", size=1 << 29), ServedModel("mistral:latest", size=1 << 30)]) as server:
        found = check(settings.model_copy(update={"ollama_host": server.host}), "model")
    assert "auto is ollama:mistral, with 8192 tokens of context, since Ollama has no Llama 3, and this is the largest" in found.detail


def test_the_readers_that_are_here_are_told_and_how_to_get_the_others(tmp_path, monkeypatch):
    settings = Settings(library=tmp_path / "none", readers=tmp_path / "readers")
    found = check(settings, "readers")
    assert found.ok and found.detail == f"none in {tmp_path / 'readers'}" and "`diptych doctor --reader qwen2.5-0.5b`" in found.hint
    monkeypatch.setitem(READERS, SMALLER, tiny_reader(tmp_path / "shop", SMALLER))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shop"))
    told = []
    fetch_reader(settings, SMALLER, lambda *words: told.append(words))
    assert told[-1] == ("fetch", 0, 0, "qwen2.5-0.5b: success")
    found = check(settings, "readers")
    assert found.detail.startswith("qwen2.5-0.5b in ") and "`diptych doctor --reader`" in found.hint


def test_a_model_of_ollama_that_never_stops_is_named(tmp_path):
    models = [ServedModel("mistral:latest"), ServedModel("imported:latest", template="{{ .Prompt }}")]
    with OllamaServer(models) as server:
        settings = Settings(library=tmp_path / "none", ollama_host=server.host, llm="ollama:imported")
        named = "imported:latest has no chat template in Ollama, and does not stop by itself"
        assert named in check(settings, "ollama").hint and "mistral" not in check(settings, "ollama").hint
        assert "does not stop by itself" in check(settings, "model").hint
