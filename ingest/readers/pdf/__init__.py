"""PDF: one module for each thing that a page has."""

from ingest.readers.pdf.page import PDFIUM
from ingest.readers.pdf.reader import read

__all__ = ["PDFIUM", "read"]
