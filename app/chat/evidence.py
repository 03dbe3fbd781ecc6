"""What opens beside an answer, as HTML that holds no unescaped text: a passage, a picture, their place in the file, pictures alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote as quoted

from app.chat.content import HASH, address, content_type, picture_url, plays, standing
from app.chat.language import _
from app.chat.members import LARGEST
from app.chat.parts.code import code_lines
from app.chat.parts.gallery import Tile, gallery_html
from app.chat.parts.panel import hit_anchor, source_anchor
from app.chat.parts.picture import img, name
from app.chat.parts.reading import marked_html
from app.chat.parts.surroundings import surroundings
from app.chat.parts.text import escaped, note, place
from ingest.archives import holder
from rag.records import GUESS_MARK, INSIDE, Appearance, Hit, Locator, Routes, clock

if TYPE_CHECKING:
    from app.chat.shelf import Shelf
    from rag.library import Library
    from rag.storage.entries import File, Stored

LARGE = 1000  # pixels of a picture
NEIGHBOURS = 24
SHORT = 700  # characters of a passage that stands over the page it is on; a longer one stands below
PLACES = 12  # of one picture that are named


def of_turn(shelf: Shelf, conversation: str, number: int, kind: str, n: int) -> str | None:
    """What citation or hit `n` of a turn rests on; None where there is none such."""
    found = shelf.find(conversation)
    answer = next((turn.answer for turn in found.turns if turn.number == number), None) if found else None
    if answer is None:
        return None
    hits = {hit.rank: hit for hit in answer.hits}
    if kind == "hit" and n in hits:
        hit = hits[n]
        quote = hit.own if hit.pieces[1:] else ""
        beside = [hit_anchor(number, each.rank) for each in answer.hits]
        return _panel(shelf.library, hit, quote, beside, hit_anchor(number, n))
    cited = next((each for each in answer.citations if each.n == n), None) if kind == "source" else None
    if cited is None or cited.rank not in hits:
        return None
    beside = [source_anchor(number, each.n) for each in answer.citations]
    hit = replace(hits[cited.rank], locator=cited.locator, source=cited.source)
    return _panel(shelf.library, hit, cited.quote, beside, source_anchor(number, n), f'<span class="d-n">{n}</span>')


def of_picture(library: Library, name: str) -> str | None:
    """A picture of the library with all that is known of it; `name` is its key without the ending."""
    places = _showing(library, name)
    best = next((each for each in places if each.record.caption), places[0]) if places else None
    return _panel(library, _as_hit(library, best, places), "") if best else None


def of_record(library: Library, id: int) -> str | None:
    """A passage or an appearance of a picture by its id."""
    stored = library.catalog.records([id]).get(id)
    return _panel(library, _as_hit(library, stored, library.catalog.twins(stored)), "") if stored else None


def like(library: Library, name: str) -> str | None:
    """The pictures nearest to one of the library; copies of it are folded into it."""
    places = _showing(library, name)
    if not places:
        return None
    first = places[0]
    path = library.media.path(first.record.image or "")
    inside = _known(first.record.shown)[1]
    found = library.search(image=path, inside=inside, k=NEIGHBOURS + 1, modality="image")
    own = {Path(each.record.image or "").name for each in places}
    tiles = [
        Tile(Path(hit.media), hit.caption or "", hit.source, hit.locator, hit.text)
        for hit in found
        if hit.media and Path(hit.media).name not in own
    ][:NEIGHBOURS]
    label = escaped(first.record.caption or PurePath(first.record.origin or first.source).name)
    head = f'<span class="d-file">{_("Pictures like this one")}</span><span class="d-where">{label}</span>'
    nothing = f'<p class="d-lead">{_("The library has no other picture.")}</p>'
    asked = f'<a class="d-asked" href="#picture-{name}">{img(str(path), 320, label)}</a>'
    return f"<header><div>{head}</div></header>{asked}{gallery_html(tiles) or nothing}"


def _panel(library: Library, hit: Hit, quote: str, beside: Sequence[str] = (), own: str = "", mark: str = "") -> str:
    file = library.catalog.file(hit.source)
    at = beside.index(own) if own in beside else -1
    ways = "".join(
        f'<a hidden data-way="{way}" href="#{beside[to]}"></a>'
        for way, to in (("before", at - 1), ("after", at + 1))
        if at >= 0 and 0 <= to < len(beside)
    )
    head = f'{mark}<span class="d-file">{escaped(hit.source)}</span><span class="d-where">{escaped(place(hit.locator))}</span>'
    path = standing(file) if file else None
    code = code_lines(file, path, hit.text) if file and path and not hit.media else ()
    player = _player(library, hit, file, path)
    inside = _picture(hit, not player) if hit.media else f'<div class="d-passage">{marked_html(hit.text, quote, code)}</div>'
    return (
        f"<header><div>{head}</div></header>{ways}{_does(library, hit, file, path)}{player}"
        f"{_with_file(library, hit, file, path, quote, inside)}"
    )


def _player(library: Library, hit: Hit, file: File | None, path: Path | None) -> str:
    """What plays a recording or film from the moment on that was found."""
    if file is None or path is None or hit.locator.time is None or not (element := plays(file.source)):
        return ""
    url = f"{address(library)}/file/{file.hash}#t={hit.locator.time[0]:g}"
    poster = f' poster="{picture_url(hit.media, LARGE)}"' if hit.media and element == "video" else ""
    label = escaped(hit.source)
    return f'<{element} class="d-player" controls preload="metadata" aria-label="{label}" src="{url}"{poster}></{element}>'


def _does(library: Library, hit: Hit, file: File | None, path: Path | None) -> str:
    """What can be done with it: open its file, show it in the library, find pictures like it."""
    links = []
    if file is not None and path is not None:
        page = f"#page={hit.locator.page}" if hit.locator.page else f"#t={hit.locator.time[0]:g}" if hit.locator.time else ""
        opens = _("Open file") if content_type(file.source) else _("Download file")
        url = f"{address(library)}/file/{file.hash}{page}"
        links.append(f'<a href="{url}" target="_blank" rel="noopener noreferrer">{opens}</a>')
    if file is not None:
        shown = f"?v=library&d={quoted(file.source, safe='')}"
        links.append(f'<a class="d-show" href="{escaped(shown)}" data-source="{escaped(file.source)}">{_("Show in library")}</a>')
    if hit.media:
        links.append(f'<a href="#like-{Path(hit.media).stem}">{_("More like this")}</a>')
    return f'<nav class="d-does">{"".join(links)}</nav>' if links else ""


def _picture(hit: Hit, drawn: bool) -> str:
    """The picture (where it is to be `drawn`), its caption, the words around it and in it, what it may show, and where else it stands."""
    around, inside, guess = _known(hit.text)
    caption = f'<p class="d-caption-of">{escaped(hit.caption)}</p>' if hit.caption else ""
    own = next((each.locator for each in hit.appearances if each.source == hit.source and _holds(each.locator, hit.locator)), hit.locator)
    time = own.time
    meanwhile = _("Said meanwhile") if time else _("Around it")
    shown = _("{start} to {end}").format(start=clock(time[0]), end=clock(time[1])) if time else ""
    facts = [(_("Shown"), shown), (meanwhile, around.removeprefix(hit.caption or "").strip()), (_("Read in it"), inside)]
    told = "".join(f"<dt>{label}</dt><dd>{escaped(words)}</dd>" for label, words in facts if words)
    if guess:
        told += f'<dt>{_("May show")}</dt><dd class="d-guess">{escaped(guess)} <span>{_("a guess from the pixels")}</span></dd>'
    others = [each for each in hit.appearances if each.source != hit.source or each.locator not in (hit.locator, own)][:PLACES]
    if others:
        rows = "".join(f"<li>{escaped(each.source)} <span>{escaped(place(each.locator))}</span></li>" for each in others)
        told += f"<dt>{_('Also in')}</dt><dd><ul>{rows}</ul></dd>"
    media = hit.media or ""
    if not drawn:
        return f'<div class="d-facts">{caption}<dl>{told}</dl></div>'
    if not Path(media).is_file():
        return f"{img(media, LARGE, name(hit))}{caption}<dl>{told}</dl>"
    view = f'<section class="d-view" data-full="{picture_url(media)}">{img(media, LARGE, name(hit))}</section>'
    return f'<div class="d-picture">{view}<div class="d-facts">{caption}<dl>{told}</dl></div></div>'


def _holds(place: Locator, moment: Locator) -> bool:
    """Whether a picture stands in a film at a moment."""
    return bool(place.time and moment.time and place.time[0] <= moment.time[0] < place.time[1])


def _known(text: str) -> tuple[str, str, str]:
    """Of what is known of a picture: the words around it, those inside, and the guess."""
    rest, _mark, guess = text.partition(GUESS_MARK)
    around, _mark, inside = rest.partition(INSIDE)
    return around.strip(), inside.strip(), guess.strip()


def _with_file(library: Library, hit: Hit, file: File | None, path: Path | None, quote: str, inside: str) -> str:
    """What was found (`inside`) with its place in the file: the page of a PDF, the lines of a text, the passages around it in anything
    else."""
    if file is None:
        return inside + note("info", _("This file is no longer in the library."))
    if path is None and not (holder(file.path) and file.bytes > LARGEST):
        return inside + note("info", _("The file has changed or gone since it was read; this is what was read then."))
    is_pdf = PurePath(file.source).suffix.lower() == ".pdf"
    if is_pdf and path and hit.locator.page and (leaf := _leaf(library, hit, file, path, quote)):
        return f"{leaf}{inside}" if len(hit.text) > SHORT else f"{inside}{leaf}"
    around = surroundings(library, hit, file, path, quote)
    return around if around and hit.locator.time and not hit.media else inside + around


def _leaf(library: Library, hit: Hit, file: File, path: Path, quote: str) -> str:
    from ingest.page import pages

    count = pages(path)
    page = hit.locator.page or 1
    if page > count:
        return ""
    box = hit.locator.bbox
    marks = f"box={','.join(f'{each:.4f}' for each in box)}" if box else ""
    if not box and hit.modality == "text":
        marks = f"quote={quoted(quote or hit.own, safe='')}"
    where = f"{address(library)}/file/{file.hash}/page/"
    label = _("Page {number} of {source}").format(number=page, source=file.source)
    return (
        f'<section class="d-view d-leaf" data-pages="{count}" data-page="{page}" data-at="{where}" data-marks="{escaped(marks)}">'
        f'<img class="d-page" src="{where}{page}?width=960&amp;{escaped(marks)}" alt="{escaped(label)}"></section>'
    )


def _showing(library: Library, name: str) -> list[Stored]:
    """Every place of the picture with this key, whatever its ending."""
    if not HASH.fullmatch(name):
        return []
    endings = (".png", ".jpg", ".webp", ".gif", ".avif")
    return next((found for ending in endings if (found := library.catalog.showing(name + ending))), [])


def _as_hit(library: Library, stored: Stored, places: Sequence[Stored]) -> Hit:
    record = stored.record
    appearances = tuple(Appearance(each.source, each.record.origin, each.record.caption, each.record.locator) for each in places)
    media = str(library.media.path(record.image)) if record.image else None
    return Hit(
        1,
        0.0,
        "image" if record.image else "text",
        stored.source,
        record.origin,
        record.caption,
        record.locator,
        record.shown,
        media,
        appearances,
        Routes(),
        record.text,
        stored.id,
        record.place,
        () if record.image else ((record.text, record.locator),),
    )
