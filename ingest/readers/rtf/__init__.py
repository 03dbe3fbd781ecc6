"""RTF documents: the reader, the marks that go through striprtf, formulas, and tables."""

from ingest.readers.rtf.reader import read

__all__ = ["read"]
