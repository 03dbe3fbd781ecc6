"""app/doctor.py: the cross-encoder of the settings is tried with the encoders."""

from __future__ import annotations

from app.doctor import Check, examine
from rag import Settings
from tests.models import tiny_cross


def test_a_rerank_model_is_tried_and_told(tmp_path):
    def encoders(model: str) -> Check:
        checks = examine(Settings(library=tmp_path / "none", rerank_model=model))
        return next(check for check in checks if check.name == "encoders")

    good = encoders(str(tiny_cross(tmp_path / "cross")))
    assert good.ok and "rerank" in good.detail
    bad = encoders("./no/model/here")
    assert not bad.ok and "no model folder" in bad.detail and bad.hint
