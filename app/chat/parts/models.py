"""The choice of model in the sidebar, with the state of what there is and a way to get a model that is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.parts.text import note, plain
from rag.errors import PromptError
from rag.llm import Progress, Survey, preload, pull, survey
from rag.llm.automatic import LLAMA
from rag.llm.fetch import fetch
from rag.llm.packaged import READERS, Reader
from rag.settings import Settings

NAMES = {"auto": "Automatic", "quote": "Quotes only, no model"} | {
    reader.spec: f"{reader.title.partition(',')[0]} · packaged" for reader in READERS.values()
}
LOADED_SECONDS = 600  # Ollama keeps a model for longer


@st.cache_data(ttl=15, show_spinner=False)
def surveyed(ollama_host: str | None, _settings: Settings) -> Survey:
    """What there is, asked at most every 15 seconds."""
    return survey(_settings)


def model_picker(settings: Settings) -> None:
    """Writes the chosen SPEC to `st.session_state.model`, and has that model loaded while the question is still being written."""
    pulled: Job[None] | None = st.session_state.get("pull")
    if pulled is not None and pulled.done and not pulled.error:
        del st.session_state.pull
        surveyed.clear()
    found = surveyed(settings.ollama_host, settings)
    labels = offered(settings)
    chosen = st.session_state.setdefault("model", settings.llm)

    def label(spec: str) -> str:
        if spec not in labels and spec == settings.llm:
            return f"{spec} · from the settings"
        return labels.get(spec) or f"{spec} · not there now"

    options = list(dict.fromkeys([*labels, settings.llm, chosen]))
    spec = st.selectbox("Model", options, format_func=label, key="model", help=plain(f"Automatic is {_because(found)}"))
    _preload(settings, spec)
    chat = [each for each in labels if each.startswith("ollama:")]
    there = {*labels, *(each.removesuffix(":latest") for each in chat)}
    lacks = spec.removeprefix("ollama:") if spec.startswith("ollama:") and spec not in there else None
    if lacks is None and not any(spec.removeprefix("ollama:").startswith(LLAMA) for spec in chat):
        lacks = LLAMA
    _state(found, settings, lacks)


def offered(settings: Settings) -> dict[str, str]:
    """The SPECs that can answer now, each with what it is called."""
    found = surveyed(settings.ollama_host, settings)
    shown = {"auto": NAMES["auto"]}
    for model in found.models:
        if model.chat_capable:
            sees = " · sees pictures" if model.sees else ""
            shown[f"ollama:{model.name}"] = f"{model.name.removesuffix(':latest')} · Ollama{sees}"
    specs = [*found.compatible, *(READERS[name].spec for name in found.readers), "quote"]
    return shown | {spec: NAMES.get(spec) or spec for spec in specs}


def _preload(settings: Settings, spec: str) -> None:
    asked, when = st.session_state.get("preloaded", ("", 0.0))
    if spec != asked or time.monotonic() - when > LOADED_SECONDS:
        st.session_state.preloaded = (spec, time.monotonic())
        from rag.answer.chain import front

        with suppress(PromptError):  # the question tells of it
            preload(settings, spec, front(settings))


def _because(found: Survey) -> str:
    return f"{NAMES.get(found.auto.spec) or found.auto.spec}: {found.auto.why}."


def _state(found: Survey, settings: Settings, lacks: str | None) -> None:
    if found.fault:
        st.html(note("state d-off", found.fault))
    if not found.reachable:
        st.html(note("state d-off", f"Ollama does not answer at {found.ollama_host}. Automatic is {_because(found)}"))
        if found.note:
            st.button("Look again", icon=":material/refresh:", type="tertiary", on_click=surveyed.clear, help=plain(found.note))
        for reader in [each for name, each in READERS.items() if name not in found.readers][:1]:
            size = f"{reader.title}, {reader.bytes / 1e9:.1f} GB, fetched through pip."
            _getting(f"Get {reader.title.partition(',')[0]}", size, lambda reader=reader: _fetched(reader, settings))  # type: ignore[misc]
        return
    if lacks is None:
        st.html(note("state d-on", f"Ollama answers at {found.ollama_host}."))
        return
    st.html(note("state d-half", f"Ollama answers at {found.ollama_host}, but {_called(lacks)} is not there."))
    size = "About 4.7 GB, fetched by Ollama." if lacks == LLAMA else "Fetched by Ollama."
    _getting(f"Pull {_called(lacks)}", size, lambda: _pulled(lacks, settings))


def _pulled(tag: str, settings: Settings) -> Iterator[tuple[str, Progress]]:
    return ((f"{_called(tag)}: {report.status}", report) for report in pull(settings, tag))


def _fetched(reader: Reader, settings: Settings) -> Iterator[tuple[str, Progress]]:
    reports = fetch(reader, settings.readers)
    return ((f"{reader.name}: {each.status}, {each.completed >> 20} of {each.total >> 20} MB", each) for each in reports)


def _getting(label: str, size: str, reports: Callable[[], Iterator[tuple[str, Progress]]]) -> None:
    """A button that gets a model, and while it comes, how far it is."""
    job: Job[None] | None = st.session_state.get("pull")
    if job is None or job.done:
        if job is not None and job.error:
            st.html(note("error", str(job.error), job.error.hint))
        st.button(plain(label), key="pull-model", icon=":material/download:", on_click=_get, args=(reports,), help=size)
        return

    @st.fragment(run_every=0.5)
    def progress() -> None:
        if job.done:
            st.rerun()
        st.progress(job.share or 0.0, text=plain(job.doing or "Asking for it"))

    progress()


def _get(reports: Callable[[], Iterator[tuple[str, Progress]]]) -> None:
    def work(tell: Tell) -> None:
        for doing, report in reports():
            tell(doing, report.completed / report.total if report.total else None)

    st.session_state.pull = Job(work)


def _called(tag: str) -> str:
    return "Llama 3" if tag == LLAMA else tag
