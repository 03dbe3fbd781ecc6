"""The page of the settings: written to `diptych.toml` with its comments, checked before, taken up at once; what is fixed says why."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from app.chat import own_prompts, settings_file
from app.chat.serve import COLOURS
from rag.errors import PromptError, SettingsError
from rag.llm.packaged import READERS, SMALLER
from rag.settings import Settings
from tests.app.chat.driven import opened, page, words
from tests.ollama_server import OllamaServer, ServedModel
from tests.wheels import tiny_reader

FILE = """# mine
k = 12  # many

# what answers
llm = "quote"
"""


@pytest.fixture
def toml(tmp_path, monkeypatch, forgetful):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file = tmp_path / "diptych.toml"
    file.write_text(FILE)
    return file


@pytest.fixture
def at(toml, library, monkeypatch):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(library.folder))
    return opened(v="settings")


def part(at: AppTest, name: str) -> AppTest:
    return at.segmented_control(key="settings-part").set_value(name).run()


def got(at: AppTest) -> AppTest:
    """Wait for the model that is on its way."""
    if "pull" in at.session_state:
        at.session_state.pull.wait(60)
    return at.run()


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_file_keeps_its_comments_and_its_order(toml):
    settings_file.write("k", 5)
    settings_file.write("theme", "dark")
    assert toml.read_text() == FILE.replace("k = 12", "k = 5") + 'theme = "dark"\n'
    settings_file.write("k", None)
    settings_file.write("theme", None)
    assert settings_file.written() == {"llm": "quote"} and "# mine" in toml.read_text() and "# what answers" in toml.read_text()


@pytest.mark.parametrize(("name", "value"), [("k", 0), ("theme", "pink"), ("nonsense", 1), ("rerank", "perhaps")])
def test_what_is_wrong_is_not_written(toml, name, value):
    with pytest.raises(SettingsError, match=name):
        settings_file.write(name, value)
    assert toml.read_text() == FILE and sorted(path.name for path in toml.parent.iterdir()) == ["diptych.toml"]


def test_a_file_that_cannot_be_read_is_left_alone(toml):
    toml.write_text("k = \n")
    with pytest.raises(SettingsError, match="cannot be read"):
        settings_file.write("k", 5)
    assert toml.read_text() == "k = \n"


def test_the_file_is_made_where_there_is_none_and_keeps_its_rights_and_its_link(toml):
    toml.chmod(0o600)
    toml.rename(toml.with_name("real.toml"))
    toml.symlink_to("real.toml")
    settings_file.write("k", 6)
    assert toml.is_symlink() and toml.stat().st_mode & 0o777 == 0o600 and tomllib.loads(toml.read_text())["k"] == 6
    toml.unlink()
    settings_file.write("k", 7)
    assert toml.read_text() == "k = 7\n"


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_is_written_and_holds_for_the_next_question(at, toml):
    part(at, "search")
    assert at.number_input(key="setting-k").value == 12
    at.number_input(key="setting-k").set_value(3).run()
    assert "It holds from now on." in words(at) and tomllib.loads(toml.read_text())["k"] == 3 and "# many" in toml.read_text()
    del at.query_params["v"]
    at.run()
    at.chat_input[0].set_value("Who built the light at Hollin Point?").run()
    turn = at.session_state.conversation.turns[0]
    while not turn.settled:
        pass
    assert len(turn.hits) <= 3
    at.query_params["v"] = "settings"
    part(at.run(), "search")
    at.button(key="reset-k").click().run()
    assert "k" not in settings_file.written() and at.number_input(key="setting-k-1").value == 8


def test_what_holds_from_the_next_start_says_so(at, toml):
    part(at, "search")
    at.text_input(key="setting-rerank_model").set_value("folder/of/one").run()
    assert tomllib.loads(toml.read_text())["rerank_model"] == "folder/of/one" and "It holds from the next start of the chat." in words(at)


def test_colours_and_language_change_at_once(at, toml, monkeypatch):
    worn = {}
    monkeypatch.setattr(config, "set_option", lambda name, value: worn.update({name: value}))
    part(at, "look")
    at.segmented_control(key="setting-theme").set_value("dark").run()
    assert tomllib.loads(toml.read_text())["theme"] == "dark" and "It holds from now on." in words(at)
    assert (worn["theme.base"], worn["theme.backgroundColor"], worn["theme.light.backgroundColor"]) == (
        "dark",
        COLOURS["dark"]["backgroundColor"],
        None,
    )
    at.segmented_control(key="setting-theme").set_value("auto").run()
    assert worn["theme.base"] is None and worn["theme.light.backgroundColor"] == COLOURS["light"]["backgroundColor"]
    at.segmented_control(key="setting-chat_language").set_value("de").run()
    assert "Es gilt ab jetzt." in words(at)


def test_a_wrong_value_is_told_and_not_written(at, toml):
    at.text_input(key="setting-ollama_host").set_value("http://a b:x").run()
    assert "ollama_host" not in settings_file.written() and page(at).xpath('.//*[@role="alert"]')
    at.text_input(key="setting-llm_base_url").set_value("http://a b:x").run()
    assert settings_file.written().keys() == {"k", "llm"} and page(at).xpath('.//*[@role="alert"]')


def test_a_variable_of_the_environment_is_shown_as_what_it_is(toml, library, monkeypatch):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(library.folder))
    monkeypatch.setenv("DIPTYCH_K", "4")
    at = part(opened(v="settings"), "search")
    assert at.number_input(key="setting-k").disabled and at.number_input(key="setting-k").value == 4
    assert "DIPTYCH_K in the environment sets this." in words(at)


def test_what_is_fixed_says_why_and_no_secret_is_shown(toml, library, monkeypatch):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(library.folder))
    toml.write_text('llm = "quote"\nllm_base_url = "http://me:hush@127.0.0.1:9/v1"\nmilvus_token = "hush"\n')
    at = opened(v="settings")
    for name in ("answers", "fixed"):
        part(at, name)
        shown = words(at) + " ".join(f"{each.value} {each.placeholder}" for each in at.text_input)
        assert "hush" not in shown, name
    assert "all-MiniLM-L6-v2" in words(at) and "diptych rebuild" in words(at) and "given; it is not shown" in words(at)


def test_models_are_told_with_their_state_and_got(toml, library, tmp_path, monkeypatch):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(library.folder))
    monkeypatch.setitem(READERS, SMALLER, tiny_reader(tmp_path / "shop", SMALLER))
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "shop"), "DIPTYCH_READERS": str(tmp_path / "readers")}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with OllamaServer([ServedModel("mistral:latest", size=4 << 30)]) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        at = part(opened(v="settings"), "models")
        assert "mistral, 4.3 GB" in words(at) and words(at).count("not here") == 2
        at.button(key=f"get-{SMALLER}").click().run()
        got(at)
        assert words(at).count("not here") == 1
        at.text_input(key="pull-tag").set_value("llama3")
        at.button(key="pull-any").click().run()
        assert "llama3, " in words(got(at))


# ── prompts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_prompt_is_changed_in_a_folder_of_its_own_previewed_and_put_back(at, toml, tmp_path):
    part(at, "prompts")
    shipped = own_prompts.shipped("answer")
    text = at.text_area(key="prompt-answer")
    assert text.value == shipped and at.button(key="prompt-keep").disabled
    text.set_value(shipped.replace("{context}", "")).run()
    assert "lacks the variable 'context'" in words(at) and at.button(key="prompt-keep").disabled
    text.set_value(shipped.replace("{context}", "{contekst}")).run()
    assert "variable 'contekst' that nobody fills" in words(at)
    at.text_area(key="prompt-answer").set_value(shipped.replace("=== system ===", "=== system ===\nSpeak like a keeper.")).run()
    assert any("Speak like a keeper." in each.value for each in at.code) and any("‹question›" in each.value for each in at.code)
    at.button(key="prompt-keep").click().run()
    folder = tmp_path / "data" / "diptych" / "prompts"
    assert "Speak like a keeper." in (folder / "answer.md").read_text() and settings_file.written()["prompts"] == str(folder)
    assert "Your own, in" in words(at) and "# mine" in toml.read_text()
    at.button(key="prompt-reset").click().run()
    assert not (folder / "answer.md").exists() and at.text_area(key="prompt-answer").value == shipped
    assert toml.read_text() == FILE, "with nothing changed any more, no folder is named"


def test_the_shipped_prompts_are_never_written(toml):
    from importlib.resources import files

    shipped = Path(str(files("prompts") / "answer.md"))
    before = shipped.read_text()
    settings = Settings(prompts=shipped.parent)
    for change in (lambda: own_prompts.keep("answer", before + "\nmore", settings), lambda: own_prompts.reset("answer", settings)):
        with pytest.raises(PromptError, match="shipped"):
            change()
    assert shipped.read_text() == before
