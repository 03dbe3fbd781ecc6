"""rag/storage/families.py: copies of one picture are one family, also over several writers."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from rag.pictures.copies import fingerprint
from rag.storage.catalog import Catalog
from rag.storage.families import Families
from tests.corpus import boat, tower


def mark_of(path: Path, scale: float = 1.0) -> bytes:
    with Image.open(path) as image:
        return fingerprint(image.resize((round(image.width * scale), round(image.height * scale))))


def test_a_copy_joins_the_family_of_the_first_also_when_another_writer_meets_it(tmp_path):
    tower(tmp_path / "tower.png")
    boat(tmp_path / "boat.png")
    contents = Catalog(tmp_path).contents
    Families(contents).link({"tower": mark_of(tmp_path / "tower.png"), "small": mark_of(tmp_path / "tower.png", 0.5)})
    Families(contents).link({"boat": mark_of(tmp_path / "boat.png"), "half": mark_of(tmp_path / "tower.png", 0.6)})
    family = {key: kin[0] for key in ("tower", "small", "boat", "half") if (kin := contents.kin(key))}
    assert family == {"tower": "tower", "small": "tower", "half": "tower", "boat": "boat"}


def test_a_picture_stays_in_the_family_that_it_is_in(tmp_path):
    tower(tmp_path / "tower.png")
    contents = Catalog(tmp_path).contents
    contents.link("tower", "older", b"mark")
    Families(contents).link({"tower": mark_of(tmp_path / "tower.png")})
    assert contents.kin("tower") == ("older", b"mark")
