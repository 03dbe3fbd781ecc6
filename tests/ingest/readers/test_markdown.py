"""Markdown: what HTML has, with lines and front matter."""

from ingest.blocks import Text
from rag.records import Locator
from tests.ingest.samples import picture

DOCUMENT = """---
title: Lights of the coast
author: A. Keeper
---

# Lights

Two *towers*[^1].

## Lens

| Name | Year |
|------|------|
| Rock | 1791 |

```python
def f():
    return 1
```

- one
- two

[^1]: One fell in 1703.
"""


def test_every_block_has_its_heading_and_line(blocks):
    found, _ = blocks("a.md", DOCUMENT)
    assert found == [
        Text("title: Lights of the coast\nauthor: A. Keeper", Locator(heading="Lights of the coast", line=1)),
        Text("Two towers[1].", Locator(heading="Lights", line=8)),
        Text("[1] One fell in 1703.", Locator(heading="Lights", line=24)),
        Text("| Name | Year |\n| --- | --- |\n| Rock | 1791 |", Locator(heading="Lights > Lens", line=12), "table"),
        Text("def f():\n    return 1", Locator(heading="Lights > Lens", line=16), "code"),
        Text("- one\n- two", Locator(heading="Lights > Lens", line=21)),
    ]


def test_the_front_matters_title_stands_in_for_a_missing_heading(blocks):
    found, _ = blocks("a.md", "---\ntitle: 'Lights'\n---\nWords\n\n## Lens\n\nGlass")
    assert [text.locator.heading for text in found] == ["Lights", "Lights", "Lights > Lens"]


def test_a_picture_alone_takes_its_alt_text_or_the_line_below(blocks, tmp_path):
    (tmp_path / "my img").mkdir()
    (tmp_path / "my img/a.png").write_bytes(picture())
    markdown = """# Lights

Before it.

![The red tower](<my img/a.png> "title")

After it.

![Alt words](my%20img/a.png)
*Figure 2: From the sea*
"""
    _, (first, second) = blocks("a.md", markdown)
    assert (first.caption, first.around, first.origin) == ("The red tower", "Before it.", "my img/a.png")
    assert (second.caption, second.around, second.locator) == (
        "Figure 2: From the sea",
        "Alt words\nAfter it.",
        Locator(heading="Lights", line=9),
    )


def test_html_in_markdown_is_walked_and_scripts_in_it_are_not(blocks, tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    found, (figure,) = blocks(
        "a.md", 'Words\n\n<figure><img src="a.png"><figcaption>Tower</figcaption></figure>\n\n<script>alert(1)</script>\n'
    )
    assert figure.caption == "Tower" and [text.text for text in found] == ["Words", "Tower"]


def test_references_that_lead_away_are_passed_over(blocks, tmp_path):
    (tmp_path / "secret.png").write_bytes(picture())
    (tmp_path / "docs").mkdir()
    markdown = f"![a](../secret.png) ![b](file://{tmp_path}/secret.png) ![c](http://127.0.0.1:9/x.png)\n\nWords"
    found, figures = blocks("docs/a.md", markdown, root=tmp_path / "docs")
    assert not figures and found[-1].text == "Words"


def test_deep_nesting_does_not_exhaust_the_stack(blocks):
    found, _ = blocks("a.md", ">" * 3000 + " deep\n\n" + "*" * 5000 + "a\n\n" + "[" * 3000 + "\n\nWords\n")
    assert found[-1].text == "Words"


def test_struck_words_comments_and_links_of_note_takers(blocks):
    found, _ = blocks(
        "a.md", "~~Nine~~ Ten %%ask *Ina*%% boats, 100%% sure. See [[Lamp room|the lamp]], [[harbour/Mole#Depth]], ![[Rules]].\n"
    )
    assert [text.text for text in found] == ["Ten boats, 100%% sure. See the lamp, Mole > Depth, Rules."]
    found, _ = blocks(
        "b.md",
        "A matrix [[1, 2]], a link [[x]](http://y.example), code `[[z]]`, $a*b*c$ and US$5 to AU$6.\n\n| a |\n|---|\n| [[P\\|q]] |\n",
    )
    assert [text.text for text in found] == ["A matrix [[1, 2]], a link [x], code [[z]], $a*b*c$ and US$5 to AU$6.", "a", "q"]


def test_embedded_pictures_are_found_by_their_name(blocks, tmp_path):
    for folder in ("files", "notes/deep", ".trash"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "files" / "My tower.png").write_bytes(picture())
    (tmp_path / ".trash" / "gone.png").write_bytes(picture())
    _, figures = blocks("notes/a.md", "Seen from the mole:\n\n![[My tower.png|the tower in fog|300]]\n\n![[gone.png]] ![x](gone.png)\n")
    assert [(figure.caption, figure.origin, figure.data) for figure in figures] == [("the tower in fog", "My tower.png", picture())]


def test_front_matter_is_told_without_what_only_programs_read(blocks):
    front = "---\ntitle: Log\ntags: [harbour, tower]\ncreated: 2024-03-02\ncssclass: wide\npublish: true\naliases:\n  - The log\n---\n"
    found, _ = blocks("a.md", f"{front}Words.")
    assert found[0].text == "title: Log\ntags: harbour, tower\ncreated: 2024-03-02\naliases: The log"
    (tmp,) = [each for each in found if each.text == "Words."]
    assert tmp.locator.heading == "Log"


def test_the_marks_of_note_takers_are_read_as_they_are_shown(blocks):
    markdown = """> [!warning]- Mind the step
> It is loose.

> [!tip]
> Bring a lamp.

The ==dear **bell**== needs H~2~O, 10^4^ m and m^2^; if a==b and c==d, ~about~ 2^10 of 3^4. ^note-1

%%
Not for

anyone
%%

Done %%or not%% today. `==kept==`
"""
    found, _ = blocks("a.md", markdown)
    assert [each.text for each in found] == [
        "Mind the step\nIt is loose.",
        "Tip\nBring a lamp.",
        "The dear bell needs H₂O, 10⁴ m and m²; if a==b and c==d, ~about~ 2^10 of 3^4.",
        "Done today. ==kept==",
    ]


def test_a_comment_in_code_is_code_and_an_open_one_is_words(blocks):
    found, _ = blocks("a.md", "```\n%%\ncode\n%%\n```\n\n%%\nOpen\n\nEnd.")
    assert [each.text for each in found] == ["%%\ncode\n%%", "%% Open", "End."]


def test_front_matter_in_toml_is_told_too(blocks):
    front = '+++\ntitle = "Ferry log"\ndate = 2025-01-02\npublish = true\ncrew = ["Li", "Bo"]\n[params]\nberths = 9\n+++\n'
    found, _ = blocks("a.md", f"{front}Words.\n\n+++\n")
    assert [(each.text, each.locator.heading, each.locator.line) for each in found[:2]] == [
        ("title: Ferry log\ndate: 2025-01-02\ncrew: Li, Bo\nparams.berths: 9", "Ferry log", 1),
        ("Words.", "Ferry log", 9),
    ]
    assert found[2].text == "+++"
