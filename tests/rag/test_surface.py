"""The public face of `rag`: what can be imported from it, that each name explains itself, and that importing it costs nothing."""

from __future__ import annotations

import inspect
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest

import rag
from rag import Library, errors
from rag.settings import PROJECT

PUBLIC = {
    "Library", "Settings",
    "Answer", "Citation", "Hit", "Search", "Place", "Locator",
    "Found", "Draft", "Checked", "Done",
    "DiptychError", "UsageError", "SettingsError", "LibraryError", "NoLibrary", "OtherEncoder", "OtherVersion", "NoRoom", "StoreError",
    "ReadError", "EncoderError", "ModelError", "ModelUnavailable", "ModelUnknown", "ModelStalled", "PromptError",
}  # fmt: skip


def test_the_public_names_are_these_and_no_others():
    assert set(rag.__all__) == PUBLIC and len(rag.__all__) == len(PUBLIC)
    assert rag.__all__ == sorted(rag.__all__)
    assert {*rag.__all__, "__version__"} <= set(dir(rag))


def test_every_error_is_public():
    told = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, errors.DiptychError)}
    assert told == {name for name in PUBLIC if inspect.isclass(getattr(rag, name)) and issubclass(getattr(rag, name), Exception)}


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_resolves_and_explains_itself(name):
    value = getattr(rag, name)
    assert value.__name__ == name and value.__module__.startswith("rag.")
    doc = vars(value).get("__doc__") or ""  # its own, and not what a dataclass makes of its fields
    assert doc.strip() and not doc.startswith(f"{name}(")


@pytest.mark.parametrize("name", [name for name, value in vars(Library).items() if callable(value) and not name.startswith("_")])
def test_a_method_of_the_library_names_all_that_it_takes(name):
    method = getattr(Library, name)
    assert inspect.getdoc(method)
    kinds = {parameter.kind for parameter in inspect.signature(method).parameters.values()}
    assert not kinds & {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}


def test_ask_takes_what_stream_takes():
    asked, streamed = inspect.signature(Library.ask), inspect.signature(Library.stream)
    assert list(asked.parameters.values()) == list(streamed.parameters.values())
    assert asked.return_annotation == "Answer" and streamed.return_annotation == "Iterator[Event]"
    told = inspect.getdoc(Library.stream) or ""
    assert all(f"`{parameter}`" in told for parameter in list(streamed.parameters)[2:])


def test_ask_hands_on_all_that_it_is_told(library):
    words = {"k": 2, "modality": "text", "source": "letter*", "model": "quote", "retrieval_only": True}
    answer = library.ask("Who wrote the letter?", history=[{"role": "user", "content": "Hello"}], **words)
    assert answer.answer is None and answer.model is None and answer.hits
    assert {(hit.source, hit.modality) for hit in answer.hits} == {("letter.txt", "text")}


def test_the_retriever_takes_the_filters_of_the_search(library):
    found = library.as_retriever(k=3, source="*.html", rerank=False).invoke("lifeboat Perpetua")
    assert 0 < len(found) <= 3
    assert all(document.metadata["source"] == "boats.html" and document.metadata["routes"]["rerank"] is None for document in found)
    with pytest.raises(TypeError):
        library.as_retriever(fetch=3)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Libary'"):
        rag.Libary  # noqa: B018


def test_importing_it_imports_nothing_but_itself():
    code = "import sys; before = set(sys.modules); import rag; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=PROJECT).stdout.split()
    assert [name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names] == ["rag"]


def test_the_version_is_that_of_the_project(monkeypatch):
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert rag.__version__ == project["version"]

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    from importlib.metadata import PackageNotFoundError

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert rag._version() == project["version"], "a clone on the path that was not installed"


@pytest.mark.parametrize("package", ["rag", "ingest", "app"])
def test_its_types_are_for_others_too(package):
    assert (files(package) / "py.typed").is_file()
    data = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    assert "py.typed" in data[package]
