"""A process that has the library open answers `search` and `ask` for commands that begin cold: over a local socket, to its own user alone.

What serves writes the address of its socket and a key into the library folder, for its user's eyes only; what asks proves that it knows the
key, as multiprocessing's connections do, and both send JSON, never pickles. A question that the server cannot take (other settings, another
version, a model that writes) is answered by the command itself, and so is every question where something goes wrong on the way.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, Listener

    from rag.library import Library
    from rag.records import Answer, Search
    from rag.settings import Settings

CARD = "warm.json"
LARGEST = 1 << 16, 1 << 26  # bytes of what is asked, and of what is answered
AT_ONCE = 4  # questions; one more is the command's own matter
ASKING_SECONDS, ANSWERING_SECONDS = 2.0, 30.0


def search(settings: Settings, words: Mapping[str, Any]) -> Search | None:
    """What `Library.search` finds for these words, by a process that has the library open; None where none does it."""
    from rag.records import Search

    return _answered(settings, "search", words, Search)


def ask(settings: Settings, words: Mapping[str, Any]) -> Answer | None:
    """The same of `Library.ask`, for answers that no model writes."""
    from rag.records import Answer

    return _answered(settings, "ask", words, Answer)


@contextmanager
def serving(library: Library) -> Iterator[None]:
    """Answer for others meanwhile."""
    server = serve(library)
    try:
        yield
    finally:
        if server:
            server.close()


def serve(library: Library) -> Server | None:
    """Answer for others until it is closed; None where no socket can be had, or the library may only be read."""
    try:
        return Server(library)
    except OSError:
        return None


def _answered(settings: Settings, method: str, words: Mapping[str, Any], kind: type[Any]) -> Any:
    try:
        card = json.loads((settings.library / CARD).read_text("utf-8"))
        from multiprocessing.connection import Client

        with Client(card["address"], authkey=bytes.fromhex(card["key"])) as connection:
            asked = {"method": method, "words": dict(words), "as": _like(settings)}
            connection.send_bytes(json.dumps(asked).encode())
            if not connection.poll(ANSWERING_SECONDS):
                return None
            told = connection.recv_bytes(LARGEST[1])
    except Exception:  # nobody serves, or nobody who is able: the command does it itself
        return None
    return _adapter(kind).validate_json(told) if told else None


class Server:
    """Takes questions until it is closed. Raises OSError."""

    def __init__(self, library: Library):
        from multiprocessing.connection import Listener

        self._library = library
        key = secrets.token_bytes(32)
        self._listener: Listener = Listener(authkey=key)
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._card = library.folder / CARD
        self._told = json.dumps({"address": self._listener.address, "key": key.hex()})
        try:
            _written(self._card, self._told)
        except OSError:
            self._listener.close()
            raise
        threading.Thread(target=self._listen, name="warm", daemon=True).start()

    def close(self) -> None:
        """Stop; the card goes with it, unless another process has put its own there."""
        with contextlib.suppress(OSError):
            if self._card.read_text("utf-8") == self._told:
                self._card.unlink()
        with contextlib.suppress(OSError):
            self._listener.close()

    def _listen(self) -> None:
        from multiprocessing import AuthenticationError

        while True:
            try:
                connection = self._listener.accept()
            except (AuthenticationError, EOFError, ConnectionError):
                continue
            except OSError:  # it was closed
                return
            if self._free.acquire(blocking=False):
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()
            else:
                connection.close()

    def _answer(self, connection: Connection) -> None:
        with connection, contextlib.suppress(Exception):  # what goes wrong here, the command meets itself and tells
            try:
                if connection.poll(ASKING_SECONDS):
                    connection.send_bytes(self._done(json.loads(connection.recv_bytes(LARGEST[0]))))
            finally:
                self._free.release()

    def _done(self, asked: dict[str, Any]) -> bytes:
        """The answer as JSON; nothing where it is not for this process to give."""
        from rag.llm import choose
        from rag.records import Answer, Search

        if asked["as"] != _like(self._library.settings):
            return b""
        if asked["method"] == "search":
            return _adapter(Search).dump_json(self._library.search(**asked["words"]))
        if choose(self._library.settings, asked["words"]["model"]).chat is not None:
            return b""
        return _adapter(Answer).dump_json(self._library.ask(**asked["words"]))


def _like(settings: Settings) -> list[Any]:
    """What two processes must have in common to answer alike."""
    from rag import __version__

    told = settings.model_copy(update={"library": settings.library.resolve()}).model_dump(mode="json")
    return [__version__, told, str(Path.cwd()) if any(_relative(settings)) else ""]


def _relative(settings: Settings) -> Iterator[bool]:
    """Whether what a setting names depends on where the process runs."""
    for name in ("prompts", "readers"):
        path = getattr(settings, name)
        yield path is not None and not path.is_absolute()
    for name in ("text_model", "joint_model", "sound_model", "rerank_model"):
        model = getattr(settings, name)
        yield model is not None and model.startswith(".")


def _written(card: Path, told: str) -> None:
    """Write it whole, for nobody else to read."""
    part = card.with_suffix(f".{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(told)
    part.replace(card)


def _adapter(kind: type[Any]) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
