"""HTML: the reader, and the walk over a tree of HTML that most other formats take too."""

from ingest.readers.html.reader import parse, read, walk, walk_tree

__all__ = ["parse", "read", "walk", "walk_tree"]
