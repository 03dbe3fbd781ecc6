"""rag/language/negation.py: negations and contraries between a statement and the text that should bear it."""

from __future__ import annotations

import pytest

from rag.language.negation import opposite


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("The editor does not support layers.", "The editor supports layers."),
        ("The editor supports layers.", "The editor does not support layers."),
        ("The editor can't open this file.", "The editor can open this file."),
        ("There is a lift.", "There is no lift; the climb is steep."),
        ("She has an engine.", "She has no engine."),
        ("Dogs are allowed in the museum.", "Dogs are not allowed in the museum but are allowed in the yard."),
        ("The tower can be climbed without a guide.", "The tower can be climbed only with a guide."),
        ("Nobody slept.", "The keepers slept."),
        ("Neither engine was repaired.", "Both engines were repaired."),
        ("He never explained himself to the Board.", "He was made to explain himself to the Board."),
        ("The service is no longer supported.", "The service is still supported."),
        ("Wives were paid.", "Wives were unpaid and did much of the work."),
        ("The step is optional.", "The step is required."),
        ("Netboot uses PXELINUX instead of iPXE.", "Netboot uses iPXE instead of PXELINUX."),
        ("It opens before noon.", "It opens after noon."),
        ("The chapel lies to the south.", "The chapel lies four miles to the north."),
        ("The option disables the profile.", "The option also enables the profile."),
        ("The stumps point south-west.", "The stumps point north-east."),
        ("Visitors must be at most 1.1 m tall.", "Visitors must be at least 1.1 m tall."),
        ("All items have a model.", "Not all items have a model."),
        ("He was dismissed and got his pension.", "He was dismissed and lost his pension."),
    ],
)
def test_the_opposite_is_seen(statement, told):
    assert opposite(statement, told)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("The editor does not support layers.", "The editor doesn't support any layers."),
        ("Not every item has a model.", "Not all items have a model."),
        ("The tower cannot be climbed without a guide.", "The tower can be climbed only with a guide."),
        ("It is not uncommon.", "It is common."),
        ("It was set in red putty.", "As there were no spares, it was set in red putty."),
        ("Dogs are welcome in the yard.", "Dogs are welcome in the yard, but not among the glass."),
        ("Dogs are not allowed among the glass.", "Dogs are welcome in the yard, but not among the glass."),
        ("Not only layers are supported.", "Layers are supported, and more."),
        ("Groups of no more than twelve are admitted.", "Groups of at most twelve are admitted."),
        ("It takes no later than noon.", "It takes until noon."),
        ("B is after A.", "A is before B."),
        ("The white lamp drew more birds than the red one.", "The red lamp drew fewer birds than the white one."),
        ("Buttons were not allowed in the lantern.", "Buttons were forbidden in the lantern."),
        ("The new version no longer supports thin clients.", "The new version is rewritten, dropping thin client support."),
        ("It keeps its value if it is not set again.", "It keeps its value, if it is not set again."),
        ("No. 17 was taken off in 2006.", "Number 17 was taken off in 2006."),
        ("Netboot uses iPXE rather than PXELINUX.", "Netboot uses iPXE instead of PXELINUX."),
        ("A ship may hear nothing at all.", "A ship may sit a mile off and hear nothing."),
    ],
)
def test_what_agrees_is_let_pass(statement, told):
    assert opposite(statement, told) is None


def test_long_sentences_of_many_words_are_compared():
    told = " ".join(f"thing{n}" for n in range(250))
    assert opposite(" ".join(f"word{n}" for n in range(250)), told) is None
    assert opposite("It is not thing7.", f"It is {told}.")
