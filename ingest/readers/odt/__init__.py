"""OpenDocument texts and presentations: the reader, styles and numbers, and the mapping of the markup to HTML."""

from ingest.readers.odt.reader import read

__all__ = ["read"]
