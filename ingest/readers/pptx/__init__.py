"""PowerPoint presentations: the reader, the words of its shapes, and what readers have noted on its slides."""

from ingest.readers.pptx.reader import read

__all__ = ["read"]
