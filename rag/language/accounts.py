"""The three statements of an account: which of them a question is answered from, and how far a passage is one.

A statement is known by its caption ("Consolidated Balance Sheets") and by the rows that every one of its kind has, whatever else it
tells; a summary or a segment's table has few of them.
"""

from __future__ import annotations

import re
from enum import Enum

from rag.language.tabular import cells, label

CAPTIONED = 3  # rows that a caption is worth
LEAST = 4  # rows (or a row with a caption) that make a statement


class Statement(Enum):
    """A statement, with the words that find it."""

    INCOME = (
        "consolidated statements of income, operations, earnings: total net revenues, sales, cost of sales, operating income, net income"
    )
    BALANCE = (
        "consolidated balance sheets, financial position: total current assets, total assets, total current liabilities, total liabilities"
    )
    CASH = "consolidated statements of cash flows: net cash provided by operating activities, investing activities, financing activities"


_NAMES = {
    Statement.INCOME: r"statements? of (?:consolidated )?(?:comprehensive )?(?:income|operations|earnings|profit)|"
    r"(?:income|earnings|p ?& ?l|profit and loss) (?:statements?|accounts?)|profit and loss",
    Statement.BALANCE: r"balance sheets?|statements? of (?:consolidated )?(?:financial (?:position|condition)|condition)",
    Statement.CASH: r"statements? of (?:consolidated )?cash flows?|cash ?flows? statements?",
}
_ROWS = {
    Statement.INCOME: (
        r"(?:total |net )*(?:revenues?|sales)(?: to customers)?|total (?:\w+ )?revenues?(?:,? net.*)?",
        r"(?:total )?costs? of (?:\w+ )*(?:sales|sold|revenues?|services|products).*",
        r"gross (?:profit|margin)",
        r"selling, .*|research and development.*|general and administrative.*",
        r"total (?:operating |costs and )?expenses|total costs and expenses.*",
        r"(?:income|earnings|profit|loss).*from (?:continuing )?operations.*|operating (?:income|earnings|profit|loss).*",
        r"interest expense.*",
        r"(?:income|earnings|loss|profit).*before.*tax.*",
        r"(?:provision|benefit|income tax).*",
        r"net (?:income|earnings|loss|profit).*",
        r"basic.*",
        r"diluted.*",
    ),
    Statement.BALANCE: (
        r"cash and (?:cash equivalents|due from).*",
        r"(?:trade |accounts )?receivables?.*",
        r"inventor(?:y|ies).*|total inventories",
        r"total current assets",
        r"property(?:,| and).*|premises.*",
        r"goodwill",
        r"total (?:consolidated )?assets",
        r"accounts payable.*|trade payables",
        r"total current liabilities",
        r"long-term debt.*",
        r"total (?:non-?current |long-term )?liabilities",
        r"retained earnings.*|accumulated deficit|reinvested earnings",
        r"total (?:\w+ ){0,4}(?:equity|deficit)",
        r"total liabilities(?:,| and) .*",
    ),
    Statement.CASH: (
        r"net (?:income|earnings|loss).*",
        r"depreciation.*",
        r"(?:stock|share|equity)-based compensation.*|deferred (?:income )?tax.*",
        r"(?:net )?cash.*(?:operating|operations).*",
        r"(?:purchases? of|additions? to|expenditures? for|payments? for) .*(?:property|equipment|premises).*",
        r"capital (?:expenditures|spending).*",
        r"(?:net )?cash.*invest.*",
        r"(?:cash )?dividends? paid.*|payments? of dividends.*",
        r"(?:repurchases?|purchases?) of (?:common|treasury).*",
        r"(?:net )?cash.*financ.*",
        r"(?:net )?(?:increase|decrease|change).*cash.*",
        r"cash.*(?:beginning|end).*",
    ),
}
_ASKED = {kind: re.compile(rf"\b(?:{names})", re.IGNORECASE) for kind, names in _NAMES.items()}
_CAPTION = {kind: re.compile(rf"^\W*(?:\w+ ){{0,6}}?(?:{names})\b", re.IGNORECASE | re.MULTILINE) for kind, names in _NAMES.items()}
_LABELS = {kind: tuple(re.compile(rf"(?:{row})", re.IGNORECASE) for row in rows) for kind, rows in _ROWS.items()}
_NOTE = re.compile(r"\s*\((?:see )?notes?\b[^)]*\)", re.IGNORECASE)


def named(text: str) -> tuple[Statement, ...]:
    """The statements that a text names."""
    return tuple(kind for kind, pattern in _ASKED.items() if pattern.search(text))


def rows(kind: Statement, text: str) -> frozenset[int]:
    """Which of the rows that every statement of a kind has stand in the tables of a passage, with figures."""
    labels = [label for line in text.split("\n") if (label := _label(line))]
    return frozenset(at for at, row in enumerate(_LABELS[kind]) if any(row.fullmatch(label) for label in labels))


def captioned(kind: Statement, text: str) -> bool:
    """Whether a line above a table is the caption of a statement."""
    return _CAPTION[kind].search(text) is not None


def _label(line: str) -> str:
    """What a row of figures is called, without the heads above it and the notes that it refers to."""
    if not line.lstrip().startswith("|"):
        return ""
    return _NOTE.sub("", label(cells(line)).split(": ")[-1]).strip(" *:")
