"""Freed memory, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return freed memory to the system where the C library (glibc) would keep it: over a long ingest it keeps several hundred MB, since
    no two batches are of one shape."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
