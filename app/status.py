"""The state of a library as people read it: what it holds, since when, how large it is, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from app.output import held, one_line, out, sized

if TYPE_CHECKING:
    from rag.storage.entries import SourceCount, Unreadable

PARTS = {"index": "index", "media": "pictures", "originals": "uploads", "catalog": "catalogue", "tokens": "vectors of single words"}
NAMED = 5  # files that could not be read


def print_status(state: Mapping[str, Any], sources: Sequence[SourceCount], unread: Mapping[Path, Unreadable]) -> None:
    """A line a fact, and last what to do next."""
    dates = sorted(filter(None, (each.ingested_at for each in sources)))
    bytes = state["bytes"]
    largest = sorted(((size, PARTS[part]) for part, size in bytes.items() if size), reverse=True)
    encoders = state["encoders"]
    facts = {
        "Library": state["library"],
        "Holds": held(state) if state["files"] else "nothing yet",
        "Taken in": _between(dates),
        "From": ", ".join(state["roots"]),
        "On disk": f"{sized(sum(bytes.values()))} ({', '.join(f'{what} {sized(size)}' for size, what in largest)})",
        "Encoders": f"{encoders['text']} for words, {encoders['joint']} for pictures",
        "Adapted": adapted(state),
        "Keywords": "of any language" if state["language"] == "standard" else state["language"].title(),
        "Left over": f"{state['unswept']} changes; the next `diptych ingest` clears them away" if state["unswept"] else "",
        "Not taken": _unread(unread),
    }
    for name, fact in facts.items():
        if fact:
            out.print(Text.assemble((f"{name:10}", "bold"), one_line(fact)))
    for line in next_steps(state, unread):
        out.print(Text(one_line(line), style="dim"))


def next_steps(state: Mapping[str, Any], unread: Mapping[Path, Unreadable]) -> list[str]:
    """What a reader of the state can do now."""
    if not state["files"]:
        return ["Fill it with `diptych ingest PATH`; `diptych chat` takes files too."]
    steps = ['Ask it with `diptych ask "..."` or `diptych chat`; `diptych list` names the files.']
    if unread:
        steps.append("`diptych ingest` of their folder tells why each was not taken.")
    if outdated := older(state):
        steps.append(outdated)
    return steps


def older(state: Mapping[str, Any]) -> str:
    """What to do with a library whose pictures an older Diptych encoded; empty for any other."""
    from rag.embed.packaged import FormerEncoder

    if state["encoders"]["joint"] != FormerEncoder.name:
        return ""
    return "Its pictures are encoded the older way; after `diptych rebuild`, words find more of them."


def adapted(state: Mapping[str, Any]) -> str:
    """Since when a library searches as it learnt, and which words; empty where it does not."""
    if not (card := state["adapter"]):
        return ""
    found = {"dense": "passages", "visual": "pictures"}
    routes = " and ".join(found[name] for name, route in card["routes"].items() if route["on"])
    return f"words that look for {routes}, {datetime.fromisoformat(card['at']).astimezone():%d %B %Y}"


def _between(dates: Sequence[str]) -> str:
    if not dates:
        return ""
    first, last = (f"{datetime.fromisoformat(each).astimezone():%d %B %Y, %H:%M}" for each in (dates[0], dates[-1]))
    return first if first == last else f"{first} to {last}"


def _unread(unread: Mapping[Path, Unreadable]) -> str:
    if not unread:
        return ""
    names = sorted(path.name for path in unread)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} file{'s' * (len(names) != 1)}: {', '.join(names[:NAMED])}{more}"
