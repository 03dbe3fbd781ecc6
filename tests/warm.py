"""Loads what every command loads; imported by the process that others are forked from."""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # threads do not outlive a fork

import app.cli  # noqa: F401
import ingest.pipeline  # noqa: F401
from rag.embed import load_encoders
from rag.settings import Settings

_encoders = load_encoders(Settings())
_encoders.text.encode_passages(["light"])
_encoders.joint.encode_query(["light"])
