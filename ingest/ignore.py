"""What a walk passes over: hidden names, and what a `.diptychignore` (gitignore syntax, in any folder) names."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec

IGNORE_FILE = ".diptychignore"
HIDDEN = {"__MACOSX", "node_modules", "__pycache__"}  # beside everything whose name begins with a dot

_log = logging.getLogger(__name__)


class Rules(NamedTuple):
    """The ignore rules of one folder, and where in the walk that folder lies ("" for the root, else with a closing slash)."""

    prefix: str
    spec: GitIgnoreSpec


def is_hidden(name: str) -> bool:
    """Whether a name is one that folders hide, as they do the mark ("~$report.docx") that Office leaves beside an open file."""
    return name.startswith((".", "~$")) or name in HIDDEN


def rules_of(folder: Path, prefix: str) -> tuple[Rules, ...]:
    """The rules that `folder` itself brings; a line that is no pattern is passed over. Raises OSError where they cannot be read."""
    try:
        lines = (folder / IGNORE_FILE).read_text("utf-8-sig", "surrogateescape").splitlines()
    except FileNotFoundError:
        return ()
    return (Rules(prefix, GitIgnoreSpec.from_lines(filter(_is_pattern, lines))),)


def ignored(inner: str, rules: Iterable[Rules]) -> bool:
    """Whether the rules name `inner`; as in git, the deepest folder that says anything about it decides."""
    for rule in reversed(tuple(rules)):
        verdict = rule.spec.check_file(inner.removeprefix(rule.prefix)).include
        if verdict is not None:
            return verdict
    return False


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error) as error:
        _log.debug("not a pattern: %r: %s", line, error)
        return False
    return True
