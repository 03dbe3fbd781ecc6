"""The choice of model in the sidebar, with the state of what there is and a way to get Llama 3."""

from __future__ import annotations

import streamlit as st

from app.jobs import Job, Tell
from app.parts.text import note, plain
from rag.llm import Survey, pull, survey
from rag.settings import Settings

LLAMA = "llama3"
NAMES = {"auto": "Automatic", "quote": "Quotes only, no model", "packaged:smollm2-135m": "SmolLM2 135M · packaged"}


@st.cache_data(ttl=15, show_spinner=False)
def surveyed(ollama_host: str | None, _settings: Settings) -> Survey:
    """What there is, asked at most every 15 seconds."""
    return survey(_settings)


def model_picker(settings: Settings) -> None:
    """Writes the chosen SPEC to `st.session_state.model`."""
    pulled: Job[None] | None = st.session_state.get("pull")
    if pulled is not None and pulled.done and not pulled.error:
        del st.session_state.pull
        surveyed.clear()
    found = surveyed(settings.ollama_host, settings)
    chat = [f"ollama:{model.name}" for model in found.models if model.chat_capable]
    offered = ["auto", *chat, *(["packaged:smollm2-135m"] if found.packaged else []), "quote"]
    chosen = st.session_state.setdefault("model", settings.llm)
    sees = {f"ollama:{model.name}" for model in found.models if model.sees}

    def label(spec: str) -> str:
        if spec not in offered and spec == settings.llm:
            return f"{spec} · from the settings"
        if spec not in offered:
            return f"{spec} · not there now"
        shown = NAMES.get(spec) or f"{spec.removeprefix('ollama:').removesuffix(':latest')} · Ollama"
        return f"{shown} · sees pictures" if spec in sees else shown

    options = list(dict.fromkeys([*offered, settings.llm, chosen]))
    st.selectbox("Model", options, format_func=label, key="model", help="Automatic is Llama 3 through Ollama, else the packaged model.")
    _state(found, settings, any(spec.removeprefix("ollama:").startswith(LLAMA) for spec in chat))


def _state(found: Survey, settings: Settings, llama: bool) -> None:
    if not found.reachable:
        answering = "The packaged SmolLM2 answers." if found.packaged else "No model can answer; choose quotes only."
        st.html(note("state d-off", f"Ollama does not answer at {found.ollama_host}. {answering}"))
        if found.note:
            st.button("Look again", icon=":material/refresh:", type="tertiary", on_click=surveyed.clear, help=plain(found.note))
        return
    if llama:
        st.html(note("state d-on", f"Ollama answers at {found.ollama_host}."))
        return
    st.html(note("state d-half", f"Ollama answers at {found.ollama_host}, but Llama 3 is not there."))
    _pulling(settings)


def _pulling(settings: Settings) -> None:
    job: Job[None] | None = st.session_state.get("pull")
    if job is None or job.done:
        if job is not None and job.error:
            st.html(note("error", str(job.error), job.error.hint))
        st.button(
            "Pull Llama 3",
            key="pull-llama",
            icon=":material/download:",
            on_click=_pull,
            args=(settings,),
            help="About 4.7 GB, fetched by Ollama.",
        )
        return

    @st.fragment(run_every=0.5)
    def progress() -> None:
        if job.done:
            st.rerun()
        st.progress(job.share or 0.0, text=plain(f"Pulling Llama 3: {job.doing or 'asking Ollama'}"))

    progress()


def _pull(settings: Settings) -> None:
    def work(tell: Tell) -> None:
        for report in pull(settings, LLAMA):
            tell(report.status, report.completed / report.total if report.total else None)

    st.session_state.pull = Job(work)
