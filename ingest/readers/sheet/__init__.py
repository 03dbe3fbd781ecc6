"""Workbooks: the reader, what bounds it, and the pictures of a sheet."""

from ingest.readers.sheet.reader import read

__all__ = ["read"]
