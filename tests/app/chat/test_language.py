"""The chat's words in the reader's language: the catalogues say all that the code says, and the code says nothing past them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from app import chat as chat_room
from app.chat.language import CATALOGUES, _, languages, later, number, rounded, several, spoken
from app.chat.parts import models
from rag.llm import automatic

CHAT = Path(chat_room.__file__).parent
FILES = sorted(CHAT.rglob("*.py"))
KEYWORDS = {"_": 1, "several": 2, "later": 1}
LABELLED = (
    "button caption chat_input checkbox download_button expander file_uploader form_submit_button header info link_button "
    "menu_button metric multiselect number_input pills popover progress radio segmented_control select_slider selectbox slider spinner "
    "success tabs text_area text_input toast toggle"
).split()
LABELS = {"label", "help", "placeholder", "alt", "caption", "title", "text"}
BRAND = "Diptych"
ATTRIBUTES = re.compile(r'(?:title|alt|aria-label|placeholder)="([^"]*)"')
TAGS = re.compile(r"<style>.*?</style>|<[^>]*>|&[#\w]+;", re.S)


def name(call: ast.Call) -> str:
    """What is called, without what it is an attribute of."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def said(file: Path) -> Iterator[tuple[str, ...]]:
    """The messages of a file, each with its plural where it has one."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            texts = [each.value for each in node.args[: KEYWORDS[node.func.id]] if isinstance(each, ast.Constant)]
            if file.name != "language.py":
                assert len(texts) == KEYWORDS[node.func.id], f"{file.name}:{node.lineno} does not say a constant"
                yield tuple(texts)


@pytest.fixture(scope="module")
def messages() -> set[tuple[str, ...]]:
    return {message for file in FILES for message in said(file)}


def test_english_comes_first_and_german_is_there():
    assert languages()[0] == "en" and "de" in languages()


@pytest.mark.parametrize("language", languages()[1:])
def test_a_catalogue_says_everything_nothing_else_and_keeps_the_names_in_braces(language, messages):
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    known = set()
    for message in read_po((CATALOGUES / f"{language}.po").open("rb")):
        if message.id:
            ids, strings = ((each,) if isinstance(each, str) else tuple(each) for each in (message.id, message.string))
            assert ids not in known and not known.add(ids), f"twice: {ids}"
            assert all(strings), message.id
            assert names(strings[-1]) == names(ids[-1]), message.id
            assert all(names(string) | {"n"} == names(ids[-1]) | {"n"} for string in strings), message.id  # "one more" needs no number
            assert message.fuzzy is False, message.id
    assert {each[0] for each in messages} - {each[0] for each in known} == set(), "not in the catalogue"
    assert {each[0] for each in known} - {each[0] for each in messages} == set(), "said nowhere"
    assert known == messages


def test_the_chat_says_the_reasons_of_the_automatic_choice_as_they_are():
    assert {key: str(words.format(memory="{memory}")) for key, words in models.REASONS.items()} == automatic.REASONS
    with spoken("de"):
        assert str(models.REASONS["fits"].format(memory=16)).endswith("größte seiner Chatmodelle, das in 16 GB Speicher passt")


class Shown(ast.NodeVisitor):
    """Collects the English that a file shows without having it translated."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = name(node)
        if called in KEYWORDS or called in ("component", "compile", "say") or called.endswith("Error"):
            return
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "_log":
            return
        labels = [each.value for each in node.keywords if each.arg in LABELS] + (node.args[:1] if called in LABELLED else [])
        for each in labels:
            if isinstance(each, ast.Constant | ast.JoinedStr):
                self.check(whole(each), r"(?<!:material/)\b[A-Za-z]{2,}")
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.visit_text(whole(node))
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.visit_text(node.value)

    def visit_text(self, text: str) -> None:
        if re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN)\b", text):
            return
        for told in ATTRIBUTES.findall(text):
            self.check(told, "[A-Za-z]{2,}")
        for told in TAGS.split(text):
            self.check(told, "[A-Za-z]{2,}" if "<" in text else "[A-Za-z]{3,},? [A-Za-z]{2,}")

    def check(self, told: str, words: str) -> None:
        if re.search(words, told.replace("\0", " ").replace(BRAND, "")):
            self.found.append(told)


def whole(node: ast.expr) -> str:
    """A string as it stands, with a gap for each value."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "\0" for each in parts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_shown_in_english_alone(file):
    found = Shown()
    found.visit(ast.parse(file.read_text("utf-8")))
    assert found.found == []


def test_words_of_a_constant_or_of_another_thread_take_the_language_in_which_they_are_shown():
    line = later("Waiting for {source}").format(source="a.pdf")
    assert str(line) == "Waiting for a.pdf"
    with spoken("de"):
        assert str(line) == "Warten auf a.pdf"
        assert str(later("Waiting for the first document. {doing}").format(doing=line)) == "Warten auf das erste Dokument. Warten auf a.pdf"


def test_numbers_and_plurals_are_written_as_the_language_has_them():
    one, many = "{n} passage", "{n} passages"
    assert (several(one, many, 1), several(one, many, 1234), number(0.25, 2)) == ("1 passage", "1,234 passages", "0.25")
    assert [rounded(each) for each in (2.593, 57.21, 613.0, 3.0)] == ["2.59", "57.2", "613", "3"]
    with spoken("de"):
        assert (several(one, many, 1), several(one, many, 1234), number(0.25, 2)) == ("1 Abschnitt", "1.234 Abschnitte", "0,25")
        assert _("Nobody ever wrote this.") == "Nobody ever wrote this."
