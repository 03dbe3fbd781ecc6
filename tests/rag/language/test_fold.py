"""rag/language/fold.py: what looks the same to a reader is compared as one."""

from __future__ import annotations

import pytest

from rag.language.fold import folded_form


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("１３５０", "1350"),
        ("Ｓｋｅｒｒｉｎ", "Skerrin"),
        ("cafe\u0301", "caf\u00e9"),
        ("of\ufb01ce", "office"),
        ("Flens\u00adburg", "Flensburg"),
        ("20\u00a0℃", "20 °C"),
        ("５ \u00b5m", "5 \u03bcm"),
        ("2½ m²", "2½ m²"),
        ("H₂SO₄", "H2SO4"),
        ("③", "③"),
        ("ｶﾞﾗｽ", "カ\u3099ラス"),
        ("plain", "plain"),
    ],
)
def test_folded_form(written, folded):
    assert folded_form(written) == folded
