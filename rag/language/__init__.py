"""The one room that knows languages; it imports nothing of ours."""
