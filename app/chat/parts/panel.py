"""The evidence beside the answer: what a mark or a hit opens, in a panel that never moves what one reads.

A panel is shown while the address's fragment names it (CSS `:target`), so that opening one asks nothing of the server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.chat.language import _
from app.chat.parts.picture import img, name
from app.chat.parts.reading import marked_html
from app.chat.parts.text import escaped, place
from rag.records import Answer, Citation, Hit, Locator

LARGE = 1000  # pixels of a picture


def source_anchor(turn: int, n: int) -> str:
    """The id of what citation `n` of a turn opens."""
    return f"turn-{turn}-source-{n}"


def hit_anchor(turn: int, rank: int) -> str:
    """The id of what a hit of a turn opens."""
    return f"turn-{turn}-hit-{rank}"


def panels_html(answer: Answer, turn: int, page_of: Callable[[Citation], str]) -> str:
    """A panel for each citation, with the page of a PDF that it stands on (`page_of` gives it as HTML), and one for each hit."""
    hits = {hit.rank: hit for hit in answer.hits}
    cited = []
    for each in answer.citations:
        inside = source_html(each, hits.get(each.rank)) + page_of(each)
        mark = f'<span class="d-n">{each.n}</span>'
        cited.append(panel(source_anchor(turn, each.n), mark, each.source, each.locator, inside))
    found = [panel(hit_anchor(turn, hit.rank), "", hit.source, hit.locator, _hit(hit)) for hit in answer.hits]
    return "".join(linked(cited) + linked(found))


def source_html(citation: Citation, hit: Hit | None) -> str:
    """The passage with the quote marked, or the picture and its words."""
    inside = marked_html(hit.text if hit else citation.quote, citation.quote)
    return f"{img(hit.media, LARGE, name(hit))}{inside}" if hit is not None and hit.media else inside


def _hit(hit: Hit) -> str:
    picture = img(hit.media, LARGE, name(hit)) if hit.media else ""
    return picture + marked_html(hit.text, hit.own if hit.pieces[1:] else "")


def panel(id: str, mark: str, source: str, locator: Locator, inside: str) -> tuple[str, str, str]:
    """The id, the head and the body of a panel; `mark` and `inside` are HTML."""
    head = f'{mark}<span class="d-file">{escaped(source)}</span><span class="d-where">{escaped(place(locator))}</span>'
    return id, head, f'<div class="d-passage">{inside}</div>'


def linked(panels: Sequence[tuple[str, str, str]]) -> list[str]:
    """The panels as HTML, each with ways to the one before and after it."""
    out = []
    for at, (id, head, inside) in enumerate(panels):
        before = _way("‹", _("Previous"), panels[at - 1][0], "before") if at else ""
        after = _way("›", _("Next"), panels[at + 1][0], "after") if at + 1 < len(panels) else ""
        ways = f"<nav>{before}{after}{_way('×', _('Close'), 'closed')}</nav>"
        out.append(f'<aside class="d-panel" id="{id}" aria-label="{_("Source")}"><header><div>{head}</div>{ways}</header>{inside}</aside>')
    return out


def _way(sign: str, label: str, id: str, way: str = "") -> str:
    return f'<a href="#{id}" data-way="{way}" aria-label="{label}" title="{label}">{sign}</a>'
