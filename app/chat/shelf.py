"""The conversations of a library, in its folder: each has an address, and reload, restart and a second tab lose nothing."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from app.chat.conversation import Conversation
from app.chat.language import _, later
from app.chat.turn import Turn, dump, load, packed

if TYPE_CHECKING:
    from rag.library import Library

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0, changed REAL NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, number INTEGER NOT NULL, body BLOB NOT NULL,
    picture BLOB, words TEXT NOT NULL, PRIMARY KEY (conversation, number)
) STRICT;
"""
TITLE = 70  # characters
LISTED = 100

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A conversation as the list shows it."""

    id: str
    title: str
    pinned: bool
    changed: float


class Shelf:
    """The conversations of one library, for all sessions of the process. Safe from several threads.

    Where the library cannot be written, they last as long as the process, and `fault` says why.
    """

    def __init__(self, library: Library):
        self.library = library
        self.fault: str | later = ""
        self._path = library.folder / "conversations.db"
        self._open: WeakValueDictionary[str, Conversation] = WeakValueDictionary()
        self._unkept: dict[str, Conversation] = {}
        self._guard = threading.RLock()
        self._db: sqlite3.Connection | None = None
        try:
            with self._writing() as db:
                for statement in filter(str.strip, SCHEMA.split(";")):
                    db.execute(statement)
                db.execute("DELETE FROM conversations WHERE deleted")  # an undo lasts as long as the process
        except sqlite3.Error as error:
            self._fails(error)

    def begin(self) -> Conversation:
        """A new conversation; it is kept from its first question on."""
        return self._watched(Conversation(self.library, keep=self._keep))

    def branch(self, conversation: Conversation, place: int) -> Conversation:
        """A new conversation with the turns of another before one of its places."""
        turns = [turn for turn in conversation.turns if turn.place < place and turn.settled]
        copies = [replace(turn, number=number) for number, turn in enumerate(turns, 1)]
        copy = self._watched(Conversation(self.library, turns=copies, keep=self._keep))
        for turn in copy.turns:
            self._keep(copy, turn)
        return copy

    def find(self, id: str) -> Conversation | None:
        """The conversation of that address, the same object for all who ask; None where there is none, or none any more."""
        with self._guard:
            if id in self._open:
                return self._open[id]
            try:
                with self._reading() as db:
                    known = db.execute("SELECT 1 FROM conversations WHERE id = ? AND NOT deleted", (id,)).fetchone()
                    rows = db.execute("SELECT number, body, picture FROM turns WHERE conversation = ? ORDER BY number", (id,)).fetchall()
            except sqlite3.Error as error:
                self._fails(error)
                return None
            if not known:
                return None
            return self._watched(Conversation(self.library, id, list(self._turns(rows)), self._keep))

    def listed(self, words: str = "") -> list[Entry]:
        """What is kept, pinned ones first, then the latest; with `words`, where the title or a turn has them all."""
        wanted = [f"%{_escaped(word)}%" for word in words.casefold().split()]
        in_turn = "EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.id AND t.words LIKE ? ESCAPE '\\')"
        has = f"(casefold(c.title) LIKE ? ESCAPE '\\' OR {in_turn})"
        where = " AND ".join(["NOT c.deleted", *[has] * len(wanted)])
        values = [each for word in wanted for each in (word, word)]
        query = f"SELECT id, title, pinned, changed FROM conversations c WHERE {where} ORDER BY pinned DESC, changed DESC LIMIT {LISTED}"
        unkept = [Entry(each.id, titled(each), False, time.time()) for each in self._unkept.values()]
        try:
            with self._reading() as db:
                return unkept + [Entry(id, title, bool(pinned), changed) for id, title, pinned, changed in db.execute(query, values)]
        except sqlite3.Error as error:
            self._fails(error)
            return unkept

    def ids(self) -> list[str]:
        """The addresses of all conversations, the latest first."""
        with self._reading() as db:
            return [id for (id,) in db.execute("SELECT id FROM conversations WHERE NOT deleted ORDER BY changed DESC")]

    def title(self, id: str) -> str:
        """What a conversation is called; nothing before its first question."""
        return str(self._one("SELECT title FROM conversations WHERE id = ?", id) or "")

    def pinned(self, id: str) -> bool:
        return bool(self._one("SELECT pinned FROM conversations WHERE id = ?", id))

    def rename(self, id: str, title: str) -> None:
        """Call a conversation otherwise; an empty title changes nothing."""
        if title := " ".join(title.split())[:TITLE]:
            self._set("title", title, id)

    def pin(self, id: str, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer."""
        self._set("pinned", int(pinned), id)

    def delete(self, id: str) -> None:
        """Take a conversation away; `restore` brings it back while the process lives."""
        self._set("deleted", 1, id)
        self._open.pop(id, None)

    def restore(self, id: str) -> None:
        self._set("deleted", 0, id)

    def _keep(self, conversation: Conversation, turn: Turn) -> None:
        try:
            with self._writing() as db:
                db.execute(
                    "INSERT INTO conversations (id, title, changed) VALUES (?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET changed = excluded.changed",
                    (conversation.id, titled(conversation), time.time()),
                )
                db.execute(
                    "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?)",
                    (conversation.id, turn.number, dump(turn), packed(turn.image), f"{turn.question} {turn.told}".casefold()),
                )
        except sqlite3.Error as error:
            self._fails(error)
            self._unkept[conversation.id] = conversation

    def _watched(self, conversation: Conversation) -> Conversation:
        with self._guard:
            return self._open.setdefault(conversation.id, conversation)

    def _turns(self, rows: list[tuple[int, bytes, bytes | None]]) -> Iterator[Turn]:
        for number, body, picture in rows:
            try:
                yield load(number, body, picture, self.library.folder / "media")
            except ValueError as error:  # of another version
                _log.warning("a turn cannot be read: %s", error)
                yield Turn(number, _("A question that this version cannot read"), place=number, status="stopped")

    def _one(self, query: str, id: str) -> Any:
        try:
            with self._reading() as db:
                return next(iter(db.execute(query, (id,)).fetchone() or ()), None)
        except sqlite3.Error as error:
            self._fails(error)
            return None

    def _set(self, column: str, value: str | int, id: str) -> None:
        try:
            with self._writing() as db:
                db.execute(f"UPDATE conversations SET {column} = ? WHERE id = ?", (value, id))
        except sqlite3.Error as error:
            self._fails(error)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """The one connection, for one thread at a time: a page that is drawn anew asks several times."""
        with self._guard:
            if self._db is None:
                self._db = sqlite3.connect(self._path, timeout=20, isolation_level=None, check_same_thread=False)
                self._db.create_function("casefold", 1, str.casefold, deterministic=True)
                self._db.execute("PRAGMA foreign_keys = ON")
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _fails(self, error: sqlite3.Error) -> None:
        _log.debug("conversations: %s", error)
        told = later("Conversations cannot be kept in {folder} ({error}): they last until the chat is stopped.")
        self.fault = told.format(folder=self.library.folder, error=error)


def titled(conversation: Conversation) -> str:
    """The first question, cut at a word; of a picture or document alone, that."""
    first = conversation.turns[0]
    words = " ".join(first.question.split()) or (_("A picture") if first.image is not None else _("Documents"))
    return words if len(words) <= TITLE else words[: TITLE - 1].rsplit(None, 1)[0] + "…"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
