"""A file that gives text without end is one line of the report."""

from itertools import repeat

import pytest

from ingest.blocks import Document, Text
from ingest.bounded import bounded
from rag.errors import ReadError


def test_text_ends_where_it_is_more_than_it_may_be():
    found = bounded(repeat(Text("ten signs.")), 25)
    assert [next(found).text, next(found).text] == ["ten signs."] * 2
    with pytest.raises(ReadError, match="more text"):
        next(found)


def test_what_is_as_much_as_it_may_be_comes_whole():
    blocks = [Document("A title that is not counted"), Text("ten signs."), Text("ten signs.")]
    assert list(bounded(blocks, 20)) == blocks
