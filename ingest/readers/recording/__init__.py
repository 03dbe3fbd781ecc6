"""Recordings and films by what is said in them, and transcripts that somebody made, every passage with its time."""

from ingest.readers.recording.reader import read, read_transcript

__all__ = ["read", "read_transcript"]
