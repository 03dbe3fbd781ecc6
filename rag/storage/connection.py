"""Who owns Milvus Lite, and a client that lives: owning, attaching, taking over, connecting anew.

One process owns a Milvus Lite file; the others attach to the owner's socket, whose address stands in the library folder, and one of them
takes over when the owner is gone. What a client is, the store tells: nothing here imports pymilvus.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LibraryError, NoRoom, StoreError
from rag.storage import milvus_lite
from rag.storage.disk import is_full

if TYPE_CHECKING:
    from filelock import FileLock

CALL_SECONDS = 30.0
ATTACH_SECONDS = 30.0
FITTING_SECONDS = 3600.0
UNREADY = (100, 101, 700)  # Milvus: the collection is not there (or being loaded) or not loaded, the field has no index
_PATIENT = {"grpc.keepalive_permit_without_calls": False, "grpc.keepalive_time_ms": 600_000}  # Milvus Lite hangs up on frequent pings
_HINT = "Try again; if it stays so, `diptych doctor` looks closer, and `diptych rebuild` makes the index anew from the sources."


class Connection:
    """The way to the index of one library, in its folder or on a Milvus server at `uri`.

    `opened` makes a client of an address, `prepare` makes ready what a client finds there, `fault` gives the kind of error that clients
    raise (pymilvus is slow to import, so it is asked for when it is needed). Raises StoreError.
    """

    def __init__(
        self,
        folder: Path,
        *,
        uri: str | None,
        token: str | None,
        opened: Callable[..., Any],
        prepare: Callable[[Any], None],
        fault: Callable[[], type[Exception]],
    ):
        from filelock import FileLock

        self._folder = folder
        self._file, self._owner_file = folder / "index.db", folder / "index.owner"
        self._lock = FileLock(folder / "index.lock", thread_local=False)
        self._uri, self._token = uri, token
        self._opened, self._prepare, self._fault = opened, prepare, fault
        self._guard = threading.RLock()
        self._client: Any = None
        self._address: str | None = None

    @property
    def owner(self) -> bool:
        """Whether this process holds the Milvus Lite file itself."""
        return self._uri is None and self._client is not None and self._lock.is_locked

    def close(self) -> None:
        """Let go of the index; another process may then own it."""
        with self._guard:
            if self._client is None:
                return
            with contextlib.suppress(Exception):
                self._client.close()
            if self._lock.is_locked:
                self._owner_file.unlink(missing_ok=True)
                milvus_lite.stop(self._file)
                self._lock.release()
            self._client = None

    def call(self, method: str, *args: Any, **named: Any) -> Any:
        """A method of a live client; again where the owner of the index went away meanwhile, or where an index was being made anew."""
        from grpc import RpcError

        fault = self._fault()
        for last in (False, False, True):
            client = self.client()
            try:
                return getattr(client, method)(*args, timeout=CALL_SECONDS, **named)
            except (fault, RpcError, ValueError, ConnectionError) as error:
                with self._guard:
                    stale = client is not self._client  # another thread has connected anew meanwhile
                    if self.owner and not stale and not milvus_lite.lives(self._file):
                        self.close()
                    final = last or self._uri is not None or (self.owner and not stale)
                    if not final and not stale:
                        self._client = None
                if final and (last or not self._made_ready(client, error)):
                    raise self.told("The index did not answer", error) from None
        raise AssertionError("unreachable")

    def client(self) -> Any:
        """A client of whoever owns the index now: of this process, where nobody else does."""
        from grpc import RpcError

        with self._guard:
            if self._client is not None and (self._uri or self._lock.is_locked or self._address == self._published()):
                return self._client
            fault = self._fault()
            deadline = time.monotonic() + ATTACH_SECONDS
            begun = False
            while True:
                client = self._connect(deadline)
                try:
                    self._prepare(client)
                    if self._lock.is_locked:
                        self._address = milvus_lite.address(self._file)
                        self._owner_file.write_text(self._address or "")
                except (fault, RpcError, ValueError, OSError) as error:
                    attached = self._uri is None and not self._lock.is_locked
                    if self._lock.is_locked:
                        milvus_lite.stop(self._file)
                        self._lock.release()
                    if time.monotonic() > deadline or self._uri is not None or (begun and not attached):
                        raise self.told("The index cannot be made ready", error) from None
                    begun = begun or not attached  # servers that begin at once stand in each other's way in ~/.cache/milvus
                    continue  # or its owner went away just now
                self._client = client
                return client

    def told(self, what: str, error: Exception) -> LibraryError:
        """The error to raise for one of a client: that there is no room, where that is why."""
        if self._uri is None and is_full(self._folder):
            return NoRoom(self._folder)
        return StoreError(f"{what}: {_line(error)}", _HINT)

    def fitting(self) -> FileLock:
        """Held while an index is made anew."""
        from filelock import FileLock

        return FileLock(self._folder / "index.fitting", timeout=FITTING_SECONDS)

    def _made_ready(self, client: Any, error: Exception) -> bool:
        """Wait for whoever makes an index anew, and finish what they left; False where the error has another cause."""
        if getattr(error, "code", None) not in UNREADY and "segcore error" not in str(error):  # what a search meets that was under way
            fitting = self.fitting()
            if _try(fitting):
                fitting.release()
                return False
        self._prepare(client)
        return True

    def _published(self) -> str | None:
        """The owner's address, or None where nobody owns the index now."""
        if _try(self._lock):
            self._lock.release()
            return None
        with contextlib.suppress(OSError):
            return self._owner_file.read_text()
        return None

    def _connect(self, deadline: float) -> Any:
        fault = self._fault()
        if self._uri:
            try:
                return self._opened(self._uri, token=self._token or "", timeout=10)
            except fault as error:
                raise StoreError(
                    f"No Milvus server answers at {self._uri}: {_line(error)}", "Check the settings milvus_uri and milvus_token."
                ) from None
        while True:
            if _try(self._lock):
                try:
                    milvus_lite.promptly()
                    client = self._opened(str(self._file), grpc_options=_PATIENT)
                except Exception as error:
                    milvus_lite.stop(self._file)
                    self._lock.release()
                    if time.monotonic() > deadline:
                        raise self.told(f"The index at {self._file} does not open", error) from None
                    time.sleep(0.5)  # on a busy machine its server may take longer to start than the client waits
                    continue
                return client
            with contextlib.suppress(fault, OSError):
                self._address = self._owner_file.read_text()
                if self._address:
                    return self._opened(self._address, timeout=2, grpc_options=_PATIENT)
            if time.monotonic() > deadline:
                raise StoreError(
                    "Another process holds the index and does not answer.", "Close the other Diptych, or wait until it is done."
                )
            time.sleep(0.1)


def _try(lock: FileLock) -> bool:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _line(error: BaseException) -> str:
    """What an error says in one line; one of gRPC says it behind its first."""
    from grpc import Call

    if isinstance(error, Call):
        return f"{error.details()} ({error.code().name})"[:300]
    return str(getattr(error, "message", error)).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
