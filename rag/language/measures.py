"""Measures, and the lines of an account that tell them: "working capital" stands in no balance sheet, "debt" there under other names."""

from __future__ import annotations

import re

from rag.language.accounts import Statement, named

MOST = 3  # measures of one question

_MADE_OF = {
    r"(?:net )?working capital|current ratio|liquidity ratio": "total current assets; total current liabilities; balance sheet",
    r"(?:quick|acid[- ]test) ratio": "cash; receivables; total current assets; inventories; total current liabilities; balance sheet",
    r"cash ratio": "cash and cash equivalents; total current liabilities; balance sheet",
    r"ebitda\b(?: margin)?": "operating income; depreciation and amortization; statement of income; statement of cash flows",
    r"ebit\b": "operating income; interest expense; statement of income",
    r"(?:inventory|stock) turnover": "cost of sales; inventories; statement of income; balance sheet",
    r"(?:receivables?|debtors?|receive) turnover|days sales outstanding|dso": "revenues; net sales; accounts receivable; balance sheet",
    r"(?:days payables? outstanding|dpo|payables? turnover)": "cost of sales; accounts payable; inventories; balance sheet",
    r"cash conversion cycle|ccc": "inventories; accounts receivable; accounts payable; cost of sales; balance sheet",
    r"(?:fixed )?asset turnover": "revenues; property, plant and equipment; total assets; balance sheet",
    r"return on (?:total )?assets|\broa\b": "net income; total assets; statement of income; balance sheet",
    r"return on (?:common |shareholders['’]? |stockholders['’]? )?equity|\broe\b": "net income; total stockholders' equity; balance sheet",
    r"free cash flow|\bfcf\b": "net cash provided by operating activities; purchases of property and equipment; statement of cash flows",
    r"cap(?:ital )?ex(?:penditures?)?\b": "purchases of property, plant and equipment; cash flows from investing activities; "
    "statement of cash flows",
    r"gross (?:profit )?margin": "net sales; revenue; cost of sales; gross profit; statement of income",
    r"operating (?:profit |income )?margin": "operating income; net sales; revenues; statement of income",
    r"(?:net )?profit margin": "net income; net sales; revenues; statement of income",
    r"debt[- ]to[- ]equity|leverage ratio": "long-term debt; total stockholders' equity; balance sheet",
    r"total debt": "long-term debt; current portion of long-term debt; short-term borrowings; balance sheet",
    r"interest coverage": "operating income; interest expense; statement of income",
    r"(?:dividend )?pay-?out ratio|retention ratio": "dividends paid; net income; statement of cash flows",
    r"capital[- ]intensi(?:ve|ty)": "property, plant and equipment; total assets; net sales; purchases of property, plant and equipment; "
    "balance sheet; statement of income; statement of cash flows",
    r"(?:stockholders?|shareholders?)['’]? equity|common equity": "total stockholders' equity; total shareholders' equity; balance sheet",
}
_CALLED = {  # matters that accounts tell of under these lines, and other texts too under their own names
    r"operating expenses?|operat(?:ing|ional) (?:spending|expenditures?|costs?)": "total operating expenses; total net sales; "
    "total revenue; operating income; statement of operations",
    r"inventor(?:y|ies)\b(?! turnover)": "inventories; raw materials; work in process; finished goods; balance sheet",
    r"pp&?n?e\b|property,? plant,? (?:and|&) equipment|fixed assets\b": "property, plant and equipment; balance sheet",
    r"cogs|cost of (?:goods sold|sales|revenues?)": "cost of sales; cost of goods sold; cost of revenue; statement of income",
    r"net (?:income|earnings|profit|loss)\b": "net income; net earnings; statement of income",
    r"(?:effective )?(?:income )?tax rate": "provision for income taxes; income before income taxes; statement of income",
    r"(?:revenues?|sales) (?:growth|cagr)|(?:growth|change|increase|decrease|decline) in (?:\w+ )?(?:revenues?|sales)": "net sales; "
    "total net revenue; statement of income",
    r"r ?& ?d\b": "research and development; operating expenses",
    r"(?:cash flows?|net cash) from (?:operations|operating activities)|operating cash flow": "net cash provided by operating activities; "
    "net cash from operations; statement of cash flows",
    r"revenue (?:breakdown|split|mix)|breakdown of (?:revenue|sales)": "net sales by groups of products and services; revenue by segment; "
    "disaggregated revenue",
    r"(?:income|p ?& ?l|profit and loss) statements?": "consolidated statements of operations; consolidated statements of income; "
    "consolidated statements of earnings",
    r"cash flows? statements?": "consolidated statements of cash flows",
    r"balance sheet|statements? of financial position": "consolidated balance sheets; total assets; total liabilities",
    r"debt\b(?![- ]to| securit)": "commercial paper; term debt; notes; interest expense",
}

_ALSO = {r"(?:revenues?|sales|turnover)\b": "total revenue; total net sales; net sales"}  # by other names in the same place


def _compiled(lines: dict[str, str]) -> list[tuple[re.Pattern[str], list[str]]]:
    return [(re.compile(rf"\b(?:{pattern})", re.IGNORECASE), told.split("; ")) for pattern, told in lines.items()]


_MEASURES, _MATTERS, _NAMES = _compiled(_MADE_OF), _compiled(_CALLED), _compiled(_ALSO)


def made_of(question: str) -> str:
    """The lines that the measures in a question are worked out from, without those that it names; nothing where it asks for none."""
    return _lines(question, _MEASURES)


def called(question: str) -> str:
    """The lines under which an account tells of what a question asks for, without those that it names. Only for what is asked of an
    account: elsewhere debt and inventories are what they are called."""
    return _lines(question, _MATTERS)


def accounted(question: str) -> list[str]:
    """The lines of an account that tell what a question asks for: those above, and what it names itself."""
    found: list[str] = []
    for pattern, lines in (*_MEASURES, *_MATTERS, *_NAMES):
        if stands := pattern.search(question):
            found += [stands[0], *lines]
    return list(dict.fromkeys(found))


def _lines(question: str, told: list[tuple[re.Pattern[str], list[str]]]) -> str:
    lines = [line for pattern, found in told if pattern.search(question) for line in found]
    asked = question.casefold()
    return ", ".join(list(dict.fromkeys(line for line in lines if line not in asked))[: 5 * MOST])


def statements(question: str) -> tuple[Statement, ...]:
    """The statements of an account that a question names, or that tell of the measures in it."""
    return named("; ".join([question, made_of(question), called(question)]))
