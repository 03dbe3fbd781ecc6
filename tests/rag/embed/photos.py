"""Photographs that come with packages: two of scikit-learn's, one of matplotlib's."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from PIL import Image


def photos() -> dict[str, Image.Image]:
    """A temple in China, a flower, and Grace Hopper in uniform, RGB."""
    files = {
        "temple": _inside("sklearn", "datasets/images/china.jpg"),
        "flower": _inside("sklearn", "datasets/images/flower.jpg"),
        "officer": _inside("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    }
    return {name: Image.open(file).convert("RGB") for name, file in files.items()}


def _inside(package: str, path: str) -> Path:
    spec = find_spec(package)
    assert spec and spec.origin
    return Path(spec.origin).parent / path
