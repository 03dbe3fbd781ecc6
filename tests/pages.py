"""The pages of the documentation as tests see them: README, CONTRIBUTING and docs/, each with its code, links, tables and blocks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

from rag.settings import PROJECT


class Block(NamedTuple):
    """A fenced block: its section, its language, its text, its line in the page."""

    section: str
    language: str
    text: str
    line: int


class Page:
    """A page of the documentation: its text, and what of it can be held against the code."""

    def __init__(self, path: Path):
        self.path = path
        self.name = path.relative_to(PROJECT).as_posix()
        self.text = path.read_text("utf-8")
        tokens = MarkdownIt("commonmark").enable("table").parse(self.text)
        inline = [child for token in tokens for child in token.children or ()]
        self.code = [child.content for child in inline if child.type == "code_inline"]
        self.targets = [str(child.attrs.get("href") or child.attrs.get("src")) for child in inline if child.type in ("link_open", "image")]
        headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
        self.anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        self.blocks: list[Block] = []
        section = ""
        for at, token in enumerate(tokens):
            if token.type == "heading_open":
                section = tokens[at + 1].content
            elif token.type == "fence":
                self.blocks.append(Block(section, token.info, token.content, (token.map or [0])[0] + 1))

    def section(self, heading: str) -> str:
        """The text under a heading, to the next of its level or above."""
        (level, rest) = next(iter(re.findall(rf"(?ms)^(#+) {re.escape(heading)}$(.*)", self.text)))
        return re.split(rf"(?m)^#{{1,{len(level)}}} ", rest)[0]

    def table(self, first: str, within: str | None = None) -> list[list[str]]:
        """The cells, row by row, of the table whose first heading is `first`."""
        lines = (self.text if within is None else self.section(within)).splitlines()
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] if line.startswith("|") else None for line in lines]
        start = next(at for at, row in enumerate(rows) if row and row[0] == first)
        body = rows[start + 2 :]
        return [row for row in body[: body.index(None) if None in body else len(body)] if row]


PATHS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
PAGES = {page.name: page for page in map(Page, PATHS)}
README = PAGES["README.md"]
