"""The front matter of Markdown: what a note says of itself before it begins, told line by line without what only programs read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

_MAX = 20_000  # characters
_DATES = ("date", "created", "published", "creation-date", "date created")
_FOR_PROGRAMS = frozenset(
    "cssclass cssclasses layout permalink slug id uid uuid publish draft template weight toc math mathjax comments share type "
    "kanban-plugin banner banner_icon icon lang redirect_from redirect_to sidebar_position nav_order render_with_liquid pin".split()
)
_MOST_DEEP = 3
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)


class FrontMatter:
    """Its `title` and `date` as they are written, and its `text`: one "name: value" a line."""

    def __init__(self, source: str, is_toml: bool = False):
        facts = list(_toml_facts(source) if is_toml else _facts(source))
        known = {name.lower(): value for name, value in facts}
        self.title = known.get("title", "")
        self.date = next((known[name] for name in _DATES if known.get(name)), "")
        told = [f"{name}: {value}" for name, value in facts if value and name.lower().partition(".")[0] not in _FOR_PROGRAMS]
        self.text = "\n".join(told) if facts else source.strip()


def parted(text: str) -> tuple[str, str]:
    """The front matter of a note that has it in TOML, between lines of "+++", and the note with blank lines in its place."""
    found = _TOML.match(text[:_MAX])
    return (found[1], "\n" * found[0].count("\n") + text[found.end() :]) if found else ("", text)


def _toml_facts(source: str) -> Iterator[tuple[str, str]]:
    import tomllib

    try:
        yield from _named(_written(tomllib.loads(source)), "")
    except (tomllib.TOMLDecodeError, RecursionError):
        yield from (tuple(line.split("=", 1)) for line in source.splitlines() if "=" in line)  # type: ignore[misc]


def _written(value: Any) -> Any:
    """The values of TOML as they are written, as those of YAML come."""
    if isinstance(value, dict):
        return {name: _written(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_written(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _facts(source: str) -> Iterator[tuple[str, str]]:
    import yaml

    try:
        read = yaml.load(source[:_MAX], yaml.BaseLoader)  # which makes texts, lists and mappings, and nothing else
    except Exception:  # people write much that is no YAML
        read = dict(line.split(":", 1) for line in source.splitlines() if ":" in line)
    if isinstance(read, dict):
        yield from _named(read, "")


def _named(values: dict[Any, Any], above: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        full = f"{above}{str(name).strip()}"
        if isinstance(value, dict) and full.count(".") < _MOST_DEEP:
            yield from _named(value, f"{full}.")
        elif isinstance(value, list):
            yield full, ", ".join(_plain(each) for each in value if isinstance(each, str) and each.strip())
        elif isinstance(value, str):
            yield full, _plain(value)


def _plain(value: str) -> str:
    """A value on one line, the names of notes without their brackets."""
    return " ".join(value.strip(" \"'").replace("[[", "").replace("]]", "").split())
