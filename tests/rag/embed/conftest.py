"""The encoders, loaded once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.embed import Encoders, load_encoders
from rag.embed.clip import ClipEncoder
from rag.settings import Settings
from tests.models import tiny_clip


@pytest.fixture(scope="session")
def packaged() -> Encoders:
    return load_encoders(Settings(profile="packaged", text_model=None, joint_model=None))


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_clip(tmp_path_factory.mktemp("models") / "tiny-clip")


@pytest.fixture(scope="session")
def clip(clip_folder: Path) -> ClipEncoder:
    return ClipEncoder(str(clip_folder), "cpu")
