"""What the catalogue remembers of pictures and recordings by their content, whichever files have them: the words read in a picture or heard
in a recording, which pictures are copies of one another, and how a recording sounds."""

from __future__ import annotations

from collections.abc import Iterator

from rag.storage.sqlite import Connections


class Contents:
    """Of images by their keys in `Media`, of recordings by the hash of their bytes."""

    def __init__(self, connections: Connections):
        self._connections = connections

    def recall(self, key: str, reader: str) -> str | None:
        """The text that `reader` found there before, or None where it never looked."""
        row = self._connections.db.execute("SELECT text FROM read_inside WHERE image = ? AND reader = ?", (key, reader)).fetchone()
        return row[0] if row else None

    def remember(self, key: str, reader: str, text: str) -> None:
        """Keep the text that `reader` (an OCR engine or what recognises speech, with its version) found there."""
        with self._connections.writing() as db:
            db.execute("INSERT OR REPLACE INTO read_inside VALUES (?, ?, ?)", (key, reader, text))

    def kin(self, key: str) -> tuple[str, bytes] | None:
        """Family and fingerprint of an image; None where it is in no family."""
        return self._connections.db.execute("SELECT family, fingerprint FROM images WHERE key = ?", (key,)).fetchone()

    def link(self, key: str, family: str, fingerprint: bytes) -> None:
        """An image belongs to the family of copies that is named after its first member."""
        with self._connections.writing() as db:
            db.execute("INSERT OR REPLACE INTO images VALUES (?, ?, ?)", (key, family, fingerprint))

    def sketches(self, length: int) -> list[tuple[str, bytes]]:
        """Every image that belongs to a family, in the order of joining, with the first bytes of its fingerprint."""
        return self._connections.db.execute("SELECT key, substr(fingerprint, 1, ?) FROM images ORDER BY rowid", (length,)).fetchall()

    def sounds(self) -> Iterator[tuple[str, int, bytes]]:
        """Source, version and fingerprint of every recording and film whose sound is known."""
        if not self._has("sounds"):
            return iter(())
        return iter(self._connections.db.execute("SELECT source, version, fingerprint FROM sounds JOIN files USING (hash) ORDER BY source"))

    def remember_sound(self, hash: str, fingerprint: bytes) -> None:
        """Keep the fingerprint of the sound in a file with these bytes."""
        with self._connections.writing() as db:
            db.execute("INSERT OR REPLACE INTO sounds VALUES (?, ?)", (hash, fingerprint))

    def soundings(self, encoder: str) -> Iterator[tuple[str, int, bytes]]:
        """Source, version and the vectors of that encoder, of every recording and film that has some."""
        if not self._has("soundings"):
            return iter(())
        chosen = "SELECT source, version, vectors FROM soundings JOIN files USING (hash) WHERE encoder = ? ORDER BY source"
        return iter(self._connections.db.execute(chosen, (encoder,)))

    def remember_sounding(self, hash: str, encoder: str, vectors: bytes) -> None:
        """Keep the vectors that an encoder gave for the sound in a file with these bytes."""
        with self._connections.writing() as db:
            db.execute("INSERT OR REPLACE INTO soundings VALUES (?, ?, ?)", (hash, encoder, vectors))

    def sweep(self) -> None:
        """Forget the families of images that no record shows, and the sound of files that are not in."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM images WHERE key NOT IN (SELECT image FROM records WHERE image IS NOT NULL)")
            for table in ("sounds", "soundings"):
                db.execute(f"DELETE FROM {table} WHERE hash NOT IN (SELECT hash FROM files)")

    def _has(self, table: str) -> bool:
        """Whether it is kept: not in a library from before it was that may not be written to."""
        return self._connections.db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
