"""Word documents: the reader, its styles and numbers, and what stands in the stories of a document."""

from ingest.readers.docx.reader import read

__all__ = ["read"]
