"""Families of pictures: what is a copy of another becomes one hit with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from rag.pictures.copies import SKETCH, Index
from rag.storage.contents import Contents


class Families:
    """The families that a library knows, for as long as one writer writes."""

    def __init__(self, contents: Contents):
        self._contents = contents

    def link(self, fingerprints: Mapping[str, bytes]) -> None:
        """Note these images, each by its key in `Media`, in the family of the one that it is a copy of, or else in one of its own."""
        for key, mark in fingerprints.items():
            if self._contents.kin(key) is None:
                like = self._index.find(mark)
                self._contents.link(key, (self._contents.kin(like) or (key,))[0] if like else key, mark)
                self._index.add(key, mark)

    @cached_property
    def _index(self) -> Index:
        def fetch(key: str) -> bytes:
            return (self._contents.kin(key) or ("", b""))[1]

        index = Index(fetch)
        for key, sketch in self._contents.sketches(SKETCH):
            index.add(key, sketch)
        return index
