"""What a command is asked for, held against what there is before anything is done: the model by its SPEC, the sources by their words."""

from __future__ import annotations

from fnmatch import translate
from re import IGNORECASE, match
from typing import TYPE_CHECKING

from rag.errors import ModelUnavailable, ModelUnknown

if TYPE_CHECKING:
    from rag.library import Library
    from rag.llm import Survey
    from rag.settings import Settings

NEAR = 3  # names that a hint gives
LIKE = 75  # of 100, from which on a name is near


def model(settings: Settings, spec: str | None) -> None:
    """Raises ModelUnknown with what there is, ModelUnavailable or ModelError, before anything is opened, encoded or asked."""
    from rag.llm import choose, survey

    try:
        choose(settings, spec)
    except ModelUnknown as error:
        raise ModelUnknown(str(error), f"There are now {', '.join(specs(survey(settings)))}. {error.hint}") from None


def known_model(settings: Settings, spec: str | None) -> None:
    """The same, but that a model which is only away may pass: small talk and questions about the library need none."""
    from rag.llm.packaged import PROVIDER, named

    wanted = settings.llm if spec is None else spec
    try:
        if wanted.startswith(PROVIDER):
            named(wanted.removeprefix(PROVIDER))  # its file is loaded beside the encoders
        elif not wanted.startswith("gguf:"):
            model(settings, spec)
    except ModelUnavailable:
        pass


def specs(found: Survey) -> list[str]:
    """The SPECs that can answer now."""
    from rag.llm.packaged import READERS

    chat = [f"ollama:{each.name.removesuffix(':latest')}" for each in found.models if each.chat_capable]
    return ["auto", *chat, *found.compatible, *(READERS[name].spec for name in found.readers), "quote"]


def sources(library: Library, words: list[str] | None) -> tuple[str | None, str]:
    """The words as the library takes them, and a hint for each that no source fits: the names that are near. Raises UsageError for a kind
    that there is not, and for what is no date."""
    from rag.storage.source_filter import is_word

    wanted = "\n".join(words) if words else None
    versions = library.catalog.versions
    unmet = [each for each in words or () if not versions(each)]
    if wanted and not unmet and not versions(wanted):
        return wanted, f"No source fits all of {', '.join(words or ())}."
    names = [each.source for each in library.catalog.sources()] if unmet else []
    return wanted, " ".join(f"No source fits {each}." if is_word(each) else _hint(each, names) for each in unmet)


def _hint(glob: str, names: list[str]) -> str:
    from rapidfuzz import fuzz, process, utils

    if not names:
        return f"No source is called '{glob}': the library is empty."
    by_case = [name for name in names if match(translate(glob), name, IGNORECASE) or match(translate(f"*{glob}*"), name, IGNORECASE)]
    bare = glob.replace("*", " ").replace("?", " ")
    like = [name for name, *_ in process.extract(bare, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=LIKE)]
    near = list(dict.fromkeys(by_case + like))[:NEAR]
    told = f"Near are {', '.join(near)}." if near else "`diptych list` names them all."
    return f"No source matches '{glob}' (case counts, and * stands for any letters). {told}"
