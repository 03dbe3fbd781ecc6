"""Recordings and films by what is said in them, and transcripts that somebody made, every passage with its time."""
