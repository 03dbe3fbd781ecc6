"""Work on a thread of its own: the page looks at it now and then, and nothing done on the page ends it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from app.chat.language import later
from rag.errors import DiptychError

T = TypeVar("T")
Line = str | later
Tell = Callable[[Line, float | None], None]
"""Called with a line that says what is being done, and the share that is done (0 to 1; None: not known)."""

LEAST_SHARE, LEAST_SECONDS = 0.05, 5.0  # before which no time is told

_log = logging.getLogger(__name__)


class Job(Generic[T]):
    """`work` begins at once; `doing` and `share` tell how far it is; once `done`, there is a `result` or an `error`."""

    def __init__(self, work: Callable[[Tell], T]):
        self.doing: Line = ""
        self.share: float | None = None
        self.result: T | None = None
        self.error: DiptychError | None = None
        self._paced: tuple[float, float] | None = None  # when its share was first known, and what it was then
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    @property
    def left(self) -> float | None:
        """Seconds that it goes on at the pace so far; None while that cannot be said."""
        if self._paced is None or self.share is None:
            return None
        spent, share = time.monotonic() - self._paced[0], self.share - self._paced[1]
        return spent * (1 - self.share) / share if share > LEAST_SHARE and spent > LEAST_SECONDS else None

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    def _run(self, work: Callable[[Tell], T]) -> None:
        try:
            self.result = work(self._tell)
        except Exception as error:
            self.error = as_error(error)

    def _tell(self, doing: Line, share: float | None) -> None:
        self.doing, self.share = doing, share
        if share and self._paced is None:
            self._paced = time.monotonic(), share


def as_error(error: Exception) -> DiptychError:
    """The error as a line for the user: ours as it is, any other told plainly, with its traceback in the log."""
    if isinstance(error, DiptychError):
        return error
    _log.error("unexpected", exc_info=error)
    what = " ".join(str(error).split())[:300] or type(error).__name__
    return DiptychError(f"Something went wrong inside Diptych: {what}", "Try again; the terminal that serves the chat shows more.")
