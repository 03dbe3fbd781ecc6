"""Images by the hash of their pixels, in a folder or an object store behind fsspec.

The key is taken from the pixels, not from the file: a picture in a folder and the same picture inside a PDF are one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from rag.pictures.open import formats

if TYPE_CHECKING:
    from PIL.Image import Image

KEPT_AS_THEY_CAME = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif"}  # browsers show them
_PHOTOGRAPHS = {"JPEG", "MPO", "HEIF"}  # kept as JPEG where they must be written anew


def pixel_hash(image: Image) -> str:
    """40 hexadecimal digits of BLAKE2 over size and RGBA pixels."""
    rgba = image.convert("RGBA")
    digest = hashlib.blake2b(repr(rgba.size).encode(), digest_size=20)
    digest.update(rgba.tobytes())
    return digest.hexdigest()


class Media:
    """The pictures of one library. `uri` is a folder or any fsspec address; files of a remote one are kept in `folder` when read."""

    def __init__(self, folder: Path, uri: str | None = None, *, read_only: bool = False):
        import fsspec

        self._folder = folder
        self._fs, self._root = fsspec.url_to_fs(uri or str(folder))
        self._remote = uri is not None
        self._own: tempfile.TemporaryDirectory[str] | None = None  # for files of a remote one that may not be kept in `folder`
        if read_only:
            self._own = tempfile.TemporaryDirectory(ignore_cleanup_errors=True) if self._remote else None
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._fs.makedirs(self._root, exist_ok=True)

    def put(self, image: Image, data: bytes | None = None) -> str:
        """Keep an image, under a name made of its hash; `data` is its file as it came, kept where browsers can show it."""
        from PIL import Image as images

        kind, upright = "", True
        if data is not None:
            with images.open(io.BytesIO(data), formats=formats()) as came:
                kind, upright = came.format or "", came.getexif().get(0x0112, 1) == 1
        digest = pixel_hash(image)
        for known in set(KEPT_AS_THEY_CAME.values()):
            if self._fs.exists(self._at(digest + known)):
                return digest + known
        suffix = KEPT_AS_THEY_CAME.get(kind)
        if suffix is None or not upright:
            out = io.BytesIO()
            if kind in _PHOTOGRAPHS and image.mode != "RGBA":
                suffix = ".jpg"
                image.convert("RGB").save(out, "JPEG", quality=95)
            else:
                suffix = ".png"
                image.save(out, "PNG")
            data = out.getvalue()
        key = digest + suffix
        self._write(key, data or b"")
        return key

    def path(self, key: str) -> Path:
        """A readable file that holds the image."""
        local = self._folder / key
        if self._own and not local.exists():
            local = Path(self._own.name) / key
        if self._remote and not local.exists():
            part = local.with_suffix(local.suffix + ".part")
            self._fs.get_file(self._at(key), str(part))
            part.replace(local)
        return local

    def sweep(self, keep: set[str]) -> int:
        """Delete what is not among `keep`; the number deleted."""
        gone = [key for key in self.keys() if key not in keep]
        for key in gone:
            with contextlib.suppress(FileNotFoundError):  # a reading process of a killed ingest may still have moved it
                self._fs.rm_file(self._at(key))
            (self._folder / key).unlink(missing_ok=True)
        return len(gone)

    def keys(self) -> list[str]:
        return sorted(Path(name).name for name in self._fs.ls(self._root, detail=False))

    def size(self) -> int:
        """Bytes of all images."""
        return sum(entry["size"] or 0 for entry in self._fs.ls(self._root, detail=True))

    def _at(self, key: str) -> str:
        return f"{self._root}/{key}"

    def _write(self, key: str, data: bytes) -> None:
        part = f"{self._at(key)}.{uuid.uuid4().hex[:8]}.part"  # two processes may keep one image at the same time
        try:
            with self._fs.open(part, "wb") as out:
                out.write(data)
                if not self._remote:
                    out.flush()
                    os.fsync(out.fileno())  # the catalogue may name it soon, and must not outlive it when the power fails
            self._fs.mv(part, self._at(key))
        except OSError:
            with contextlib.suppress(OSError):
                self._fs.rm_file(part)
            raise
