"""The page of what can be set: written to `diptych.toml`, applied at once where that can be; what is fixed says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import streamlit as st

from app.chat import settings_file
from app.chat.language import _, later
from app.chat.parts.fixed import fixed
from app.chat.parts.models import models, offered
from app.chat.parts.prompts import prompts
from app.chat.parts.switch import switch
from app.chat.parts.text import escaped, note
from app.chat.serve import wear
from app.chat.settings_file import AT_ONCE, overridden
from rag.errors import DiptychError
from rag.llm.address import shown
from rag.llm.ollama import host_of
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.library import Library


@dataclass(frozen=True)
class Field:
    """A setting that the page can change: how it is asked for, and what it does."""

    name: str
    label: later
    help: later
    kind: Literal["model", "address", "text", "number", "switch", "choice"]
    least: int = 1


GROUPS = {
    "answers": (
        Field("llm", later("Model that answers"), later("What a new chat begins with; the sidebar chooses another for a while."), "model"),
        Field("ollama_host", later("Address of Ollama"), later("Empty: OLLAMA_HOST, else this machine."), "address"),
        Field("llm_base_url", later("Address of another server"), later("One with OpenAI's protocol, for `openai:` models."), "address"),
        Field("num_ctx", later("Tokens of context"), later("At most; more needs more memory."), "number", 512),
        Field("threads", later("Cores for packaged models"), later("Empty: all."), "number"),
        Field("gpu_layers", later("Layers that a GPU takes over"), later("Of a packaged model or a model file."), "number", 0),
    ),
    "search": (
        Field("k", later("Hits a question"), later("How many passages and pictures a question gets."), "number"),
        Field(
            "rerank",
            later("Compare word by word"),
            later("The question's words with those of the first hits."),
            "switch",
        ),
        Field("rerank_model", later("Cross-encoder"), later("Name or folder of a model that orders the first 20 once more."), "text"),
        Field("max_file_mb", later("Largest file (MB)"), later("Larger ones are not read."), "number"),
        Field("read_seconds", later("Patience with a file (s)"), later("A reader that comes no further for so long is ended."), "number"),
    ),
    "look": (
        Field("chat_language", later("Language"), later("Of these pages; questions may be in any."), "choice"),
        Field("theme", later("Colours"), later("Automatic follows the system."), "choice"),
    ),
}
PARTS = {
    "answers": later("Answers"),
    "models": later("Models"),
    "search": later("Search and reading"),
    "prompts": later("Prompts"),
    "look": later("Language and look"),
    "fixed": later("This library"),
}
CHOICES = {"auto": later("Automatic"), "light": later("Light"), "dark": later("Dark"), "en": "English", "de": "Deutsch"}


def page(library: Library, forget: Callable[[], None]) -> None:
    """Draw the page; `forget` lets go of the settings as they were read, after one was written."""
    if st.session_state.pop("settings-worn", False):
        st.rerun()  # the browser is told how a page looks when its run begins
    told = _("Written to {file}.").format(file=settings_file.path())
    st.html(f'<h1 class="d-h1">{_("Settings")}</h1><p class="d-lead">{escaped(told)}</p>')
    if fault := st.session_state.pop("settings-fault", None):
        st.html(note("error", *fault))
    if done := st.session_state.pop("settings-done", ()):
        st.html(note("info", " ".join(map(str, done))))
    part = switch(_("Part"), PARTS, "settings-part")
    if part == "models":
        models(library.settings)
    elif part == "prompts":
        prompts(library.settings, lambda name, value: write(name, value, forget))
    elif part == "fixed":
        fixed(library)
    else:
        for field in GROUPS[part]:
            _field(field, library.settings, forget)


def write(name: str, value: Any, forget: Callable[[], None]) -> None:
    """Write a setting, or take it out where `value` is None; what is wrong is told on the page."""
    try:
        _check(name, value)
        settings_file.write(name, value)
    except DiptychError as error:
        st.session_state["settings-fault"] = (str(error), error.hint)
        return
    forget()
    when = later("It holds from now on.") if name in AT_ONCE else later("It holds from the next start of the chat.")
    st.session_state["settings-done"] = (later("Kept."), when)  # it may be the language that changes
    if name == "llm":
        st.session_state.model = Settings.load().llm
    if name == "theme":
        wear(Settings.load().theme)
        st.session_state["settings-worn"] = True


def _check(name: str, value: Any) -> None:
    """Raises the error of a value that no question could be asked with."""
    from app.asked import known_model
    from rag.llm import compatible, ollama

    checks = {"ollama_host": ollama.host_of, "llm_base_url": compatible.base_url, "llm": lambda settings: known_model(settings, None)}
    if value is not None and name in checks:
        checks[name](Settings.load(**{name: value}))


def _field(field: Field, settings: Settings, forget: Callable[[], None]) -> None:
    by = overridden(field.name)
    key = "-".join(["setting", field.name, *map(str, filter(None, [st.session_state.get(f"resets-{field.name}")]))])
    value = getattr(_read(), field.name)
    with st.container(key=f"row-{field.name}", horizontal=True, vertical_alignment="bottom"):
        _ask(field, settings, value, key, {"on_change": _changed, "args": (field, key, forget), "disabled": by is not None})
        kept = settings_file.written()
        if field.name in kept and by is None:
            st.button(
                _("As shipped"),
                key=f"reset-{field.name}",
                type="tertiary",
                icon=":material/undo:",
                on_click=_reset,
                args=(field.name, forget),
            )
    if by:
        st.html(f'<p class="d-small d-set">{escaped(_("{variable} in the environment sets this.").format(variable=by))}</p>')
    elif field.name not in AT_ONCE:
        st.html(f'<p class="d-small d-set">{escaped(_("A change holds from the next start of the chat."))}</p>')


def _ask(field: Field, settings: Settings, value: Any, key: str, words: dict[str, Any]) -> None:
    """The widget of a setting."""
    label, help = str(field.label), str(field.help)
    match field.kind:
        case "model":
            named = offered(settings)
            options = list(dict.fromkeys([*named, value]))
            st.selectbox(
                label,
                options,
                options.index(value),
                format_func=lambda spec: named.get(spec, spec),
                key=key,
                help=help,
                accept_new_options=True,
                **words,
            )
        case "address":
            safe = shown(value) if value else ""
            secret = bool(value) and safe != value
            hint = safe if secret else "" if field.name != "ollama_host" else shown(host_of(settings))
            st.text_input(label, "" if secret else value or "", key=key, help=help, placeholder=hint, **words)
        case "text":
            st.text_input(label, value or "", key=key, help=help, **words)
        case "number":
            st.number_input(label, field.least, value=None if value is None else int(value), step=1, key=key, help=help, **words)
        case "switch":
            st.toggle(label, value, key=key, help=help, **words)
        case "choice":
            options = list(get_args(Settings.model_fields[field.name].annotation))
            st.segmented_control(
                label, options, default=value, required=True, format_func=lambda each: str(CHOICES[each]), key=key, help=help, **words
            )


def _read() -> Settings:
    """The settings as they are written now, which may be others than those in use."""
    return Settings.load()


def _changed(field: Field, key: str, forget: Callable[[], None]) -> None:
    value = st.session_state[key]
    if isinstance(value, str):
        value = value.strip() or None
    write(field.name, value, forget)


def _reset(name: str, forget: Callable[[], None]) -> None:
    """Back to what is shipped, in a widget of another key: the browser keeps what was written into the former."""
    write(name, None, forget)
    st.session_state[f"resets-{name}"] = st.session_state.get(f"resets-{name}", 0) + 1
