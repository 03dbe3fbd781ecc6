"""The chat in Streamlit's own test driver: a page opened, a question asked, and what is shown."""

from __future__ import annotations

import time
from pathlib import Path

from lxml import html
from streamlit.testing.v1 import AppTest

from app import chat

SCRIPT = Path(chat.__file__).with_name("main.py")


def opened(**query: str) -> AppTest:
    """The page of the chat whose address has that query, drawn."""
    at = AppTest.from_file(str(SCRIPT), default_timeout=120)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def settle(at: AppTest, seconds: float = 60) -> AppTest:
    """Let the conversation come to rest, and draw it."""
    until = time.monotonic() + seconds
    while at.session_state.conversation.live:
        assert time.monotonic() < until, "the answer did not come"
        time.sleep(0.05)
    return at.run()


def ask(at: AppTest, question: str) -> AppTest:
    """Ask, and let the answer come."""
    at.chat_input[0].set_value(question).run()
    return settle(at)


def page(at: AppTest) -> html.HtmlElement:
    """All that the chat itself wrote as HTML, as one tree."""
    return html.fromstring(f"<div>{''.join(each.body for each in at.html)}</div>")


def of(tree: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    """The elements of a class."""
    return tree.xpath(f'.//*[contains(concat(" ", @class, " "), " {name} ")]')


def words(at: AppTest) -> str:
    """What stands in it, as one line."""
    return " ".join(page(at).text_content().split())
