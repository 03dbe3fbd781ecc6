"""The choice of model in the sidebar, with the state of what there is and a way to get a model that is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import streamlit as st

from app.chat.jobs import Job, Line, Tell
from app.chat.language import _, later, number
from app.chat.parts.text import escaped, note, plain
from rag.errors import PromptError
from rag.llm import Progress, Survey, preload, pull, survey
from rag.llm.automatic import LLAMA
from rag.llm.fetch import fetch
from rag.llm.packaged import READERS, Reader
from rag.settings import Settings

NAMES = {"auto": later("Automatic"), "quote": later("Quotes only, no model")} | {
    reader.spec: later("{name} · packaged").format(name=reader.title.partition(",")[0]) for reader in READERS.values()
}
REASONS = {  # why it is that model, as `rag.llm.automatic` has them
    "unreachable": later("Ollama does not answer, and quotes are right more often than what the packaged models write"),
    "chatless": later("Ollama has no chat model, and quotes are right more often than what the packaged models write"),
    "named": later("the settings name it"),
    "llama": later("Ollama has it, and Llama 3 goes before others"),
    "only": later("it is the only chat model that Ollama has"),
    "largest": later("Ollama has no Llama 3, and this is the largest of its chat models"),
    "fits": later("Ollama has no Llama 3, and this is the largest of its chat models that fits into {memory} GB of memory"),
    "smallest": later("none of Ollama's chat models fits into {memory} GB of memory, and this is the smallest"),
}
OLLAMA = "Ollama"
LOADED_SECONDS = 600  # Ollama keeps a model for longer


@st.cache_data(ttl=15, show_spinner=False)
def surveyed(ollama_host: str | None, _settings: Settings) -> Survey:
    """What there is, asked at most every 15 seconds."""
    return survey(_settings)


def model_picker(settings: Settings) -> None:
    """Writes the chosen SPEC to `st.session_state.model`, and has that model loaded while the question is still being written."""
    _look_anew()
    found = surveyed(settings.ollama_host, settings)
    labels = offered(settings)
    chosen = st.session_state.setdefault("model", settings.llm)

    def label(spec: str) -> str:
        if spec not in labels and spec == settings.llm:
            return _("{model} · from the settings").format(model=spec)
        return labels.get(spec) or _("{model} · not there now").format(model=spec)

    options = list(dict.fromkeys([*labels, settings.llm, chosen]))
    automatic = _("Automatic is {model}: {why}.").format(**_automatic(found))
    spec = st.selectbox(_("Model"), options, format_func=label, key="model", help=plain(automatic))
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
    shown = {"auto": str(NAMES["auto"])}
    for model in found.models:
        if model.chat_capable:
            sees = " · " + _("sees pictures") if model.sees else ""
            shown[f"ollama:{model.name}"] = f"{model.name.removesuffix(':latest')} · Ollama{sees}"
    specs = [*found.compatible, *(READERS[name].spec for name in found.readers), "quote"]
    return shown | {spec: str(NAMES.get(spec) or spec) for spec in specs}


def _look_anew() -> None:
    """Where a model has come, what there is is asked again."""
    pulled: Job[None] | None = st.session_state.get("pull")
    if pulled is not None and pulled.done and not pulled.error:
        del st.session_state.pull
        surveyed.clear()


def models(settings: Settings) -> None:
    """Every model with its state: what is here, and a way to get what is not."""
    _look_anew()
    found = surveyed(settings.ollama_host, settings)
    told = _("Automatic is {model}: {why}.").format(**_automatic(found))
    st.html(note("info", told))
    job: Job[None] | None = st.session_state.get("pull")
    if job is not None and job.error:
        st.html(note("error", job.error, job.error.hint))
    _coming(job)
    busy = job is not None and not job.done
    st.html(f'<div class="d-label">{_("Packaged models")}</div>')
    for name, reader in READERS.items():
        size = _("{title}, {size} GB").format(title=reader.title, size=number(reader.bytes / 1e9, 1))
        _one(name, size, name in found.readers, None if busy else lambda reader=reader: _fetched(reader, settings))  # type: ignore[misc]
    st.html(f'<div class="d-label">{OLLAMA}</div>')
    if not found.reachable:
        st.html(note("state d-off", _("Ollama does not answer at {host}.").format(host=found.ollama_host)))
        st.button(_("Look again"), key="look-again", icon=":material/refresh:", type="tertiary", on_click=surveyed.clear)
    for model in found.models:
        sees = " · " + _("sees pictures") if model.sees else ""
        chats = "" if model.chat_capable else " · " + _("cannot answer")
        size = _("{size} GB").format(size=number(model.size_bytes / 1e9, 1))
        _one(f"ollama-{model.name}", f"{model.name.removesuffix(':latest')}, {size}{sees}{chats}", True, None)
    if found.reachable:
        with st.form("pull-form", border=False, clear_on_submit=True), st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Another model of Ollama's"), key="pull-tag", placeholder=LLAMA)
            st.form_submit_button(
                _("Pull"), key="pull-any", icon=":material/download:", disabled=busy, on_click=_pull_named, args=(settings,)
            )
    if found.compatible or found.fault:
        st.html(f'<div class="d-label">{_("Another server")}</div>')
        st.html("".join(f'<p class="d-model">{escaped(each)}</p>' for each in found.compatible) or note("state d-off", found.fault or ""))


def _one(name: str, words: str, here: bool, reports: Callable[[], Iterator[tuple[Line, Progress]]] | None) -> None:
    """A model in a line, with a button where it is not here."""
    state = f'<span class="d-got">{_("here")}</span>' if here else f'<span class="d-where">{_("not here")}</span>'
    with st.container(key=f"model-{name}", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="d-model">{escaped(words)} {state}</p>')
        if not here and reports is not None:
            st.button(_("Get"), key=f"get-{name}", icon=":material/download:", on_click=_get, args=(reports,))


def _pull_named(settings: Settings) -> None:
    tag = st.session_state["pull-tag"].strip().removeprefix("ollama:")
    if tag:
        _get(lambda: _pulled(tag, settings))


def _preload(settings: Settings, spec: str) -> None:
    asked, when = st.session_state.get("preloaded", ("", 0.0))
    if spec != asked or time.monotonic() - when > LOADED_SECONDS:
        st.session_state.preloaded = (spec, time.monotonic())
        from rag.answer.chain import front

        with suppress(PromptError):  # the question tells of it
            preload(settings, spec, front(settings))


def _automatic(found: Survey) -> dict[str, str]:
    why = REASONS[found.auto.reason].format(memory=found.auto.memory)
    return {"model": str(NAMES.get(found.auto.spec) or found.auto.spec), "why": str(why)}


def _state(found: Survey, settings: Settings, lacks: str | None) -> None:
    if found.fault:
        st.html(note("state d-off", found.fault))
    if not found.reachable:
        told = _("Ollama does not answer at {host}. Automatic is quotes: they are right more often than what the packaged models write.")
        st.html(note("state d-off", told.format(host=found.ollama_host)))
        if found.note:
            st.button(_("Look again"), icon=":material/refresh:", type="tertiary", on_click=surveyed.clear, help=plain(found.note))
        for reader in [each for name, each in READERS.items() if name not in found.readers][:1]:
            size = _("{title}, {size} GB, fetched through pip.").format(title=reader.title, size=number(reader.bytes / 1e9, 1))
            _getting(_("Get {model}").format(model=reader.title.partition(",")[0]), size, lambda reader=reader: _fetched(reader, settings))  # type: ignore[misc]
        return
    if lacks is None:
        st.html(note("state d-on", _("Ollama answers at {host}.").format(host=found.ollama_host)))
        return
    told = _("Ollama answers at {host}, but {model} is not there.").format(host=found.ollama_host, model=_called(lacks))
    st.html(note("state d-half", told))
    size = _("About 4.7 GB, fetched by Ollama.") if lacks == LLAMA else _("Fetched by Ollama.")
    _getting(_("Pull {model}").format(model=_called(lacks)), size, lambda: _pulled(lacks, settings))


def _pulled(tag: str, settings: Settings) -> Iterator[tuple[Line, Progress]]:
    return ((f"{_called(tag)}: {report.status}", report) for report in pull(settings, tag))


def _fetched(reader: Reader, settings: Settings) -> Iterator[tuple[Line, Progress]]:
    reports = fetch(reader, settings.readers)
    told = later("{name}: {status}, {done} of {of} MB").format(name=reader.name)
    return ((told.format(status=each.status, done=each.completed >> 20, of=each.total >> 20), each) for each in reports)


def _getting(label: str, size: str, reports: Callable[[], Iterator[tuple[Line, Progress]]]) -> None:
    """A button that gets a model, and while it comes, how far it is."""
    job: Job[None] | None = st.session_state.get("pull")
    if job is None or job.done:
        if job is not None and job.error:
            with st.container(key="pull-failed", horizontal=True):
                st.html(note("error", str(job.error), job.error.hint), width="stretch")
                st.button("", key="pull-away", icon=":material/close:", type="tertiary", help=_("Dismiss"), on_click=_dismissed)
        st.button(plain(label), key="pull-model", icon=":material/download:", on_click=_get, args=(reports,), help=size)
        return
    _coming(job)


def _coming(job: Job[None] | None) -> None:
    """How far a model is that is being got."""
    if job is None or job.done:
        return

    @st.fragment(run_every=0.5)
    def progress() -> None:
        if job.done:
            st.rerun()
        st.progress(job.share or 0.0, text=plain(job.doing or _("Asking for it")))

    progress()


def _dismissed() -> None:
    del st.session_state["pull"]


def _get(reports: Callable[[], Iterator[tuple[Line, Progress]]]) -> None:
    def work(tell: Tell) -> None:
        for doing, report in reports():
            tell(doing, report.completed / report.total if report.total else None)

    st.session_state.pull = Job(work)


def _called(tag: str) -> str:
    return "Llama 3" if tag == LLAMA else tag
